#include "store/memory_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "store/lot_chain.hpp"
#include "store/store.hpp"
#include "store/unit.hpp"

namespace laurel::store {
namespace {

using UsageKey = std::tuple<std::string, MemberId, Date>;    // counter, member, day
using IdentifierName = std::pair<std::string, std::string>;  // type, value

struct Tables {
  std::vector<ledger::Entry> entries;  // entry n at n - 1
  std::map<MemberId, ledger::MemberRecord> members;
  std::set<std::pair<Instant, MemberId>> due;
  std::map<ledger::LotId, ledger::Lot> lots;
  std::map<IdentifierName, IdentifierLink> identifiers;
  std::set<std::pair<MemberId, IdentifierName>> identifiers_by_member;
  std::map<TransactionKey, TransactionRecord> transactions;
  std::map<UsageKey, UsageRow> usage;
  std::vector<ProgrammeVersion> programmes;
  std::vector<Directive> directives;
  std::set<Unclaimed> unclaimed;
  std::set<Sighting> sightings;
  std::set<FormerLink> former_links;
  std::vector<ReviewItem> reviews;                                      // item n at n - 1
  std::map<std::pair<ReviewKind, std::string>, std::int64_t> subjects;  // of them
  std::map<std::string, ledger::Voucher> vouchers;                      // by code
  std::set<std::pair<MemberId, std::string>> vouchers_by_owner;
  std::set<std::pair<std::string, std::string>> waiting_vouchers;  // pool, code
  std::string secret;
  std::map<MemberId, MemberProfile> profiles;
  std::map<MemberId, std::vector<std::int64_t>> matching_keys;
  std::set<std::pair<std::int64_t, MemberId>> sharing;  // key, member
};

template <class Map, class Key>
auto find(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

class MemoryView final : public View {
 public:
  explicit MemoryView(const Tables& tables) : tables_(tables) {}

  Result<std::optional<TransactionRecord>> transaction(const TransactionKey& key) const override {
    return find(tables_.transactions, key);
  }
  Result<std::optional<Identified>> identify(const std::string& type,
                                             const std::string& value) const override {
    const auto link = find(tables_.identifiers, IdentifierName(type, value));
    if (!link) return std::optional<Identified>();
    auto record = find(tables_.members, link->member);
    if (!record) return std::optional<Identified>();
    return std::optional(Identified{.link = *link, .member = *std::move(record)});
  }
  Result<std::optional<ledger::MemberRecord>> member(MemberId id) const override {
    return find(tables_.members, id);
  }
  Result<std::vector<IdentifierLink>> identifiers(MemberId id) const override {
    std::vector<IdentifierLink> links;
    const auto& by_member = tables_.identifiers_by_member;
    for (auto at = by_member.lower_bound({id, {}}); at != by_member.end() && at->first == id;
         ++at) {
      links.push_back(tables_.identifiers.at(at->second));
    }
    return links;
  }
  Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member) const override {
    return store::open_lots(member, [this](ledger::LotId id) { return lot(id); });
  }
  Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const override {
    return find(tables_.lots, id);
  }
  Result<std::optional<ledger::Entry>> entry(EntryId id) const override {
    const auto place = static_cast<std::size_t>(id.number() - 1);
    if (!id || place >= tables_.entries.size()) return std::optional<ledger::Entry>();
    return std::optional(tables_.entries[place]);
  }
  Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const override {
    const auto& all = tables_.entries;
    const auto from = std::min(static_cast<std::size_t>(after.number()), all.size());
    const auto count = std::min(limit, all.size() - from);
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector(first, first + static_cast<std::ptrdiff_t>(count));
  }
  Result<std::vector<ledger::Entry>> entries_of(Share share, EntryId after,
                                                std::size_t limit) const override {
    std::vector<ledger::Entry> found;
    const auto& all = tables_.entries;
    for (auto place = static_cast<std::size_t>(after.number());
         place < all.size() && found.size() < limit; ++place) {
      if (share.has(all[place].member)) found.push_back(all[place]);
    }
    return found;
  }
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override {
    std::vector<MemberId> members;
    for (const auto& [moment, id] : tables_.due) {
      if (moment > now || members.size() == limit) break;
      members.push_back(id);
    }
    return members;
  }
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override {
    std::vector<ledger::MemberRecord> members;
    for (auto at = tables_.members.upper_bound(after);
         at != tables_.members.end() && members.size() < limit; ++at) {
      members.push_back(at->second);
    }
    return members;
  }
  Result<std::vector<UsageRow>> usage(const std::string& counter, MemberId member, Date first,
                                      Date last) const override {
    std::vector<UsageRow> rows;
    const auto end = tables_.usage.upper_bound({counter, member, last});
    for (auto at = tables_.usage.lower_bound({counter, member, first}); at != end; ++at) {
      rows.push_back(at->second);
    }
    return rows;
  }
  Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const override {
    return find(tables_.vouchers, code);
  }
  Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                   std::size_t limit) const override {
    std::vector<ledger::Voucher> vouchers;
    const auto& by_owner = tables_.vouchers_by_owner;
    for (auto at = by_owner.upper_bound({owner, after});
         at != by_owner.end() && at->first == owner && vouchers.size() < limit; ++at) {
      vouchers.push_back(tables_.vouchers.at(at->second));
    }
    return vouchers;
  }
  Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                        std::size_t limit) const override {
    std::vector<ledger::Voucher> vouchers;
    const auto& waiting = tables_.waiting_vouchers;
    for (auto at = waiting.lower_bound({pool, {}});
         at != waiting.end() && at->first == pool && vouchers.size() < limit; ++at) {
      vouchers.push_back(tables_.vouchers.at(at->second));
    }
    return vouchers;
  }
  Result<std::string> secret() const override { return tables_.secret; }
  Result<std::vector<ProgrammeVersion>> programmes(std::int64_t after) const override {
    std::vector<ProgrammeVersion> versions;
    for (const ProgrammeVersion& version : tables_.programmes) {
      if (version.number > after) versions.push_back(version);
    }
    return versions;
  }
  Result<std::vector<Directive>> directives(std::int64_t after) const override {
    std::vector<Directive> directives;
    for (const Directive& directive : tables_.directives) {
      if (directive.number > after) directives.push_back(directive);
    }
    return directives;
  }
  Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                          std::size_t limit) const override {
    std::vector<MemberId> members;
    for (auto at = tables_.sightings.lower_bound({mark, {}});
         at != tables_.sightings.end() && at->mark == mark && members.size() < limit; ++at) {
      members.push_back(at->member);
    }
    return members;
  }
  Result<std::vector<FormerLink>> former_links(const std::string& mark) const override {
    std::vector<FormerLink> found;
    for (auto at = tables_.former_links.lower_bound({mark, Instant::min(), {}, Instant::min()});
         at != tables_.former_links.end() && at->mark == mark; ++at) {
      found.push_back(*at);
    }
    return found;
  }
  Result<std::vector<Unclaimed>> unclaimed(const std::string& type,
                                           const std::string& value) const override {
    std::vector<Unclaimed> found;
    for (auto at = tables_.unclaimed.lower_bound({type, value, {}});
         at != tables_.unclaimed.end() && at->type == type && at->value == value; ++at) {
      found.push_back(*at);
    }
    return found;
  }
  Result<std::vector<Unclaimed>> oldest_unclaimed(std::size_t limit) const override {
    std::vector<Unclaimed> found(tables_.unclaimed.begin(), tables_.unclaimed.end());
    std::ranges::stable_sort(found, {}, &Unclaimed::entry);
    found.resize(std::min(limit, found.size()));
    return found;
  }
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override {
    const auto place = static_cast<std::size_t>(number - 1);
    if (number < 1 || place >= tables_.reviews.size()) return std::optional<ReviewItem>();
    return std::optional(tables_.reviews[place]);
  }
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override {
    return review(find(tables_.subjects, std::pair(kind, subject)).value_or(0));
  }
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override {
    std::vector<ReviewItem> items;
    for (const ReviewItem& item : tables_.reviews) {
      if (items.size() == filter.limit) break;
      if (item.number <= filter.after || item.opened_at > now) continue;
      if (filter.state.value_or(item.state) != item.state) continue;
      if (filter.kind.value_or(item.kind) != item.kind) continue;
      items.push_back(item);
    }
    return items;
  }
  Result<std::optional<MemberProfile>> profile(MemberId id) const override {
    return find(tables_.profiles, id);
  }
  Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const override {
    std::vector<MemberId> members;
    for (auto at = tables_.sharing.lower_bound({key, {}});
         at != tables_.sharing.end() && at->first == key && members.size() < limit; ++at) {
      members.push_back(at->second);
    }
    return members;
  }
  Result<std::vector<std::int64_t>> matching_keys(MemberId id) const override {
    return find(tables_.matching_keys, id).value_or(std::vector<std::int64_t>{});
  }

 private:
  const Tables& tables_;
};

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
  NextIds next_{.entry = EntryId(1), .member = MemberId(1)};
};

}  // namespace

StoreHandle open_memory_store(const StoreOptions& options) {
  return std::make_shared<MemoryStore>(options.read_only);
}

}  // namespace laurel::store
