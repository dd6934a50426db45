// The API's words in everyday English. A word that is not known here is shown as it came.

import { number } from "./format.js";

function plain(word) {
  const text = String(word ?? "").replaceAll("_", " ").replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function from(table) {
  return (word) => table[word] ?? plain(word);
}

export const name_of = plain;

export const identifier_word = from({
  card: "Card", email: "Email", phone: "Phone", customer: "Customer number",
  shop_account: "Shop account", salon_client: "Salon client", payment_token: "Payment card",
});

export const entry_word = from({
  sale: "Sale", return: "Return", void: "Sale undone", event: "Event", claim: "Sale claimed",
  apply: "Sale booked later", adjustment: "Points by hand", activation: "Points became available",
  expiry: "Points expired", enrolment: "Enrolled", change: "Member changed",
  rating: "Sale valued again", hold: "Points held", capture: "Held points spent",
  release: "Held points given back", transfer: "Points moved", merge: "Members merged",
  unmerge: "Merge undone", erasure: "Person erased", extension: "Points live longer",
  notice: "Notice", issue: "Voucher issued", settlement: "Decision of a person", pool: "Pool",
});

export const state_word = from({
  accepted: "Counts", waiting: "Waits", unmatched: "Nobody's yet", review: "Waits for a person",
  rejected: "Rejected", linked: "Seen by another department",
});

export const verdict_word = from({
  decided: "decided", agreed: "agrees", disagreed: "names somebody else", unknown: "is not known",
  placeholder: "is a placeholder", shared: "is shared by too many",
  unknown_type: "is of no known type", out_of_scope: "does not count here",
  not_for_earning: "does not earn", not_for_redeeming: "cannot spend",
  other_role: "is not the buyer's", unverified: "is not verified",
});

export const kind_word = from({
  transaction: "Transaction", conflict: "Conflict", merge: "Suggested merge",
  duplicate: "Possible duplicate", anomaly: "Unusual", adjustment: "Points by hand",
  orphan: "Return without its sale",
});

export const caution_word = from({
  frozen: "Frozen", closed: "Closed", debt: "Owes points", wait: "Wait before spending",
  unverified: "Not verified",
});

export const why_missing = from({
  points: "Points", tier: "Level", segment: "Segment", department: "Department",
  channel: "Channel", not_now: "Not now", stock: "Sold out", limit: "Had already",
  member: "Member", not_for_points: "Not for points",
});

export function rule_word(rule) {
  return rule.startsWith("tier:") ? `Level ${plain(rule.slice(5)).toLowerCase()}` : rule;
}

// What the programme's files call its rules, where they say it in the usual form; an id that is not
// among them is shown as it is.
export function rule_names(programme) {
  const said = /\bid: *([\w-]+) *(?:,|\n) *name: *\{[^}]*\ben: *"?([^",}\n]+?)"? *[,}]/g;
  const texts = Object.values(programme?.files ?? {});
  return new Map(texts.flatMap((text) =>
    [...text.matchAll(said)].map((match) => [match[1], match[2]])));
}

// Why a rule gave, or did not, in one sentence.
export function reason_sentence(reason) {
  const asked = reason.condition ? `asks for \u201c${reason.condition}\u201d` : "";
  const seen = reason.seen ?? "";
  const where = reason.line ? ` on line ${reason.line}` : "";
  const outside = (what) => `It does not run ${what}; it was ${seen}.`;
  switch (reason.code) {
    case "applied": {
      const gave = Number(reason.points) === 0 && seen ? capital(seen)
        : `Gave ${number(reason.points)} points${where}`;
      const room = reason.condition ? ` (${reason.condition}${seen ? `: ${seen}` : ""})` : "";
      return `${gave}${room}.`;
    }
    case "partly":
      return `Gave ${number(reason.points)} points${where}; it would have been ${seen}, but ` +
        `${reason.condition}.`;
    case "condition_failed":
      return `It ${asked || "asks for something else"}; here it was ` +
        `${seen ? `\u201c${seen}\u201d` : "not so"}${where}.`;
    case "missing_fact": return `It ${asked}; the transaction does not say${where}.`;
    case "outside_dates": return outside("on this date");
    case "outside_days": return outside("on this day of the week");
    case "outside_hours": return outside("at this hour");
    case "limit_reached":
      return `Its limit was reached (${[reason.condition, seen].filter(Boolean).join("; ")}).`;
    case "budget_exhausted":
      return `Its budget was used up (${[reason.condition, seen].filter(Boolean).join("; ")}).`;
    case "not_best": return `Another offer of its lane gives more${where}.`;
    case "not_first": return `Another offer of its lane goes first${where}.`;
    case "lower_precedence": return `The rule ${seen} goes before it${where}.`;
    case "nothing_to_give": return "Nothing on the receipt earns by it, or too little to count.";
    case "stopped": return "It was stopped by hand.";
    default: return [plain(reason.code), reason.condition, seen].filter(Boolean).join(": ");
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
