#include "store/memory_store.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "store/memory_view.hpp"
#include "store/unit.hpp"

namespace laurel::store {
namespace {

using memory::find;
using memory::IdentifierName;
using memory::MemoryView;
using memory::Tables;

// Carries a change out, remembering how to take back each step.
class Application {
 public:
  explicit Application(Tables& tables) : tables_(tables) {}

  Result<void> apply(const Change& change, const NextIds& next) {
    auto outcome = try_apply(change, next);
    if (!outcome) {
      for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
    }
    return outcome;
  }

 private:
  static Error refused(const char* what) { return {ErrorCode::kInvariantBroken, what}; }

  Result<void> try_apply(const Change& change, const NextIds& next) {
    LAUREL_TRY_VOID(check_numbers(change, next));
    for (const auto& entry : change.entries) add(entry);
    for (const auto& member : change.members) LAUREL_TRY_VOID(put(member));
    for (const auto& lot : change.lots) LAUREL_TRY_VOID(put(lot));
    for (const auto& link : change.unlinks) unlink(link);
    for (const auto& link : change.links) LAUREL_TRY_VOID(put(link));
    for (const auto& record : change.transactions) LAUREL_TRY_VOID(put(record));
    for (const auto& row : change.usage) LAUREL_TRY_VOID(put(row));
    for (const auto& version : change.programmes) LAUREL_TRY_VOID(add(version));
    for (const auto& directive : change.directives) LAUREL_TRY_VOID(add(directive));
    for (const auto& item : change.reviews) LAUREL_TRY_VOID(put(item));
    for (const auto& row : change.unclaimed) insert(tables_.unclaimed, row);
    for (const auto& row : change.claimed) erase(tables_.unclaimed, row);
    for (const auto& row : change.sightings) insert(tables_.sightings, row);
    for (const auto& row : change.former_links) insert(tables_.former_links, row);
    for (const EntryId id : change.erased) LAUREL_TRY_VOID(erase_evidence(id));
    for (const auto& voucher : change.vouchers) LAUREL_TRY_VOID(put(voucher));
    for (const auto& row : change.profiles) LAUREL_TRY_VOID(put(row));
    for (const auto& row : change.matching_keys) LAUREL_TRY_VOID(put(row));
    for (const auto& id : change.webhooks_removed) remove(tables_.webhooks, id);
    for (const auto& webhook : change.webhooks) LAUREL_TRY_VOID(put(webhook));
    return change.secret.empty() ? Result<void>{} : keep(change.secret);
  }

  void add(const ledger::Entry& entry) {
    tables_.entries.push_back(entry);
    undo_.push_back([this] { tables_.entries.pop_back(); });
  }

  Result<void> erase_evidence(EntryId id) {
    const auto place = static_cast<std::size_t>(id.number() - 1);
    if (!id || place >= tables_.entries.size()) return refused("an entry that is erased is stored");
    auto& entry = tables_.entries[place];
    undo_.push_back([this, place, before = entry] { tables_.entries[place] = before; });
    if (entry.document) entry.document->identifiers.clear();
    if (entry.valuation && entry.valuation->person) {
      auto& person = *entry.valuation->person;
      person = {person.enrolled_at, {}, {}, {}, person.forgotten || person.tells()};
    }
    if (!entry.attribution) return {};
    for (auto& evidence : entry.attribution->evidence) evidence.value.clear();
    return {};
  }

  Result<void> put(const ledger::MemberRecord& record) {
    if (!record.id) return refused("a member has a number");
    for (const auto& wallet : record.wallets) {
      if (std::min({wallet.pending, wallet.available, wallet.held, wallet.debt}) < Points{}) {
        return refused("no balance is below zero");
      }
    }
    if (const auto before = find(tables_.members, record.id)) {
      erase(tables_.due, {before->next_due, record.id});
    }
    if (record.next_due != kNever) insert(tables_.due, {record.next_due, record.id});
    assign(tables_.members, record.id, record);
    return {};
  }

