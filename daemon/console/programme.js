// The programme in force, its versions, what waits for another person, and rules that are stopped.

import { by, call, forget_programme } from "./api.js";
import { announce, make } from "./dom.js";
import { moment, money, number, plural, short_digest } from "./format.js";
import { badge, card, empty, facts, field, form, input, opener, page_head, table, tabs,
  who_and_why } from "./parts.js";
import { identifier_word, name_of } from "./words.js";

const parts = [
  ["#/programme", "In force"],
  ["#/programme/versions", "Versions"],
  ["#/programme/proposals", "Proposals"],
  ["#/programme/rules", "Stop a rule"],
  ["#/programme/check", "Check and try"],
];

export function programme_head(current, ...lead) {
  return [page_head("Programme", lead), tabs("Programme", parts, current)];
}

function stale_note(programme) {
  if (programme.rules === "current") return null;
  return make("div.caution", make("p", "The folder on disk is not what is in force: ",
    programme.rules));
}

function numbered(text) {
  return make("ol.source", text.replace(/\n$/, "").split("\n").map((line) =>
    make("li", make("code", line || " "))));
}

function stopped_list(stops, again) {
  if (stops.length === 0) return empty("Every rule runs.");
  return make("ul.rows", stops.map((stop) => make("li",
    make("div", make("strong", stop.rule), " stopped from ", moment(stop.from),
      stop.until ? [" until ", moment(stop.until)] : null,
      make("p.soft", `by ${stop.by}: \u201c${stop.reason}\u201d`)),
    again ? opener("Let it go on", () => order_form("POST /v1/programme/rules/{id}/resume",
      "Let it go on", stop.rule, again)) : null)));
}

export async function programme_page() {
  const programme = await call("GET /v1/programme");
  const names = Object.entries(programme.files);
  const first = (names.find(([, text]) => /^rules:/m.test(text)) ?? names[0])?.[0];
  return [
    programme_head("#/programme"),
    stale_note(programme),
    make("div.columns",
      make("div",
        card(name_of(programme.id),
          facts([
            ["Digest", short_digest(programme.digest)],
            ["In force since", moment(programme.effective_from)],
            ["Currency", programme.currency],
            ["Time zone", programme.time_zone],
            ["Its own cases", number(programme.cases)],
            ["Identifiers", programme.identifiers.map(identifier_word).join(", ")],
          ])),
        card("Levels", programme.tiers.length === 0 ? empty("None.") : make("ul.rows",
          programme.tiers.map((tier) => make("li", make("strong", name_of(tier.id)),
            make("span", "from ", typeof tier.from === "string"
              ? money(tier.from, programme.currency) : number(tier.from)))))),
        card("Wallets", make("ul.rows", programme.wallets.map((wallet) => make("li",
          make("strong", wallet.names.en ?? wallet.id),
          make("span.soft", wallet.scale === 0 ? "whole points"
            : plural(wallet.scale, "decimal", "decimals")))))),
        card("Stopped rules", stopped_list(programme.stopped, null))),
      make("div.wide", card("Its files", names.map(([name, text]) =>
        make("details", { open: name === first }, make("summary",
          make("code", name), make("span.soft",
            ` ${plural(text.split("\n").length - 1, "line", "lines")}`)),
        numbered(text)))))),
  ];
}

function difference_of(version) {
  return opener("What changed", () => {
    const place = make("div.stack");
    call("POST /v1/programme/diff", { body: { was: version - 1, becomes: version } })
      .then((answer) => place.append(changes_list(answer)),
        (problem) => place.append(make("p.problem", { role: "alert" },
          problem.detail || problem.title)));
    return place;
  });
}

export function changes_list(answer) {
  if (answer.same) return empty("Nothing differs.");
  const tones = { added: "good", removed: "bad", changed: "warn" };
  return make("ul.list", answer.changes.map((each) => make("li",
    badge(each.kind, tones[each.kind]), ` ${each.text}`)));
}

