// What is remembered: the recordings, what is known of each, and a search over all of it.
import { $, clock, el, tried } from "./dom.js";
import { get } from "./api.js";

let videos = [];

/** `onMoment(source, time)` is called when a person goes to a moment. */
export function showMemory(onMoment) {
  const place = $("#memory .recall");
  $("#search").onsubmit = (event) => {
    event.preventDefault();
    tried(() => search(place, onMoment));
  };
  return tried(async () => {
    videos = await get("/api/videos");
    $("#where").replaceChildren(el("option", { value: "" }, "everywhere"), ...videos.map((one) => el("option", { value: one.id }, one.name)));
    recordings(place, onMoment);
  });
}

function recordings(place, onMoment) {
  const known = videos.map((one) => {
    const kept = Object.entries(one.captions).map(([level, count]) => `${count} ${level}`).join(", ") || "nothing yet";
    const button = el("button", { type: "button", onclick: () => tried(() => captions(place, one, onMoment)) }, "What is remembered");
    return el("li", {}, el("b", {}, one.name), el("p", { class: "facts" }, `${clock(one.duration)} · ${kept}`),
      el("div", { class: "row" }, button, one.here ? el("button", { type: "button", onclick: () => onMoment(one, 0) }, "Open") : el("span", { class: "facts" }, "The file is not where it was.")));
  });
  place.replaceChildren(el("ul", { class: "list" }, ...known, known.length ? null : el("li", {}, "Nothing is remembered yet.")));
}

async function captions(place, video, onMoment) {
  const rows = await get(`/api/captions/${video.id}`);
  const back = el("button", { type: "button", onclick: () => recordings(place, onMoment) }, "All recordings");
  const level = el("select", { "aria-label": "Level" }, el("option", { value: "" }, "all levels"),
    ...[...new Set(rows.map((row) => row.level))].map((name) => el("option", { value: name }, name)));
  const list = el("ul", { class: "list" });
  const draw = () => {
    const wanted = rows.filter((row) => !level.value || row.level === level.value);
    list.replaceChildren(...wanted.map((row) => el("li", {}, when(row, video, onMoment),
      el("p", { class: "facts" }, [row.level, row.captioner, row.question && `for: ${row.question}`].filter(Boolean).join(" · ")),
      el("p", { class: "whole" }, row.text))));
  };
  level.onchange = draw;
  place.replaceChildren(el("h2", {}, video.name), el("div", { class: "row" }, back, level), list);
  draw();
  back.focus();
}

async function search(place, onMoment) {
  const query = $("#query").value.trim();
  if (!query) return recordings(place, onMoment);
  const hits = await get("/api/search", { query, recording: $("#where").value });
  place.replaceChildren(
    el("h2", {}, hits.length ? `${hits.length} moments, the best first` : "Nothing like that is remembered."),
    el("ul", { class: "list" }, ...hits.map((hit) => {
      const video = videos.find((one) => one.id === hit.recording);
      return el("li", {}, when(hit, video, onMoment), el("p", { class: "whole" }, hit.text), el("p", { class: "facts" }, hit.video));
    })),
  );
}

function when(row, video, onMoment) {
  const text = `${clock(row.start)} – ${clock(row.end)}`;
  return video?.here ? el("button", { type: "button", class: "time", onclick: () => onMoment(video, row.start) }, text) : el("b", {}, text);
}
