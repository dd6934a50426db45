#include "engine/planned.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "store/lot_chain.hpp"

namespace laurel::engine {
namespace {

// The last one that is about the same.
template <class T, class Key, class Of>
const T* find(const std::vector<T>& planned, const Key& key, Of of) {
  const auto at =
      std::find_if(planned.rbegin(), planned.rend(), [&](const T& one) { return of(one) == key; });
  return at == planned.rend() ? nullptr : &*at;
}

const auto kId = [](const auto& one) { return one.id; };
const auto kKey = [](const store::TransactionRecord& one) { return one.key; };
const auto kCounter = [](const store::UsageRow& one) {
  return std::tuple(one.counter, one.member, one.day);
};

const auto kMember = [](const auto& one) { return one.member; };
const auto kCode = [](const ledger::Voucher& one) { return one.code; };

template <class T, class Of>
void replace_or_add(std::vector<T>& planned, std::vector<T>&& later, Of of) {
  for (T& one : later) {
    const auto key = of(one);
    const auto at = std::find_if(planned.begin(), planned.end(),
                                 [&](const T& other) { return of(other) == key; });
    if (at == planned.end()) {
      planned.push_back(std::move(one));
    } else {
      *at = std::move(one);
    }
  }
}

template <class T>
void add(std::vector<T>& planned, std::vector<T>&& later) {
  std::move(later.begin(), later.end(), std::back_inserter(planned));
}

}  // namespace

Result<std::optional<store::TransactionRecord>> Planned::transaction(
    const TransactionKey& key) const {
  if (const auto* record = find(change_.transactions, key, kKey)) return std::optional(*record);
  return stored_.transaction(key);
}

Result<std::optional<store::Identified>> Planned::identify(const std::string& type,
                                                           const std::string& value) const {
  const auto is_it = [&](const store::IdentifierLink& link) {
    return link.type == type && link.value == value;
  };
  const auto linked = std::ranges::find_if(change_.links, is_it);
  if (linked != change_.links.end()) {
    LAUREL_TRY(auto record, member(linked->member));
    if (!record) return std::optional<store::Identified>();
    return std::optional(store::Identified{*linked, *std::move(record)});
  }
  if (std::ranges::any_of(change_.unlinks, is_it)) return std::optional<store::Identified>();
  LAUREL_TRY(auto found, stored_.identify(type, value));
  if (!found) return found;
  if (const auto* record = find(change_.members, found->member.id, kId)) found->member = *record;
  return found;
}

Result<std::optional<ledger::MemberRecord>> Planned::member(MemberId id) const {
  if (const auto* record = find(change_.members, id, kId)) return std::optional(*record);
  return stored_.member(id);
}

Result<std::vector<store::IdentifierLink>> Planned::identifiers(MemberId id) const {
  LAUREL_TRY(auto links, stored_.identifiers(id));
  const auto same_as = [](const store::IdentifierLink& one) {
    return [&one](const store::IdentifierLink& other) {
      return one.type == other.type && one.value == other.value;
    };
  };
  for (const auto& gone : change_.unlinks) std::erase_if(links, same_as(gone));
  for (const auto& link : change_.links) {
    if (link.member != id) continue;
    std::erase_if(links, same_as(link));
    links.push_back(link);
  }
  return links;
}

Result<std::vector<ledger::Lot>> Planned::open_lots(const ledger::MemberRecord& record) const {
  return store::open_lots(record, [this](ledger::LotId id) { return lot(id); });
}

Result<std::optional<ledger::Lot>> Planned::lot(ledger::LotId id) const {
  if (const auto* planned = find(change_.lots, id, kId)) return std::optional(*planned);
  return stored_.lot(id);
}

Result<std::optional<ledger::Entry>> Planned::entry(EntryId id) const {
  if (const auto* planned = find(change_.entries, id, kId)) return std::optional(*planned);
  return stored_.entry(id);
}

Result<std::vector<store::UsageRow>> Planned::usage(const std::string& counter, MemberId member,
                                                    Date first, Date last) const {
  LAUREL_TRY(auto rows, stored_.usage(counter, member, first, last));
  std::vector<store::UsageRow> planned;
  for (const auto& row : change_.usage) {
    if (row.counter == counter && row.member == member && first <= row.day && row.day <= last) {
      planned.push_back(row);
    }
  }
  replace_or_add(rows, std::move(planned), kCounter);
  std::ranges::sort(rows, {}, &store::UsageRow::day);
  return rows;
}

Result<std::optional<ledger::Voucher>> Planned::voucher(const std::string& code) const {
  if (const auto* planned = find(change_.vouchers, code, kCode)) return std::optional(*planned);
  return stored_.voucher(code);
}

Result<std::optional<MemberProfile>> Planned::profile(MemberId id) const {
  const auto* planned = find(change_.profiles, id, kMember);
  if (planned == nullptr) return stored_.profile(id);
  return planned->profile.empty() ? std::optional<MemberProfile>() : planned->profile;
}

Result<std::string> Planned::secret() const {
  return change_.secret.empty() ? stored_.secret() : Result<std::string>(change_.secret);
}

Result<std::optional<ReviewItem>> Planned::review_of(ReviewKind kind,
                                                     const std::string& subject) const {
  for (auto item = change_.reviews.rbegin(); item != change_.reviews.rend(); ++item) {
    if (item->number != 0 && item->kind == kind && item->subject == subject) {
      return std::optional(*item);
    }
  }
  return stored_.review_of(kind, subject);
}

void merge(store::Change& change, store::Change&& later) {
  add(change.entries, std::move(later.entries));
  replace_or_add(change.members, std::move(later.members), kId);
  replace_or_add(change.lots, std::move(later.lots), kId);
  replace_or_add(change.transactions, std::move(later.transactions), kKey);
  replace_or_add(change.usage, std::move(later.usage), kCounter);
  add(change.links, std::move(later.links));
  add(change.unlinks, std::move(later.unlinks));
  add(change.programmes, std::move(later.programmes));
  add(change.directives, std::move(later.directives));
  add(change.reviews, std::move(later.reviews));
  add(change.unclaimed, std::move(later.unclaimed));
  add(change.claimed, std::move(later.claimed));
  add(change.sightings, std::move(later.sightings));
  add(change.former_links, std::move(later.former_links));
  add(change.erased, std::move(later.erased));
  replace_or_add(change.vouchers, std::move(later.vouchers), kCode);
  replace_or_add(change.profiles, std::move(later.profiles), kMember);
  replace_or_add(change.matching_keys, std::move(later.matching_keys), kMember);
  if (change.secret.empty()) change.secret = std::move(later.secret);
}

void align_answers(std::vector<ledger::Entry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].key.id.empty() || !entries[i].member) continue;
    for (std::size_t later = entries.size() - 1; later > i; --later) {
      if (entries[later].member != entries[i].member) continue;
      entries[i].balances_after = entries[later].balances_after;
      if (entries[later].tier_after) entries[i].tier_after = entries[later].tier_after;
      break;
    }
  }
}

}  // namespace laurel::engine
