// What was booked for a member, newest first, page by page.

import { call } from "./api.js";
import { announce, make, replace, to } from "./dom.js";
import { moment, number, plural, signed } from "./format.js";
import { badge, empty, page_head, problem_box, table } from "./parts.js";
import { entry_word, name_of, rule_word, state_word } from "./words.js";

const own_accounts = ["available", "pending", "held", "debt"];

function movement(entry) {
  const own = entry.postings.filter((each) => own_accounts.includes(each.account) &&
    Number(each.points) !== 0);
  if (own.length === 0) return null;
  const other = (wallet) => wallet === "points" ? "" : `, ${wallet}`;
  return make("ul.list", own.map((each) => make(`li.${Number(each.points) > 0 ? "up" : "down"}`,
    signed(each.points), " ", make("span.soft", `${each.account}${other(each.wallet)}`))));
}

function balances(entry) {
  return make("ul.list", Object.entries(entry.wallets).map(([wallet, each]) => make("li",
    number(each.available), make("span.soft", wallet === "points" ? "" : ` ${wallet}`))));
}

function what(entry) {
  const key = entry.transaction;
  const has_receipt = key && ["sale", "return", "void", "event"].includes(entry.kind);
  const name = has_receipt
    ? make("a", { href: to("transaction", key.source, key.id) }, entry_word(entry.kind))
    : entry_word(entry.kind);
  const rules = [...new Set(entry.awards.map((each) => rule_word(each.rule)))];
  const notices = (entry.notices ?? []).map((each) => make("p.soft",
    each.of === "expiry" ? `${number(each.points)} points expire ` : `Level ${each.tier} ends `,
    moment(each.at)));
  return [
    make("strong", name),
    entry.state === "accepted" ? null : [" ", badge(state_word(entry.state), "warn")],
    key ? make("p.soft", key.source.startsWith("@") ? key.id : `${key.source} / ${key.id}`) : null,
    rules.length > 0 ? make("p.soft", rules.join(", ")) : null,
    notices,
    entry.reason ? make("p", `\u201c${entry.reason}\u201d`) : null,
    entry.actor && entry.actor !== key?.source ? make("p.soft", `by ${entry.actor}`) : null,
    (entry.flags ?? []).map((flag) => badge(name_of(flag), "warn")),
  ];
}

function when(entry) {
  const same = entry.at.slice(0, 16) === entry.booked_at.slice(0, 16);
  return [moment(entry.at), same ? null : make("p.soft", "booked ", moment(entry.booked_at))];
}

const columns = [
  { head: "Entry", number: true, cell: (entry) => entry.id },
  { head: "When", cell: when },
  { head: "What", cell: what },
  { head: "Moved", number: true, cell: movement },
  { head: "Available after", number: true, cell: balances },
];

export async function ledger_page([id]) {
  const pages = make("div");
  const foot = make("div.actions");
  let count = 0;
  const load = async (cursor) => {
    const answer = await call("GET /v1/members/{id}/ledger", {
      path: { id }, query: { limit: 50, cursor },
    });
    count += answer.entries.length;
    if (answer.entries.length > 0) pages.append(table("Entries", columns, answer.entries));
    const older = make("button", { type: "button" }, "Older entries");
    older.addEventListener("click", async () => {
      older.disabled = true;
      try {
        await load(answer.next);
        announce(`${plural(count, "entry", "entries")} shown`);
      } catch (problem) {
        replace(foot, problem_box(problem, () => load(answer.next)));
      }
    });
    replace(foot, answer.next ? older : make("p.soft", count > 0 ? "That is all." : null));
  };
  await load(null);
  return [
    page_head("Ledger", make("p.soft", "Everything that was booked for ", make("code", id),
      ", newest first. Each entry sums to zero.")),
    make("p.links", make("a.button", { href: to("member", id) }, "Back to the member")),
    count === 0 ? empty("Nothing was booked yet.") : null,
    make("div.card", pages, foot),
  ];
}
