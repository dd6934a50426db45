#include "people/judge.hpp"

#include <algorithm>
#include <cmath>

#include "base/sha256.hpp"
#include "people/estimate.hpp"
#include "people/score.hpp"
#include "people/text.hpp"

namespace laurel::people {

namespace {

// How likely two members are one person who have only a key in common: one in ten thousand.
constexpr double kShareExpected = 1e-4;

class Keys {
 public:
  // Nothing where a part is not known.
  void add(char kind, std::initializer_list<std::string> parts) {
    std::string text(1, kind);
    for (const std::string& part : parts) {
      if (part.empty()) return;
      text += '\0';
      text += part;
    }
    Sha256 hash;
    hash.update(text);
    const auto digest = hash.finish();
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < sizeof key; ++i) key = key << 8U | digest[i];
    keys_.push_back(static_cast<std::int64_t>(key));
  }

  std::vector<std::int64_t> sorted() {
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    return std::move(keys_);
  }

 private:
  std::vector<std::int64_t> keys_;
};

// The first that both have; otherwise the first.
std::string common(const std::vector<std::string>& own, const std::vector<std::string>& others,
                   std::string (*fold)(std::string_view)) {
  for (const std::string& text : own) {
    for (const std::string& other : others) {
      if (fold(text) == fold(other)) return text;
    }
  }
  return own.empty() ? std::string() : own.front();
}

Profile beside(const KnownProfile& known, const KnownProfile& other, const char* id) {
  Profile profile = known.profile;
  profile.id = id;
  profile.email = common(known.emails, other.emails, folded_email);
  profile.phone = common(known.phones, other.phones, folded_phone);
  return profile;
}

std::string with_sign(double weight) {
  constexpr int kTenths = 10;
  const auto tenths = static_cast<std::int64_t>(std::llround(std::abs(weight) * kTenths));
  return (weight < 0 && tenths != 0 ? "-" : "+") + std::to_string(tenths / kTenths) + "." +
         std::to_string(tenths % kTenths);
}

}  // namespace

std::vector<std::int64_t> matching_keys(const KnownProfile& known) {
  const Profile& profile = known.profile;
  const std::string given = sound(folded(profile.given_name));
  const std::string family = sound(folded(profile.family_name));
  const auto& [first, last] = std::minmax(given, family);
  const std::string born = folded_date(profile.birth_date);
  const std::string postcode = folded(profile.postcode);
  Keys keys;
  keys.add('f', {born, family});
  keys.add('g', {born, given});
  keys.add('p', {born, postcode});
  keys.add('n', {first, last, postcode});
  keys.add('c', {first, last, folded(profile.city)});
  keys.add('h', {folded_street(profile.street).number, family, postcode});
  for (const std::string& email : known.emails) keys.add('e', {folded_email(email)});
  for (const std::string& phone : known.phones) keys.add('t', {folded_phone(phone)});
  return keys.sorted();
}

PairExplanation judge(const KnownProfile& one, const KnownProfile& other) {
  const std::vector<Profile> pair{beside(one, other, "1"), beside(other, one, "2")};
  const auto table = table_of(pair);
  PairExplanation explanation;
  explanation.prior = explanation.weight = weight_of(kShareExpected);
  if (table) explanation.fields = Scorer(*table, Parameters::expected()).fields(0, 1);
  for (FieldWeight& step : explanation.fields) {
    step.weight -= step.frequency;  // of two, the one has what the other has: that is no frequency
    step.frequency = 0;
    explanation.weight += step.weight;
    step.left.clear();
    step.right.clear();
  }
  explanation.probability = probability_of(explanation.weight);
  return explanation;
}

std::string in_words(const PairExplanation& explained) {
  std::string text;
  for (const FieldWeight& step : explained.fields) {
    if (step.level == "missing") continue;
    text += (text.empty() ? "" : ", ") + std::string(to_text(step.field)) + " " +
            std::string(step.level) + " " + with_sign(step.weight);
  }
  return text + "; before any evidence " + with_sign(explained.prior) + "; together " +
         with_sign(explained.weight);
}

}  // namespace laurel::people
