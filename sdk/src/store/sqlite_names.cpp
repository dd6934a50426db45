#include "store/sqlite_names.hpp"

#include "base/try.hpp"

namespace laurel::store {
namespace {

// Beyond this the memory starts afresh, so that a flood of sources costs time and not space.
constexpr std::size_t kRemembered = 8'192;

}  // namespace

Names::Names(Database& database)
    : find_(database, "SELECT id FROM name WHERE text = ?"),
      add_(database, "INSERT INTO name (text) VALUES (?) RETURNING id"),
      text_(database, "SELECT text FROM name WHERE id = ?") {}

Result<std::optional<std::int64_t>> Names::find(const std::string& text) {
  if (text.empty()) return std::optional<std::int64_t>(0);
  if (const auto known = ids_.find(text); known != ids_.end()) return std::optional(known->second);
  Run run(find_);
  run.bind(text);
  LAUREL_TRY(const bool found, run.next());
  if (!found) return std::optional<std::int64_t>();
  const std::int64_t id = run.integer(0);
  remember(id, text);
  return std::optional(id);
}

Result<std::int64_t> Names::find_or_add(const std::string& text) {
  LAUREL_TRY(const std::optional<std::int64_t> known, find(text));
  if (known) return *known;
  Run run(add_);
  run.bind(text);
  LAUREL_TRY(const bool added, run.next());
  if (!added) return Error{ErrorCode::kStoreFailed, "a name was not added"};
  const std::int64_t id = run.integer(0);
  LAUREL_TRY_VOID(run.done());
  remember(id, text);
  uncommitted_.push_back(id);
  return id;
}

Result<std::string> Names::text_of(std::int64_t id) {
  if (id == 0) return std::string();
  if (const auto known = texts_.find(id); known != texts_.end()) return known->second;
  Run run(text_);
  run.bind(id);
  LAUREL_TRY(const bool found, run.next());
  if (!found) return Error{ErrorCode::kStoreFailed, "a stored name is missing"};
  std::string text = run.text(0);
  remember(id, text);
  return text;
}

void Names::rolled_back() {
  for (const std::int64_t id : uncommitted_) {
    const auto known = texts_.find(id);
    if (known == texts_.end()) continue;
    ids_.erase(known->second);
    texts_.erase(known);
  }
  uncommitted_.clear();
}

void Names::remember(std::int64_t id, const std::string& text) {
  if (ids_.size() >= kRemembered) {
    ids_.clear();
    texts_.clear();
  }
  ids_.emplace(text, id);
  texts_.emplace(id, text);
}

}  // namespace laurel::store
