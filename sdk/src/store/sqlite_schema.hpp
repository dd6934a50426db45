#pragma once
// The tables, and how an older file is brought up to date.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/sqlite_database.hpp"

namespace laurel::store {

// One step of the schema. Its SQL is never changed once released: a file remembers the checksum of
// every step it went through.
struct Migration {
  const char* sql;
};
std::span<const Migration> migrations();
std::string checksum(std::string_view sql);  // sixteen hexadecimal digits

// Both: kStoreFailed for a file that is damaged, not Laurel's, of a newer version, or whose
// migrations were not these.
// Applies what is missing, all or nothing. Under the file lock.
Result<void> migrate(Database& database);
// Also kStoreFailed where something is missing.
Result<void> check_schema(Database& database);

}  // namespace laurel::store
