// A draft: checked, held against what is in force, tried on the past, and proposed. It stays in
// this page until it is published.

import { by, call, forget_programme } from "./api.js";
import { add, announce, make, new_id, replace, to } from "./dom.js";
import { moment, money, number, plural, short_digest, signed } from "./format.js";
import { badge, card, fault_item, field, form, input, problem_box, table, who_and_why }
  from "./parts.js";
import { changes_list, programme_head } from "./programme.js";
import { name_of } from "./words.js";

// Kept while the tab is open, so that a look at another page loses nothing.
let draft = [{ name: "programme.yaml", text: "" }];

function file_editor(file, redraw) {
  const id = new_id("file");
  const name = input("name", { value: file.name, "aria-label": "Name of the file" });
  const text = make("textarea", { id, rows: 14, spellcheck: "false", autocapitalize: "off",
    wrap: "off", "aria-label": `Text of ${file.name}` });
  text.value = file.text;
  name.addEventListener("input", () => { file.name = name.value; });
  text.addEventListener("input", () => { file.text = text.value; });
  const drop = () => {
    draft = draft.filter((each) => each !== file);
    redraw();
  };
  const editor = [make("div.bar", name, draft.length > 1
    ? make("button.quiet", { type: "button", onclick: drop }, "Remove") : null), text];
  if (draft.length === 1) return make("div.file", { "data-file": file.name }, editor);
  const lines = plural(file.text.split("\n").length, "line", "lines");
  return make("details.file", { "data-file": file.name, open: /^rules:/m.test(file.text) },
    make("summary", make("code", file.name), make("span.soft", ` ${lines}`)), editor);
}

// Opens the file of a fault, with its line selected.
function go_to(fault) {
  const file = [...document.querySelectorAll("[data-file]")]
    .find((each) => each.dataset.file === fault.file);
  const text = file?.querySelector("textarea");
  if (!text) return;
  if (file instanceof HTMLDetailsElement) file.open = true;
  const before = text.value.split("\n").slice(0, fault.line - 1);
  const begin = before.reduce((sum, line) => sum + line.length + 1, 0);
  const end = text.value.indexOf("\n", begin);
  text.focus();
  text.setSelectionRange(begin, end < 0 ? text.value.length : end);
  text.scrollTop = (fault.line - 4) * parseFloat(getComputedStyle(text).lineHeight);
}

async function take_files(list) {
  const read = await Promise.all([...list].map(async (each) =>
    ({ name: each.name, text: await each.text() })));
  if (read.length > 0) draft = read;
}

function editors() {
  const place = make("div.stack");
  const chooser = make("input.unseen", { type: "file", multiple: true, accept: ".yaml,.yml",
    tabindex: "-1", "aria-label": "Files of a programme" });
  const redraw = () => replace(place, draft.map((file) => file_editor(file, redraw)));
  chooser.addEventListener("change", async () => { await take_files(chooser.files); redraw(); });
  const in_force = async () => {
    try {
      const programme = await call("GET /v1/programme");
      draft = Object.entries(programme.files).map(([name, text]) => ({ name, text }));
      redraw();
    } catch (problem) {
      add(place, problem_box(problem));
    }
  };
  const one_more = () => {
    draft.push({ name: `part-${draft.length + 1}.yaml`, text: "" });
    redraw();
  };
  redraw();
  return card("Draft", make("div.actions",
    make("button", { type: "button", onclick: in_force }, "Take what is in force"),
    make("button", { type: "button", onclick: () => chooser.click() }, "Open files"),
    make("button.quiet", { type: "button", onclick: one_more }, "Add a file"), chooser), place);
}

function files() {
  return Object.fromEntries(draft.map((each) => [each.name, each.text]));
}

function failed_cases(cases) {
  const failed = cases.filter((each) => !each.passed);
  if (cases.length === 0) return make("p.soft", "It has no cases of its own.");
  if (failed.length === 0) {
    return make("p", badge(`${plural(cases.length, "case", "cases")} passed`, "good"));
  }
  return make("ul.faults", failed.map((each) => make("li.fault",
    make("p", badge("case failed", "bad"), " ", make("strong", each.name), " ",
      make("span.soft", `${each.file}, line ${each.line}`)),
    make("ul", each.differences.map((text) => make("li", text))))));
}

function verdict(answer) {
  const errors = answer.faults.filter((each) => each.severity === "error").length;
  const warnings = answer.faults.length - errors;
  announce(answer.valid ? "It is valid" : `${plural(errors, "error", "errors")}`);
  return make("div.result", { tabindex: "-1" },
    make("p", answer.valid ? badge("Valid", "good") : badge("Not valid", "bad"), " ",
      `${plural(errors, "error", "errors")}, ${plural(warnings, "warning", "warnings")}`,
      answer.programme ? [" \u00b7 ", short_digest(answer.programme.digest)] : null),
    make("ul.faults", answer.faults.map((each) => fault_item(each, go_to))),
    answer.programme ? failed_cases(answer.cases) : null);
}

