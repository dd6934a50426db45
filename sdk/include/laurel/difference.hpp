#pragma once
// What changed from one programme to another, in the words of the rule language. How the files are
// cut, ordered, spaced or commented makes no difference, nor does saying what holds anyway.

#include <cstdint>
#include <string>
#include <vector>

#include "laurel/programme.hpp"

namespace laurel {

struct ProgrammeChange {
  enum class Kind : std::uint8_t { kChanged, kAdded, kRemoved };
  Kind kind = Kind::kChanged;
  std::string subject;  // "rule beauty-triple", "tier gold", "wallet points", "tiers", "programme"
  std::string word;     // "multiply", "active: until"; empty: the subject as a whole
  // As the language writes it; empty where there is none. Of lists, only what is not in both.
  std::string was, becomes;
};

// In the order of the language's reference; empty: the two mean the same.
std::vector<ProgrammeChange> difference(const Programme& was, const Programme& becomes);

// "rule beauty-triple: multiply 3 -> 2"
std::string to_text(const ProgrammeChange& change);

}  // namespace laurel
