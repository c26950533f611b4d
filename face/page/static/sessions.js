// The questions asked so far, the newest first.
import { $, el, tried } from "./dom.js";
import { get } from "./api.js";

export function showSessions() {
  return tried(async () => {
    const { sessions, runs } = await get("/api/sessions");
    const filter = $("#sessions-filter");
    filter.oninput = () => list(sessions, runs, filter.value);
    filter.oninput();
  });
}

function list(sessions, runs, wanted) {
  const fits = (one) => [one.question, one.answer, ...one.video].join(" ").toLowerCase().includes(wanted.trim().toLowerCase());
  const found = sessions.filter(fits);
  $("#sessions .list").replaceChildren(
    ...found.map((one) =>
      el("li", {},
        el("a", { class: "entry", href: `#/session/${one.thread_id}` }, one.question || one.thread_id),
        el("p", {}, one.answer || null),
        el("p", { class: "facts" }, `${runs[one.thread_id] ? "under way" : one.status} · ${one.video.join(", ")} · ${new Date(one.updated).toLocaleString()}`))),
    ...(found.length ? [] : [el("li", {}, sessions.length ? "No question fits." : "No question was asked yet.")]),
  );
}
