// What the server is asked. Errors come back as sentences.

async function told(response) {
  const text = await response.text();
  let data = {};
  try {
    data = JSON.parse(text);
  } catch {
    if (response.ok) throw new Error("The server's answer cannot be read.");
    data = { error: text.trim() };
  }
  if (!response.ok) throw new Error(data.error || `The server answered ${response.status}.`);
  return data;
}

async function reached(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server cannot be reached: is `videolucy ui` still running?");
  }
  return told(response);
}

export const get = (path, query = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return reached(given.length ? `${path}?${new URLSearchParams(given)}` : path);
};

export const post = (path, body = {}) =>
  reached(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Send a file; `progress` is told how much has gone, 0 to 1. */
export function send(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/dropped?${new URLSearchParams({ name: file.name })}`);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Error("The video could not be sent: the server cannot be reached, or refused it."));
    request.onload = () => told(new Response(request.responseText, { status: request.status })).then(resolve, reject);
    request.send(file);
  });
}

export const still = (id, time, height) => `/still/${id}?${new URLSearchParams({ time: time.toFixed(3), height })}`;
