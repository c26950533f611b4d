// The timeline strip of a recording: what is remembered at each level, where is being looked, where evidence lies.
import { clock, el } from "./dom.js";

const LEVELS = ["coarse", "fine", "ultra-fine"];
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

export class Strip {
  /** `onSeek(time, recording)` is called when a person goes to a time. */
  constructor(recording, onSeek) {
    this.recording = recording;
    this.onSeek = onSeek;
    this.remembered = Object.fromEntries(LEVELS.map((level) => [level, []]));
    this.rows = Object.fromEntries(LEVELS.map((level) => [level, el("div", { class: `lane ${level}` })]));
    this.cursor = el("div", { class: "cursor" });
    this.lanes = el(
      "div",
      {
        class: "lanes", role: "slider", tabindex: "0", "aria-label": `Position in ${recording.name}`,
        "aria-valuemin": "0", "aria-valuemax": recording.duration.toFixed(1),
        onclick: (event) => this.pointed(event), onkeydown: (event) => this.pressed(event),
      },
      ...Object.values(this.rows), this.cursor,
    );
    this.marks = el("div", { class: "marks" });
    this.summary = el("span");
    const title = el("h2", {}, el("button", { type: "button", onclick: () => onSeek(this.time, recording) }, recording.name), this.summary);
    const names = el("div", { class: "names", "aria-hidden": "true" }, ...LEVELS.map((level) => el("span", {}, level)));
    this.element = el(
      "section", { class: "strip", "aria-label": `Timeline of ${recording.name}` }, title,
      el("div", { class: "grid" }, names, this.lanes, el("span", {}, "evidence"), this.marks, el("span"), this.axis()),
    );
    this.at(0);
    this.told();
  }

  /** Take over what the server says is remembered. */
  update(timeline) {
    this.remembered = Object.fromEntries(LEVELS.map((level) => [level, timeline.remembered[level].map(([a, b]) => [a, b])]));
    LEVELS.forEach((level) => this.draw(level));
    this.told();
  }

  /** A stretch was just remembered. */
  remember(level, start, end) {
    if (!(level in this.remembered)) return;
    this.remembered[level] = merged([...this.remembered[level], [start, end]]);
    this.draw(level);
    this.told();
  }

  /** Stretches are being looked at now (none: nothing is). */
  look(stretches) {
    this.lanes.querySelectorAll(".looking").forEach((old) => old.remove());
    for (const { start, end } of stretches) this.lanes.append(this.placed(el("div", { class: "looking" }), start, end));
  }

  /** Numbered moments an answer rests on. */
  rest(evidence) {
    this.marks.replaceChildren(
      ...evidence.map(({ number, start, end }) => {
        const label = `Evidence ${number} at ${clock(start)}`;
        const mark = el("button", { type: "button", "aria-label": label, title: label, onclick: () => this.onSeek(start, this.recording) }, `${number}`);
        mark.style.left = `clamp(.75rem, ${this.share((start + end) / 2)}%, 100% - .75rem)`;
        return mark;
      }),
    );
  }

  /** The player is at a time. */
  at(time) {
    this.time = time;
    this.cursor.style.left = `${this.share(time)}%`;
    this.lanes.setAttribute("aria-valuenow", time.toFixed(1));
    this.lanes.setAttribute("aria-valuetext", `${clock(time)} of ${clock(this.recording.duration)}`);
  }

  share(time) {
    return Math.max(0, Math.min(100, (100 * time) / (this.recording.duration || 1)));
  }

  placed(element, start, end) {
    element.style.left = `${this.share(start)}%`;
    element.style.width = `${this.share(end) - this.share(start)}%`;
    return element;
  }

  draw(level) {
    const drawn = this.remembered[level].map(([start, end]) => this.placed(el("div", { class: "stretch" }), start, end));
    this.rows[level].replaceChildren(...drawn);
  }

  told() {
    const whole = this.recording.duration || 1;
    const shares = LEVELS.map((level) => {
      const seconds = this.remembered[level].reduce((sum, [start, end]) => sum + end - start, 0);
      return seconds ? `${Math.min(100, Math.max(1, Math.round((100 * seconds) / whole)))} % ${level}` : null;
    });
    this.summary.textContent = shares.filter(Boolean).join(", ") || "nothing remembered yet";
  }

  axis() {
    const step = STEPS.find((one) => this.recording.duration / one <= 6.5) || 86400;
    const times = [];
    for (let time = 0; time < this.recording.duration - step * 0.6; time += step) times.push(time);
    times.push(this.recording.duration);
    return el("div", { class: "axis", "aria-hidden": "true" }, ...times.map((time) => {
      const label = el("span", {}, clock(time, true));
      label.style.left = `${this.share(time)}%`;
      return label;
    }));
  }

  pointed(event) {
    const box = this.lanes.getBoundingClientRect();
    this.onSeek(((event.clientX - box.left) / box.width) * this.recording.duration, this.recording);
  }

  pressed(event) {
    const far = Math.max(5, this.recording.duration / 20);
    const moves = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -far, PageUp: far, Home: -Infinity, End: Infinity };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.onSeek(Math.max(0, Math.min(this.recording.duration, this.time + moves[event.key])), this.recording);
  }
}

/** Stretches in order, those that touch as one. */
export function merged(stretches) {
  const joined = [];
  for (const [start, end] of [...stretches].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last && start <= last[1] + 0.05) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}
