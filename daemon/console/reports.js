// What stood at a moment: for finance and the loyalty team.

import { call } from "./api.js";
import { make, replace, to } from "./dom.js";
import { moment, money, number, short_digest } from "./format.js";
import { card, empty, facts, field, form, input, loading, page_head, problem_box, select, table,
  tabs } from "./parts.js";
import { name_of } from "./words.js";

const flows = ["issued", "redeemed", "expired", "adjusted", "transferred", "written_off",
  "withheld"];

function liability(report) {
  if (report.wallets.length === 0) return empty("No points were ever given.");
  return report.wallets.map((wallet) => card(name_of(wallet.wallet),
    make("div.figures",
      make("div", make("p.figure", number(wallet.outstanding)), make("p.soft", "outstanding")),
      make("div", make("p.figure", money(wallet.cost, wallet.currency)),
        make("p.soft", wallet.cost === null ? "the programme does not say what a point costs"
          : "cost of all of them")),
      wallet.expected_cost === null ? null : make("div",
        make("p.figure", money(wallet.expected_cost, wallet.currency)),
        make("p.soft", "expected to be redeemed"))),
    make("div.columns.even",
      make("div", make("h3", "Where they are"), facts(["available", "pending", "held", "debt"]
        .map((name) => [name_of(name), number(wallet[name])]))),
      make("div", make("h3", "Since the beginning"), facts(flows.map((name) =>
        [name_of(name), number(wallet[name])]))))));
}

function tiers(report) {
  const most = Math.max(1, ...report.tiers.map((each) => each.members));
  return card(`${number(report.members)} members`, report.tiers.length === 0 ? empty("None.")
    : make("ul.bars", report.tiers.map((each) => make("li",
      make("span", each.tier ? name_of(each.tier) : "Below the first level"),
      make("progress", { max: most, value: each.members, "aria-hidden": "true" }),
      make("span.count", number(each.members))))));
}

function departments(report) {
  if (report.departments.length === 0) return empty("Nothing was sold.");
  const wallets = [...new Set(report.departments.flatMap((each) => Object.keys(each.points)))];
  return card("By department", table("By department", [
    { head: "Department", cell: (each) => each.department ? name_of(each.department)
      : "Bonuses of whole receipts" },
    { head: "Sales", number: true, cell: (each) => number(each.sales) },
    { head: "Kept", number: true, cell: (each) => money(each.kept, report.currency) },
    ...wallets.map((wallet) => ({ head: name_of(wallet), number: true,
      cell: (each) => number(each.points[wallet] ?? 0) })),
  ], report.departments));
}

function staff(report) {
  if (report.pairs.length === 0) {
    return empty(`Nobody makes up more than ${report.share} % of what one of them sells.`);
  }
  return card("Members who make up much of what one associate or till sells", table("Pairs", [
    { head: "Sold by", cell: (each) => each.associate ?? each.source },
    { head: "Member", cell: (each) => [make("a", { href: to("member", each.member) }, each.member),
      each.member_is ? make("p.soft", `works here as ${each.member_is}`) : null] },
    { head: "Share", number: true, cell: (each) => `${each.percent} %` },
    { head: "Sales", number: true, cell: (each) =>
      `${number(each.sales)} of ${number(each.sales_all)}` },
    { head: name_of(report.wallet), number: true, cell: (each) =>
      `${number(each.points)} of ${number(each.points_all)}` },
  ], report.pairs));
}

const reports = {
  liability: ["Liability", "GET /v1/reports/liability", liability],
  tiers: ["Levels", "GET /v1/reports/tiers", tiers],
  departments: ["Departments", "GET /v1/reports/departments", departments],
  staff: ["Staff", "GET /v1/reports/staff", staff],
};

function staff_fields() {
  return [
    field("More than, %", input("share", { type: "number", min: 0, max: 100, value: 20 })),
    field("Of at least, sales", input("sales_min", { type: "number", min: 1, value: 5 })),
  ];
}

export async function reports_page([name = "liability"]) {
  const [, route, show] = reports[name] ?? reports.liability;
  const place = make("div.stack");
  const ask = async (given) => {
    const query = { basis: given.basis, share: given.share, sales_min: given.sales_min };
    if (given.as_of) query.as_of = new Date(given.as_of).toISOString();
    const report = await call(route, { query });
    replace(place,
      make("p.soft", "As of ", moment(report.as_of), ", ",
        report.basis === "booking" ? "by when things were booked" : "by when things happened",
        `, over ${number(report.entries)} entries \u00b7 `, short_digest(report.digest)),
      show(report));
  };
  const first = async () => {
    replace(place, loading());
    await ask({ basis: "booking" }).catch((problem) => replace(place, problem_box(problem, first)));
  };
  const question = form([
    field("As of", input("as_of", { type: "datetime-local" }),
      "By this computer's clock; now, where left out"),
    field("Counting by", select("basis", [["booking", "when it was booked"],
      ["event", "when it happened"]], "booking")),
    name === "staff" ? staff_fields() : null,
  ], "Show", ask, { class: "inline" });
  first();
  return [
    page_head("Reports"),
    tabs("Reports", Object.entries(reports).map(([each, [text]]) => [to("reports", each), text]),
      to("reports", reports[name] ? name : "liability")),
    question, place,
  ];
}