function check_form() {
  return form([], "Check it", async (_, place) => {
    const answer = await call("POST /v1/programme/validate", { body: { files: files() } });
    const shown = verdict(answer);
    replace(place, shown);
    if (answer.programme) {
      const changes = await call("POST /v1/programme/diff", { body: { files: files() } });
      add(shown, make("h3", "Against what is in force"), changes_list(changes));
    }
    shown.focus();
  });
}

function was_becomes(points) {
  return [
    { head: "Was", number: true, cell: (each) => number(points(each).was) },
    { head: "Would be", number: true, cell: (each) => number(points(each).becomes) },
    { head: "Difference", number: true, cell: (each) => signed(points(each).difference) },
  ];
}

const by_points = was_becomes((each) => each.points);

function members_table(title, members) {
  if (members.length === 0) return null;
  const level = (id) => id ? name_of(id) : "none";
  return [make("h3", title), table(title, [
    { head: "Member", cell: (each) => make("a", { href: to("member", each.member) },
      each.member) },
    ...by_points,
    { head: "Level", cell: (each) => each.tier_was === each.tier_becomes ? level(each.tier_was)
      : `${level(each.tier_was)} \u2192 ${level(each.tier_becomes)}` },
  ], members)];
}

function changed(rows) {
  return rows.filter((each) => Number(each.points.difference) !== 0);
}

function wallet_figures(wallet) {
  const cost = wallet.cost.was === null ? null : make("p.soft",
    `Cost ${money(wallet.cost.was, wallet.currency)} \u2192 ${
      money(wallet.cost.becomes, wallet.currency)}`);
  return make("div", make("p.figure", signed(wallet.points.difference),
    make("span.unit", wallet.wallet)),
  make("p.soft", `${number(wallet.points.was)} \u2192 ${number(wallet.points.becomes)} given`),
  cost);
}

export function simulation_result(answer) {
  announce("Simulated");
  const rules = changed(answer.rules);
  const departments = changed(answer.departments);
  return make("div.result", { tabindex: "-1" },
    make("p", moment(answer.from), " to ", moment(answer.to), ": ",
      `${plural(answer.sales, "sale", "sales")}, ${plural(answer.returns, "return", "returns")}, `,
      `${plural(answer.members, "member", "members")}.`),
    answer.same ? make("p", badge("Nothing differs", "good")) : null,
    make("div.figures", answer.wallets.map(wallet_figures),
      make("div", make("p.figure", `${number(answer.tiers.up)} \u2191 ${
        number(answer.tiers.down)} \u2193`), make("p.soft", "members change their level"))),
    rules.length === 0 ? null : [make("h3", "By rule"), table("By rule",
      [{ head: "Rule", cell: (each) => each.rule }, ...by_points], rules)],
    departments.length === 0 ? null : [make("h3", "By department"), table("By department",
      [{ head: "Department", cell: (each) => name_of(each.department ?? "whole receipts") },
        ...by_points], departments)],
    members_table("Who would gain most", answer.gain_most),
    members_table("Who would lose most", answer.lose_most),
    answer.notes.length === 0 ? null : make("ul", answer.notes.map((note) => make("li", note))));
}

function simulate_form() {
  const month_ago = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  return form([
    field("From", input("from", { type: "date", required: true, value: month_ago })),
    field("To", input("to", { type: "date" }), "Not included; now, where left out"),
  ], "Simulate", async (given, place) => {
    const body = { files: files(), from: `${given.from}T00:00:00Z` };
    if (given.to) body.to = `${given.to}T00:00:00Z`;
    const shown = simulation_result(await call("POST /v1/programme/simulate", { body }));
    replace(place, shown);
    shown.focus();
  });
}

function publish_form() {
  return form([
    ...who_and_why(false),
    field("In force from", input("effective_from", { type: "datetime-local" }),
      "By this computer's clock; what the programme says, where left out"),
  ], "Publish", async (given, place) => {
    by.keep(given.by);
    const body = { files: files(), by: given.by };
    if (given.reason) body.reason = given.reason;
    if (given.effective_from) body.effective_from = new Date(given.effective_from).toISOString();
    const answer = await call("POST /v1/programme/publish", { body });
    forget_programme();
    const text = answer.state === "proposed"
      ? `It waits for another person as proposal ${answer.proposal}.`
      : answer.unchanged ? "It is in force already." : `It is version ${answer.version}.`;
    announce(text);
    replace(place, make("p", badge(answer.state, answer.state === "proposed" ? "warn" : "good"),
      ` ${text}`));
  });
}

export async function check_page() {
  return [
    programme_head("#/programme/check", make("p", "Paste a programme or take the one in force, ",
      "change it, and see what is wrong, what differs, and what it would have given.")),
    make("div.columns.even",
      make("div", editors()),
      make("div", card("Check", make("p.soft", "Every fault at once, and the programme's own ",
        "cases."), check_form()),
      card("Try it on the past", make("p.soft", "Stored sales under both programmes. Nothing is ",
        "changed."), simulate_form()),
      card("Put in force", make("p.soft", "What happened before stays under the version before. ",
        "Where several people must agree, it is proposed."), publish_form()))),
  ];
}
