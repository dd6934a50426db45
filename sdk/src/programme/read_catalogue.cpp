// The catalogue of rewards, and what is given by itself.

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::size_t kMaxRewards = 10'000;
constexpr std::int64_t kMillion = 1'000'000;
constexpr int kPercentDigits = 4;
constexpr std::int64_t kMaxStock = 1'000'000'000;

std::optional<std::int64_t> millionths_of(const std::string& percent) {
  const auto parsed = parse_scaled(percent.substr(0, percent.find('%')), kPercentDigits);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

class CatalogueReader {
 public:
  CatalogueReader(Draft& draft, Faults& faults) : draft_(draft), faults_(faults) {}

  std::optional<Reward> read(const Block& block) {
    const auto id = block.text("id");
    if (!id || !draft_.currency || draft_.wallets.empty()) return std::nullopt;
    Reward reward{.id = *id, .names = block.names("name"), .terms = block.names("terms")};
    check_languages(block, "name", draft_, faults_);
    check_languages(block, "terms", draft_, faults_);
    if (!read_wallet(block, reward.wallet)) return std::nullopt;
    read_cost(block, reward);
    const auto gives = block.map("gives");
    if (!gives || !read_gives(*gives, reward)) return std::nullopt;
    reward.minimum_minor = amount(block, "minimum_basket").value_or(0);
    read_threshold(block, reward);
    reward.approved_by = block.text("approved_by").value_or("");
    read_conditions(block, reward);
    read_stock(block, reward);
    if (const auto voucher = block.map("voucher")) read_voucher(*voucher, reward);
    return reward;
  }

  std::optional<Automatic> read_automatic(const Block& block) {
    const auto id = block.text("id");
    const auto gives = block.text("gives");
    if (!id || !gives || draft_.wallets.empty()) return std::nullopt;
    Automatic automatic{.id = *id, .reward = *gives};
    if (draft_.catalogue.find(*gives) == nullptr) {
      std::vector<std::string> ids;
      for (const Reward& reward : draft_.catalogue.rewards) ids.push_back(reward.id);
      is_known(*block.node().find("gives"), "reward", ids, faults_);
      return std::nullopt;
    }
    if (!read_wallet(block, automatic.wallet) || !read_occasion(block, automatic)) {
      return std::nullopt;
    }
    read_step(block, automatic);
    return automatic;
  }

 private:
  std::optional<std::int64_t> amount(const Block& block, std::string_view key) {
    const auto text = block.text(key);
    if (!text) return std::nullopt;
    const auto money = Money::parse(*text, *draft_.currency);
    if (money) return money->minor();
    faults_.add(block.place_of(key), "out_of_range", money.error().detail);
    return std::nullopt;
  }

  bool read_wallet(const Block& block, std::size_t& wallet) {
    const auto id = block.text("wallet");
    if (!id) return !block.has("wallet");
    std::vector<std::string> ids;
    for (const WalletPolicy& policy : draft_.wallets) ids.push_back(policy.id);
    if (!is_known(*block.node().find("wallet"), "wallet", ids, faults_)) return false;
    wallet = static_cast<std::size_t>(std::ranges::find(ids, *id) - ids.begin());
    return true;
  }

  std::vector<std::string> level_ids() const {
    std::vector<std::string> ids;
    for (const TierLevel& level : draft_.tiers.levels) ids.push_back(level.id);
    return ids;
  }

  std::optional<std::int64_t> points(const Node& node, std::size_t wallet) {
    const auto parsed = parse_bonus(node.text);
    if (!parsed) return std::nullopt;
    if (parsed->per != Bonus::Per::kTransaction) {
      faults_.add(node.place, "wrong_value", "points alone, such as `4000 points`");
      return std::nullopt;
    }
    return units_of(node, parsed->points, draft_.wallets[wallet].scale, faults_);
  }

  void read_cost(const Block& block, Reward& reward) {
    const Node* node = block.node().find("cost");
    if (node == nullptr) return;
    if (node->kind == Node::Kind::kScalar) {
      reward.cost = points(*node, reward.wallet);
      return;
    }
    const auto levels = level_ids();
    const auto costs = block.map("cost");
    if (!costs) return;
    for (const Entry& entry : costs->entries()) {
      if (!is_known(*entry.key, "tier", levels, faults_)) continue;
      if (const auto units = points(*entry.value, reward.wallet)) {
        reward.tier_costs.emplace_back(entry.key->text, *units);
      }
    }
  }

  bool read_gives(const Block& gives, Reward& reward) {
    constexpr std::string_view kKinds[] = {"money_off", "percent_off", "gift_card",
                                           "product",   "experience",  "codes"};
    const auto given =
        std::ranges::count_if(kKinds, [&](std::string_view key) { return gives.has(key); });
    if (given == 0 && gives.has_strange_keys()) return false;
    if (given != 1) {
      faults_.add(gives.place(), given == 0 ? "missing_key" : "contradiction",
                  given == 0 ? "the reward gives nothing" : "the reward gives more than one thing",
                  "give it one of `money_off`, `percent_off`, `gift_card`, `product`, "
                  "`experience` and `codes`");
      return false;
    }
    const bool card = gives.has("gift_card");
    if (gives.has("at_most") && !gives.has("percent_off")) {
      faults_.add(gives.place_of("at_most"), "no_effect", "`at_most` bounds a `percent_off`");
    }
    if (card || gives.has("money_off")) return read_money(gives, card, reward);
    if (gives.has("percent_off")) return read_percent(gives, reward);
    constexpr std::pair<std::string_view, Gives> kItems[] = {
        {"product", Gives::kProduct}, {"experience", Gives::kExperience}, {"codes", Gives::kCodes}};
    for (const auto& [key, kind] : kItems) {
      if (const auto item = gives.text(key)) {
        reward.gives = kind;
        reward.item = *item;
        return true;
      }
    }
    return false;
  }

  bool read_money(const Block& gives, bool card, Reward& reward) {
    const std::string_view key = card ? "gift_card" : "money_off";
    const auto minor = amount(gives, key);
    if (!minor) return false;
    reward.minor = *minor;
    reward.voucher.bearer = reward.voucher.keeps_remainder = card;
    if (*minor == 0) faults_.add(gives.place_of(key), "no_effect", "it is worth nothing");
    return *minor > 0;
  }

  bool read_percent(const Block& gives, Reward& reward) {
    const auto text = gives.text("percent_off");
    const auto share = text ? millionths_of(*text) : std::nullopt;
    if (!share || *share == 0) {
      if (text) {
        faults_.add(gives.place_of("percent_off"), "out_of_range",
                    "above 0%, up to 100%, with four decimals");
      }
      return false;
    }
    reward.gives = Gives::kPercent;
    reward.millionths = *share;
    reward.at_most_minor = amount(gives, "at_most").value_or(0);
    return true;
  }

  void read_threshold(const Block& block, Reward& reward) {
    if (block.has("minimum_basket") == block.has("threshold_base")) {
      reward.minimum_after = is_second(block, "threshold_base");
      return;
    }
    const bool lacks = block.has("minimum_basket");
    faults_.add(block.place_of(lacks ? "minimum_basket" : "threshold_base"),
                lacks ? "missing_key" : "no_effect",
                lacks ? "`threshold_base` is missing: which basket must reach it?"
                      : "there is no `minimum_basket`",
                lacks ? "`before_rewards` or `after_rewards`" : "");
  }

  static std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::ranges::sort(texts);
    return texts;
  }

  void read_names(const Block& block, std::string_view key, std::string_view what,
                  const std::vector<std::string>& known, std::vector<std::string>& out) {
    for (const Node* node : block.values(key)) {
      if (!known.empty() && !is_known(*node, what, known, faults_)) continue;
      out.push_back(node->text);
    }
    std::ranges::sort(out);
  }

  void read_conditions(const Block& block, Reward& reward) {
    const auto levels = level_ids();
    for (const Node* node : block.values("tiers")) {
      if (is_known(*node, "tier", levels, faults_)) reward.tiers.push_back(node->text);
    }
    std::ranges::sort(reward.tiers);
    read_names(block, "departments", "department", draft_.departments, reward.departments);
    read_names(block, "channels", "channel", draft_.channels, reward.channels);
    reward.segments = sorted(block.texts("segments"));
    if (const auto active = block.map("active")) reward.active = read_active(*active, faults_);
  }

  void read_stock(const Block& block, Reward& reward) {
    const std::string counter = "reward:" + reward.id;
    reward.limits = read_times(block, draft_, faults_, counter);
    const auto stock = block.whole("stock");
    if (!stock) return;
    if (*stock == 0 || *stock > kMaxStock) {
      faults_.add(block.place_of("stock"), "out_of_range", "from 1 to 1000000000",
                  "to end a reward, take it out");
      return;
    }
    reward.limits.push_back({.counter = counter, .per_member = false, .times = *stock});
  }

  void read_voucher(const Block& block, Reward& reward) {
    constexpr std::int64_t kMaxUses = 1'000'000'000;
    auto& voucher = reward.voucher;
    if (const auto valid = block.text("valid")) voucher.valid = *parse_period(*valid);
    if (const auto until = block.text("until")) voucher.until = *parse_date(*until);
    if (const auto uses = block.whole("uses")) {
      voucher.uses = *uses;
      if (*uses == 0 || *uses > kMaxUses) {
        faults_.add(block.place_of("uses"), "out_of_range", "from 1 to 1000000000");
      }
    }
    if (block.has("held_by")) voucher.bearer = is_second(block, "held_by");
    if (block.has("remainder")) voucher.keeps_remainder = is_second(block, "remainder");
    voucher.covers_shipping = block.text("covers_shipping") == "true";
    voucher.stays_used = is_second(block, "on_return");
    if (voucher.keeps_remainder && reward.gives != Gives::kMoney) {
      faults_.add(block.place_of("remainder"), "no_effect", "only an amount leaves a remainder");
    }
    if (reward.gives == Gives::kMoney && voucher.uses > 1) {
      faults_.add(block.place_of("uses"), "contradiction",
                  "an amount is for one basket, or used up little by little");
    }
    if (voucher.until && draft_.zone &&
        draft_.zone->start_of_day(add_days(*voucher.until, 1)) <= draft_.effective_from) {
      faults_.add(block.place_of("until"), "empty_window", "it ends before the programme begins");
    }
  }

  static bool is_second(const Block& block, std::string_view key) {
    const auto phrase = block.phrase(key);
    return phrase && phrase->which == 1;
  }

  bool read_occasion(const Block& block, Automatic& automatic) {
    if (block.has("every") == block.has("on")) {
      faults_.add(block.place(), block.has("on") ? "contradiction" : "missing_key",
                  block.has("on") ? "`every` and `on` stand together" : "nothing says when",
                  "one of `every` and `on`");
      return false;
    }
    const auto on = block.phrase("on");
    if (on) automatic.on = on->which == 0 ? Automatic::On::kBirthday : Automatic::On::kTier;
    if (const auto every = block.phrase("every")) {
      constexpr CalendarUnit kUnits[] = {CalendarUnit::kMonth, CalendarUnit::kQuarter,
                                         CalendarUnit::kYear};
      automatic.every = kUnits[every->which];
    }
    const bool of_tier = automatic.on == Automatic::On::kTier;
    const auto tier = block.text("tier");
    if (of_tier != tier.has_value()) {
      faults_.add(tier ? block.place_of("tier") : block.place(), tier ? "no_effect" : "missing_key",
                  tier ? "`tier` goes with `on: tier`" : "`tier` is missing: which level?");
      return false;
    }
    if (!of_tier) return true;
    automatic.tier = *tier;
    return is_known(*block.node().find("tier"), "tier", level_ids(), faults_);
  }

  void read_step(const Block& block, Automatic& automatic) {
    const Node* step = block.node().find("for");
    for (const std::string_view key : {"wallet", "rest"}) {
      if (step != nullptr || !block.has(key)) continue;
      faults_.add(block.place_of(key), "no_effect",
                  in_quotes(std::string(key)) + " speaks of points, and `for` takes none");
    }
    if (step == nullptr) return;
    if (automatic.on != Automatic::On::kPeriod) {
      faults_.add(step->place, "no_effect", "`for` goes with `every`");
    }
    automatic.step = points(*step, automatic.wallet).value_or(0);
    automatic.rest_lapses = is_second(block, "rest");
    if (automatic.step == 0 && parse_bonus(step->text)) {
      faults_.add(step->place, "out_of_range", "at least one point");
    }
  }

  Draft& draft_;
  Faults& faults_;
};

