// Who is this? The identifier is sent in the body and never becomes part of an address.

import { call, kinds, programme } from "./api.js";
import { announce, make, set, to } from "./dom.js";
import { card, field, form, input, page_head, select } from "./parts.js";
import { identifier_word } from "./words.js";

const usual_types = ["card", "email", "phone"];
const member_id = "member_id";
const other = "other";

function typed_as(type) {
  if (type === "email") return { inputmode: "email", placeholder: "name@example.com" };
  if (type === "phone") return { inputmode: "tel", placeholder: "+44 20 7946 0000" };
  if (type === "card") return { inputmode: "numeric", placeholder: "6301 0012 3456 7890" };
  if (type === member_id) return { inputmode: "text", placeholder: "m_0000000000001" };
  return { inputmode: "text", placeholder: null };
}

// What a value gives away about its type.
function guess(value, types) {
  if (value.startsWith("m_")) return member_id;
  if (value.includes("@") && types.includes("email")) return "email";
  if (/^\+\d/.test(value) && types.includes("phone")) return "phone";
  return null;
}

// A key that may not read the programme does not know its types: then one more can be typed.
function lookup_form(types, are_all, found) {
  const known = types.map((each) => [each, identifier_word(each)]);
  const more = are_all ? [[member_id, "Member id"]]
    : [[other, "Something else"], [member_id, "Member id"]];
  const type = select("type", [...known, ...more]);
  const other_type = input("other_type", { maxlength: 64, placeholder: "customer" });
  const other_field = field("Type of identifier", other_type, "As the programme calls it");
  const value = input("value", { required: true, maxlength: 256, "data-first": true,
    ...typed_as(types[0]) });
  let is_chosen = false;
  const show_type = () => {
    set(value, typed_as(type.value));
    set(other_field, { hidden: type.value !== other });
    set(other_type, { required: type.value === other });
  };
  show_type();
  type.addEventListener("change", () => { is_chosen = true; show_type(); });
  value.addEventListener("input", () => {
    const guessed = guess(value.value.trim(), types);
    if (guessed === null || is_chosen) return;
    type.value = guessed;
    show_type();
  });
  const fields = [field("She shows", type), other_field, field("Number or address", value)];
  return form(fields, "Look up", (given) => look_up(given, found), { class: "inline" });
}

async function look_up(given, found) {
  const value = given.value.trim();
  if (given.type === member_id) {
    location.hash = to("member", value);
    return;
  }
  const type = given.type === other ? given.other_type.trim() : given.type;
  const answer = await call("POST /v1/members/lookup", {
    query: { view: "true", language: "en" },
    body: { identifiers: [{ type, value }] },
  });
  if (given.type === other) kinds.keep(type);
  announce("Found");
  found.keep(answer);
  location.hash = to("member", answer.view.member.id);
}

function transaction_form() {
  return form([
    field("Till or shop", input("source", { required: true, placeholder: "knightsbridge-till-7" })),
    field("Number", input("id", { required: true, placeholder: "R-1001" })),
  ], "Show", async (given) => {
    location.hash = to("transaction", given.source.trim(), given.id.trim());
  }, { class: "inline" });
}

export async function who_page(_, found) {
  const rules = await programme();
  const are_all = rules?.identifiers?.length > 0;
  const types = are_all ? rules.identifiers : [...new Set([...kinds.get(), ...usual_types])];
  return [
    page_head("Who is this?", make("p", "Scan or type what she shows: you see who she is, what ",
      "she has and what she may be offered.")),
    card("Look up a member", lookup_form(types, are_all, found)),
    card("Find a transaction", make("p.soft", "Why did a receipt earn what it earned?"),
      transaction_form()),
  ];
}
