#pragma once
// What a programme gives beside points: the catalogue of rewards, and what it gives by itself.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar.hpp"
#include "programme/past.hpp"
#include "programme/window.hpp"

namespace laurel::programme {

enum class Gives : std::uint8_t { kMoney, kPercent, kProduct, kExperience, kCodes };

// Of the voucher that a reward is.
struct RewardVoucher {
  std::optional<Period> valid = {};  // from the day it is given, that day left out
  std::optional<Date> until = {};    // its last day
  std::int64_t uses = 1;
  bool bearer = false;
  bool keeps_remainder = false;
  bool covers_shipping = false;
  bool stays_used = false;  // after a return
};

struct Reward {
  using Texts = std::vector<std::pair<std::string, std::string>>;  // language ("": any), text
  std::string id = {};
  Texts names = {}, terms = {};
  std::size_t wallet = 0;
  std::optional<std::int64_t> cost = {};                              // units of the wallet …
  std::vector<std::pair<std::string, std::int64_t>> tier_costs = {};  // … and where it differs
  Gives gives = Gives::kMoney;
  std::int64_t minor = 0;          // kMoney
  std::int64_t millionths = 0;     // kPercent
  std::int64_t at_most_minor = 0;  // kPercent
  std::string item = {};           // the article, the experience, or the pool of codes
  std::int64_t minimum_minor = 0;  // of the basket …
  bool minimum_after = false;      // … as it is after the voucher
  // Empty: any. Sorted.
  std::vector<std::string> tiers = {}, segments = {}, departments = {}, channels = {};
  Window active = {};
  std::vector<Limit> limits = {};  // its stock among them; all of the counter "reward:ID"
  RewardVoucher voucher = {};
  std::string approved_by = {};

  // At a level; absent: it is not had for points.
  std::optional<std::int64_t> cost_at(std::string_view tier) const;
};

// Given by a job, once for each period, birthday or level reached.
struct Automatic {
  enum class On : std::uint8_t { kPeriod, kBirthday, kTier };
  std::string id = {};
  On on = On::kPeriod;
  CalendarUnit every = CalendarUnit::kQuarter;  // kPeriod: at its end
  std::size_t wallet = 0;
  std::int64_t step = 0;     // kPeriod: once for each so many units of the balance; 0: once
  bool rest_lapses = false;  // else what is left of the balance is carried over
  std::string tier = {};     // kTier
  std::string reward = {};
};

struct Catalogue {
  std::vector<Reward> rewards = {};             // by id
  std::vector<Automatic> automatic = {};        // by id
  std::vector<std::string> shipping_tags = {};  // of lines that are shipping

  const Reward* find(std::string_view id) const;
};

// The text in a language: that of the language, of its main language (pt for pt-BR), of the
// programme's first, any.
std::string text_in(const Reward::Texts& texts, std::string_view language,
                    const std::vector<std::string>& languages);

}  // namespace laurel::programme
