// Small helpers. Whatever comes from videos or models is set as text, never as markup.

export const $ = (selector, within = document) => within.querySelector(selector);

/** Make an element: attributes, `on…` handlers, then children (elements or texts; null ones are left out). */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Seconds as m:ss.s or h:mm:ss.s; without tenths where `whole`. */
export function clock(seconds, whole = false) {
  const tenths = Math.round(seconds * (whole ? 1 : 10)) * (whole ? 10 : 1);
  const rest = tenths % 600, minutes = Math.floor(tenths / 600);
  const hours = Math.floor(minutes / 60);
  const start = hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}` : `${minutes}`;
  const end = String(Math.floor(rest / 10)).padStart(2, "0");
  return `${start}:${end}` + (whole ? "" : `.${rest % 10}`);
}

/** Show what went wrong as a sentence, or take it away. */
export function problem(said = "") {
  const place = $("#problem");
  place.textContent = said;
  place.hidden = !said;
}

/** Run what may fail; what goes wrong is shown. Returns undefined then. */
export async function tried(work) {
  try {
    problem();
    return await work();
  } catch (error) {
    problem(error.message);
  }
}
