// The steps of a question as they happen, and those of one that was answered before.
import { $, clock, el } from "./dom.js";

const NAMES = {
  open: "opened", heard: "heard", sweep: "memory", summary: "summary", understood: "understood", judged: "judged",
  reading: "reading", read: "read", looking: "looking", checked: "checked", answer: "answer", gap: "not seen", stopped: "stopped",
  ranking: "ranking", thread: "session", stopping: "stopping", failed: "failed", finished: "done", waiting: "waiting",
};
const QUIET = new Set(["captioned", "finished"]);

export class Steps {
  constructor(place) {
    this.place = place;
    this.list = $("ol", place);
    this.state = $("#state", place);
    this.bar = $("progress", place);
  }

  clear() {
    this.list.replaceChildren();
    this.state.textContent = "";
    this.bar.hidden = true;
    this.place.hidden = true;
  }

  /** One event of a run. */
  tell(event) {
    this.place.hidden = false;
    if (event.event === "sweep" || (event.event === "captioned" && event.total)) this.part(event.done, event.total);
    if (["judged", "looking", "checked", "answer", "finished", "failed", "stopped", "waiting"].includes(event.event)) this.bar.hidden = true;
    this.state.textContent = event.event === "finished" ? "Done." : said(event);
    if (!QUIET.has(event.event)) this.add(NAMES[event.event] || event.event, said(event), event.event);
  }

  part(done, total) {
    this.bar.hidden = !total || done >= total;
    this.bar.max = total || 1;
    this.bar.value = done;
  }

  /** The rounds of a session that was answered before. */
  rounds(session) {
    this.place.hidden = false;
    if (session.taken_to_mean) this.add("understood", session.taken_to_mean);
    for (const name of ["judged", "read"]) if (session[name]?.text) this.add(name, session[name].text);
    for (const round of session.rounds) {
      for (const look of round.looks) {
        const where = "start" in look ? `${clock(look.start)} – ${clock(look.end)} of ${look.video}: ` : `${look.segment}: `;
        this.add("looking", `round ${round.round}: ${where}${look.focus}`);
      }
      const verdict = round.verdict;
      if (verdict) {
        const lacks = verdict.missing ? `; missing: ${verdict.missing}` : "";
        this.add("checked", `${verdict.support}, confidence ${verdict.confidence.toFixed(2)}: ${verdict.answer || "no answer"}${lacks}`);
      }
    }
    for (const gap of session.gaps) this.add("not seen", `${gap.segment}: ${gap.reason}`, "gap");
    this.state.textContent = session.status === "unfinished" ? "It was cut short; it can go on where it stopped." : `Asked ${new Date(session.updated).toLocaleString()}.`;
  }

  add(name, text, kind = "") {
    const below = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    this.list.append(el("li", { class: kind }, el("b", {}, name), el("span", {}, text)));
    if (below) this.list.scrollTop = this.list.scrollHeight;
  }
}

function said(event) {
  return event.event === "thread" ? `${event.thread}${event.goes_on ? " (going on with it)" : ""}` : event.text || "";
}
