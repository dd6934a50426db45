// What a new version must pass before it is in force.

#include <algorithm>

#include "base/decimal.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kMaxApprovals = 10;
constexpr int kMaxDays = 3'660;

void read_limits(const Block& limits, Draft& draft, Faults& faults) {
  PublishingLimits& at_most = draft.publishing.at_most;
  if (const auto cost = limits.text("cost"); cost && draft.currency) {
    if (const auto money = Money::parse(*cost, *draft.currency))
      at_most.cost_minor = money->minor();
    const bool priced = std::ranges::any_of(
        draft.wallets, [](const WalletPolicy& wallet) { return wallet.liability.has_value(); });
    if (!priced) {
      faults.add(limits.place_of("cost"), "contradiction",
                 "no wallet says what its points cost, so nothing could be compared with it",
                 "give a wallet a `liability: { unit_cost: … }`");
    }
  }
  if (const auto more = limits.text("more_points")) {
    if (const auto share = Fraction::parse(*more)) at_most.more_points = *share;
  }
  if (const auto points = limits.phrase("largest_receipt")) {
    at_most.largest_receipt = points->number;
  }
  at_most.members_down = limits.whole("members_down");
}

}  // namespace

void read_publishing(const ProgrammeReader& reader, Draft& draft) {
  const auto publishing = reader.top().map("publishing");
  if (!publishing) return;
  Faults& faults = reader.faults();
  if (const auto approvals = publishing->whole("approvals")) {
    draft.publishing.approvals = *approvals;
    if (*approvals < 1 || *approvals > kMaxApprovals) {
      faults.add(publishing->place_of("approvals"), "out_of_range", "from 1 to 10 people");
    }
  }
  if (const auto simulate = publishing->phrase("simulate")) {
    draft.publishing.simulate_days = simulate->number;
    if (simulate->number > kMaxDays) {
      faults.add(publishing->place_of("simulate"), "out_of_range", "at most 3,660 days");
    }
  }
  const auto limits = publishing->map("at_most");
  if (!limits) return;
  read_limits(*limits, draft, faults);
  if (draft.publishing.simulate_days == 0 && !limits->has_strange_keys()) {
    faults.add(publishing->place_of("at_most"), "contradiction",
               "these limits are held against a simulation, and there is none",
               "add `simulate: 30 days`");
  }
}

}  // namespace laurel::programme
