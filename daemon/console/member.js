// All that whoever serves a member needs of her, on one page.

import { call } from "./api.js";
import { make, to } from "./dom.js";
import { day, moment, money, number, plural } from "./format.js";
import { badge, card, empty, facts, later, page_head, table } from "./parts.js";
import { caution_word, identifier_word, name_of, verdict_word, why_missing }
  from "./words.js";

const shown_more = 50;

function full_name(member) {
  const name = [member.profile.given_name, member.profile.family_name].filter(Boolean).join(" ");
  return name || "Member without a name";
}

function status_badge(status) {
  return badge(status === "active" ? "Active" : name_of(status),
    status === "active" ? "good" : "bad");
}

function head(member) {
  const level = member.tier?.id ? badge(name_of(member.tier.id), "gold") : null;
  return page_head(full_name(member),
    make("p.badges", status_badge(member.status), level,
      member.associate ? badge(`Works here as ${member.associate}`) : null,
      member.segments.map((each) => badge(each))),
    make("p.soft", make("code", member.id), " \u00b7 member since ", day(member.enrolled_at),
      member.language ? ` \u00b7 speaks ${language_name(member.language)}` : null));
}

function language_name(code) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code);
  } catch {
    return code;
  }
}

function cautions(view) {
  if (view.cautions.length === 0) return null;
  return make("div.caution", { role: "note", "aria-label": "Cautions" },
    view.cautions.map((each) => make("p", make("strong", caution_word(each.code)), ": ",
      each.detail, each.until ? [" until ", moment(each.until)] : null)));
}

// Found how: what each identifier said.
function evidence(found) {
  if (!found?.by) return null;
  const others = found.evidence.filter((each) => each.verdict !== "decided").map((each) =>
    `; ${identifier_word(each.type).toLowerCase()} ${verdict_word(each.verdict)}`);
  return make("p.soft", `Found by ${identifier_word(found.by).toLowerCase()}`, others, ".");
}

// What is needed for a level, in money or in whatever the programme counts.
function needed(tier, needs, currency) {
  if (tier.metric === "spend") return money(needs, currency);
  return `${number(needs)} ${tier.metric === "points" ? "points" : tier.metric_of ?? "events"}`;
}

function progress(tier, currency) {
  const done = Number(tier.spend ?? tier.progress ?? 0);
  const next = tier.next;
  if (!next) return make("p", "No level is above it.");
  const whole = done + Number(next.needs);
  return [
    make("progress", { max: whole, value: done, "aria-label": `Towards ${name_of(next.id)}` }),
    make("p", make("strong", needed(tier, next.needs, currency)), " more",
      next.by ? [" by ", day(next.by)] : null, " for ", make("strong", name_of(next.id)), "."),
  ];
}

function tier_card(member, currency) {
  const tier = member.tier;
  if (!tier) return card("Level", empty("The programme has no levels."));
  const keep = tier.keep?.needs;
  return card("Level",
    make("p.figure", tier.id ? name_of(tier.id) : "Below the first level"),
    progress(tier, currency),
    facts([
      ["So far", tier.spend ? money(tier.spend, currency) : number(tier.progress)],
      ["Since", tier.since ? day(tier.since) : null],
      ["Lasts until", tier.until ? day(tier.until) : "no end"],
      ["To keep it", keep === null || keep === undefined ? null
        : [needed(tier, keep, currency), tier.keep.by ? [" by ", day(tier.keep.by)] : null]],
      ["Changes to", tier.upcoming ? [name_of(tier.upcoming.id), " on ", day(tier.upcoming.from)]
        : null],
    ]),
    make("h3", "Benefits"),
    member.benefits.length === 0 ? empty("None at this level.")
      : make("ul.chips", member.benefits.map((each) => make("li", badge(name_of(each), "gold")))));
}

