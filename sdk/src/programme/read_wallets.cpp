// Wallets, and what of a sale counts.

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr int kMaxScale = 6;
constexpr std::size_t kMaxWallets = 100;

CalendarUnit unit_of(std::string_view name) {
  if (name == "month") return CalendarUnit::kMonth;
  if (name == "quarter") return CalendarUnit::kQuarter;
  return name == "year" ? CalendarUnit::kYear : CalendarUnit::kDay;
}

// Points that die when their wallet is not used.
void read_inactivity(const Block& expires, LotPolicy& lots, Faults& faults) {
  for (const std::string_view key : {"after", "end_of", "round_up_to"}) {
    if (!expires.has(key)) continue;
    faults.add(expires.place_of(key), "contradiction",
               "points die by their age or when they are not used, not both",
               "take out `inactive` or " + in_quotes(key));
  }
  lots.ends = LotPolicy::Ends::kUnused;
  if (const auto text = expires.text("inactive")) {
    if (const auto period = parse_period(*text)) lots.after = *period;
  }
  constexpr std::pair<std::string_view, Activity> kKinds[] = {
      {"earn", kEarns}, {"redeem", kRedeems}, {"purchase", kPurchases}, {"event", kAttends}};
  if (!expires.has("kept_by")) return;
  lots.kept_by = 0;
  for (const std::string& text : expires.texts("kept_by")) {
    for (const auto& [name, kind] : kKinds) {
      if (text == name) lots.kept_by |= kind;
    }
  }
}

void read_expiry(const Block& wallet, LotPolicy& lots, Faults& faults) {
  const auto expires = wallet.map("expires");
  if (!expires) return;
  if (expires->has("inactive")) return read_inactivity(*expires, lots, faults);
  if (expires->has("kept_by")) {
    faults.add(expires->place_of("kept_by"), "no_effect",
               "`kept_by` speaks of points that die by `inactive`");
  }
  const auto after = expires->text("after");
  const auto end_of = expires->text("end_of");
  const auto round_up_to = expires->text("round_up_to");
  if (after) {
    if (const auto period = parse_period(*after)) lots.after = *period;
  }
  if (!expires->has("after") && !expires->has("end_of")) {
    if (expires->has_strange_keys()) return;
    faults.add(expires->place(), "missing_key", "`after`, `end_of` or `inactive` is missing here",
               "write `expires: never` for points that live for ever");
  } else if (end_of && expires->has("round_up_to")) {
    faults.add(expires->place_of("round_up_to"), "contradiction",
               "`end_of` goes to the end of a calendar unit already");
  }
  lots.ends = end_of ? LotPolicy::Ends::kEndOf : LotPolicy::Ends::kAfter;
  if (end_of) lots.unit = unit_of(*end_of);
  if (round_up_to && !end_of) lots.unit = unit_of(*round_up_to);
}

void check_lifetime(const Block& wallet, const LotPolicy& lots, Faults& faults) {
  if (lots.ends == LotPolicy::Ends::kNever || lots.pending_days == 0) return;
  if (lots.ends == LotPolicy::Ends::kUnused && !lots.after) return;
  const bool counted_in_days = lots.after && (lots.after->unit == Period::Unit::kDays ||
                                              lots.after->unit == Period::Unit::kWeeks);
  const std::int64_t days = !lots.after                                ? 0
                            : lots.after->unit == Period::Unit::kWeeks ? lots.after->count * 7
                                                                       : lots.after->count;
  if ((lots.after && !counted_in_days) || days >= lots.pending_days) return;
  faults.add(
      wallet.place_of("expires"), "points_die_early",
      "points can die before they have waited " + std::to_string(lots.pending_days) + " days",
      "let them live longer with `after`");
}

void read_lots(const Block& wallet, LotPolicy& lots, Faults& faults) {
  if (const auto waits = wallet.map("pending")) {
    if (const auto until = waits->text("until")) {
      if (const auto day = parse_date(*until)) {
        lots.pending_until = *day;
      } else if (until->find_first_not_of("0123456789-/. :") == std::string::npos) {
        auto wrong = no_such_date(*until);
        faults.add(waits->place_of("until"), wrong.code, std::move(wrong.message),
                   std::move(wrong.hint));
      } else {
        lots.pending_event = *until;
      }
    }
  } else if (const auto pending = wallet.phrase("pending")) {
    lots.pending_days = pending->number;
  }
  read_expiry(wallet, lots, faults);
  check_lifetime(wallet, lots, faults);
}

