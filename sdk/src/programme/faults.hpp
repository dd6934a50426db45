#pragma once
// Faults of a programme, collected while it is read, checked and compiled, so that one run reports
// all of them.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/programme.hpp"

namespace laurel::programme {

// Where something stands. Lines and columns from 1, columns in characters; line 0: the programme
// as a whole.
struct Place {
  std::uint32_t file = 0;
  int line = 0;
  int column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// X(code, severity, what it means)
#define LAUREL_PROGRAMME_FAULTS(X)                                                               \
  X(not_yaml, kError, "The file is not well-formed YAML.")                                       \
  X(not_utf8, kError, "The file is not UTF-8, or holds control characters.")                     \
  X(too_large, kError, "The file is larger, deeper or has more parts than a programme may.")     \
  X(alias, kError, "Anchors, aliases, merge keys and tags are no part of the language.")         \
  X(several_documents, kError, "A file holds one YAML document.")                                \
  X(repeated_key, kError, "The same key stands twice in one place, or in two files.")            \
  X(unknown_key, kError, "The key is no word of the language at this place.")                    \
  X(missing_key, kError, "A key that must be there is not.")                                     \
  X(not_supported, kError, "A word of the language that this version cannot carry out yet.")     \
  X(wrong_kind, kError, "A list, a mapping or a single value stands where another is meant.")    \
  X(wrong_value, kError, "The value is not one of those that may stand here.")                   \
  X(ambiguous, kError, "YAML readers disagree on this value: 010, 1e3, 0x10, 1:30, NO.")         \
  X(out_of_range, kError, "The number is too small, too large, or has too many digits.")         \
  X(unknown_name, kError, "It names something that the programme does not declare.")             \
  X(repeated_name, kError, "Two things of one kind have the same id.")                           \
  X(empty_window, kError, "It ends before it begins, or no day or hour is left in it.")          \
  X(never_matches, kError, "No transaction can ever meet these conditions.")                     \
  X(no_effect, kError, "The rule could never change a result.")                                  \
  X(order_matters, kError, "Two rules can meet on one line, and nothing says which goes first.") \
  X(mixed_lane, kError, "The rules of a lane give things that cannot be compared.")              \
  X(contradiction, kError, "Two declarations cannot both hold.")                                 \
  X(worst_case, kError, "A reward is worth too much of the smallest basket, and nobody agreed.") \
  X(unsaid, kWarning, "A choice that changes what members get is left to its default.")          \
  X(no_zero_level, kWarning, "New members are below the first level and earn nothing by it.")    \
  X(points_die_early, kWarning, "Points can expire before they become available.")               \
  X(no_case, kWarning, "No test case of the programme makes the rule apply.")

class Faults {
 public:
  static constexpr std::size_t kMaxFaults = 1000;

  explicit Faults(std::span<const SourceFile> files) : files_(files) {}

  // `code` is one of LAUREL_PROGRAMME_FAULTS and decides the severity.
  void add(Place place, std::string_view code, std::string message, std::string hint = {});
  std::string file_name(std::uint32_t file) const { return files_[file].name; }
  // As many as are listed; looking for more is a waste of time.
  bool is_full() const { return faults_.size() >= kMaxFaults; }
  bool any_error() const { return errors_ > 0; }
  // A file could not be read, so that what is not declared may stand there.
  bool is_partial() const { return partial_; }
  void set_partial() { partial_ = true; }
  // By file, line and column, each once.
  std::vector<ProgrammeFault> take();

 private:
  std::span<const SourceFile> files_;
  std::vector<ProgrammeFault> faults_;
  std::size_t errors_ = 0;
  bool partial_ = false;
};

struct FaultInfo {
  std::string_view code;
  Severity severity;
  std::string_view text;
};
std::span<const FaultInfo> all_faults();

// The line of a text, from 1, without its end.
std::string_view line_of(std::string_view text, int line);

}  // namespace laurel::programme