function lots(wallet) {
  if (wallet.lots.length === 0) return null;
  return make("details", make("summary", plural(wallet.lots.length, "lot", "lots")),
    table("Lots in the order in which they are spent", [
      { head: "Points", number: true, cell: (lot) => number(lot.points) },
      { head: "State", cell: (lot) => lot.state },
      { head: "From", cell: (lot) => day(lot.available_from) },
      { head: "Until", cell: (lot) => day(lot.expires_at) },
    ], wallet.lots));
}

function wallet_card(id, wallet, view) {
  const ends = view.expiring.filter((each) => each.wallet === id);
  const owed = Number(wallet.debt) > 0;
  return card(name_of(id),
    make("p.figure", number(wallet.available), make("span.unit", "available")),
    facts([
      ["Pending", Number(wallet.pending) > 0 ? number(wallet.pending) : null],
      ["Held", Number(wallet.held) > 0 ? number(wallet.held) : null],
      ["Owed", owed ? badge(number(wallet.debt), "bad") : null],
    ]),
    make("h3", "Coming expiries"),
    ends.length === 0 ? empty("Nothing expires.") : make("ul.rows", ends.map((each) =>
      make("li", make("span", day(each.expires_at)), make("strong", number(each.points))))),
    view.all_expiring ? null : make("p.soft", "Of her many lots only some are listed."),
    lots(wallet));
}

function reward_item(offer) {
  const worth = offer.kind === "money" ? offer.worth : null;
  return make("li.reward",
    make("div", make("strong", offer.name),
      offer.terms ? make("p.soft", offer.terms) : null,
      worth ? make("p.soft", `Worth ${number(worth)}`) : null,
      offer.stock_left === null ? null : make("p.soft", `${number(offer.stock_left)} left`)),
    make("div.cost", offer.cost === null ? null : `${number(offer.cost)} points`));
}

function missing_item(offer) {
  const item = reward_item(offer);
  item.append(make("ul.missing", offer.missing.map((each) =>
    make("li", badge(why_missing(each.code), "warn"), ` ${each.detail}`))));
  return item;
}

// The view has what she can have now; the catalogue says what is missing for the rest.
function rewards_card(view) {
  const now = view.rewards.length === 0 ? empty("Nothing at the moment.")
    : make("ul.rewards", view.rewards.map(reward_item));
  const rest = later(
    () => call("GET /v1/rewards", {
      query: { member: view.member.id, language: "en" },
    }).catch((problem) => {
      if (problem.status === 403) return null;
      throw problem;
    }),
    (answer) => {
      if (answer === null) return empty("This key may not read the catalogue.");
      const offers = answer.rewards.filter((each) => !each.available);
      return offers.length === 0 ? empty("Nothing is out of reach.")
        : make("ul.rewards", offers.map(missing_item));
    });
  return card("Rewards", make("h3", "Now"), now, make("h3", "Not yet, and what is missing"), rest);
}

function vouchers_card(view) {
  if (view.vouchers.length === 0) return null;
  return card("Vouchers", table("Vouchers that can be used", [
    { head: "Code", cell: (each) => make("code", each.code) },
    { head: "For", cell: (each) => each.item ?? (each.percent ? `${each.percent} %`
      : money(each.left ?? each.amount, each.currency)) },
    { head: "Until", cell: (each) => day(each.valid_until) },
  ], view.vouchers));
}

function unique(values) {
  return [...new Set(values.filter(Boolean))];
}

function shortened(words) {
  const most = 5;
  if (words.length <= most + 1) return words.join(", ");
  return `${words.slice(0, most).join(", ")} and ${number(words.length - most)} more`;
}

function purchases_card(view, shown_now) {
  const link = (each) => make("a", {
    href: to("transaction", each.transaction.source, each.transaction.id),
  }, moment(each.at));
  const departments = (each) => make("ul.chips", unique(each.lines.map((line) => line.department))
    .map((name) => make("li", badge(name_of(name)))));
  const what = (each) => make("p.soft",
    shortened(unique(each.lines.map((line) => line.brand ?? line.sku))));
  const list = view.purchases.length === 0 ? empty("No purchases yet.")
    : table("Recent purchases, newest first", [
      { head: "When", cell: link },
      { head: "Where", cell: (each) => unique([each.store, each.channel]).map(name_of).join(", ") ||
        each.transaction.source },
      { head: "Departments", cell: (each) => [departments(each), what(each)] },
      { head: "Kept", number: true, cell: (each) => [money(each.amount, each.currency),
        each.returned_in_part ? make("p.soft", "part came back") : null] },
    ], view.purchases);
  const more = view.purchases.length >= shown_now && shown_now < shown_more
    ? make("p", make("a", { href: to("member", view.member.id, "more") }, "Show more")) : null;
  return card("Recent purchases", list, more);
}

