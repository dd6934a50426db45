#include "programme/language.hpp"

#include <algorithm>
#include <array>

#include "programme/words.hpp"

namespace laurel::programme {
namespace {

constexpr Section kSections[] = {
    {"programme", "The file",
     "A programme is a folder; its YAML files are read together. Lists "
     "and named things may be spread over files, the rest stands once."},
    {"exchange", "exchange", "Other currencies, by their ISO 4217 code."},
    {"rates by date", "exchange: a currency's rates by date", ""},
    {"arrivals", "arrivals", ""},
    {"notices", "notices", ""},
    {"wallets", "wallets", "The wallets, by id."},
    {"wallet", "wallets: a wallet", ""},
    {"names", "name", "By language."},
    {"rounding", "rounding", ""},
    {"pending", "pending", ""},
    {"expires", "expires", "`end_of`, or `after`, or both."},
    {"liability", "liability", ""},
    {"eligible", "eligible", ""},
    {"exclude", "eligible: exclude", ""},
    {"tiers", "tiers", ""},
    {"metric", "tiers: metric", ""},
    {"level", "tiers: a level", ""},
    {"lanes", "lanes", "The lanes, by id."},
    {"rule", "rules: a rule", ""},
    {"limit", "limit",
     "How much may be given. Local days, and weeks that begin on Monday, in the programme's time "
     "zone. A return gives back what it takes away."},
    {"budget", "rules: budget", ""},
    {"grant", "rules: grant", "`for` or `until` says how long she keeps the level."},
    {"active", "rules: active", "All of it must hold, in the programme's time zone."},
    {"when", "rules: when", "All of it must hold. A single value means equal, a list any of."},
    {"matcher", "when: a text", ""},
    {"currency matcher", "when: currency", ""},
    {"tier matcher", "when: tier", ""},
    {"attributes", "when: attributes", ""},
    {"attribute matcher", "when: an attribute", ""},
    {"range", "when: quantity", ""},
    {"range of amounts", "when: amount", ""},
    {"day matcher", "when: day", ""},
    {"dates", "when: date", ""},
    {"member", "when: member", "The member as she is before the transaction."},
    {"language matcher", "when: language", ""},
    {"enrolled", "when: enrolled", ""},
    {"range of whole numbers", "when: age", ""},
    {"birthday", "when: birthday", ""},
    {"nth", "when: nth", ""},
    {"history", "when: history",
     "What the member did, this transaction counted. Sales count as far as they are kept."},
    {"history count", "history: a number", ""},
    {"history spend", "history: spend", ""},
    {"history place", "history: in", "All that is named must be right; a list means any of."},
    {"basket", "when: basket", ""},
    {"identity", "identity", ""},
    {"identifier types", "identity: types", "The types, by id."},
    {"identifier type", "identity: a type", ""},
    {"rewards", "rewards", ""},
    {"pay_with_points", "rewards: pay_with_points", ""},
    {"paid at most", "pay_with_points: at_most", "Both must hold."},
    {"offline", "pay_with_points: offline", ""},
    {"reward", "rewards: a reward", ""},
    {"cost by tier", "reward: cost by level", "By the id of the level."},
    {"gives", "reward: gives", "Exactly one of them."},
    {"reward voucher", "reward: voucher",
     "`valid` and `until` may stand together; the earlier holds."},
    {"automatic", "rewards: what is given by itself",
     "`every` or `on` says when. Each is given once for each period, birthday or rise."},
    {"publishing", "publishing", ""},
    {"publishing limits", "publishing: at_most", ""},
    {"privacy", "privacy", ""},
    {"retain", "privacy: retain", "Done once a day, by the job that books what is due."},
    {"adjustments", "adjustments",
     "Where the programme says nothing, what is said here to hold at first holds."},
    {"batch limits", "adjustments: batch", ""},
    {"guard", "guards: a guard",
     "Exactly one of `sales`, `redemptions` and `own_sale`. Where several guards meet one sale, "
     "the strictest holds."},
    {"guard count", "guards: a count", "Always of one member."},
    {"case", "cases: a case", ""},
    {"given", "cases: given", ""},
    {"given member", "cases: given, member", ""},
    {"points by wallet", "points by wallet", "By the id of the wallet."},
    {"points by rule", "points by rule", "By the id of the rule."},
    {"step", "cases: a step", ""},
    {"case sale", "cases: sale", ""},
    {"case line", "cases: a line", ""},
    {"case attributes", "cases: attributes", ""},
    {"case tender", "cases: a tender", ""},
    {"case return", "cases: return", ""},
    {"case return line", "cases: a line of a return", ""},
    {"case void", "cases: void", ""},
    {"case event", "cases: event", ""},
    {"case take", "cases: take", ""},
    {"case look", "cases: look", ""},
    {"then", "cases: then", ""},
};

// Sorted by the order of kSections; within a section, as written.
std::vector<Word> assembled() {
  std::vector<Word> words;
  for (const auto part :
       {words_of_policies(), words_of_rules(), words_of_past(), words_of_identity(),
        words_of_cases(), words_of_publishing(), words_of_staff(), words_of_paying(),
        words_of_catalogue(), words_of_privacy()}) {
    words.insert(words.end(), part.begin(), part.end());
  }
  std::ranges::stable_sort(words, {}, [](const Word& word) {
    return std::ranges::find(kSections, word.section, &Section::name) - std::begin(kSections);
  });
  return words;
}

}  // namespace

std::span<const Section> all_sections() { return kSections; }

std::span<const Word> all_words() {
  static const std::vector<Word> words = assembled();
  return words;
}

std::span<const Word> words_of(std::string_view section) {
  const auto words = all_words();
  const auto first = std::ranges::find(words, section, &Word::section);
  const auto last = std::find_if(first, words.end(),
                                 [section](const Word& word) { return word.section != section; });
  return {first, last};
}

const Word* word_at(std::string_view section, std::string_view key) {
  const Word* any = nullptr;
  for (const Word& word : words_of(section)) {
    if (word.key == key) return &word;
    if (word.key == "*") any = &word;
  }
  return any;
}

std::vector<std::string_view> phrases_of(const Word& word) {
  std::vector<std::string_view> phrases;
  std::string_view rest = word.phrases;
  while (!rest.empty()) {
    const std::size_t bar = rest.find('|');
    phrases.push_back(rest.substr(0, bar));
    rest.remove_prefix(bar == std::string_view::npos ? rest.size() : bar + 1);
  }
  return phrases;
}

std::string_view description_of(Scalar scalar) {
  switch (scalar) {
    case Scalar::kNone: return "nothing";
    case Scalar::kId: return "an id (letters, digits, `-`, `_`, `.`)";
    case Scalar::kText: return "a text";
    case Scalar::kWhole: return "a whole number";
    case Scalar::kDecimal: return "a decimal number such as 1.5";
    case Scalar::kAmount: return "an amount such as 300.00";
    case Scalar::kMoney: return "an amount with its currency such as 0.01 GBP";
    case Scalar::kPercent: return "a percentage such as 97%";
    case Scalar::kPoints: return "a number of points such as 200";
    case Scalar::kDate: return "a date such as 2026-11-27";
    case Scalar::kMoment: return "a date or a local time such as 2026-11-27 09:00";
    case Scalar::kLocalTime: return "a local time such as 2026-11-27 09:00";
    case Scalar::kHours: return "hours such as 10:00-21:00";
    case Scalar::kPeriod: return "a period such as 14 days, 24 months or 2 years";
    case Scalar::kPhrase: return "one of the phrases";
    case Scalar::kRate: return "a rate such as `1 point per 1.00` or `5 points per full 2.50`";
    case Scalar::kBonus: return "points such as `500 points` or `10 points per line`";
    case Scalar::kTrueFalse: return "`true` or `false`";
    case Scalar::kCurrency: return "a currency (ISO 4217) such as GBP";
    case Scalar::kZone: return "a time zone such as Europe/London";
    case Scalar::kLanguage: return "a language such as en or zh-Hant";
    case Scalar::kBudget: return "a budget such as `2,000,000 points` or `10000.00 GBP`";
    case Scalar::kExchangeRate: return "an exchange rate such as 0.86 or 1/17";
  }
  return {};
}

}  // namespace laurel::programme
