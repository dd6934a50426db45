// The one door to the daemon. A route is named as the API names it, "GET /v1/members/{id}/view",
// so that a test can hold every one used here against the routes that exist.

const key_place = "laurel.key";
const by_place = "laurel.by";
const kinds_place = "laurel.kinds";

// The key lives as long as the tab, and goes nowhere but into a header to this daemon.
export const key = {
  get: () => sessionStorage.getItem(key_place),
  keep: (text) => sessionStorage.setItem(key_place, text),
  forget: () => sessionStorage.removeItem(key_place),
};

// Who decides, asked for once a session.
export const by = {
  get: () => sessionStorage.getItem(by_place) ?? "",
  keep: (text) => sessionStorage.setItem(by_place, text),
};

// Kinds of identifiers that were typed by hand and found somebody.
export const kinds = {
  get: () => JSON.parse(sessionStorage.getItem(kinds_place) ?? "[]"),
  keep: (kind) => sessionStorage.setItem(kinds_place,
    JSON.stringify([...new Set([kind, ...kinds.get()])])),
};

// What went wrong, in the words of the daemon's problem details.
export class Problem extends Error {
  constructor(status, details) {
    super(details.title ?? "Something went wrong");
    this.status = status;
    this.title = this.message;
    this.code = details.code ?? "";
    this.detail = details.detail ?? "";
    this.errors = details.errors ?? [];
    this.faults = details.faults ?? [];
    this.request_id = details.request_id ?? "";
  }
  get may_be_repeated() {
    return [0, 429, 502, 503, 504].includes(this.status);
  }
}

function address_of(pattern, path, query) {
  const filled = pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
  const address = new URL(`..${filled}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") {
      address.searchParams.set(name, value);
    }
  }
  // The API reads "+" as it stands, and a space as %20.
  return address.href.replaceAll("+", "%20");
}

async function details_of(response) {
  try {
    return await response.json();
  } catch {
    return { title: `The daemon answered ${response.status}`, detail: response.statusText };
  }
}

export async function call(route, { path = {}, query = {}, body = null } = {}) {
  const [method, pattern] = route.split(" ");
  const headers = { Accept: "application/json" };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  if (body !== null) headers["Content-Type"] = "application/json";
  let response = null;
  try {
    response = await fetch(address_of(pattern, path, query), {
      method, headers, cache: "no-store", body: body === null ? null : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, {
      title: "The daemon does not answer",
      detail: `It may be starting again, or the network is down. ${method === "GET" ? ""
        : "Look whether it was done before you do it again."}`,
    });
  }
  const answer = await details_of(response);
  const is_state = pattern === "/readyz" && response.status === 503;
  if (!response.ok && !is_state) throw new Problem(response.status, answer);
  return answer;
}

// The programme in force, asked for once; null for a key that may not read it.
let known_programme = null;
export function programme() {
  known_programme ??= call("GET /v1/programme").catch((problem) => {
    if (problem.status !== 403 && problem.status !== 404) known_programme = null;
    return null;
  });
  return known_programme;
}
export function forget_programme() {
  known_programme = null;
}