WalletPolicy read_wallet(const Block& wallet, const std::string& id, Faults& faults) {
  WalletPolicy policy{.id = id, .names = wallet.names("name")};
  if (const auto scale = wallet.whole("scale")) {
    policy.scale = static_cast<int>(std::min<std::int64_t>(*scale, kMaxScale));
    if (*scale > kMaxScale) {
      faults.add(wallet.place_of("scale"), "out_of_range", "a scale is 0 to 6");
    }
  }
  if (const auto rounding = wallet.map("rounding")) {
    if (const auto mode = rounding->phrase("mode")) {
      policy.rounding = static_cast<Rounding>(mode->which);
    }
    if (const auto at = rounding->phrase("at")) {
      policy.rounding_stage = static_cast<RoundingStage>(at->which);
    }
  }
  if (const auto shortfall = wallet.phrase("on_shortfall")) {
    policy.on_shortfall = static_cast<Shortfall>(shortfall->which);
  }
  if (const auto restore = wallet.phrase("restore")) {
    policy.restore = static_cast<Restore>(restore->which);
    policy.restore_grace_days = restore->number;
  }
  return policy;
}

std::optional<Liability> read_liability(const Block& wallet, const Draft& draft, Faults& faults) {
  const auto liability = wallet.map("liability");
  if (!liability) return std::nullopt;
  const auto cost = liability->text("unit_cost");
  const auto share = liability->text("expected_redemption");
  const auto money = cost ? parse_money_text(*cost) : Parsed<MoneyText>(Wrong{});
  if (!money || !share) return std::nullopt;
  const auto taken = currencies_of(draft);
  if (!taken.empty() && std::ranges::find(taken, money->currency) == taken.end()) {
    const std::vector<std::string_view> names(taken.begin(), taken.end());
    faults.add(liability->place_of("unit_cost"), "unknown_name",
               "the programme has no currency " + in_quotes(money->currency), listed(names));
  }
  return Liability{money->amount, money->currency, *share};
}

// What the till keeps back for one point: as declared, else what a point costs the house.
void read_withholding(const Block& wallet, const Draft& draft, WalletPolicy& policy,
                      Faults& faults) {
  const bool withholds = policy.on_shortfall == Shortfall::kWithholdMoney;
  const auto given = wallet.text("withhold_at");
  if (given && !withholds) {
    return faults.add(wallet.place_of("withhold_at"), "no_effect",
                      "nothing is kept back without `on_shortfall: withhold_money`");
  }
  if (!withholds) return;
  const auto money = given ? parse_money_text(*given) : Parsed<MoneyText>(Wrong{});
  if (given && !money) return;  // said already
  const std::string currency = money              ? money->currency
                               : policy.liability ? policy.liability->unit_cost_currency
                                                  : std::string();
  policy.withhold_at = money ? money->amount : policy.liability ? policy.liability->unit_cost : "";
  const Place place = wallet.place_of(given ? "withhold_at" : "on_shortfall");
  if (currency.empty()) {
    return faults.add(place, "missing_key", "nothing says what a point is worth",
                      "add `withhold_at: 0.01 GBP`, or a `liability` with `unit_cost`");
  }
  if (draft.currency && currency != draft.currency->code()) {
    return faults.add(place, "contradiction",
                      "what is kept back is in the programme's currency, not " + currency);
  }
  const auto worth = Fraction::parse(policy.withhold_at);
  if (!worth || *worth <= Fraction{}) {
    faults.add(place, "out_of_range", "a point is worth something");
  }
}

