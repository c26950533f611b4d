// Which view is shown, by the address after `#`: #/ask, #/session/THREAD, #/sessions, #/memory, #/settings.
import { $, problem, tried } from "./dom.js";
import { Ask } from "./ask.js";
import { chooseVideo } from "./folders.js";
import { showMemory } from "./memory.js";
import { showSessions } from "./sessions.js";
import { showSettings } from "./settings.js";

const ask = new Ask((thread) => history.replaceState(null, "", `#/session/${thread}`));

async function moment(video, time) {
  location.hash = "#/ask";
  await ask.take(video);
  ask.player.seek(time);
}

const VIEWS = {
  ask: () => tried(() => ask.known()),
  session: (thread) => ask.session(thread),
  sessions: showSessions,
  memory: () => showMemory((video, time) => tried(() => moment(video, time))),
  settings: showSettings,
};

function show() {
  const [name, argument = ""] = location.hash.replace(/^#\//, "").split("/");
  const view = name in VIEWS ? name : "ask";
  const section = view === "session" ? "ask" : view;
  problem();
  for (const one of document.querySelectorAll(".view")) one.hidden = one.id !== section;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${$(`#${section}-title`).textContent} · videolucy`;
  VIEWS[view](decodeURIComponent(argument));
}

$("#browse").addEventListener("click", () => chooseVideo((path) => ask.open(path)));
addEventListener("hashchange", show);
show();