  Result<void> put(const ledger::Lot& lot) {
    if (std::min({lot.earned, lot.remaining, lot.reversed, lot.spent, lot.expired}) < Points{}) {
      return refused("no part of a lot is below zero");
    }
    if (lot.earned != lot.remaining + lot.reversed + lot.spent + lot.expired) {
      return refused("the parts of a lot sum to what was earned");
    }
    if (lot.previous >= lot.id) return refused("a lot follows an earlier one");
    assign(tables_.lots, lot.id, lot);
    return {};
  }

  Result<void> put(const IdentifierLink& link) {
    const IdentifierName name(link.type, link.value);
    const auto before = find(tables_.identifiers, name);
    if (before && before->member != link.member) return refused("the identifier is another's");
    if (!tables_.members.contains(link.member)) return refused("an identifier names a member");
    assign(tables_.identifiers, name, link);
    if (!before) insert(tables_.identifiers_by_member, {link.member, name});
    return {};
  }

  void unlink(const IdentifierLink& link) {
    const IdentifierName name(link.type, link.value);
    const auto before = find(tables_.identifiers, name);
    if (!before || before->member != link.member) return;
    tables_.identifiers.erase(name);
    undo_.push_back([this, name, before] { tables_.identifiers.emplace(name, *before); });
    erase(tables_.identifiers_by_member, {link.member, name});
  }

  Result<void> put(const TransactionRecord& record) {
    if (const auto before = find(tables_.transactions, record.key)) {
      if (before->entry && before->entry != record.entry) {
        return refused("the business key is another entry's");
      }
      const auto& old = before->related;
      if (!std::equal(old.begin(), old.end(), record.related.begin(),
                      record.related.begin() + static_cast<std::ptrdiff_t>(
                                                   std::min(old.size(), record.related.size())))) {
        return refused("related entries are never taken away");
      }
    }
    assign(tables_.transactions, record.key, record);
    return {};
  }

  Result<void> put(const UsageRow& row) {
    if (row.units < 0 || row.times < 0) return refused("no counter is below zero");
    assign(tables_.usage, {row.counter, row.member, row.day}, row);
    return {};
  }

  Result<void> put(const ledger::Voucher& voucher) {
    if (voucher.uses_left < 0 || voucher.left_minor < 0) {
      return refused("no voucher is below zero");
    }
    if (const auto before = find(tables_.vouchers, voucher.code)) {
      if (before->issued_by != voucher.issued_by) return refused("the code is another voucher's");
      if (before->owner) erase(tables_.vouchers_by_owner, {before->owner, before->code});
      if (!before->given) erase(tables_.waiting_vouchers, {before->terms.pool, before->code});
    }
    assign(tables_.vouchers, voucher.code, voucher);
    if (voucher.owner) insert(tables_.vouchers_by_owner, {voucher.owner, voucher.code});
    if (!voucher.given) insert(tables_.waiting_vouchers, {voucher.terms.pool, voucher.code});
    return {};
  }

  Result<void> put(const ProfileRow& row) {
    if (!tables_.members.contains(row.member)) return refused("a profile is a member's");
    if (!row.profile.empty()) {
      assign(tables_.profiles, row.member, row.profile);
    } else {
      remove(tables_.profiles, row.member);
    }
    return {};
  }

  Result<void> put(const MatchingKeys& row) {
    if (!tables_.members.contains(row.member)) return refused("a matching key is a member's");
    const auto before = find(tables_.matching_keys, row.member);
    for (const auto key : before.value_or(std::vector<std::int64_t>{})) {
      erase(tables_.sharing, {key, row.member});
    }
    for (const auto key : row.keys) insert(tables_.sharing, {key, row.member});
    if (!row.keys.empty()) {
      assign(tables_.matching_keys, row.member, row.keys);
    } else {
      remove(tables_.matching_keys, row.member);
    }
    return {};
  }

  Result<void> put(const Webhook& webhook) {
    const auto before = find(tables_.webhooks, webhook.id);
    if (webhook.progress.cursor < (before ? before->progress.cursor : EntryId())) {
      return refused("a webhook never goes back");
    }
    assign(tables_.webhooks, webhook.id, webhook);
    return {};
  }

  Result<void> keep(const std::string& secret) {
    if (!tables_.secret.empty()) return refused("the secret of a store is never changed");
    tables_.secret = secret;
    undo_.push_back([this] { tables_.secret.clear(); });
    return {};
  }

