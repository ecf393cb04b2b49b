// The rehearsal's HTTP API, and the two ways in which it can fail.

/** The rehearsal answered that it can't: a function failed, or the question was wrong. */
export class Refused extends Error {
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

/** Nobody answered. */
export class Gone extends Error {}

/** GET JSON. */
export function get(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return call(search ? `${path}?${search}` : path, {});
}

/** POST JSON, get JSON. */
export function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function call(path, options) {
  let response;
  let answer;
  try {
    response = await fetch(path, options);
    answer = await response.json();
  } catch {
    throw new Gone("The rehearsal isn’t answering.");
  }
  if (!response.ok || answer.error) throw new Refused(answer.error ?? `Status ${response.status}`, answer.type ?? "");
  return answer;
}