// How many points a return without its sale takes; needs the wallets.
void check_return_rate(const ProgrammeReader& reader, const Draft& draft) {
  const auto arrivals = reader.top().map("arrivals");
  if (!arrivals) return;
  const auto& policy = draft.arrivals;
  const bool at_value = policy.return_without_sale == UnmatchedReturn::kAtValue;
  Faults& faults = reader.faults();
  if (at_value && !arrivals->has("return_rate")) {
    return faults.add(arrivals->place_of("return_without_sale"), "missing_key",
                      "nothing says how many points it takes",
                      "add `return_rate: 1 point per 1.00`");
  }
  if (!arrivals->has("return_rate")) return;
  if (!at_value) {
    return faults.add(arrivals->place_of("return_rate"), "no_effect",
                      "it speaks of `return_without_sale: at_value`");
  }
  if (!draft.currency || draft.wallets.empty()) return;
  const auto rate = Rate::parse(policy.return_rate, *draft.currency, draft.wallets.front().scale);
  if (!rate) {
    faults.add(arrivals->place_of("return_rate"), "wrong_value", rate.error().detail);
  }
}

// The one that rules mean when they name none.
std::optional<std::string> default_wallet(const std::vector<Entry>& entries) {
  if (entries.size() == 1) return entries.front().key->text;
  const auto found =
      std::ranges::find_if(entries, [](const Entry& entry) { return entry.key->text == "points"; });
  return found == entries.end() ? std::nullopt : std::optional(found->key->text);
}

}  // namespace

void read_wallets(const ProgrammeReader& reader, Draft& draft) {
  const auto wallets = reader.top().map("wallets");
  if (!wallets) return;
  auto entries = wallets->entries();
  if (entries.size() > kMaxWallets) {
    return reader.faults().add(wallets->place(), "too_large", "at most 100 wallets");
  }
  const auto first = default_wallet(entries);
  std::ranges::sort(entries, {}, [&first](const Entry& entry) {
    return std::pair(entry.key->text != first, entry.key->text);
  });
  for (const Entry& entry : entries) {
    if (entry.value->kind != Node::Kind::kMap) continue;
    const Block wallet(*entry.value, "wallet");
    check_languages(wallet, "name", draft, reader.faults());
    draft.wallets.push_back(read_wallet(wallet, entry.key->text, reader.faults()));
    draft.wallets.back().liability = read_liability(wallet, draft, reader.faults());
    read_withholding(wallet, draft, draft.wallets.back(), reader.faults());
    read_lots(wallet, draft.lots.emplace_back(), reader.faults());
  }
  if (first && !draft.wallets.empty() && draft.wallets.front().id == *first) {
    draft.default_wallet = 0;
  }
  check_return_rate(reader, draft);
}

void read_eligible(const ProgrammeReader& reader, Draft& draft) {
  const auto eligible = reader.top().map("eligible");
  if (!eligible) return;
  EligibleDraft& out = draft.eligible;
  if (const auto amount = eligible->phrase("amount")) {
    out.amount = static_cast<EligibleAmount>(amount->which);
  }
  if (const auto earn_on = eligible->phrase("earn_on")) {
    out.earn_on = static_cast<EarnOn>(earn_on->which);
  }
  out.tenders = eligible->texts("tenders_that_do_not_earn");
  if (eligible->has("earn_on") && !eligible->has("tenders_that_do_not_earn")) {
    reader.faults().add(eligible->place_of("earn_on"), "no_effect",
                        "`earn_on` speaks of `tenders_that_do_not_earn`, and there are none");
  }
  const auto exclude = eligible->map("exclude");
  if (!exclude) return;
  constexpr std::pair<std::string_view, Field> kFields[] = {{"tags", Field::kTag},
                                                            {"departments", Field::kDepartment},
                                                            {"categories", Field::kCategory},
                                                            {"brands", Field::kBrand},
                                                            {"skus", Field::kSku}};
  for (const auto& [key, field] : kFields) {
    auto values = exclude->texts(key);
    if (field == Field::kDepartment && !draft.departments.empty()) {
      for (const Node* node : exclude->values(key)) {
        is_known(*node, "department", draft.departments, reader.faults());
      }
    }
    if (!values.empty()) out.exclude.emplace_back(field, std::move(values));
  }
}

}  // namespace laurel::programme