  Result<void> add(ProgrammeVersion version) {
    return append(tables_.programmes, std::move(version), "versions are numbered in order");
  }
  Result<void> add(Directive directive) {
    return append(tables_.directives, std::move(directive), "directives are numbered in order");
  }

  Result<void> put(const ReviewItem& item) {
    if (item.number == 0) {
      const std::pair subject(item.kind, item.subject);
      if (tables_.subjects.contains(subject)) return {};
      LAUREL_TRY_VOID(append(tables_.reviews, item, ""));
      assign(tables_.subjects, subject, static_cast<std::int64_t>(tables_.reviews.size()));
      return {};
    }
    const auto place = static_cast<std::size_t>(item.number - 1);
    if (place >= tables_.reviews.size() || tables_.reviews[place].state != ReviewState::kOpen) {
      return refused("what was decided stays decided");
    }
    undo_.push_back(
        [this, place, before = tables_.reviews[place]] { tables_.reviews[place] = before; });
    tables_.reviews[place] = item;
    return {};
  }

  template <class T>
  Result<void> append(std::vector<T>& list, T item, const char* otherwise) {
    const auto number = static_cast<std::int64_t>(list.size()) + 1;
    if (item.number != 0 && item.number != number) return refused(otherwise);
    item.number = number;
    list.push_back(std::move(item));
    undo_.push_back([&list] { list.pop_back(); });
    return {};
  }

  template <class Map, class Value>
  void assign(Map& map, const typename Map::key_type& key, const Value& value) {
    auto before = find(map, key);
    map.insert_or_assign(key, value);
    undo_.push_back([&map, key, before = std::move(before)] {
      if (before) {
        map.insert_or_assign(key, *before);
      } else {
        map.erase(key);
      }
    });
  }
  template <class Map>
  void remove(Map& map, const typename Map::key_type& key) {
    const auto before = find(map, key);
    if (!before) return;
    map.erase(key);
    undo_.push_back([&map, key, value = *before] { map.emplace(key, value); });
  }
  template <class Set>
  void insert(Set& set, const typename Set::value_type& value) {
    if (set.insert(value).second) undo_.push_back([&set, value] { set.erase(value); });
  }
  template <class Set>
  void erase(Set& set, const typename Set::value_type& value) {
    if (set.erase(value) > 0) undo_.push_back([&set, value] { set.insert(value); });
  }

  Tables& tables_;
  std::vector<std::function<void()>> undo_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(bool read_only) : read_only_(read_only) {}

  std::vector<Result<void>> write(std::span<const UnitOfWork> units) override {
    std::vector<Result<void>> results;
    results.reserve(units.size());
    const std::unique_lock lock(mutex_);
    for (const UnitOfWork& unit : units) results.push_back(write_one(unit));
    return results;
  }

  Result<void> read(const std::function<Result<void>(const View&)>& reader) const override {
    const std::shared_lock lock(mutex_);
    return reader(MemoryView(tables_));
  }

  Result<void> copy_to(const std::string&,
                       const std::function<void(BackupProgress)>&) const override {
    return Error{ErrorCode::kInvalid, "a store in memory is in no file that could be copied"};
  }

  Result<std::shared_ptr<void>> reserve(const std::string& role) override {
    const std::unique_lock lock(mutex_);
    auto& held = roles_[role];
    if (!held.expired()) return std::shared_ptr<void>();
    auto given = std::make_shared<std::string>(role);
    held = given;
    return std::shared_ptr<void>(std::move(given));
  }

 private:
  Result<void> write_one(const UnitOfWork& unit) {
    if (read_only_) return Error{ErrorCode::kReadOnly, "the store was opened for reading only"};
    LAUREL_TRY(const Change change, plan(unit, MemoryView(tables_), next_));
    LAUREL_TRY_VOID(Application(tables_).apply(change, next_));
    next_ = after(change, next_);
    return {};
  }

  const bool read_only_;
  mutable std::shared_mutex mutex_;
  Tables tables_;
  std::map<std::string, std::weak_ptr<void>> roles_;
  NextIds next_{.entry = EntryId(1), .member = MemberId(1)};
};

}  // namespace

StoreHandle open_memory_store(const StoreOptions& options) {
  return std::make_shared<MemoryStore>(options.read_only);
}

}  // namespace laurel::store
