#pragma once
// One member's tier as a fold, in few words. Figures in whole euros.

#include <string>

#include "ledger/tier.hpp"

namespace laurel::ledger::tier_kit {

// A noon of Rome's, or any moment.
inline Instant at(std::string_view text) {
  return *parse_instant(text.size() == 10 ? std::string(text) + "T11:00:00Z" : std::string(text));
}

inline TierPolicy standard() {
  TierPolicy policy;
  policy.levels = {{"silver", 0}, {"gold", 1'000'00}, {"black", 5'000'00}};
  return policy;
}

class Fold {
 public:
  explicit Fold(TierPolicy policy = standard(), std::string_view enrolled = "2025-01-01")
      : policy_(std::move(policy)),
        zone_(*TimeZone::load("Europe/Rome")),
        state_(initial_tier(rules(), at(enrolled))) {}

  Fold& spends(std::string_view when, std::int64_t euros) {
    return folds({at(when), euros * 100, at(when)});
  }
  Fold& returns(std::string_view when, std::int64_t euros, std::string_view sold) {
    return folds({at(when), -euros * 100, at(sold)});
  }
  Fold& is_granted(std::string_view when, std::string level, std::string_view until) {
    TierEvent event{at(when), 0, at(when)};
    event.granted = std::move(level);
    event.granted_until = at(until);
    return folds(event);
  }
  Fold& folds(const TierEvent& event) {
    state_ = fold_tier(rules(), state_, event);
    return *this;
  }

  TierState state_at(std::string_view when) const {
    return advance_tier(rules(), state_, at(when));
  }
  TierStanding standing(std::string_view when) const {
    return tier_standing(rules(), state_at(when), at(when));
  }
  std::string level(std::string_view when) const { return standing(when).id; }
  std::string until(std::string_view when) const {
    const auto last = standing(when).until;
    return last ? to_text(*last) : "never";
  }
  std::int64_t spend(std::string_view when) const { return standing(when).spend_minor / 100; }
  TierRules rules() const { return {policy_, zone_}; }
  const TierState& state() const { return state_; }

 private:
  TierPolicy policy_;
  TimeZone zone_;
  TierState state_;
};

}  // namespace laurel::ledger::tier_kit
