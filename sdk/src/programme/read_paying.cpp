// What points are worth as money off.

#include <algorithm>

#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

Duration duration_of(const Phrase& phrase) {
  if (phrase.which == 0) return std::chrono::minutes(phrase.number);
  return std::chrono::hours(phrase.which == 1 ? 1 : 24) * phrase.number;
}

// A number of points above zero, in units of the wallet.
std::optional<Points> read_points(const Block& block, std::string_view key, int scale,
                                  Faults& faults) {
  const auto text = block.text(key);
  if (!text) return std::nullopt;
  const auto units = units_of(*block.node().find(key), *text, scale, faults);
  if (!units) return std::nullopt;
  if (*units > 0) return Points(*units);
  faults.add(block.place_of(key), "out_of_range", "more than no points");
  return std::nullopt;
}

std::optional<std::int64_t> read_amount(const Block& block, std::string_view key,
                                        const Draft& draft, Faults& faults) {
  const auto text = block.text(key);
  if (!text || !draft.currency) return std::nullopt;
  const auto minor = units_of(*block.node().find(key), *text, draft.currency->exponent(), faults);
  if (!minor || (*minor > 0 && *minor <= kMaxMinorUnits)) return minor;
  faults.add(block.place_of(key), "out_of_range", "an amount above zero");
  return std::nullopt;
}

void read_at_most(const Block& paying, const Draft& draft, PayingPolicy& policy, Faults& faults) {
  if (const auto share = paying.phrase("at_most")) policy.share_max = Fraction(share->number, 100);
  if (const auto limits = paying.map("at_most")) {
    if (const auto share = limits->text("share")) {
      if (const auto fraction = Fraction::parse(*share)) policy.share_max = *fraction;
    }
    policy.amount_max = read_amount(*limits, "amount", draft, faults);
  }
  if (policy.share_max && (*policy.share_max == Fraction(0) || *policy.share_max > Fraction(1))) {
    faults.add(paying.place_of("at_most"), "out_of_range", "above 0% and at most 100%");
  }
}

void read_offline(const Block& paying, PayingPolicy& policy, int scale, Faults& faults) {
  if (const auto limits = paying.map("offline")) {
    policy.offline = PayingPolicy::Offline::kFloorLimit;
    policy.floor_limit = read_points(*limits, "floor_limit", scale, faults).value_or(Points{});
  } else if (const auto choice = paying.phrase("offline")) {
    policy.offline =
        choice->which == 0 ? PayingPolicy::Offline::kDeny : PayingPolicy::Offline::kAllowOverdraw;
  }
}

void read_exclusion(const Block& paying, const Draft& draft, PayingExclusion& out, Faults& faults) {
  const auto exclude = paying.map("exclude");
  if (!exclude) return;
  out.tags = exclude->texts("tags");
  out.departments = exclude->texts("departments");
  out.categories = exclude->texts("categories");
  out.brands = exclude->texts("brands");
  out.skus = exclude->texts("skus");
  if (draft.departments.empty()) return;
  for (const Node* node : exclude->values("departments")) {
    is_known(*node, "department", draft.departments, faults);
  }
}

void read_holds(const Block& paying, PayingPolicy& policy, Faults& faults) {
  if (const auto hold = paying.phrase("hold")) policy.hold = duration_of(*hold);
  if (const auto longest = paying.phrase("longest_hold")) {
    policy.longest_hold = duration_of(*longest);
  }
  if (policy.hold <= Duration{} || policy.longest_hold < policy.hold) {
    faults.add(paying.place_of(paying.has("hold") ? "hold" : "longest_hold"), "contradiction",
               "points are held for some time, and not longer than `longest_hold`");
  }
}

// What is left out follows from the rest.
void read_steps(const Block& paying, PayingPolicy& policy, int scale, Faults& faults) {
  std::int64_t one = 1;
  for (int i = 0; i < scale; ++i) one *= 10;
  policy.step = read_points(paying, "step", scale, faults).value_or(Points(one));
  policy.minimum = read_points(paying, "minimum", scale, faults).value_or(policy.step);
  if (policy.minimum.units() % policy.step.units() != 0) {
    faults.add(paying.place_of("minimum"), "contradiction",
               "`minimum` is no multiple of `step`, and could never be taken");
  }
}

}  // namespace

void read_paying(const ProgrammeReader& reader, Draft& draft) {
  const auto rewards = reader.top().map("rewards");
  if (!rewards) return;
  const auto paying = rewards->map("pay_with_points");
  if (!paying || draft.wallets.empty()) return;
  Faults& faults = reader.faults();
  PayingPolicy policy;
  if (const auto wallet = paying->text("wallet")) {
    std::vector<std::string> known;
    for (const auto& each : draft.wallets) known.push_back(each.id);
    if (!is_known(*paying->node().find("wallet"), "wallet", known, faults)) return;
    policy.wallet = static_cast<std::size_t>(std::ranges::find(known, *wallet) - known.begin());
  } else {
    policy.wallet = draft.default_wallet.value_or(0);
  }
  const int scale = draft.wallets[policy.wallet].scale;
  policy.points = read_points(*paying, "points", scale, faults).value_or(Points(1));
  policy.worth_minor = read_amount(*paying, "worth", draft, faults).value_or(1);
  read_steps(*paying, policy, scale, faults);
  read_at_most(*paying, draft, policy, faults);
  read_offline(*paying, policy, scale, faults);
  read_exclusion(*paying, draft, policy.exclude, faults);
  for (const Node* node : paying->values("currencies")) {
    if (!is_known(*node, "currency", currencies_of(draft), faults)) continue;
    if (const auto currency = Currency::of(node->text)) policy.currencies.push_back(*currency);
  }
  read_holds(*paying, policy, faults);
  draft.paying = std::move(policy);
}

}  // namespace laurel::programme
