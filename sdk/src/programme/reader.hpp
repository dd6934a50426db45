#pragma once
// The files of a programme as one, with what the language says where a word is left out. Values
// that the checker has refused are absent here, without a second word.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "programme/draft.hpp"
#include "programme/faults.hpp"
#include "programme/language.hpp"
#include "programme/yaml.hpp"

namespace laurel::programme {

// A key of the programme and its value, in whichever file it stands.
struct Entry {
  const Node* key;
  const Node* value;
};

// A mapping with the section whose words are in it.
class Block {
 public:
  Block(const Node& node, std::string_view section) : node_(&node), section_(section) {}

  Place place() const { return node_->place; }
  const Node& node() const { return *node_; }
  bool has(std::string_view key) const { return node_->find(key) != nullptr; }
  // Keys that the checker has refused: unknown, or not supported.
  bool has_strange_keys() const;
  Place place_of(std::string_view key) const;  // of the key's value, else of the mapping

  // Absent: left out and without an initial value, or refused by the checker.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<Phrase> phrase(std::string_view key) const;
  std::optional<std::int64_t> whole(std::string_view key) const;
  std::optional<Block> map(std::string_view key) const;
  std::vector<Block> maps(std::string_view key) const;  // a list of mappings
  // The single values of `key`: one, or those of a list.
  std::vector<const Node*> values(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  // The entries of a mapping whose keys are not words: id and mapping.
  std::vector<Entry> entries() const;
  // A text, or a mapping of texts by language.
  std::vector<std::pair<std::string, std::string>> names(std::string_view key) const;

 private:
  const Node* node_;
  std::string_view section_;
};

// Reads all files; the top level behaves as one mapping.
class ProgrammeReader {
 public:
  ProgrammeReader(std::span<const Node> roots, Faults& faults);

  Block top() const { return {merged_, "programme"}; }
  Faults& faults() const { return faults_; }

 private:
  void merge(const Node& key, const Node& value);

  Node merged_;
  Faults& faults_;
};

// ---- The areas of the language. Each reads its part into the draft and reports what does not fit.

void read_frame(const ProgrammeReader& reader, Draft& draft);  // currency, zone, names, exchange
void read_wallets(const ProgrammeReader& reader, Draft& draft);
void read_wallet_limits(const ProgrammeReader& reader, Draft& draft);
void read_eligible(const ProgrammeReader& reader, Draft& draft);
void read_tiers(const ProgrammeReader& reader, Draft& draft);
void read_identity(const ProgrammeReader& reader, Draft& draft);
void read_rules(const ProgrammeReader& reader, Draft& draft);
void read_cases(const ProgrammeReader& reader, Draft& draft);
void read_publishing(const ProgrammeReader& reader, Draft& draft);
void read_privacy(const ProgrammeReader& reader, Draft& draft);  // after the identity
void read_adjustments(const ProgrammeReader& reader, Draft& draft);
void read_guards(const ProgrammeReader& reader, Draft& draft);
void read_catalogue(const ProgrammeReader& reader, Draft& draft);         // before the rules
void check_catalogue(const ProgrammeReader& reader, const Draft& draft);  // after them
void read_paying(const ProgrammeReader& reader, Draft& draft);

// ---- Helpers of theirs

ConditionGroup read_when(const Block& when, const Draft& draft, Faults& faults);
// What `when` asks of time, the member and her past. `out` holds what else it asks already.
void read_past(const Block& when, const Draft& draft, Faults& faults, ConditionGroup& out);
// " at_least 3 below 9", and the range; nullopt: no bound.
std::optional<std::string> read_bounds(const Block& map, int scale, bool must_have_one,
                                       Faults& faults, Range& range);
Window read_active(const Block& active, Faults& faults);
// The `limit` of something that is counted in times.
std::vector<Limit> read_times(const Block& block, const Draft& draft, Faults& faults,
                              const std::string& counter);
void read_limits(const Block& block, const Draft& draft, Faults& faults, RuleDraft& rule);
bool read_grant(const Block& grant, const Draft& draft, Faults& faults, GrantDraft& out);
void check_languages(const Block& block, std::string_view key, const Draft& draft, Faults& faults);
// The decimal text as a count of units of 10^-scale; a fault and nullopt where it has more digits.
std::optional<std::int64_t> units_of(const Node& node, std::string_view text, int scale,
                                     Faults& faults);
// The programme's own and those that it takes.
std::vector<std::string> currencies_of(const Draft& draft);
// Reports a name that is not among `names`.
bool is_known(const Node& node, std::string_view what, std::span<const std::string> names,
              Faults& faults);

}  // namespace laurel::programme
