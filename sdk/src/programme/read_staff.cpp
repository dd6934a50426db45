// What people may do by hand alone, and what of a till's deeds somebody should look at.

#include <algorithm>

#include "base/decimal.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kMaxWholePoints = 1'000'000'000;
constexpr std::size_t kMaxGuards = 100;
constexpr int kMaxHours = 24 * 31;

// A whole number of points above zero.
std::optional<std::int64_t> read_points(const Block& block, std::string_view key, Faults& faults) {
  const auto text = block.text(key);
  const auto given = text ? parse_budget(*text) : Parsed<BudgetText>(Wrong{});
  if (!given) return std::nullopt;
  const auto points = parse_scaled(given->number, 0);
  if (given->currency.empty() && points && *points > 0 && *points <= kMaxWholePoints) {
    return *points;
  }
  faults.add(block.place_of(key), "out_of_range", "a whole number of points from 1 to 1000000000",
             "5000 points");
  return std::nullopt;
}

void read_batch(const Block& block, AdjustmentPolicy::Batch& batch, Faults& faults) {
  batch.per_member = read_points(block, "per_member", faults);
  batch.total = read_points(block, "total", faults).value_or(batch.total);
  batch.members = block.whole("members");
  if (batch.members == 0) {
    faults.add(block.place_of("members"), "no_effect", "a batch names at least one member");
  }
}

Duration length_of(const Phrase& phrase) {
  return phrase.which == 1 ? Duration(std::chrono::minutes(phrase.number))
                           : Duration(std::chrono::hours(phrase.number));
}

class GuardReader {
 public:
  explicit GuardReader(Faults& faults) : faults_(faults) {}

  std::optional<Guard> read(const Block& block) {
    const auto id = block.text("id");
    if (!id) return std::nullopt;
    Guard guard{.id = *id};
    if (const auto then = block.phrase("then")) guard.then = static_cast<Guard::Then>(then->which);
    const auto sales = block.map("sales");
    const auto redemptions = block.map("redemptions");
    const bool own = block.text("own_sale") == "true";
    const int said = (sales ? 1 : 0) + (redemptions ? 1 : 0) + (own ? 1 : 0);
    if (said != 1 && !block.has_strange_keys()) {
      faults_.add(block.place(), said == 0 ? "missing_key" : "contradiction",
                  "a guard has exactly one of `sales`, `redemptions` and `own_sale: true`");
    }
    if (own) guard.of = Guard::Of::kOwnSale;
    if (redemptions) {
      guard.of = Guard::Of::kRedemptions;
      read_count(*redemptions, guard);
      check_redemptions(block, *redemptions, guard);
    }
    if (sales) {
      guard.of = Guard::Of::kSales;
      read_count(*sales, guard);
    }
    return guard;
  }

 private:
  void read_count(const Block& count, Guard& guard) {
    guard.at_most = count.whole("at_most").value_or(0);
    for (const auto& what : count.texts("same")) {
      if (what == "identifier") guard.same_identifier = true;
      if (what == "source") guard.same_source = true;
      if (what == "store") guard.same_store = true;
      if (what == "associate") guard.same_associate = true;
    }
    const auto within = count.phrase("within");
    if (!within || within->which == 0) return;
    guard.within = length_of(*within);
    if (*guard.within > std::chrono::hours(kMaxHours)) {
      faults_.add(count.place_of("within"), "out_of_range", "at most 744 hours");
    }
  }

  void check_redemptions(const Block& block, const Block& count, const Guard& guard) {
    if (guard.then == Guard::Then::kReview) {
      faults_.add(block.place_of("then"), "contradiction",
                  "a redemption cannot wait for a person; `flag` or `refuse` it");
    }
    if (guard.same_store) {
      faults_.add(count.place_of("same"), "contradiction", "a redemption does not name its store");
    }
  }

  Faults& faults_;
};

}  // namespace

void read_adjustments(const ProgrammeReader& reader, Draft& draft) {
  const auto block = reader.top().map("adjustments");
  if (!block) return;
  AdjustmentPolicy& policy = draft.adjustments;
  Faults& faults = reader.faults();
  policy.at_most = read_points(*block, "at_most", faults).value_or(policy.at_most);
  if (const auto then = block->phrase("then")) {
    policy.then = static_cast<AdjustmentPolicy::Beyond>(then->which);
  }
  if (const auto times = block->phrase("per_agent")) {
    policy.per_agent =
        times->which == 0 ? std::nullopt : std::optional<std::int64_t>(times->number);
  }
  policy.points_per_agent = read_points(*block, "points_per_agent", faults);
  if (const auto batch = block->map("batch")) read_batch(*batch, policy.batch, faults);
}

void read_guards(const ProgrammeReader& reader, Draft& draft) {
  Faults& faults = reader.faults();
  GuardReader guards(faults);
  for (const Block& block : reader.top().maps("guards")) {
    auto guard = guards.read(block);
    if (!guard) continue;
    if (std::ranges::find(draft.guards, guard->id, &Guard::id) != draft.guards.end()) {
      faults.add(block.place_of("id"), "repeated_name",
                 "two guards are called `" + guard->id + "`");
    }
    draft.guards.push_back(*std::move(guard));
  }
  std::ranges::sort(draft.guards, {}, &Guard::id);
  if (draft.guards.size() > kMaxGuards) {
    faults.add(reader.top().place_of("guards"), "too_large", "at most 100 guards");
  }
}

}  // namespace laurel::programme
