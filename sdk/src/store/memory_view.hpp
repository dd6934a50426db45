#pragma once
// The tables of the memory store, and reading them.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "store/lot_chain.hpp"
#include "store/store.hpp"

namespace laurel::store::memory {

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
  std::map<std::string, Webhook> webhooks;              // by id
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
  Result<std::vector<Webhook>> webhooks() const override {
    std::vector<Webhook> all;
    for (const auto& [id, webhook] : tables_.webhooks) all.push_back(webhook);
    return all;
  }
  Result<std::optional<Webhook>> webhook(const std::string& id) const override {
    return find(tables_.webhooks, id);
  }

 private:
  const Tables& tables_;
};

}  // namespace laurel::store::memory
