// The console: an address after the "#" is a page, and a page asks the API.

import { call, forget_programme, key, programme } from "./api.js";
import { check_page } from "./check.js";
import { announce, make, replace } from "./dom.js";
import { use_zone } from "./format.js";
import { ledger_page } from "./ledger.js";
import { member_page } from "./member.js";
import { badge, card, field, form, input, loading, page_head, problem_box } from "./parts.js";
import { programme_page, proposals_page, rules_page, versions_page } from "./programme.js";
import { reports_page } from "./reports.js";
import { review_page } from "./review.js";
import { transaction_page } from "./transaction.js";
import { who_page } from "./who.js";

const programme_parts = { versions: versions_page, proposals: proposals_page, rules: rules_page,
  check: check_page };

const main = document.getElementById("main");
const session = document.getElementById("session");
const state = { is_sandbox: false, turn: 0 };

// A member who was just found, so that her page need not ask again.
const found = {
  last: null,
  keep(answer) { this.last = answer; },
  take(id) {
    const answer = this.last?.view.member.id === id ? this.last : null;
    this.last = null;
    return answer;
  },
};

function page_of(parts) {
  const [first, ...rest] = parts;
  switch (first) {
    case undefined:
    case "":
    case "who": return [who_page, rest];
    case "member": return rest[1] === "ledger" ? [ledger_page, rest] : [member_page, rest];
    case "transaction": return [transaction_page, rest];
    case "programme": return [programme_parts[rest[0]] ?? programme_page, rest];
    case "review": return [review_page, rest];
    case "reports": return [reports_page, rest];
    case "key": return [key_page, rest];
    default: return [nowhere, rest];
  }
}

async function nowhere() {
  return [page_head("There is no such page"), make("p", make("a", { href: "#/who" },
    "Who is this?"))];
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parts_of_address() {
  return location.hash.replace(/^#\/?/, "").split("/").map(decoded);
}

// The key is tried before it is kept; one that may not read the programme is a good key too.
async function key_page() {
  const control = input("key", { type: "password", required: true, "data-first": true });
  const body = form([
    field("API key", control, "It stays in this tab, until you forget it or close the tab"),
  ], "Go on", async (given) => {
    key.keep(given.key.trim());
    forget_programme();
    try {
      await call("GET /v1/programme");
    } catch (problem) {
      if (problem.status === 401) {
        key.forget();
        throw problem;
      }
    }
    await show_session();
    if (location.hash === "#/key") location.hash = "#/who";
    else await show();
  });
  return [
    page_head("Sign in", make("p", "The console does what your key may. An associate's key needs ",
      "the scopes ", make("code", "members"), ", ", make("code", "transactions"), " and ",
      make("code", "redemptions"), "; the loyalty team's ", make("code", "programme"), ", ",
      make("code", "reports"), " and ", make("code", "admin"), ".")),
    card("Your key", body),
  ];
}

function mark_menu(first) {
  const page = ["member", "transaction", ""].includes(first ?? "") ? "who" : first;
  for (const link of document.querySelectorAll("#menu a")) {
    const is_here = link.getAttribute("href") === `#/${page}`;
    if (is_here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function put(nodes) {
  replace(main, nodes);
  main.removeAttribute("aria-busy");
  const heading = main.querySelector("h1");
  document.title = heading ? `${heading.textContent} \u2013 Laurel` : "Laurel";
  window.scrollTo(0, 0);
  (main.querySelector("[data-first]") ?? heading)?.focus();
}

// The page of the address; what was asked for an address that was left since is thrown away.
async function show() {
  const turn = state.turn + 1;
  state.turn = turn;
  if (turn > 1) show_session(true);
  const parts = parts_of_address();
  mark_menu(parts[0]);
  main.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => { if (turn === state.turn) replace(main, loading()); }, 200);
  let nodes = null;
  try {
    const needs_key = !state.is_sandbox && key.get() === null;
    const [page, rest] = needs_key ? [key_page, []] : page_of(parts);
    const rules = needs_key ? null : await programme();
    if (rules) use_zone(rules.time_zone);
    nodes = await page(rest, found, rules, show);
  } catch (problem) {
    nodes = problem.status === 401 && !state.is_sandbox ? [problem_box(problem), await key_page()]
      : [page_head("That did not work"), problem_box(problem, show),
        make("p", make("a", { href: "#/who" }, "Who is this?"))];
  }
  clearTimeout(slow);
  if (turn === state.turn) put(nodes);
}

function forget_key() {
  key.forget();
  forget_programme();
  announce("The key is forgotten");
  show_session().then(show);
}

// Said once where the daemon does not answer: by the page, unless there is none yet.
async function show_session(has_page = false) {
  const notices = document.getElementById("notices");
  const about = document.getElementById("about");
  try {
    const ready = await call("GET /readyz");
    state.is_sandbox = ready.sandbox;
    replace(about, ready.programme ? `${ready.programme.id}, version ${ready.programme.version}`
      : "No programme in force");
    replace(notices, ready.writable ? null : make("p.notice", { role: "alert" },
      "The store takes no writes at the moment: look, but nothing can be changed."));
  } catch (problem) {
    if (has_page) return;
    replace(notices, problem_box(problem, () => show_session().then(show)));
  }
  const forget = make("button.quiet", { type: "button", onclick: forget_key }, "Forget the key");
  replace(session, state.is_sandbox ? badge("Sandbox", "gold") : key.get() ? forget : null);
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (main.querySelector("h1") ?? main).focus();
});
window.addEventListener("hashchange", show);
await show_session();
await show();
