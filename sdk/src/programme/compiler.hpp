#pragma once
// From what a programme says to what evaluation reads.

#include <memory>

#include "programme/draft.hpp"
#include "programme/faults.hpp"
#include "programme/tables.hpp"

namespace laurel::programme {

// Rules that can meet where their order would matter, that can never match, or that need a case.
void analyse(const Draft& draft, Faults& faults);

// Puts rates, multipliers and bonuses over common denominators; a fault where they have none that
// is small enough.
void compile_rates(const Draft& draft, Tables& tables, Faults& faults);

// What a programme has to be told of a member.
struct Past {
  std::vector<Question> questions;
  std::vector<Limit> limits;  // by counter
  bool asks_member = false;
};

// The tables of a draft without faults; further ones may be found on the way.
std::unique_ptr<const Tables> compile(const Draft& draft, Past& past, Faults& faults);

// A warning for each rule that no case makes apply. `programme` is the draft, compiled.
void check_coverage(const Compiled& programme, const Draft& draft, Faults& faults);

}  // namespace laurel::programme