function favourites_card(view) {
  const { departments, brands, associate, over } = view.favourites;
  if (departments.length + brands.length === 0) return null;
  const most = Math.max(...departments.concat(brands).map((each) => each.purchases));
  const bars = (list) => make("ul.bars", list.map((each) => make("li",
    make("span", name_of(each.id)),
    make("progress", { max: most, value: each.purchases, "aria-hidden": "true" }),
    make("span.count", number(each.purchases)))));
  return card("What she likes",
    departments.length > 0 ? [make("h3", "Departments"), bars(departments)] : null,
    brands.length > 0 ? [make("h3", "Brands"), bars(brands)] : null,
    associate ? make("p", "Mostly served by ", make("strong", associate.id), ".") : null,
    make("p.soft", `Counted over ${plural(over.purchases, "purchase", "purchases")} since `,
      day(over.since), "."));
}

function touchpoints_card(view) {
  return card("Touchpoints", view.touchpoints.length === 0 ? empty("Nothing beside purchases.")
    : make("ul.rows", view.touchpoints.map((each) => make("li",
      make("span", make("strong", name_of(each.event)), " ",
        unique([each.department, each.store, each.channel])
          .filter((word) => word !== each.event).map(name_of).join(", "),
        each.associate ? ` with ${each.associate}` : null),
      make("span.soft", moment(each.at))))));
}

function person_card(member) {
  const { street, city, postcode, country } = member.profile;
  const consents = Object.entries(member.consents);
  return card("Person",
    facts([
      ["Born", member.born ? day(member.born) : null],
      ["Lives", [street, postcode, city, country].filter(Boolean).join(", ")],
    ]),
    make("h3", "Identifiers"),
    member.identifiers.length === 0 ? empty("None.") : make("ul.rows",
      member.identifiers.map((each) => make("li",
        make("span", identifier_word(each.type), " ", make("code", each.value)),
        badge(each.verified ? each.strength : "not verified", each.verified ? "plain" : "warn")))),
    consents.length === 0 ? null : [make("h3", "Consents"), make("ul.rows",
      consents.map(([purpose, each]) => make("li", make("span", name_of(purpose)),
        badge(each.granted ? "yes" : "no", each.granted ? "good" : "bad"))))]);
}

// Her currency is that of what she bought; the programme's where that is nothing.
function currency_of(view, programme) {
  return programme?.currency ?? view.purchases[0]?.currency ?? "";
}

export async function member_page([id, more], found, programme) {
  const limit = more === "more" ? shown_more : 10;
  const fresh = found.take(id);
  const view = fresh && limit === 10 ? fresh.view
    : await call("GET /v1/members/{id}/view", { path: { id }, query: { limit, language: "en" } });
  const member = view.member;
  const currency = currency_of(view, programme);
  const wallets = Object.entries(member.wallets);
  return [
    head(member), evidence(fresh), cautions(view),
    make("p.links", make("a.button", { href: to("member", member.id, "ledger") }, "Ledger"),
      make("a.button", { href: "#/who" }, "Look up somebody else")),
    make("div.columns",
      make("div", tier_card(member, currency),
        wallets.length === 0 ? card("Wallets", empty("Nothing earned yet."))
          : wallets.map(([name, wallet]) => wallet_card(name, wallet, view)),
        person_card(member)),
      make("div.wide", purchases_card(view, limit), rewards_card(view), vouchers_card(view),
        favourites_card(view), touchpoints_card(view))),
  ];
}

