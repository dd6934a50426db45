#include "engine/spending.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/lots.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::Account;
using ledger::Entry;

void note_redeemed(MemberSession& session, const programme::Compiled& compiled,
                   ledger::EntryWriter& writer, std::size_t wallet, Instant at) {
  note_use(compiled, wallet, session.books(), writer, at, programme::kRedeems, false);
}

// Of a wallet that the programme no longer has, points come back as they were.
const WalletPolicy& policy_of(const programme::Compiled& compiled, const std::string& wallet) {
  static const WalletPolicy kGone;
  const auto index = compiled.wallet_index(wallet);
  return index ? compiled.wallets[*index] : kGone;
}

// What entries took of lots and did not give back, in the order in which it was taken. Debt that a
// new lot paid at once was not taken of it.
std::vector<ledger::HeldPart> net_parts(MemberSession& session, const std::string& wallet,
                                        std::span<const Entry> entries) {
  std::vector<ledger::HeldPart> taken;
  std::vector<std::pair<ledger::LotId, std::size_t>> places;
  for (const auto& entry : entries) {
    for (const auto& move : entry.lot_moves) {
      if (move.kind != ledger::LotMoveKind::kSpend || move.lot.entry() == entry.id) continue;
      const auto* lot = ledger::find_lot(session.books(), move.lot);
      if (lot == nullptr || lot->wallet != wallet) continue;
      const auto at =
          std::lower_bound(places.begin(), places.end(), std::pair(move.lot, std::size_t{0}));
      if (at != places.end() && at->first == move.lot) {
        taken[at->second].points += move.points;
      } else {
        places.insert(at, {move.lot, taken.size()});
        taken.push_back({move.lot, move.points});
      }
    }
  }
  std::erase_if(taken, [](const ledger::HeldPart& part) { return part.points <= Points{}; });
  return taken;
}

}  // namespace

Result<void> hold_points(MemberSession& session, Entry& entry, const programme::Compiled& compiled,
                         Holding holding) {
  LAUREL_TRY_VOID(session.load_open_lots());
  ledger::EntryWriter writer(session.books(), entry);
  return writer.hold(holding.redemption, compiled.wallets[holding.wallet].id, holding.points,
                     holding.until, std::move(holding.reserved));
}

Result<void> spend_points(MemberSession& session, Entry& entry, const programme::Compiled& compiled,
                          std::size_t wallet, Points points) {
  LAUREL_TRY_VOID(session.load_open_lots());
  ledger::EntryWriter writer(session.books(), entry);
  LAUREL_TRY_VOID(writer.spend(compiled.wallets[wallet].id, points, Account::kRedeemed));
  note_redeemed(session, compiled, writer, wallet, entry.event_time);
  return {};
}

Result<Points> overdraw_points(MemberSession& session, Entry& entry,
                               const programme::Compiled& compiled, std::size_t wallet,
                               Points points) {
  LAUREL_TRY_VOID(session.load_open_lots());
  ledger::EntryWriter writer(session.books(), entry);
  note_redeemed(session, compiled, writer, wallet, entry.event_time);
  return writer.overdraw(compiled.wallets[wallet].id, points, Account::kRedeemed);
}

Result<void> capture_points(MemberSession& session, Entry& entry,
                            const programme::Compiled& compiled, EntryId id, Points points) {
  const auto* hold = ledger::find_hold(session.record(), id);
  LAUREL_CHECK(hold != nullptr, "the hold is open");
  const std::string wallet = hold->wallet;
  LAUREL_TRY_VOID(session.load_lots_of(*hold));
  ledger::EntryWriter writer(session.books(), entry);
  if (const auto index = compiled.wallet_index(wallet)) {
    note_redeemed(session, compiled, writer, *index, entry.event_time);
  }
  return writer.resolve(id, points, {policy_of(compiled, wallet), compiled.zone, entry.event_time});
}

Result<void> release_points(MemberSession& session, Entry& entry,
                            const programme::Compiled& compiled, EntryId id, Points points) {
  const auto* hold = ledger::find_hold(session.record(), id);
  LAUREL_CHECK(hold != nullptr, "the hold is open");
  const ledger::Hold open = *hold;
  LAUREL_TRY_VOID(session.load_lots_of(open));
  ledger::EntryWriter writer(session.books(), entry);
  const ledger::Returning returning{policy_of(compiled, open.wallet), compiled.zone,
                                    entry.event_time};
  if (points >= open.points) return writer.resolve(id, {}, returning);
  return writer.loosen(id, points, returning);
}

Result<void> give_points_back(MemberSession& session, Entry& entry,
                              const programme::Compiled& compiled, const std::string& wallet,
                              Points points, std::span<const Entry> spent, Instant at) {
  for (const auto& one : spent) LAUREL_TRY_VOID(session.load_lots_of(one));
  LAUREL_TRY_VOID(session.load_open_lots());  // of the others
  std::vector<ledger::HeldPart> back;
  Points left = points;
  const auto taken = net_parts(session, wallet, spent);
  for (auto part = taken.rbegin(); part != taken.rend() && left > Points{}; ++part) {
    back.push_back({part->lot, std::min(left, part->points)});
    left -= back.back().points;
  }
  ledger::EntryWriter writer(session.books(), entry);
  LAUREL_TRY_VOID(
      writer.give_back(back, Account::kRedeemed, {policy_of(compiled, wallet), compiled.zone, at}));
  const auto index = compiled.wallet_index(wallet);
  if (left == Points{} || !index) return {};
  return writer.give_back_debt(wallet, left, terms_at_once(compiled, *index, at));
}

Points redeemed_by(std::span<const Entry> entries, const std::string& wallet) {
  Points sum;
  for (const auto& entry : entries) {
    for (const auto& posting : entry.postings) {
      if (posting.wallet == wallet && posting.account == Account::kRedeemed) sum += posting.amount;
    }
  }
  return sum;
}

Result<Spender> spender(const Unit& unit, const Version& version,
                        std::span<const Identifier> identifiers, const std::string& source) {
  if (identifiers.empty())
    return faulty_field("/identifiers", "required", "at least one identifier");
  LAUREL_TRY(const auto given, recognise({*version.recogniser, unit.view, {source}}, identifiers));
  const std::vector<std::string_view> places{source};
  LAUREL_TRY(auto found,
             attribute(unit.view, *version.recogniser, given, places, identity::Purpose::kRedeem));
  if (found.needs_review) {
    return Error{ErrorCode::kIdentifierTooWeak, "the identifiers name two members"};
  }
  if (found.member) return Spender{*std::move(found.member), std::move(found.attribution)};
  const bool named = std::ranges::any_of(found.attribution.evidence,
                                         [](const Evidence& each) { return bool(each.member); });
  if (named)
    return Error{ErrorCode::kIdentifierTooWeak, "none of the identifiers may spend points"};
  return Error{ErrorCode::kUnknownMember, "no member is known by these identifiers"};
}

Result<void> check_may_spend(const Unit& unit, const programme::Compiled& compiled,
                             const ledger::MemberRecord& member, bool step_up) {
  if (member.status != MemberStatus::kActive) {
    return Error{ErrorCode::kMemberNotActive, "the member may not spend points"};
  }
  const Duration wait = compiled.identity.redeem_after_change;
  if (step_up || wait == Duration{} || member.identified_at == Instant::min()) return {};
  if (unit.now >= member.identified_at + wait) return {};
  return Error{ErrorCode::kStepUpRequired,
               "an identifier was changed at " + laurel::to_text(member.identified_at)};
}

}  // namespace laurel::engine
