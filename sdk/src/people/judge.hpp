#pragma once
// Two profiles on their own, and by what a profile is found. A matcher learns from all profiles
// together; where one is new, she is weighed by what is generally expected.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "laurel/people.hpp"

namespace laurel::people {

// A profile with all e-mails and phones, of which Profile names but one.
struct KnownProfile {
  Profile profile;
  std::vector<std::string> emails = {}, phones = {};
};

// Ascending, each once. Two who share none are not worth comparing. Digests: they tell nothing of
// what they were made from.
std::vector<std::int64_t> matching_keys(const KnownProfile& known);

// The ids may be anything. What is weighed against them: the e-mail and the phone that both have,
// if there is one. The texts of the steps stay empty.
PairExplanation judge(const KnownProfile& one, const KnownProfile& other);

// Whether the two are suggested, and whether they are shown to whoever asks.
inline bool is_likely(const PairExplanation& explained) { return explained.probability >= 0.999; }
inline bool is_possible(const PairExplanation& explained) { return explained.probability >= 0.5; }

// The evidence in words without what was compared: "given_name same +7.2, birth_date one slip
// +5.1".
std::string in_words(const PairExplanation& explained);

}  // namespace laurel::people
