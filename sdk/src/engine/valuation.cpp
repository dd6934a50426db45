#include "engine/valuation.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.hpp"
#include "engine/past.hpp"
#include "programme/workspace.hpp"

namespace laurel::engine {
namespace {

std::int64_t minor_of(const std::string& amount, Currency currency) {
  if (amount.empty()) return 0;
  const auto money = Money::parse(amount, currency);
  LAUREL_ASSERT(money.ok(), "a checked amount reads as one");
  return money->minor();
}

// The share of `whole` that goes with `part` of `all`.
std::int64_t share(std::int64_t whole, std::int64_t part, std::int64_t all) {
  if (part == all) return whole;
  if (part == 0 || whole == 0) return 0;
  return split(whole, std::array{part, all - part}).front();
}

// A line that stands on the receipt and is nothing to any rule.
programme::LineFacts without_worth(const programme::LineFacts& line) {
  programme::LineFacts nothing;
  nothing.id = line.id;
  nothing.quantity = line.quantity;
  return nothing;
}

}  // namespace

Valuable::Valuable(const Transaction& document) : document_(document) {
  if (document.kind != TransactionKind::kSale) return;
  const auto currency = Currency::of(document.currency);
  LAUREL_ASSERT(currency.ok(), "a checked sale has a currency");
  currency_ = *currency;
  whole_.reserve(document.lines.size());
  for (const auto& line : document.lines) {
    programme::LineFacts facts;
    facts.id = line.id;
    facts.sku = line.sku;
    facts.department = line.department;
    facts.category = line.category;
    facts.brand = line.brand;
    facts.associate = line.associate;
    facts.quantity = line.quantity;
    facts.amount_minor = minor_of(line.amount, *currency);
    facts.tax_minor = minor_of(line.tax, *currency);
    facts.tags = line.tags;
    facts.attributes = line.attributes;
    whole_.push_back(facts);
  }
  for (const auto& tender : document.tenders) {
    tender_minor_.push_back(minor_of(tender.amount, *currency));
  }
}

Kept Valuable::all() const {
  Kept kept;
  kept.reserve(whole_.size());
  for (const auto& line : whole_) kept.push_back({line.amount_minor, line.quantity});
  return kept;
}

std::int64_t Valuable::total_minor() const {
  return std::accumulate(
      whole_.begin(), whole_.end(), std::int64_t{0},
      [](std::int64_t sum, const programme::LineFacts& line) { return sum + line.amount_minor; });
}

const programme::Facts& Valuable::facts(Instant at, Standing standing) {
  return facts(at, std::move(standing), all());
}

const programme::Facts& Valuable::facts(Instant at, Standing standing, const Kept& kept) {
  LAUREL_ASSERT(kept.size() == whole_.size(), "what is kept is said of every line");
  standing_ = std::move(standing);
  lines_.clear();
  std::int64_t kept_minor = 0;
  for (std::size_t i = 0; i < whole_.size(); ++i) {
    if (kept[i].quantity == Quantity{}) continue;
    auto line = whole_[i];
    line.quantity = kept[i].quantity;
    line.tax_minor = share(line.tax_minor, kept[i].minor, line.amount_minor);
    line.amount_minor = kept[i].minor;
    if (std::ranges::find(standing_.linked, static_cast<std::int32_t>(i)) !=
        standing_.linked.end()) {
      line = without_worth(line);
    }
    kept_minor += line.amount_minor;
    lines_.push_back(line);
  }
  tenders_.clear();
  const std::int64_t total = total_minor();
  for (std::size_t i = 0; i < document_.tenders.size(); ++i) {
    tenders_.push_back({document_.tenders[i].type, share(tender_minor_[i], kept_minor, total)});
  }
  tell(standing_);
  facts_ = {};
  facts_.at = at;
  facts_.source = document_.key.source;
  facts_.store = document_.store;
  facts_.channel = document_.channel;
  facts_.associate = document_.associate;
  facts_.event = document_.event;
  facts_.department = document_.department;
  facts_.currency = currency_;
  facts_.tags = document_.tags;
  facts_.lines = lines_;
  facts_.tenders = tenders_;
  facts_.tier = standing_.tier;
  facts_.spend_before_minor = standing_.spend_before_minor;
  if (standing_.person) facts_.member = &member_;
  facts_.answers = answers_;
  facts_.rooms = rooms_;
  facts_.stopped = standing_.stopped;
  return facts_;
}

// The ledger's words for it in the programme's.
void Valuable::tell(const Standing& standing) {
  answers_.clear();
  rooms_.clear();
  for (const auto& answer : standing.answers) {
    answers_.push_back({answer.question, answer.number, answer.today, answer.departments});
  }
  for (const auto& room : standing.rooms) rooms_.push_back({room.limit, room.units, room.times});
  if (!standing.person) return;
  member_ = {standing.person->enrolled_at, standing.person->born, standing.person->language,
             standing.person->segments};
}

Standing standing_of(const ledger::Valuation& valuation) {
  return {valuation.tier,   valuation.spend_before_minor,
          valuation.person, valuation.answers,
          valuation.rooms,  valuation.stopped,
          valuation.linked};
}

ledger::PersonFacts person_of(const ledger::MemberRecord& record) {
  return {record.enrolled_at, record.born, record.language, record.segments};
}

namespace {

std::int64_t counted_for_tier(const programme::Compiled& compiled, const programme::Facts& facts,
                              const ledger::Valuation& valuation) {
  switch (compiled.tiers.metric) {
    case TierMetric::kSpend: return valuation.spend_minor;
    case TierMetric::kPoints: {
      Points sum;
      for (const auto& award : valuation.awards) {
        if (award.wallet == compiled.tiers.metric_of) sum += award.points;
      }
      return sum.units();
    }
    case TierMetric::kEvents: return facts.event == compiled.tiers.metric_of ? 1 : 0;
  }
  return 0;
}

Valued valued_by(const programme::Decision& decision, const programme::Compiled& compiled,
                 const programme::Facts& facts, const Standing& standing) {
  Valued valued;
  auto& valuation = valued.valuation;
  if (compiled.asks_member) valuation.person = standing.person;
  valuation.answers = standing.answers;
  valuation.rooms = standing.rooms;
  valuation.stopped = standing.stopped;
  valuation.linked = standing.linked;
  valuation.tier = facts.tier;
  valuation.spend_before_minor = facts.spend_before_minor;
  valuation.exchange_numerator = decision.exchange_rate.numerator();
  valuation.exchange_denominator = decision.exchange_rate.denominator();
  valuation.spend_minor = decision.spend_minor;
  valuation.awards.reserve(decision.awards.size());
  for (const auto& award : decision.awards) {
    const auto& wallet = compiled.wallets[award.wallet];
    if (award.cut != Points{}) {
      valuation.cuts.push_back({std::string(award.rule), award.line, wallet.id, award.cut,
                                text_of(compiled.limits[award.cut_by], wallet.scale)});
    }
    if (award.points == Points{}) continue;
    valuation.awards.push_back(
        {std::string(award.rule), award.line, wallet.id, award.points, award.keeps_on_return});
  }
  valued.counted = counted_for_tier(compiled, facts, valuation);
  valued.uses = uses_of(compiled, decision, facts.at);
  for (const auto& gift : decision.gifts) {
    valued.gifts.push_back({std::string(gift.rule), std::string(gift.reward)});
  }
  for (const auto& grant : decision.grants) {
    if (ledger::level_index(compiled.tiers, grant.level) <=
        ledger::level_index(compiled.tiers, valued.tier_granted)) {
      continue;
    }
    valued.tier_granted = grant.level;
    valued.tier_granted_until = std::min(grant.until, ledger::kForGood);
  }
  return valued;
}

}  // namespace

Valued value(const programme::Compiled& compiled, const programme::Facts& facts,
             const Standing& standing) {
  return valued_by(compiled.evaluate(facts), compiled, facts, standing);
}

Valued value(const programme::Compiled& compiled, const programme::Facts& facts,
             const Standing& standing, programme::Workspace& workspace) {
  programme::Decision decision;
  compiled.evaluate(facts, workspace, decision);
  return valued_by(decision, compiled, facts, standing);
}

Points Entitlement::of(const std::string& wallet) const {
  for (const auto& [name, units] : points) {
    if (name == wallet) return units;
  }
  return {};
}

Valued entitled_value(const programme::Compiled& compiled, const Transaction& document,
                      Instant event_time, const ledger::Valuation& valuation, const Kept& kept) {
  bool anything = false;
  for (const auto& line : kept) anything |= line.quantity > Quantity{};
  if (!anything) return {};
  std::vector<std::string> kept_bonuses;
  for (const auto& award : valuation.awards) {
    if (award.keeps_on_return) kept_bonuses.push_back(award.rule);
  }
  Valuable valuable(document);
  const Standing standing = standing_of(valuation);
  const bool of_lines = document.kind == TransactionKind::kSale;
  auto facts = valuable.facts(event_time, standing, of_lines ? kept : valuable.all());
  facts.exchange_rate = Fraction(valuation.exchange_numerator, valuation.exchange_denominator);
  facts.kept_bonuses = kept_bonuses;
  return value(compiled, facts, standing);
}

Entitlement entitlement(const programme::Compiled& compiled, const Transaction& document,
                        Instant event_time, const ledger::Valuation& valuation, const Kept& kept) {
  Entitlement entitled;
  auto again = entitled_value(compiled, document, event_time, valuation, kept);
  for (const auto& award : again.valuation.awards) {
    auto at = std::find_if(entitled.points.begin(), entitled.points.end(),
                           [&](const auto& pair) { return pair.first == award.wallet; });
    if (at == entitled.points.end()) at = entitled.points.insert(at, {award.wallet, Points{}});
    at->second += award.points;
  }
  entitled.counted = again.counted;
  entitled.uses = std::move(again.uses);
  entitled.tier_granted = std::move(again.tier_granted);
  entitled.tier_granted_until = again.tier_granted_until;
  entitled.gifts = std::move(again.gifts);
  return entitled;
}

}  // namespace laurel::engine
