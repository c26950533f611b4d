// The view that asks: a video, a question, and the work on it as it happens.
import { $, el, problem, tried } from "./dom.js";
import { get, post, send } from "./api.js";
import { Player } from "./player.js";
import { Strip } from "./strip.js";
import { Steps } from "./steps.js";
import { answerCard } from "./answer.js";
import { chosenSettings } from "./settings.js";

const ENDED = new Set(["finished", "failed", "stopped"]);

export class Ask {
  constructor(onThread) {
    this.onThread = onThread;
    this.recordings = [];
    this.strips = new Map();
    this.run = null;
    this.thread = null;
    this.talk = null;
    this.player = new Player($("#player"), (time, recording) => this.strips.get(recording.id)?.at(time));
    this.steps = new Steps($("#work"));
    this.wire();
  }

  wire() {
    $("#open").addEventListener("submit", (event) => {
      event.preventDefault();
      this.open($("#source").value);
    });
    $("#pick").addEventListener("click", () => $("#file").click());
    $("#file").addEventListener("change", (event) => event.target.files[0] && this.drop(event.target.files[0]));
    $("#question").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    $("#words").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        $("#question").requestSubmit();
      }
    });
    $("#stop").addEventListener("click", () => this.run && tried(() => post(`/api/runs/${this.run}/stop`)));
    $("#resume").addEventListener("click", () => this.resume());
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      if (event.dataTransfer.files[0]) this.drop(event.dataTransfer.files[0]);
    });
  }

  /** The videos that memory knows, to choose from while typing. */
  async known() {
    const found = await get("/api/videos");
    $("#known").replaceChildren(...found.filter((one) => one.here).map((one) => el("option", { value: one.source }, one.name)));
  }

  open(source) {
    return tried(async () => {
      this.busy("#open", true);
      try {
        await this.take(await post("/api/videos", { source }), $("#add").checked);
      } finally {
        this.busy("#open", false);
      }
    });
  }

  drop(file) {
    location.hash = "#/ask";
    return tried(async () => {
      const bar = $("#upload");
      bar.hidden = false;
      try {
        await this.take(await send(file, (share) => (bar.value = share)), $("#add").checked);
      } finally {
        bar.hidden = true;
        $("#file").value = "";
      }
    });
  }

  /** Show an opened recording, beside those that are open or in their place. */
  async take(recording, beside = false) {
    if (!beside) {
      this.forget();
      this.clear();
    }
    if (!this.strips.has(recording.id)) await this.show(recording);
    $("#source").value = recording.source;
    $("#add").closest("label").hidden = false;
    $("#add").checked = false;
    this.player.open(recording);
    $("#words").focus();
  }

  async show(recording) {
    const strip = new Strip(recording, (time, one) => this.player.seek(time, one));
    this.recordings.push(recording);
    this.strips.set(recording.id, strip);
    $("#strips").append(strip.element);
    strip.update(await get(`/api/timeline/${recording.id}`));
  }

  forget() {
    this.recordings = [];
    this.strips.clear();
    $("#strips").replaceChildren();
    this.talk = null;
  }

  clear() {
    this.watching?.close();
    this.run = this.thread = null;
    this.steps.clear();
    $("#answer").replaceChildren();
    $("#waiting").hidden = true;
    this.working(false);
    for (const strip of this.strips.values()) {
      strip.look([]);
      strip.rest([]);
    }
  }

  ask() {
    return tried(async () => {
      if (!this.recordings.length && $("#source").value.trim()) await this.open($("#source").value);
      if (!this.recordings.length) throw new Error("Open a video first.");
      const question = $("#words").value.trim();
      if (!question) throw new Error("Ask something.");
      if ($("#conversation").checked) this.talk ||= `talk-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
      this.clear();
      this.working(true);
      try {
        const { run } = await post("/api/ask", {
          videos: this.recordings.map((one) => one.source),
          question,
          options: $("#options").value.split("\n").map((one) => one.trim()).filter(Boolean),
          settings: chosenSettings(),
          thread: $("#conversation").checked ? this.talk : "",
        });
        this.watch(run);
      } catch (error) {
        this.working(false);
        throw error;
      }
    });
  }

  resume() {
    return tried(async () => {
      const thread = this.thread;
      const { run } = await post(`/api/sessions/${thread}/resume`);
      this.clear();
      this.thread = thread;
      this.working(true);
      this.watch(run);
    });
  }

  /** Follow a run to its end. A connection that breaks is taken up again where it was. */
  watch(run) {
    this.run = run;
    this.watching = new EventSource(`/api/runs/${run}/events`);
    this.watching.onmessage = (message) => this.happened(JSON.parse(message.data));
    this.watching.onopen = () => problem();
    this.watching.onerror = () => {
      if (this.watching.readyState === EventSource.CONNECTING) {
        problem("The server does not answer. It is tried again; nothing is lost.");
        return;
      }
      // It was started anew, and knows the session but not this run.
      this.working(false);
      const thread = this.thread;
      this.thread = null;
      if (thread) this.session(thread);
      else problem("The server was started anew; ask again.");
    };
  }

  happened(event) {
    this.steps.tell(event);
    if (event.event === "thread") {
      this.thread = event.thread;
      this.onThread(event.thread);
    }
    if (event.event === "captioned" && event.level) this.strip(event.video)?.remember(event.level, event.start, event.end);
    if (event.event === "waiting") this.wait(event.asked);
    else $("#waiting").hidden = true;
    if (event.event === "looking") this.look(event.looks || []);
    if (event.event === "checked" || ENDED.has(event.event)) this.look([]);
    if (ENDED.has(event.event)) this.ended(event);
  }

  ended(event) {
    this.watching.close();
    this.working(false);
    if (event.event === "finished") this.answered(event.result);
    if (event.event === "failed") problem(event.text);
    $("#resume").hidden = !this.thread || !["stopped", "failed"].includes(event.event);
    for (const [id, strip] of this.strips) get(`/api/timeline/${id}`).then((told) => strip.update(told), () => {});
    this.known().catch(() => {});
  }

  answered(result) {
    const seek = (time, id) => {
      const recording = this.recordings.find((one) => one.id === id);
      if (recording) this.player.seek(time, recording);
    };
    $("#answer").replaceChildren(answerCard(result, seek));
    const numbered = (result.evidence || []).map((item, index) => ({ ...item, number: index + 1 }));
    for (const [id, strip] of this.strips) strip.rest(numbered.filter((item) => item.recording === id));
  }

  /** A person is asked before the run goes on. */
  wait(asked) {
    const place = $("#waiting");
    const facts = Object.entries(asked || {}).filter(([name, value]) => name !== "question" && typeof value !== "object" && value !== "");
    $("div", place).replaceChildren(
      el("p", {}, asked?.question || "Go on?"),
      el("ul", {}, ...facts.map(([name, value]) => el("li", {}, `${name.replaceAll("_", " ")}: ${value}`))),
      el("div", { class: "row" },
        el("button", { type: "button", class: "main", onclick: () => this.reply(true) }, "Yes, go on"),
        el("button", { type: "button", onclick: () => this.reply(false) }, "No")),
    );
    place.hidden = false;
    $("button", place).focus();
  }

  reply(yes) {
    $("#waiting").hidden = true;
    return tried(() => post(`/api/runs/${this.run}/reply`, { yes }));
  }

  strip(name) {
    return [...this.strips.values()].find((one) => one.recording.name === name);
  }

  look(looks) {
    for (const strip of this.strips.values()) strip.look(looks.filter((one) => one.video === strip.recording.name));
  }

  /** Show a session: its videos, its question and its answer; one that is under way is followed. */
  session(thread) {
    return tried(async () => {
      if (thread === this.thread) return;
      const told = await get(`/api/sessions/${thread}`);
      this.clear();
      this.forget();
      for (const recording of told.recordings) await this.show(recording);
      if (told.recordings.length) this.player.open(told.recordings[0]);
      $("#source").value = told.source[0] || "";
      $("#words").value = told.question;
      $("#options").value = told.options.join("\n");
      $("#options").closest("details").open = told.options.length > 0;
      this.thread = thread;
      if (thread.startsWith("talk-")) this.talk = thread;
      $("#conversation").checked = this.talk === thread;
      if (told.run) {
        this.working(true);
        this.watch(told.run);
        return;
      }
      this.steps.rounds(told);
      $("#resume").hidden = told.status !== "unfinished";
      if (told.answer !== null) this.answered({ ...told, rounds: told.rounds.length ? told.rounds.at(-1).round : 0 });
    });
  }

  working(on) {
    $("#stop").hidden = !on;
    $("#question .main").disabled = on;
    if (on) $("#resume").hidden = true;
  }

  busy(form, on) {
    for (const button of document.querySelectorAll(`${form} button`)) button.disabled = on;
    $(form).setAttribute("aria-busy", on);
  }
}
