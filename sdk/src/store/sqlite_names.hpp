#pragma once
// Strings that many rows repeat (sources, wallets, digests of programmes) as numbers. A name never
// changes and is never removed, so what was committed once may be remembered for ever; names of a
// transaction that is rolled back are forgotten with it.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sqlite_database.hpp"

namespace laurel::store {

class Names {
 public:
  explicit Names(Database& database);

  // The empty string is 0 and stands nowhere.
  Result<std::optional<std::int64_t>> find(const std::string& text);
  Result<std::int64_t> find_or_add(const std::string& text);
  Result<std::string> text_of(std::int64_t id);  // kStoreFailed: no such name

  void committed() { uncommitted_.clear(); }
  void rolled_back();

 private:
  void remember(std::int64_t id, const std::string& text);

  Statement find_, add_, text_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::string> texts_;
  std::vector<std::int64_t> uncommitted_;
};

}  // namespace laurel::store
