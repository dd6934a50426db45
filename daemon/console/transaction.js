// One transaction: what it earned, and why, rule by rule.

import { call } from "./api.js";
import { make, to } from "./dom.js";
import { day, moment, money, number, plural, short_digest } from "./format.js";
import { badge, card, empty, facts, page_head, table } from "./parts.js";
import { entry_word, identifier_word, name_of, reason_sentence, rule_names, rule_word, state_word,
  verdict_word } from "./words.js";

function whose(attribution) {
  const known = attribution.member
    ? make("a", { href: to("member", attribution.member) }, attribution.member)
    : "Nobody yet: it can be claimed";
  const said = attribution.evidence.map((each) => make("li",
    make("span", identifier_word(each.type), " ", make("code", each.value)),
    badge(verdict_word(each.verdict), each.verdict === "decided" ? "good" : "plain")));
  return card("Whose",
    facts([
      ["Member", known],
      ["By", attribution.by ? `${identifier_word(attribution.by)} (${attribution.strength})`
        : null],
      ["Enrolled", attribution.enrolled ? "by this transaction" : null],
    ]),
    attribution.conflicts.length === 0 ? null : make("div.caution", make("p",
      "Its identifiers name several members: ", attribution.conflicts.map((each) =>
        `${identifier_word(each.type)} names ${each.member ?? "somebody else"}. `))),
    said.length > 0 ? make("ul.rows", said) : null);
}

function earnings(receipt) {
  const rows = receipt.points.filter((each) => Number(each.earned) !== 0);
  const paid = receipt.paid_with_points ?? [];
  const only_takes = receipt.kind === "return" || receipt.kind === "void";
  if (rows.length === 0 && only_takes) return null;
  return card("What it earned",
    rows.length === 0 ? empty("No points.") : rows.map((each) => [
      make("p.figure", number(each.earned), make("span.unit", each.wallet)),
      facts([
        ["Pending", Number(each.pending) > 0 ? number(each.pending) : null],
        ["Available from", day(each.available_from)],
        ["Expire", day(each.expires_at)],
      ])]),
    paid.map((each) => make("p", `Paid with ${number(each.points)} ${each.wallet}, worth ${
      number(each.worth)}.`)),
    receipt.tier?.id ? make("p", "Level after it: ", make("strong", name_of(receipt.tier.id)), ".")
      : null,
    vouchers(receipt.vouchers, "Voucher given"),
    vouchers(receipt.vouchers_taken, "Voucher taken back"));
}

function vouchers(list, title) {
  return (list ?? []).map((each) => make("p", `${title}: `, make("code", each.code ?? "new"),
    each.reward ? ` for ${each.reward}` : null));
}

function taken_back(receipt) {
  const reversed = (receipt.reversed ?? []).filter((each) => Number(each.points) !== 0);
  if (reversed.length === 0 && !receipt.refund) return null;
  return card("What was taken back",
    reversed.map((each) => [
      make("p.figure", number(each.points), make("span.unit", each.wallet)),
      facts(["from_pending", "from_available", "from_expired", "debt", "written_off", "withheld",
        "restored"].map((name) => [name_of(name),
        Number(each[name]) > 0 ? number(each[name]) : null]))]),
    receipt.refund ? facts([
      ["Money back", number(receipt.refund.money)],
      ["Kept back", Number(receipt.refund.withheld) > 0 ? number(receipt.refund.withheld) : null],
      ["Points back", Number(receipt.refund.points) > 0 ? number(receipt.refund.points) : null],
    ]) : null);
}

function award_text(award) {
  const cut = award.cut ? ` (${number(award.cut)} less: ${award.limit ?? "limit"})` : "";
  return `${rule_word(award.rule)}: ${number(award.points)}${cut}`;
}

// Each line with its points; what it was charged and what of that earns, where it was valued.
function lines_card(receipt) {
  const bases = new Map((receipt.explanation?.lines ?? []).map((each) => [each.id, each]));
  const base = (line, what) => bases.has(line.id) ? money(bases.get(line.id)[what]) : null;
  const valued = [
    { head: "Charged", number: true, cell: (line) => base(line, "charged") },
    { head: "Earns on", number: true, cell: (line) => [base(line, "eligible"),
      (bases.get(line.id)?.excluded ?? []).map((why) => make("p.soft", why))] },
  ];
  const columns = [
    { head: "Line", cell: (line) => line.id },
    ...(bases.size > 0 ? valued : []),
    { head: "Points", number: true, cell: (line) => number(line.points) },
    { head: "By", cell: (line) => make("ul.list", line.awards.map((award) =>
      make("li", award_text(award)))) },
  ];
  if (receipt.lines.length === 0 && receipt.awards.length === 0) return null;
  return card("Lines",
    receipt.lines.length > 0 ? table("Lines and their points", columns, receipt.lines) : null,
    receipt.awards.length > 0 ? [make("h3", "On the whole receipt"), make("ul.list",
      receipt.awards.map((award) => make("li", award_text(award))))] : null);
}

function reason_item(reason, names) {
  const name = names.get(reason.rule);
  return make(`li.reason.${reason.applied ? "yes" : "no"}`,
    make("p", make("strong", name ?? rule_word(reason.rule)), " ",
      name ? make("code.soft", reason.rule) : null, " ",
      reason.applied ? badge("applied", "good") : badge("did not", "plain")),
    make("p", reason_sentence(reason)));
}

function why_card(receipt, names) {
  const explanation = receipt.explanation;
  if (!explanation) {
    return card("Why", empty("Nothing was valued here: a return or an event about no sale has no ",
      "rules of its own, and a sale without a member waits for one."));
  }
  const applied = explanation.reasons.filter((each) => each.applied);
  const others = explanation.reasons.filter((each) => !each.applied);
  const list = (reasons) => make("ul.reasons", reasons.map((each) =>
    reason_item(each, names)));
  return card("Why",
    make("p.soft", `Valued under ${explanation.programme.id} `,
      short_digest(explanation.programme.digest),
      explanation.tier ? ` at level ${name_of(explanation.tier).toLowerCase()}` : null, ": ",
      plural(explanation.reasons.length, "reason", "reasons"), "."),
    make("h3", "What gave"),
    applied.length === 0 ? empty("No rule gave anything.") : list(applied),
    make("h3", "What did not, and why"),
    others.length === 0 ? empty("Every rule gave.") : list(others));
}

export async function transaction_page([source, id], _, programme) {
  const receipt = await call("GET /v1/transactions/{source}/{id}", {
    path: { source, id }, query: { explain: "true" },
  });
  const state = receipt.state === "accepted" ? "good" : "warn";
  const returns = receipt.returns ?? [];
  return [
    page_head(`${entry_word(receipt.kind)} ${id}`,
      make("p.badges", badge(state_word(receipt.state), state),
        (receipt.flags ?? []).map((flag) => badge(name_of(flag), "warn"))),
      make("p.soft", source, " \u00b7 ", moment(receipt.at), " \u00b7 booked ",
        moment(receipt.booked_at))),
    make("div.columns",
      make("div", taken_back(receipt), earnings(receipt), whose(receipt.attribution)),
      make("div.wide", lines_card(receipt), why_card(receipt, rule_names(programme)),
        returns.map((each) => card(`Return ${each.transaction.id}`,
          make("a", { href: to("transaction", each.transaction.source, each.transaction.id) },
            "Show it"))))),
  ];
}
