#pragma once
// Who may be the same person: Fellegi and Sunter's weights over profiles, their parameters found
// by expectation maximisation, without labels. A pure function of the profiles: no random numbers,
// and the same answer in whatever order they come and on however many threads.
//
//   auto matcher = Matcher::over(profiles, {});
//   for (const auto& pair : matcher->suggestions()) show(matcher->explain(pair.left, pair.right));
//
// A weight is evidence in bits: +1 doubles the odds that two profiles are one person. Weights and
// probabilities are `double`, for they are no amounts; and they only ever suggest. Points and money
// are never moved on a probability: a person, or an identifier proved, decides.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/publishing.hpp"
#include "laurel/result.hpp"

namespace laurel {

// What is known of one person; empty: not known. Text is compared without case, accents, spaces
// and punctuation.
struct Profile {
  std::string id;  // unique among those compared
  std::string given_name = {}, family_name = {};
  std::string birth_date = {};  // 1971-06-24, 19710624, 24/06/1971
  std::string street = {};      // with the number of the house, before or behind
  std::string street_2 = {};    // a second line
  std::string city = {}, postcode = {}, region = {};
  std::string email = {}, phone = {};
  std::string identifier = {};  // one that is given once: a passport's, a tax number
};

enum class ProfileField : std::uint8_t {
  kGivenName,
  kFamilyName,
  kNameOrder,  // given and family name stand where they do in the other, or swapped
  kBirthDate,
  kHouseNumber,
  kStreet,
  kStreet2,
  kCity,
  kPostcode,
  kRegion,
  kEmail,
  kPhone,
  kIdentifier,
};
inline constexpr std::size_t kProfileFields = 13;
std::string_view to_text(ProfileField field);  // "given_name"

// Two profiles, by their places in what was given to the matcher; left < right.
struct ProfilePair {
  std::uint32_t left = 0, right = 0;
  double weight = 0;       // of the evidence and of what was likely before it, in bits
  double probability = 0;  // what the weight means: 1 / (1 + 2^-weight)
};

// A suggestion that was not followed into a cluster: it would have made one person of two who have
// nothing in common, by way of a third. A person decides.
struct HeldPair {
  ProfilePair pair;
  std::uint32_t one = 0, other = 0;  // the strangers
};

// A step of the waterfall: what one field adds to the weight.
struct FieldWeight {
  ProfileField field = ProfileField::kGivenName;
  std::string_view level;   // "same", "one slip", …; "missing" weighs nothing
  double weight = 0;        // log2(m / u), and what the frequency of the value adds
  double frequency = 0;     // the part of it that comes from the value being rare or common
  double m = 0, u = 0;      // how often this level is seen in one person, in two strangers
  std::string left, right;  // as compared
};

struct PairExplanation {
  double prior = 0;  // the weight before any evidence: few pairs are one person
  std::vector<FieldWeight> fields;
  double weight = 0;  // their sum
  double probability = 0;
};

struct MatchProgress {
  std::string_view step;  // "reading", "learning", "comparing", "grouping"
  std::int64_t done = 0, all = 0;
};

struct MatchSettings {
  double suggest_from = 0.999;  // probability; from there on a pair is suggested
  double keep_from = 0.01;      // pairs below are not kept at all
  std::size_t parts = 1;        // how many tasks may run at once
  Executor executor = {};
  std::function<void(MatchProgress)> progress = {};  // called from the calling thread
};

// One thread at a time may use a matcher.
class Matcher {
 public:
  // kInvalid: an id is empty or given twice, or there are more than 50,000,000 profiles.
  static Result<Matcher> over(std::span<const Profile> profiles, const MatchSettings& settings);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  std::int64_t compared() const;  // pairs
  // Kept pairs, the heaviest first; those of equal weight by their ids.
  std::span<const ProfilePair> pairs() const;
  std::span<const ProfilePair> suggestions() const;  // the first of them
  std::span<const HeldPair> held() const;
  PairExplanation explain(std::uint32_t one, std::uint32_t other) const;
  // Each profile's cluster, from 0, numbered in the order of the profiles. The best links first;
  // two clusters become one only where each profile of one goes with each of the other.
  std::span<const std::uint32_t> clusters() const;
  std::uint32_t cluster_count() const;

 private:
  struct State;
  explicit Matcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace laurel
