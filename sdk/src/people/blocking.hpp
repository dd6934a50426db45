#pragma once
// Which pairs are worth comparing. Each pass puts rows with the same key into a block (the same
// birth date, the same e-mail, names that sound alike, …); pairs of a block are compared, each pair
// in the first pass that has it. In a block too large for that, rows stand in the order of their
// content and each is compared with those that follow it closely. Few profiles need no keys: all
// pairs are compared.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "people/table.hpp"

namespace laurel::people {

inline constexpr std::size_t kBlockMax = 60;  // rows of a block whose pairs are all compared
inline constexpr std::uint32_t kWindow = 12;  // how far ahead a row looks in a larger one
inline constexpr std::size_t kAllPairsMax = 1'000'000;

struct Block {
  std::uint32_t begin = 0, end = 0;  // places in `order`
  std::uint32_t reach = 0;           // how far ahead a row looks

  std::uint64_t pairs() const {
    const std::uint64_t rows = end - begin;
    const std::uint64_t ahead = std::min<std::uint64_t>(reach, rows - 1);
    return ahead * (rows - ahead) + ahead * (ahead - 1) / 2;
  }
};

struct Pass {
  std::vector<ProfileField> fields;     // that agree by the choice of the pairs
  std::vector<Row> order;               // rows that have a key, block by block
  std::vector<Block> blocks;            // of two rows and more
  std::vector<std::uint32_t> block_of;  // of each row, its block + 1; 0: none
  std::vector<std::uint32_t> place_of;  // of each row, its place in `order`

  bool has(Row one, Row other) const {
    if (block_of[one] == 0 || block_of[one] != block_of[other]) return false;
    const auto [near, far] = std::minmax(place_of[one], place_of[other]);
    return far - near <= blocks[block_of[one] - 1].reach;
  }

  template <class F>
  void each_pair(const Block& block, F f) const {
    for (std::uint32_t i = block.begin; i < block.end; ++i) {
      const std::uint32_t end = std::min(block.end - i, block.reach + 1) + i;
      for (std::uint32_t j = i + 1; j < end; ++j) f(order[i], order[j]);
    }
  }
};

// All passes, those first that bring the fewest pairs for the most matches.
std::vector<Pass> passes_over(const Table& table);

// The one pass in which all are compared with all.
Pass pass_of_all(const Table& table);
// Whether the rows are so few that this is done.
inline bool compares_all(std::size_t rows) {
  return rows < 2 || rows * (rows - 1) / 2 <= kAllPairsMax;
}

}  // namespace laurel::people
