#include "engine/redemption_parts.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"
#include "engine/spending.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using ledger::RedemptionPart;

// Of the lots under the holds, in the order in which they are captured.
struct Slice {
  Instant end;
  std::size_t holder = 0;
  Points points;
};

std::string actor_of(const RedemptionFile& file) {
  return requested_key("redemption", file.record.key).source;
}

}  // namespace

Result<ledger::MemberRecord> owner_of(const Unit& unit, MemberId id) {
  return existing_now(unit.view, id);
}

Result<Holders> Holders::of(Unit& unit, const RedemptionFile& file, MemberSession& main,
                            const programme::Compiled& compiled) {
  Holders holders(main, file.opened.id);
  for (const MemberId id : file.holders) {
    LAUREL_TRY(auto record, owner_of(unit, id));
    const auto is_she = [&](const MemberSession& one) { return one.record().id == record.id; };
    if (is_she(main) || std::ranges::any_of(holders.others_, is_she)) continue;
    if (ledger::find_hold(record, file.opened.id) == nullptr) continue;
    holders.others_.emplace_back(unit, std::move(record));
    LAUREL_TRY_VOID(holders.others_.back().settle(compiled));
  }
  return holders;
}

MemberSession& Holders::at(std::size_t place) const {
  return place == 0 ? *main_ : others_[place - 1];
}

Points Holders::points_at(std::size_t place) const {
  const auto* hold = ledger::find_hold(at(place).record(), hold_);
  return hold == nullptr ? Points{} : hold->points;
}

bool Holders::any_not_active() const {
  return std::ranges::any_of(others_, [](const MemberSession& one) {
    return one.record().status != MemberStatus::kActive;
  });
}

std::vector<Points> Holders::held() const {
  std::vector<Points> points;
  for (std::size_t i = 0; i <= others_.size(); ++i) points.push_back(points_at(i));
  return points;
}

Result<std::vector<Points>> Holders::first(Points points) {
  if (only_main()) return std::vector{points};
  std::vector<Slice> slices;
  for (std::size_t i = 0; i <= others_.size(); ++i) {
    auto& session = at(i);
    const auto* hold = ledger::find_hold(session.record(), hold_);
    if (hold == nullptr) continue;
    const auto parts = hold->parts;
    LAUREL_TRY_VOID(session.load_lots_of(*hold));
    for (const auto& part : parts) {
      const auto* lot = ledger::find_lot(session.books(), part.lot);
      LAUREL_CHECK(lot != nullptr, "a hold stands on lots of its member");
      slices.push_back({ledger::lot_end(session.record(), *lot), i, part.points});
    }
  }
  std::ranges::stable_sort(slices, {}, &Slice::end);
  std::vector<Points> shares(others_.size() + 1);
  for (const auto& slice : slices) {
    const Points taken = std::min(points, slice.points);
    shares[slice.holder] += taken;
    points -= taken;
  }
  LAUREL_CHECK(points == Points{}, "no more is taken of a redemption than is held");
  return shares;
}

Result<void> Holders::close() {
  for (auto& session : others_) LAUREL_TRY_VOID(session.close());
  return {};
}

Entry begin_part(MemberSession& session, const RedemptionFile& file, EntryKind kind,
                 const programme::Compiled& compiled, Points points, Instant at) {
  Entry entry = session.begin(kind, at);
  entry.about = file.opened.id;
  entry.actor = actor_of(file);
  entry.programme = compiled.digest;
  entry.redemption = ledger::RedemptionTerms{file.opened.redemption->wallet, points, {}, {}};
  return entry;
}

Result<std::vector<RedemptionPart>> act_on_others(Holders& holders, const RedemptionFile& file,
                                                  EntryKind kind,
                                                  const programme::Compiled& compiled,
                                                  std::span<const Points> points,
                                                  const ActOnPart& act) {
  std::vector<RedemptionPart> parts;
  for (std::size_t i = 0; i < holders.others().size(); ++i) {
    auto& session = holders.others()[i];
    const Points share = points[i + 1];
    // What is captured of a redemption may leave somebody's part whole: that comes back.
    const bool spared = kind == EntryKind::kCapture && share == Points{};
    Entry entry = begin_part(session, file, spared ? EntryKind::kRelease : kind, compiled, share,
                             session.now());
    const auto* hold = ledger::find_hold(session.record(), file.opened.id);
    if (spared) {
      LAUREL_TRY_VOID(
          release_points(session, entry, compiled, file.opened.id, Points(hold->points)));
    } else {
      LAUREL_TRY_VOID(act(session, entry, share));
    }
    const EntryId id = entry.id;
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    parts.push_back({session.record().id, id, share});
  }
  return parts;
}

Result<std::vector<RedemptionPart>> give_back_to_others(Unit& unit, MemberSession& main,
                                                        const RedemptionFile& file,
                                                        const programme::Compiled& compiled) {
  std::vector<RedemptionPart> parts;
  std::deque<MemberSession> sessions;
  for (const auto& taken : file.capture->redemption->parts) {
    if (taken.points == Points{}) continue;
    LAUREL_TRY(auto record, owner_of(unit, taken.member));
    MemberSession* session = record.id == main.record().id ? &main : nullptr;
    for (auto& open : sessions) {
      if (open.record().id == record.id) session = &open;
    }
    if (session == nullptr) {
      session = &sessions.emplace_back(unit, std::move(record));
      LAUREL_TRY_VOID(session->settle(compiled));
    }
    LAUREL_TRY(const auto spent, spent_of_part(unit, file, taken));
    Entry entry = begin_part(*session, file, EntryKind::kRelease, compiled, taken.points, unit.now);
    entry.redemption->reverses = true;
    LAUREL_TRY_VOID(give_points_back(*session, entry, compiled, file.opened.redemption->wallet,
                                     taken.points, spent, unit.now));
    const EntryId id = entry.id;
    const MemberId who = session->record().id;
    LAUREL_TRY_VOID(session->end(std::move(entry), compiled));
    parts.push_back({who, id, taken.points});
  }
  for (auto& session : sessions) LAUREL_TRY_VOID(session.close());
  return parts;
}

Result<std::vector<Entry>> spent_of_part(const Unit& unit, const RedemptionFile& file,
                                         const RedemptionPart& taken) {
  std::vector<Entry> spent;
  const auto add = [&](EntryId id) -> Result<void> {
    LAUREL_TRY(auto entry, unit.view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a redemption names an entry that is not stored");
    spent.push_back(*std::move(entry));
    return {};
  };
  for (const auto& held : file.opened.redemption->parts) {
    if (held.member == taken.member) LAUREL_TRY_VOID(add(held.entry));
  }
  LAUREL_TRY_VOID(add(taken.entry));
  return spent;
}

}  // namespace laurel::engine
