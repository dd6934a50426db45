// What several pages are made of: cards, tables, forms, and how a problem is told.

import { announce, make, new_id, replace } from "./dom.js";
import { Problem, by, key } from "./api.js";

export function badge(text, tone = "plain") {
  return make(`span.badge.${tone}`, text);
}

export function card(title, ...children) {
  const id = new_id("card");
  return make("section.card", { "aria-labelledby": id }, make("h2", { id }, title), children);
}

export function empty(...text) {
  return make("p.empty", text);
}

export function page_head(title, ...lead) {
  const heading = make("h1", { tabindex: "-1" }, title);
  return make("div.head", heading, lead.length > 0 ? make("div.lead", lead) : null);
}

// Name and value, for what is looked up and not compared. Rows without a value are left out.
export function facts(rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("dl.facts", shown.map(([name, value]) =>
    make("div", make("dt", name), make("dd", value))));
}

// columns: { head, cell: (row) => node or text, number: true for figures }. On a narrow screen each
// row becomes a block, so the roles are written out.
export function table(caption, columns, rows) {
  const heads = columns.map((column) =>
    make("th", { role: "columnheader", scope: "col", class: column.number ? "number" : null },
      column.head));
  const cells = (row) => columns.map((column) => make("td", {
    role: "cell", "data-head": column.head, class: column.number ? "number" : null,
  }, make("div", column.cell(row) ?? "\u2013")));
  return make("table", { role: "table" },
    make("caption.unseen", caption),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, heads)),
    make("tbody", { role: "rowgroup" }, rows.map((row) => make("tr", { role: "row" },
      cells(row)))));
}

export function loading(text = "Loading\u2026") {
  return make("p.loading", { "aria-busy": "true" }, text);
}

// A fault of a programme: where, what, and the line with a caret under the place.
export function fault_item(fault, go = null) {
  const where = fault.line > 0 ? `${fault.file}, line ${fault.line}, column ${fault.column}`
    : fault.file;
  const excerpt = `${fault.excerpt}\n${" ".repeat(Math.max(fault.column - 1, 0))}^`;
  return make("li.fault",
    make("p", badge(fault.severity, fault.severity === "error" ? "bad" : "warn"), " ",
      make("strong", fault.message)),
    go ? make("button.link", { type: "button", onclick: () => go(fault) }, where)
      : make("p.soft", where),
    fault.excerpt ? make("pre", { tabindex: "0" }, excerpt) : null,
    fault.hint ? make("p.hint", fault.hint) : null);
}

export function problem_box(problem, retry = null) {
  const shown = problem instanceof Problem ? problem
    : new Problem(-1, { title: "The console made a mistake", detail: String(problem) });
  const errors = shown.errors.filter((each) => each.pointer || each.detail !== shown.detail)
    .map((each) => make("li", each.pointer ? [make("code", each.pointer), " "] : null,
      each.detail || each.code));
  const needs_key = [401, 403].includes(shown.status) && key.get() !== null;
  return make("div.problem", { role: "alert" },
    make("p.title", capital(shown.title), shown.code ? make("code", shown.code) : null),
    shown.detail ? make("p", shown.detail) : null,
    errors.length > 0 ? make("ul", errors) : null,
    shown.faults.length > 0
      ? make("ul.faults", shown.faults.map((each) => fault_item(each))) : null,
    needs_key ? make("p", make("a", { href: "#/key" }, "Use another key")) : null,
    shown.request_id ? make("p.soft.small", `Request ${shown.request_id}`) : null,
    retry && shown.may_be_repeated
      ? make("button", { type: "button", onclick: retry }, "Try again") : null);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// A part of a page that is asked for by itself: the rest does not wait for it.
export function later(ask, show) {
  const place = make("div");
  const run = async () => {
    replace(place, loading());
    try {
      replace(place, show(await ask()));
    } catch (problem) {
      replace(place, problem_box(problem, run));
    }
  };
  run();
  return place;
}

export function field(label, control, hint = "") {
  const id = new_id("field");
  const about = `${id}-about`;
  control.setAttribute("id", id);
  control.setAttribute("aria-describedby", about);
  return make("div.field", make("label", { for: id }, label), control,
    make("p.about", { id: about, "data-hint": hint }, hint));
}

export function input(name, attributes = {}) {
  return make("input", { name, type: "text", autocomplete: "off", spellcheck: "false",
    ...attributes });
}

export function select(name, options, chosen = "") {
  return make("select", { name }, options.map(([value, text]) =>
    make("option", { value, selected: value === chosen }, text)));
}

// Who decides and why: most decisions want both.
export function who_and_why(reason_is_needed = true) {
  return [
    field("Your name", input("by", { required: true, value: by.get(), maxlength: 128 })),
    field("Reason", input("reason", { required: reason_is_needed, maxlength: 1000 })),
  ];
}

// A form that hands its values to `act`, is quiet while that runs, and shows what went wrong both
// in a box and at the fields it is about.
export function form(fields, label, act, more = {}) {
  const place = make("div");
  const button = make("button.main", { type: "submit" }, label);
  const body = make("form", { class: more.class ?? "stack", novalidate: more.novalidate },
    fields, make("div.actions", button, more.beside), place);
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    replace(place);
    clear_marks(body);
    set_busy(body, button, true);
    try {
      await act(Object.fromEntries(new FormData(body)), place, event.submitter);
    } catch (problem) {
      mark_fields(body, problem.errors ?? []);
      replace(place, problem_box(problem));
    }
    set_busy(body, button, false);
  });
  return body;
}

function set_busy(body, button, is_busy) {
  body.setAttribute("aria-busy", String(is_busy));
  button.disabled = is_busy;
  if (is_busy) announce("Working\u2026");
}

function clear_marks(body) {
  for (const control of body.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    const about = document.getElementById(control.getAttribute("aria-describedby"));
    if (about) about.textContent = about.dataset.hint ?? "";
  }
}

function mark_fields(body, errors) {
  for (const error of errors) {
    const name = error.pointer.split("/")[1] ?? error.pointer.replace("?", "");
    const control = body.elements.namedItem(name.replace("actor", "by"));
    if (!(control instanceof HTMLElement)) continue;
    control.setAttribute("aria-invalid", "true");
    const about = document.getElementById(control.getAttribute("aria-describedby"));
    if (about) about.textContent = error.detail || error.code;
  }
  body.querySelector("[aria-invalid]")?.focus();
}

// A button that opens a form under it.
export function opener(label, make_form, tone = "quiet") {
  const place = make("div.opened");
  const button = make(`button.${tone}`, { type: "button", "aria-expanded": "false" }, label);
  const whole = make("div.opener", button, place);
  button.addEventListener("click", () => {
    const is_open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!is_open));
    whole.classList.toggle("open", !is_open);
    replace(place, is_open ? null : make_form());
    if (!is_open) first_empty(place)?.focus();
  });
  return whole;
}

function first_empty(place) {
  const inputs = [...place.querySelectorAll("input, textarea, select")];
  return inputs.find((each) => each.value === "") ?? inputs[0];
}

// Links between the parts of one page.
export function tabs(label, items, current) {
  return make("nav.tabs", { "aria-label": label }, make("ul", items.map(([href, text]) =>
    make("li", make("a", { href, "aria-current": href === current ? "page" : null }, text)))));
}
