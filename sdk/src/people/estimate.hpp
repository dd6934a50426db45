#pragma once
// How often each level is seen in pairs of one person (m) and of strangers (u), learned without
// labels. u: from a sample of all pairs. m: by expectation maximisation over the pairs of each
// pass, where matches are many; a pass says nothing about the fields that its key made agree.

#include <array>
#include <vector>

#include "people/blocking.hpp"
#include "people/compare.hpp"

namespace laurel::people {

double probability_of(double weight);  // 1 / (1 + 2^-weight)
double weight_of(double probability);  // log2 of its odds

// By slot and level; that of level 0, missing, is 0.
using PerLevel = std::array<std::array<double, kLevelsMax>, kSlots>;

struct Parameters {
  PerLevel m{}, u{};
  // log2(m / u). A nearer value never speaks against a pair more than one further off: where what
  // was seen says so, the two levels are weighed as one.
  PerLevel weights{};

  static Parameters expected();  // before anything is learned
  void weigh();                  // the weights from m and u
};

// Pairs that agree alike, and how many there are.
struct PatternCount {
  Pattern pattern = 0;
  double count = 0;
};

struct Evidence {
  std::vector<PatternCount> sample;               // of all pairs
  std::vector<std::vector<PatternCount>> passes;  // of each pass
  std::vector<std::vector<ProfileField>> fields;  // that the pass's key made agree
};

Evidence evidence_of(const Table& table, const std::vector<Pass>& passes);
Parameters learn(const Evidence& evidence);

}  // namespace laurel::people