// Whether points are taken for it wherever it is given.
bool is_paid(const Draft& draft, const Reward& reward) {
  if (reward.cost || !reward.tier_costs.empty()) return true;
  bool given = false, paid = true;
  for (const Automatic& automatic : draft.catalogue.automatic) {
    if (automatic.reward != reward.id) continue;
    given = true;
    paid = paid && automatic.step > 0;
  }
  for (const RuleDraft& rule : draft.rules) {
    if (rule.reward == reward.id) return false;
  }
  return given && paid;
}

std::string percent_text(std::int64_t millionths) {
  return shortest_scaled_text(millionths, kPercentDigits) + "%";
}

// A threshold that was mistyped gives the shop away: the worst case is the smallest basket.
void check_worst_case(const Draft& draft, const Reward& reward, std::int64_t share, Place place,
                      Faults& faults) {
  if (!reward.approved_by.empty()) return;
  const bool money = reward.gives == Gives::kMoney;
  if (!money && reward.gives != Gives::kPercent) return;
  const std::string hint = "correct the threshold, or name who agreed to it: `approved_by: …`";
  if (money && reward.minimum_minor == 0) {
    if (is_paid(draft, reward) || reward.voucher.keeps_remainder) return;
    faults.add(place, "worst_case", "money off any basket, and no points are taken for it",
               "give it a `minimum_basket`, or name who agreed to it: `approved_by: …`");
    return;
  }
  std::int64_t worst = reward.millionths;
  if (money) {
    worst = static_cast<std::int64_t>(
        std::min(Int128{reward.minor} * kMillion / reward.minimum_minor, Int128{kMillion} * 1000));
  } else if (reward.at_most_minor > 0 && reward.minimum_minor > 0) {
    worst = std::min(worst, static_cast<std::int64_t>(Int128{reward.at_most_minor} * kMillion /
                                                      reward.minimum_minor));
  }
  if (worst <= share) return;
  faults.add(place, "worst_case",
             "worst_case_ratio " + percent_text(worst) + " > " + percent_text(share) +
                 ": what it takes off the smallest basket",
             hint);
}

}  // namespace

