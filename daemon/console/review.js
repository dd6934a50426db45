// What waits for a person to decide.

import { by, call } from "./api.js";
import { announce, make, replace, to } from "./dom.js";
import { moment } from "./format.js";
import { badge, empty, facts, field, form, input, opener, page_head, problem_box, select,
  who_and_why } from "./parts.js";
import { kind_word } from "./words.js";

const states = [["open", "Open"], ["accepted", "Accepted"], ["rejected", "Rejected"],
  ["any", "All"]];
const kinds = ["transaction", "conflict", "merge", "duplicate", "anomaly", "adjustment", "orphan"];
const tones = { open: "warn", accepted: "good", rejected: "bad" };

// The subject of a transaction is its key: "till-7/R-1001". The source has no slash.
function subject(item) {
  const slash = item.subject.indexOf("/");
  const is_key = ["transaction", "orphan", "anomaly"].includes(item.kind) && slash > 0;
  if (!is_key) return make("code", item.subject);
  return make("a", {
    href: to("transaction", item.subject.slice(0, slash), item.subject.slice(slash + 1)),
  }, item.subject);
}

// The daemon's sentence, its times as people write them.
function with_moments(text) {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return sentence.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/).map((part, place) =>
    place % 2 === 1 ? moment(part) : part);
}

function decide(item, route, label, done) {
  const fields = who_and_why();
  const wants_member = route.endsWith("/accept") && item.kind === "transaction";
  if (wants_member) {
    fields.push(field("Whose it is", input("member"),
      "A member's id; left out: whom its identifiers name now"));
  }
  return form(fields, label, async (given) => {
    by.keep(given.by);
    const body = { by: given.by, reason: given.reason };
    if (given.member) body.member = given.member.trim();
    done(await call(route, { path: { id: item.id }, body }));
  });
}

function item_card(item) {
  const node = make("section.card.item", { "aria-label": `Item ${item.id}` });
  const done = (decided) => {
    announce(`Item ${decided.id} is ${decided.state}`);
    draw(decided);
    node.setAttribute("tabindex", "-1");
    node.focus();
  };
  const draw = (shown) => replace(node,
    make("p.badges", badge(kind_word(shown.kind)), badge(shown.state, tones[shown.state]),
      make("span.soft", `No. ${shown.id} \u00b7 `, moment(shown.opened_at))),
    make("p.text", with_moments(shown.text)),
    facts([
      ["About", subject(shown)],
      ["Members", shown.members.length === 0 ? null : shown.members.map((id) =>
        [make("a", { href: to("member", id) }, id), " "])],
      ["Decided", shown.decided_by ? [`by ${shown.decided_by}, `, moment(shown.decided_at),
        shown.reason ? `: \u201c${shown.reason}\u201d` : null] : null],
    ]),
    shown.state === "open" ? make("div.actions",
      opener("Accept", () => decide(shown, "POST /v1/review/{id}/accept", "Accept", done)),
      opener("Reject", () => decide(shown, "POST /v1/review/{id}/reject", "Reject", done))) : null);
  draw(item);
  return node;
}

export async function review_page([state = "open", kind = ""]) {
  const list = make("div.stack");
  const foot = make("div.actions");
  const load = async (after) => {
    const answer = await call("GET /v1/review", { query: { state, kind, after, limit: 50 } });
    list.append(...answer.items.map(item_card));
    const more = make("button", { type: "button", onclick: () => load(answer.next)
      .catch((problem) => replace(foot, problem_box(problem))) }, "More");
    replace(foot, answer.next === null ? null : more);
    if (list.childElementCount === 0) {
      list.append(empty(state === "open" ? "Nothing waits for a person." : "There is nothing."));
    }
  };
  await load(null);
  const chosen_state = select("state", states, state);
  const chosen_kind = select("kind", [["", "Every kind"],
    ...kinds.map((each) => [each, kind_word(each)])], kind);
  const go = () => {
    location.hash = chosen_kind.value ? to("review", chosen_state.value, chosen_kind.value)
      : to("review", chosen_state.value);
  };
  chosen_state.addEventListener("change", go);
  chosen_kind.addEventListener("change", go);
  return [
    page_head("Review", make("p", "Some things a machine should not decide. Until somebody does, ",
      "they change nothing.")),
    make("div.filters", field("State", chosen_state), field("Kind", chosen_kind)),
    list, foot,
  ];
}