export async function versions_page() {
  const { versions } = await call("GET /v1/programme/versions");
  return [
    programme_head("#/programme/versions", make("p", "Every version that was ever in force. None ",
      "is removed: an old sale is valued under its own rules for ever.")),
    make("div.card", versions.length === 0 ? empty("Nothing is published.")
      : table("Versions, newest first", [
        { head: "Version", number: true, cell: (each) => each.version },
        { head: "In force from", cell: (each) => moment(each.effective_from) },
        { head: "Published", cell: (each) => moment(each.published_at) },
        { head: "By", cell: (each) => [each.by,
          each.approvals ? make("p.soft", `agreed: ${
            each.approvals.map((one) => one.by).join(", ")}`) : null] },
        { head: "Why", cell: (each) => [each.reason ?? "\u2013",
          each.restores ? make("p.soft", `restores version ${each.restores}`) : null] },
        { head: "Digest", cell: (each) => short_digest(each.digest) },
        { head: "Against the one before", cell: (each) => each.version > 1
          ? difference_of(each.version) : "\u2013" },
      ], [...versions].reverse())),
  ];
}

function judgement(proposal, route, label, again) {
  return form(who_and_why(false), label, async (given) => {
    by.keep(given.by);
    const body = given.reason ? { by: given.by, reason: given.reason } : { by: given.by };
    await call(route, { path: { number: proposal.proposal }, body });
    forget_programme();
    announce("Done");
    again();
  });
}

function proposal_state(proposal) {
  if (proposal.open) return badge("open", "warn");
  if (proposal.withdrawn) return badge("withdrawn");
  return badge(proposal.version ? `version ${proposal.version}` : "closed", "good");
}

function proposal_card(proposal, again) {
  const agreed = [proposal.by, ...proposal.approvals.map((each) => each.by)];
  return card(`Proposal ${proposal.proposal}`,
    make("p.badges", proposal_state(proposal)),
    facts([
      ["Programme", proposal.programme],
      ["Digest", short_digest(proposal.digest)],
      ["Would be in force from", moment(proposal.effective_from)],
      ["Proposed", [moment(proposal.proposed_at), ` by ${proposal.by}`]],
      ["Why", proposal.reason],
      ["People", `${[...new Set(agreed)].join(", ")} \u2013 ${proposal.approvals_needed} needed`],
      ["Withdrawn", proposal.withdrawn ? [`by ${proposal.withdrawn.by}, `,
        moment(proposal.withdrawn.at)] : null],
    ]),
    proposal.open ? make("div.actions",
      opener("Approve", () => judgement(proposal,
        "POST /v1/programme/proposals/{number}/approve", "Approve", again)),
      opener("Withdraw", () => judgement(proposal,
        "POST /v1/programme/proposals/{number}/withdraw", "Withdraw", again))) : null);
}

export async function proposals_page(_, __, ___, again) {
  const { proposals } = await call("GET /v1/programme/proposals");
  const newest = [...proposals].reverse();
  return [
    programme_head("#/programme/proposals", make("p", "Where several people must agree, a ",
      "programme waits here for the next one.")),
    newest.length === 0 ? empty("Nothing was proposed.")
      : newest.map((each) => proposal_card(each, again)),
  ];
}

// Ids as they stand in the files: only to help typing. The daemon decides what is a rule.
function rule_ids(programme) {
  const ids = Object.values(programme.files).flatMap((text) =>
    [...text.matchAll(/^ {2}- (?:\{ *)?id: *([\w-]+)/gm)].map((match) => match[1]));
  return [...new Set(ids)];
}

function order_form(route, label, rule, again) {
  const fields = [
    ...who_and_why(),
    field("From", input("from", { type: "datetime-local" }),
      "By this computer's clock; at once, where left out"),
  ];
  return form(fields, label, async (given) => {
    by.keep(given.by);
    const body = { by: given.by, reason: given.reason };
    if (given.from) body.from = new Date(given.from).toISOString();
    await call(route, { path: { id: rule || given.rule }, body });
    announce("Done");
    again();
  });
}

function stop_form(programme, again) {
  const list = make("datalist", { id: "rules" },
    rule_ids(programme).map((id) => make("option", { value: id })));
  const rule = field("Rule", input("rule", { required: true, list: "rules" }),
    "Its id, as in the programme");
  const body = order_form("POST /v1/programme/rules/{id}/stop", "Stop it", "", again);
  body.prepend(rule, list);
  return body;
}

export async function rules_page(_, __, ___, again) {
  const programme = await call("GET /v1/programme");
  return [
    programme_head("#/programme/rules", make("p", "A rule that gives too much is stopped here, at ",
      "once and everywhere. What was sold before keeps what it was promised.")),
    make("div.columns",
      make("div", card("Stop a rule", stop_form(programme, again))),
      make("div.wide", card("Stopped now", stopped_list(programme.stopped, again)))),
  ];
}
