// An answer: what, how sure, the moments it rests on, why it stopped and what it cost.
import { clock, el } from "./dom.js";
import { still } from "./api.js";

const STATUS = {
  answered: "supported by what was seen",
  insufficient: "not supported: the video may not show it",
  budget_exhausted: "a budget ran out before it was supported",
  failed: "failed",
};
const STOPPED = {
  supported: "the answer is supported",
  max_rounds: "all rounds of looking again are spent",
  nothing_left: "nothing is left to look at",
  declined: "the pass over the video was declined",
};

/** Elements of an answer; `onSeek(time, recording id)` is called when a moment is chosen. */
export function answerCard(result, onSeek) {
  const option = result.option ? `${result.option}. ` : "";
  const why = STOPPED[result.stopped_by] || `the budget ${result.stopped_by} is spent`;
  const rounds = result.rounds ? `after ${result.rounds} round${result.rounds > 1 ? "s" : ""} of looking again` : "from what memory held";
  return el(
    "div", { class: "card" },
    el("p", { class: "said" }, option + (result.answer || "No answer.")),
    el("p", { class: "facts" }, el("span", { class: `badge ${result.status}` }, STATUS[result.status] || result.status),
      ` confidence ${Math.round(100 * (result.confidence || 0))} %, ${rounds}; it stopped because ${result.stopped_by ? why : "it failed"}`),
    result.reason ? el("p", { class: "facts" }, result.reason) : null,
    evidenceList(result.evidence || [], onSeek),
    result.usage ? el("p", { class: "facts" }, costs(result)) : null,
  );
}

function costs({ models, usage }) {
  const by = models ? `${Object.values(models).join(" · ")}; ` : "";
  const tokens = usage.prompt_tokens ? `, ${usage.prompt_tokens + usage.completion_tokens} tokens` : "";
  return `${by}${usage.captions_made} captions made, ${usage.captions_reused} reused, ${usage.frames} frames, ` +
    `${usage.reasoner_calls} reasoner calls${tokens}, ${usage.seconds.toFixed(1)} s`;
}

function evidenceList(evidence, onSeek) {
  if (!evidence.length) return null;
  return el("ol", { class: "evidence", "aria-label": "Evidence" }, ...evidence.map((item, index) => {
    const from = clock(item.start), to = clock(item.end);
    const go = () => onSeek(item.start, item.recording);
    const shot = item.recording
      ? el("img", { src: still(item.recording, (item.start + item.end) / 2, 240), alt: `Frame of evidence ${index + 1}`, loading: "lazy" })
      : null;
    if (shot) shot.addEventListener("error", () => shot.closest("button").remove());
    return el(
      "li", {},
      shot ? el("button", { type: "button", class: "shot", "aria-label": `Show evidence ${index + 1} at ${from}`, onclick: go }, shot) : el("span"),
      el("div", {},
        el("button", { type: "button", class: "time", "data-start": item.start, onclick: go }, `${index + 1} · ${from} – ${to}`),
        el("blockquote", {}, `“${item.quote}”`),
        el("p", { class: "facts" }, [item.video, `${item.level} look`, item.clock].filter(Boolean).join(" · ")),
        item.caption ? el("details", {}, el("summary", {}, "The whole caption"), el("p", { class: "whole" }, item.caption)) : null),
    );
  }));
}
