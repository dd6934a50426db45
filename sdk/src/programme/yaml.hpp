#pragma once
// YAML as a tree that remembers where everything stands. Scalars stay text: what a word means is
// said by the language, never guessed from how it looks (`NO` and `010` are two and three
// characters).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "programme/faults.hpp"

namespace laurel::programme {

struct Node {
  enum class Kind : std::uint8_t { kEmpty, kScalar, kList, kMap };

  Kind kind = Kind::kEmpty;
  bool quoted = false;    // "text", 'text' or a block: a string, whatever it looks like
  std::string text = {};  // kScalar
  Place place;
  std::vector<Node> items = {};  // kList; kMap: the values, in the order written
  std::vector<Node> keys = {};   // kMap: scalars, no two alike, as many as `items`

  // The value of `key` in a map; null: not there, or not a map.
  const Node* find(std::string_view key) const;
};

// What a file may hold, so that reading ends soon whatever it says.
inline constexpr std::size_t kMaxFileBytes = 4'000'000;
inline constexpr std::size_t kMaxNodes = 1'000'000;
inline constexpr std::size_t kMaxDepth = 32;

// The one document of the file; every fault goes to `faults`. Repeated keys are reported and left
// out. nullopt: not YAML, or not a tree (anchors and aliases are no part of the language).
std::optional<Node> read_yaml(std::string_view text, std::uint32_t file, Faults& faults);

}  // namespace laurel::programme
