#pragma once
// What a pair weighs: the weights of its levels, and for what is the same how rare the value is.
// Two people called Smith are no wonder, two called Featherstonehaugh are.

#include <array>
#include <vector>

#include "people/compare.hpp"
#include "people/estimate.hpp"

namespace laurel::people {

class Scorer {
 public:
  // `table` outlives it.
  Scorer(const Table& table, const Parameters& parameters);

  // The weight of the evidence alone, without what was likely before it. Where it is certain to
  // stay below `least`, anything below it. one < other, so that both ways give the same.
  double weight(Row one, Row other, double least) const;
  std::vector<FieldWeight> fields(Row one, Row other) const;

 private:
  double weight(Slot slot, Level level, Row one) const;
  double most(ProfileField field, Row one, Row other) const;  // that the field can come to

  const Table& table_;
  Parameters parameters_;
  std::array<std::vector<float>, kSlots> same_;  // by value: the weight of having it both
};

}  // namespace laurel::people
