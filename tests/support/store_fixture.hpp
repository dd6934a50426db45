#pragma once
// What the contract tests of the stores share: a place for files, and units of work that write what
// a sale writes.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "laurel/store.hpp"
#include "store/store.hpp"
#include "store_samples.hpp"

namespace laurel::store {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "laurel-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name = "ledger.db") const { return path_ + "/" + name; }
  std::string uri(const std::string& name = "ledger.db") const { return "sqlite:" + file(name); }

 private:
  std::string path_;
};

inline TransactionKey key(const std::string& id) { return {.source = "till-7", .id = id}; }

// Enrols a member with her card.
inline UnitOfWork enrolment(MemberId* given = nullptr) {
  return [given](const View&, const NextIds& next) -> Result<Change> {
    Change change;
    change.members = {samples::member(next.member)};
    change.links = {samples::card(next.member)};
    if (given != nullptr) *given = next.member;
    return change;
  };
}

// Posts a sale for a member as the engine does: finds the key, the card, and writes all its rows.
// A sale that is there already writes nothing.
inline UnitOfWork sale(const TransactionKey& key, MemberId member) {
  return [key, member](const View& view, const NextIds& next) -> Result<Change> {
    auto known = view.transaction(key);
    if (!known) return known.error();
    if (*known && (*known)->entry) return Change{};
    auto found = view.identify("card", samples::card_of(member));
    if (!found) return found.error();
    if (!*found) return Error{ErrorCode::kUnknownMember, "no such card"};
    Change change;
    ledger::MemberRecord record = (*found)->member;
    ledger::Entry entry = samples::sale(next.entry, key, record.id);
    entry.previous = record.last_entry;
    change.lots = {samples::lot(entry, record.last_lot)};
    record.last_entry = entry.id;
    record.last_lot = change.lots[0].id;
    record.wallets[0].available += entry.lot_moves[0].points;
    change.members = {std::move(record)};
    change.transactions = {{.key = key, .entry = entry.id, .related = {}}};
    change.entries = {std::move(entry)};
    return change;
  };
}

inline std::vector<ledger::Entry> all_entries(const Store& store) {
  std::vector<ledger::Entry> all;
  const auto read = store.read([&all](const View& view) -> Result<void> {
    while (true) {
      auto page = view.entries(EntryId(static_cast<std::int64_t>(all.size())), 1'000);
      if (!page) return page.error();
      if (page->empty()) return {};
      for (auto& entry : *page) all.push_back(std::move(entry));
    }
  });
  return read ? all : std::vector<ledger::Entry>{};
}

template <class T>
T read_value(const Store& store, const std::function<Result<T>(const View&)>& look) {
  std::optional<T> value;
  const auto read = store.read([&](const View& view) -> Result<void> {
    auto seen = look(view);
    if (!seen) return seen.error();
    value.emplace(*std::move(seen));
    return {};
  });
  return std::move(value).value();
}

inline Points balance(const Store& store, MemberId member) {
  const auto record = read_value<std::optional<ledger::MemberRecord>>(
      store, [&](const View& view) { return view.member(member); });
  return record ? record->wallets[0].available : Points(-1);
}

inline ErrorCode code_of(const Result<void>& result) {
  return result ? ErrorCode{} : result.error().code;
}

}  // namespace laurel::store
