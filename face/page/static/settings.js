// Settings for the questions of this browser: what differs from the server's own is kept here and sent along.
import { $, el, tried } from "./dom.js";
import { get } from "./api.js";

const KEPT = "videolucy.settings";
const FIRST = ["preset", "captioner", "captioner_url", "captioner_key_env", "reasoner", "reasoner_url", "reasoner_key_env",
  "embedder", "speech", "language", "max_rounds", "max_captions", "max_seconds", "max_tokens", "max_cost", "price_prompt",
  "price_completion", "confirm_over"];
let fields = null;

export function chosenSettings() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) || "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

export function showSettings() {
  $("#reset").onclick = () => {
    localStorage.removeItem(KEPT);
    draw();
  };
  $("#settings-filter").oninput = draw;
  return tried(async () => {
    const told = await get("/api/about");
    const blind = told.blind_to.length ? ` They cannot perceive: ${told.blind_to.join(", ")}.` : "";
    $("#models").textContent = `The server's own models: ${Object.values(told.models).join(" · ")}.${blind}`;
    const rank = (field) => (FIRST.includes(field.name) ? FIRST.indexOf(field.name) : FIRST.length);
    fields = told.settings.sort((a, b) => rank(a) - rank(b));
    draw();
  });
}

function draw() {
  const wanted = $("#settings-filter").value.trim().toLowerCase(), chosen = chosenSettings();
  const shown = fields.filter((field) => `${field.name} ${field.description}`.toLowerCase().includes(wanted));
  $("#fields").replaceChildren(...shown.map((field) => row(field, chosen)));
}

function row(field, chosen) {
  const value = field.name in chosen ? chosen[field.name] : field.value;
  const id = `setting-${field.name}`;
  let input;
  if (field.type === "boolean") {
    input = el("input", { id, type: "checkbox", checked: value });
  } else if (field.choices) {
    input = el("select", { id }, ...field.choices.map((one) => el("option", { value: one, selected: one === value }, one)));
  } else {
    const number = field.type === "integer" || field.type === "number";
    input = el("input", { id, type: number ? "number" : "text", step: field.type === "integer" ? "1" : number ? "any" : null, value });
  }
  input.addEventListener("change", () => keep(field, read(field, input), made));
  const made = el("div", { class: `field${field.name in chosen ? " changed" : ""}` },
    el("label", { for: id }, el("code", {}, field.name), " ", el("small", {}, field.description)), input);
  return made;
}

function read(field, input) {
  if (field.type === "boolean") return input.checked;
  if (field.type === "integer" || field.type === "number") return input.value === "" ? field.value : Number(input.value);
  return input.value;
}

function keep(field, value, place) {
  const chosen = chosenSettings();
  if (value === field.value) delete chosen[field.name];
  else chosen[field.name] = value;
  localStorage.setItem(KEPT, JSON.stringify(chosen));
  place.classList.toggle("changed", field.name in chosen);
}
