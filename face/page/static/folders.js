// A dialog to choose a video among the files of the machine the server runs on.
import { $, el, tried } from "./dom.js";
import { get } from "./api.js";

const dialog = $("#folders");

/** Open the dialog; `onChosen(path)` is called with the file, or the folder whose clips are one recording. */
export function chooseVideo(onChosen, path = "") {
  return tried(async () => {
    const told = await get("/api/folder", { path });
    const join = (name) => `${told.folder.replace(/\/$/, "")}/${name}`;
    const go = (target) => () => chooseVideo(onChosen, target);
    const take = (target) => () => {
      dialog.close();
      onChosen(target);
    };
    $(".where", dialog).textContent = told.folder;
    $(".list", dialog).replaceChildren(
      el("li", {}, el("button", { type: "button", class: "entry", onclick: go(join("..")) }, "↑ Up")),
      ...told.folders.map((name) => el("li", {}, el("button", { type: "button", class: "entry", onclick: go(join(name)) }, `${name}/`))),
      ...told.files.map((name) => el("li", {}, el("button", { type: "button", class: "entry", onclick: take(join(name)) }, name))),
      ...(told.files.length > 1 ? [el("li", {}, el("button", { type: "button", onclick: take(told.folder) }, `All ${told.files.length} as one recording`))] : []),
    );
    if (!dialog.open) dialog.showModal();
  });
}
