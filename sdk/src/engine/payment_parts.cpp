#include "engine/payment_parts.hpp"

#include <algorithm>
#include <deque>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/redemption_parts.hpp"
#include "engine/spending.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// What one member gave for the sale.
struct Share {
  MemberId member;
  Points points;
  std::vector<Entry> spent = {};  // that took it, and gave some back since
};

class Restoring {
 public:
  Restoring(Unit& unit, MemberSession& main, Entry& entry, const SharedReturn& shared)
      : unit_(unit),
        compiled_(unit.in_force(unit.now)),
        main_(main),
        entry_(entry),
        shared_(shared) {}

  Result<void> run() {
    LAUREL_TRY_VOID(learn_shares());
    Points before;
    for (const auto& movement : shared_.sale.movements) {
      if (movement.redemption) before += movement.redemption->points;
    }
    entry_.redemption->points = shared_.back - before;
    const auto was = each(before), is = each(shared_.back);
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      if (is[i] != was[i]) LAUREL_TRY_VOID(move(shares_[i], is[i] - was[i], i + 1 == is.size()));
    }
    for (auto& session : others_) LAUREL_TRY_VOID(session.close());
    return {};
  }

 private:
  // The others' in the order in which they get theirs back; at last her own, who paid.
  Result<void> learn_shares() {
    Share own{main_.record().id, {}, shared_.spent};
    for (const auto& one : shared_.spent) {
      const bool captured = one.kind == EntryKind::kCapture;
      if (captured) own.points += one.redemption->points;
      for (const auto& part : one.redemption->parts) {
        LAUREL_TRY_VOID(add(part, captured));
        if (captured) own.points -= part.points;
      }
    }
    for (const auto& movement : shared_.sale.movements) {
      own.spent.push_back(movement);
      if (!movement.redemption) continue;
      for (const auto& part : movement.redemption->parts) LAUREL_TRY_VOID(add(part, false));
    }
    std::ranges::reverse(shares_);
    shares_.push_back(std::move(own));
    return {};
  }

  Result<void> add(const ledger::RedemptionPart& part, bool captured) {
    auto at = std::ranges::find(shares_, part.member, &Share::member);
    if (at == shares_.end()) at = shares_.insert(at, {part.member, {}});
    if (captured) at->points += part.points;
    LAUREL_TRY(auto entry, unit_.view.entry(part.entry));
    LAUREL_CHECK(entry.has_value(), "a redemption names an entry that is not stored");
    at->spent.push_back(*std::move(entry));
    return {};
  }

  std::vector<Points> each(Points back) const {
    std::vector<Points> parts;
    for (const auto& share : shares_) {
      parts.push_back(std::min(back, share.points));
      back -= parts.back();
    }
    return parts;
  }

  Result<void> move(const Share& share, Points points, bool own) {
    if (own) return write(main_, entry_, share, points);
    LAUREL_TRY(auto record, owner_of(unit_, share.member));
    if (record.id == main_.record().id) return write(main_, entry_, share, points);
    LAUREL_TRY(MemberSession* const session, session_of(std::move(record)));
    Entry entry = session->begin(EntryKind::kRelease, unit_.now);
    entry.about = shared_.sale.entry.id;
    entry.actor = entry_.actor;
    entry.programme = compiled_.digest;
    entry.redemption = ledger::RedemptionTerms{shared_.wallet, points, {}, {}};
    entry.redemption->reverses = true;
    LAUREL_TRY_VOID(write(*session, entry, share, points));
    entry_.redemption->parts.push_back({share.member, entry.id, points});
    return session->end(std::move(entry), compiled_);
  }

  Result<MemberSession*> session_of(ledger::MemberRecord record) {
    for (auto& session : others_) {
      if (session.record().id == record.id) return &session;
    }
    others_.emplace_back(unit_, std::move(record));
    LAUREL_TRY_VOID(others_.back().settle(compiled_));
    return &others_.back();
  }

  Result<void> write(MemberSession& session, Entry& entry, const Share& share, Points points) {
    if (points > Points{}) {
      return give_points_back(session, entry, compiled_, shared_.wallet, points, share.spent,
                              shared_.at);
    }
    const auto index = compiled_.wallet_index(shared_.wallet);
    if (!index) return {};
    LAUREL_TRY(const auto missing, overdraw_points(session, entry, compiled_, *index, -points));
    if (missing > Points{}) entry.flags.push_back("overdrawn");
    return {};
  }

  Unit& unit_;
  const programme::Compiled& compiled_;
  MemberSession& main_;
  Entry& entry_;
  const SharedReturn& shared_;
  std::vector<Share> shares_;
  std::deque<MemberSession> others_;
};

}  // namespace

Result<void> restore_shared(Unit& unit, MemberSession& session, Entry& entry,
                            const SharedReturn& shared) {
  entry.redemption = ledger::RedemptionTerms{shared.wallet, {}, {}, {}};
  return Restoring(unit, session, entry, shared).run();
}

}  // namespace laurel::engine