void read_catalogue(const ProgrammeReader& reader, Draft& draft) {
  const auto rewards = reader.top().map("rewards");
  if (!rewards) return;
  Faults& faults = reader.faults();
  CatalogueReader catalogue(draft, faults);
  draft.catalogue.shipping_tags = rewards->texts("shipping_tags");
  const auto blocks = rewards->maps("catalogue");
  if (blocks.size() > kMaxRewards) {
    return faults.add(rewards->place_of("catalogue"), "too_large", "at most 10,000 rewards");
  }
  auto& list = draft.catalogue.rewards;
  for (const Block& block : blocks) {
    auto reward = catalogue.read(block);
    if (!reward) continue;
    draft.reward_places.emplace(reward->id, block.place_of("gives"));
    const bool known = std::ranges::find(list, reward->id, &Reward::id) != list.end();
    if (known) {
      faults.add(block.place_of("id"), "repeated_name",
                 "two rewards have the id " + in_quotes(reward->id));
      continue;
    }
    list.push_back(*std::move(reward));
  }
  std::ranges::sort(list, {}, &Reward::id);
  for (const Block& block : rewards->maps("automatic")) {
    auto automatic = catalogue.read_automatic(block);
    if (!automatic) continue;
    auto& all = draft.catalogue.automatic;
    if (std::ranges::find(all, automatic->id, &Automatic::id) != all.end()) {
      faults.add(block.place_of("id"), "repeated_name",
                 "two of them have the id " + in_quotes(automatic->id));
      continue;
    }
    all.push_back(*std::move(automatic));
  }
  std::ranges::sort(draft.catalogue.automatic, {}, &Automatic::id);
}

void check_catalogue(const ProgrammeReader& reader, const Draft& draft) {
  const auto rewards = reader.top().map("rewards");
  if (!rewards) return;
  const auto said = rewards->text("worst_case");
  const auto share = said ? millionths_of(*said) : std::nullopt;
  constexpr std::int64_t kUsual = 300'000;
  for (const Reward& reward : draft.catalogue.rewards) {
    check_worst_case(draft, reward, share.value_or(kUsual), draft.reward_places.at(reward.id),
                     reader.faults());
  }
}

}  // namespace laurel::programme
