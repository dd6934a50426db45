#include "engine/redemptions.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/person.hpp"
#include "engine/redemption_parts.hpp"
#include "engine/request.hpp"
#include "engine/reward_hold.hpp"
#include "engine/spending.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr std::string_view kRedemption = "redemption";

// ---- Resolving

Result<RedemptionFile> known_redemption(const Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(auto file, find_redemption(unit, key));
  if (!file) return Error{ErrorCode::kUnknownRedemption, "no redemption has this id"};
  return *std::move(file);
}

TransactionKey key_of(std::string_view kind, const TransactionKey& redemption,
                      const std::string& id) {
  return request_key(kind, {redemption.source, id.empty() ? redemption.id : id});
}

Result<void> check_resolution(const Resolution& resolution) {
  std::vector<FieldFault> faults;
  check_key(resolution.redemption, "", faults);
  check_text(resolution.id, 128, "/id", faults);
  check_text(resolution.reason, 512, "/reason", faults);
  if (resolution.points && *resolution.points <= Points{}) {
    faults.push_back({"/points", "out_of_range", "a number of points above zero"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return {};
}

// The same resolution, sent again. One without an id of its own is another where it says otherwise.
Result<std::optional<Posted>> answered(const Unit& unit, const TransactionKey& key,
                                       const RedemptionFile& file, const std::string& id_given,
                                       const std::optional<Points>& points) {
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (!stored) return std::optional<Posted>{};
  if (stored->about != file.opened.id) return used_for_other_content("/redemption");
  const auto& terms = *stored->redemption;
  const Points all = file.opened.redemption->points;
  if (terms.asked != points && terms.points != points.value_or(all)) {
    if (!id_given.empty()) return used_for_other_content("/points");
    return Error{ErrorCode::kInvalidState, "it was resolved before, with other points"};
  }
  const EntryId id = stored->id;
  return std::optional(Posted{id, std::move(stored), true});
}

Entry begin_resolution(MemberSession& session, const RedemptionFile& file, EntryKind kind,
                       const programme::Compiled& compiled, Points points, Instant at) {
  Entry entry = session.begin(kind, at);
  entry.about = file.opened.id;
  entry.actor = file.record.key.source.substr(kRedemption.size() + 2);
  entry.programme = compiled.digest;
  entry.redemption = ledger::RedemptionTerms{
      file.opened.redemption->wallet, points, {}, file.opened.redemption->currency};
  entry.redemption->reward = file.opened.redemption->reward;
  came_by(entry, side_of(file.opened), session.record().id);
  return entry;
}

// What was done to it touches others too.
void name_parts(Entry& entry, std::vector<ledger::RedemptionPart> parts, Points left,
                Instant until) {
  if (parts.empty()) return;
  entry.redemption->parts = std::move(parts);
  entry.redemption->left = left;
  entry.redemption->until = until;
}

// The entry is the session's last; its key and the redemption's record name it.
Result<EntryId> finish(Unit& unit, MemberSession& session, RedemptionFile& file, Entry entry,
                       const programme::Compiled& compiled) {
  const TransactionKey key = entry.key;
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  if (!key.id.empty()) unit.change.transactions.push_back({key, id, {}});
  file.record.related.push_back(id);
  return id;
}

// As many of its points as are asked for, in whole steps; or all.
Result<Points> part_of(const Unit& unit, const RedemptionFile& file,
                       const std::optional<Points>& asked) {
  const Points points = asked.value_or(file.points);
  const auto& terms = *file.opened.redemption;
  if (points != file.points && !terms.reward.empty()) {
    return faulty_field("/points", "not_all", "a reward is held, and given, as a whole");
  }
  if (points > file.points)
    return faulty_field("/points", "more_than_held", "at most what is held");
  const auto& paying = unit.in_force(unit.now).paying;
  if (points < file.points && paying && points.units() % paying->step.units() != 0) {
    return faulty_field("/points", "not_a_step", "points are taken in whole steps");
  }
  return points;
}

Error ended(const RedemptionFile& file) {
  if (file.state == RedemptionState::kExpired) {
    return {ErrorCode::kHoldExpired, "the hold ended at " + laurel::to_text(file.until)};
  }
  return {ErrorCode::kInvalidState,
          "the redemption is " + std::string(to_text(file.state)) + " already"};
}

// Whether the entry leaves points held.
bool leaves_held(const Entry& entry) {
  if (!entry.redemption->parts.empty()) return entry.redemption->left > Points{};
  return !entry.hold_changes.empty() && entry.hold_changes.front().points > Points{};
}

bool reverses(const Entry& entry) {
  const auto& terms = *entry.redemption;
  return terms.reverses || (entry.hold_changes.empty() && terms.parts.empty());
}

void take_in(RedemptionFile& file, Entry entry) {
  if (entry.kind == EntryKind::kUnmerge) {  // parted two with whom it stands
    file.holders.push_back(entry.member);
    return;
  }
  for (const auto& change : entry.hold_changes) {
    if (change.hold != file.opened.id || change.points == Points{}) continue;
    file.points = change.points;
    file.until = change.until;
  }
  if (entry.redemption && entry.redemption->left > Points{}) {
    file.points = entry.redemption->left;
    file.until = entry.redemption->until;
  }
  if (entry.kind == EntryKind::kCapture) {
    file.state = RedemptionState::kCaptured;
    file.points = entry.redemption->points;
    file.capture = std::move(entry);
  } else if (entry.kind == EntryKind::kRelease) {
    if (leaves_held(entry)) return;  // of a part
    file.state = reverses(entry) ? RedemptionState::kReversed : RedemptionState::kReleased;
    file.end = std::move(entry);
  } else if (entry.kind == EntryKind::kSale) {
    file.sale = std::move(entry);
  }
}

}  // namespace

Result<std::optional<RedemptionFile>> find_redemption(const Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(auto record, unit.view.transaction(request_key(kRedemption, key)));
  if (!record || !record->entry) return std::optional<RedemptionFile>{};
  LAUREL_TRY(auto opened, unit.view.entry(record->entry));
  LAUREL_CHECK(opened && opened->redemption, "a redemption's key names its entry");
  RedemptionFile file;
  file.opened = *std::move(opened);
  file.points = file.opened.redemption->points;
  for (const auto& change : file.opened.hold_changes) file.until = change.until;
  const auto& terms = *file.opened.redemption;
  if (!terms.parts.empty()) file.until = terms.until;
  file.holders.push_back(file.opened.member);
  for (const auto& part : terms.parts) file.holders.push_back(part.member);
  if (file.opened.kind == EntryKind::kCapture) {
    file.capture = file.opened;
    file.state = RedemptionState::kCaptured;
  }
  for (const auto id : record->related) {
    LAUREL_TRY(auto entry, unit.view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a redemption names an entry that is not stored");
    take_in(file, *std::move(entry));
  }
  if (file.state == RedemptionState::kHeld && file.until <= unit.now) {
    file.state = RedemptionState::kExpired;
  }
  file.record = *std::move(record);
  return std::optional(std::move(file));
}

Result<void> check_capturable(const RedemptionFile& file) {
  if (file.state != RedemptionState::kHeld) return ended(file);
  return {};
}

Result<std::int64_t> worth_of_part(const ledger::RedemptionTerms& terms, Points part) {
  const auto currency = Currency::of(terms.currency);
  if (!currency) return std::int64_t{0};
  LAUREL_TRY(const auto money, Money::parse(terms.worth, *currency));
  return (Exact(part.units()) * Fraction(money.minor(), terms.points.units()))
      .rounded(Rounding::kFloor);
}

Result<EntryId> book_capture(Unit& unit, MemberSession& session, const RedemptionFile& file,
                             Points points, TransactionKey key, std::optional<Points> asked) {
  const auto& compiled = unit.in_force(unit.now);
  if (session.record().status != MemberStatus::kActive) {
    return Error{ErrorCode::kMemberNotActive, "the member may not spend points"};
  }
  LAUREL_TRY(auto holders, Holders::of(unit, file, session, compiled));
  if (holders.any_not_active()) {
    return Error{ErrorCode::kMemberNotActive, "a member whose points are held may not spend them"};
  }
  LAUREL_TRY(const auto shares, holders.first(points));
  LAUREL_TRY(auto parts, act_on_others(holders, file, EntryKind::kCapture, compiled, shares,
                                       [&](MemberSession& other, Entry& part, Points share) {
                                         return capture_points(other, part, compiled,
                                                               file.opened.id, share);
                                       }));
  Entry entry = begin_resolution(session, file, EntryKind::kCapture, compiled, points, unit.now);
  entry.key = std::move(key);
  entry.redemption->asked = asked;
  name_parts(entry, std::move(parts), {}, {});
  LAUREL_TRY(const auto minor, worth_of_part(*file.opened.redemption, points));
  const auto currency = Currency::of(entry.redemption->currency);
  if (currency) entry.redemption->worth = Money(minor, *currency).text();
  if (ledger::find_hold(session.record(), file.opened.id) != nullptr) {
    LAUREL_TRY_VOID(capture_points(session, entry, compiled, file.opened.id, shares.front()));
  }
  if (!file.opened.redemption->reward.empty()) {
    LAUREL_TRY_VOID(give_held_reward(unit, entry, file));
  }
  RedemptionFile named = file;
  LAUREL_TRY(const auto id, finish(unit, session, named, std::move(entry), compiled));
  LAUREL_TRY_VOID(holders.close());
  return id;
}

Result<Posted> capture(Unit& unit, const Resolution& resolution) {
  LAUREL_TRY_VOID(check_resolution(resolution));
  LAUREL_TRY(auto file, known_redemption(unit, resolution.redemption));
  const auto key = key_of("capture", resolution.redemption, resolution.id);
  LAUREL_TRY(auto before, answered(unit, key, file, resolution.id, resolution.points));
  if (before) return *std::move(before);
  // Its sale may have captured it first.
  const bool done = file.state == RedemptionState::kCaptured && resolution.id.empty();
  if (done && (!resolution.points || *resolution.points == file.points)) {
    const EntryId id = file.capture->id;
    return Posted{id, std::move(file.capture), true};
  }
  LAUREL_TRY_VOID(check_capturable(file));
  LAUREL_TRY(const auto points, part_of(unit, file, resolution.points));
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(auto member, owner_of(unit, file.opened.member));
  MemberSession session(unit, std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(const auto id, book_capture(unit, session, file, points, key, resolution.points));
  file.record.related.push_back(id);
  unit.change.transactions.push_back(std::move(file.record));
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

Result<Posted> release(Unit& unit, const Resolution& resolution) {
  LAUREL_TRY_VOID(check_resolution(resolution));
  LAUREL_TRY(auto file, known_redemption(unit, resolution.redemption));
  const auto kind = resolution.points ? "loosening" : "release";
  const auto key = key_of(kind, resolution.redemption, resolution.id);
  LAUREL_TRY(auto before, answered(unit, key, file, resolution.id, resolution.points));
  if (before) return *std::move(before);
  LAUREL_TRY_VOID(check_capturable(file));
  LAUREL_TRY(const auto points, part_of(unit, file, resolution.points));
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(auto member, owner_of(unit, file.opened.member));
  MemberSession session(unit, std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(auto holders, Holders::of(unit, file, session, compiled));
  LAUREL_TRY(const auto kept, holders.first(file.points - points));
  auto shares = holders.held();
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] -= kept[i];
  const auto let_go = [&](MemberSession& of, Entry& part, Points share) -> Result<void> {
    if (share == Points{}) return {};
    return release_points(of, part, compiled, file.opened.id, share);
  };
  LAUREL_TRY(auto parts,
             act_on_others(holders, file, EntryKind::kRelease, compiled, shares, let_go));
  Entry entry = begin_resolution(session, file, EntryKind::kRelease, compiled, points, unit.now);
  entry.redemption->asked = resolution.points;
  entry.key = key;
  entry.reason = resolution.reason;
  name_parts(entry, std::move(parts), file.points - points, file.until);
  LAUREL_TRY_VOID(let_go(session, entry, shares.front()));
  LAUREL_TRY(const auto id, finish(unit, session, file, std::move(entry), compiled));
  LAUREL_TRY_VOID(holders.close());
  unit.change.transactions.push_back(std::move(file.record));
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

Result<Posted> extend(Unit& unit, const Extension& extension) {
  LAUREL_TRY_VOID(check_resolution({extension.redemption, extension.id, {}, {}}));
  if (extension.hold <= Duration{}) {
    return faulty_field("/hold", "out_of_range", "a length of time above zero");
  }
  LAUREL_TRY(auto file, known_redemption(unit, extension.redemption));
  TransactionKey key;
  if (!extension.id.empty()) {
    key = key_of("extension", extension.redemption, extension.id);
    LAUREL_TRY(auto before, answered(unit, key, file, extension.id, {}));
    if (before) return *std::move(before);
  }
  LAUREL_TRY_VOID(check_capturable(file));
  const auto& compiled = unit.in_force(unit.now);
  const Duration longest =
      compiled.paying ? compiled.paying->longest_hold : programme::PayingPolicy{}.longest_hold;
  const Instant until = std::min(unit.now + extension.hold, file.opened.event_time + longest);
  LAUREL_TRY(auto member, owner_of(unit, file.opened.member));
  MemberSession session(unit, std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(auto holders, Holders::of(unit, file, session, compiled));
  const auto prolong = [&](MemberSession& of, Entry& part, Points) -> Result<void> {
    if (ledger::find_hold(of.record(), file.opened.id) == nullptr) return {};
    return ledger::EntryWriter(of.books(), part).prolong(file.opened.id, until);
  };
  LAUREL_TRY(auto parts,
             act_on_others(holders, file, EntryKind::kHold, compiled, holders.held(), prolong));
  Entry entry = begin_resolution(session, file, EntryKind::kHold, compiled, file.points, unit.now);
  entry.key = key;
  name_parts(entry, std::move(parts), file.points, until);
  LAUREL_TRY_VOID(prolong(session, entry, file.points));
  LAUREL_TRY(const auto id, finish(unit, session, file, std::move(entry), compiled));
  LAUREL_TRY_VOID(holders.close());
  unit.change.transactions.push_back(std::move(file.record));
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

Result<Posted> reverse(Unit& unit, const Resolution& resolution) {
  LAUREL_TRY_VOID(check_resolution(resolution));
  LAUREL_TRY(auto file, known_redemption(unit, resolution.redemption));
  const auto key = key_of("reversal", resolution.redemption, resolution.id);
  LAUREL_TRY(auto before, answered(unit, key, file, resolution.id, resolution.points));
  if (before) return *std::move(before);
  if (file.state == RedemptionState::kReversed) {
    return Error{ErrorCode::kAlreadyReversed, "its points were given back already"};
  }
  if (file.state != RedemptionState::kCaptured) return ended(file);
  if (file.sale) {
    return Error{ErrorCode::kInvalidState, "it paid a sale; take the sale back"};
  }
  if (resolution.points && *resolution.points != file.points) {
    return faulty_field("/points", "not_all", "a redemption is reversed as a whole");
  }
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(auto member, owner_of(unit, file.opened.member));
  MemberSession session(unit, std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(auto parts, give_back_to_others(unit, session, file, compiled));
  Points own = file.points;
  for (const auto& part : parts) own -= part.points;
  Entry entry =
      begin_resolution(session, file, EntryKind::kRelease, compiled, file.points, unit.now);
  entry.key = key;
  entry.reason = resolution.reason;
  entry.redemption->reverses = true;
  name_parts(entry, std::move(parts), {}, {});
  std::vector<Entry> spent{file.opened};
  if (file.capture->id != file.opened.id) spent.push_back(*file.capture);
  LAUREL_TRY_VOID(give_points_back(session, entry, compiled, file.opened.redemption->wallet, own,
                                   spent, unit.now));
  if (!file.opened.redemption->reward.empty()) {
    LAUREL_TRY_VOID(take_reward_back(unit, entry, file));
  }
  LAUREL_TRY(const auto id, finish(unit, session, file, std::move(entry), compiled));
  unit.change.transactions.push_back(std::move(file.record));
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

// ---- Answering

namespace {

void name_shares(Redemption& answer, const Entry& opened, const Entry& entry) {
  const auto& parts = entry.redemption->parts;
  if (!opened.redemption->pool) return;
  Points own = entry.redemption->points;
  for (const auto& part : parts) own -= part.points;
  if (own > Points{}) answer.shares.push_back({entry.member, own});
  for (const auto& part : parts) {
    if (part.points > Points{}) answer.shares.push_back({part.member, part.points});
  }
}

void name_reward(Redemption& answer, const Entry& opened, const Entry& entry) {
  answer.reward = opened.redemption->reward;
  if (answer.reward.empty() || entry.kind != EntryKind::kCapture) return;
  for (const auto& issue : entry.vouchers_issued) {
    answer.voucher = issue.codes.front();
    answer.valid_until = issue.terms.valid_until;
  }
  for (const auto& move : entry.voucher_moves) {
    answer.voucher = move.code;
    answer.valid_until = move.until;
  }
}

}  // namespace

Redemption redemption_of(const Entry& opened, const Entry& entry,
                         const programme::Compiled& compiled) {
  Redemption answer;
  const auto& terms = *entry.redemption;
  answer.key = requested_key(kRedemption, opened.document->key);
  answer.member = opened.member;
  answer.entry = entry.id;
  answer.wallet = terms.wallet;
  if (const auto wallet = compiled.wallet_index(terms.wallet)) {
    answer.scale = compiled.wallets[*wallet].scale;
  }
  answer.points = terms.points;
  answer.currency = opened.redemption->currency;
  answer.flags = entry.flags;
  answer.wallets = entry.balances_after;
  const ledger::HoldChange* held = nullptr;
  for (const auto& change : entry.hold_changes) {
    if (change.hold == opened.id && change.points > Points{}) held = &change;
  }
  if (entry.kind == EntryKind::kCapture) {
    answer.state = RedemptionState::kCaptured;
  } else if (!terms.parts.empty() && terms.left > Points{}) {
    answer.state = RedemptionState::kHeld;
    answer.points = terms.left;
    answer.expires_at = terms.until;
  } else if (held != nullptr) {
    answer.state = RedemptionState::kHeld;
    answer.points = held->points;
    answer.expires_at = held->until;
  } else {
    answer.state = reverses(entry) ? RedemptionState::kReversed : RedemptionState::kReleased;
  }
  name_reward(answer, opened, entry);
  name_shares(answer, opened, entry);
  const auto currency = Currency::of(answer.currency);
  const auto minor = worth_of_part(*opened.redemption, answer.points);
  if (currency && minor) answer.worth = Money(*minor, *currency).text();
  return answer;
}

Redemption redemption_of(const RedemptionFile& file, const programme::Compiled& compiled) {
  const Entry& latest = file.end ? *file.end : file.capture ? *file.capture : file.opened;
  Redemption answer = redemption_of(file.opened, latest, compiled);
  if (file.capture) name_reward(answer, file.opened, *file.capture);
  answer.state = file.state;
  answer.points = file.points;
  const auto currency = Currency::of(answer.currency);
  const auto minor = worth_of_part(*file.opened.redemption, file.points);
  if (currency && minor) answer.worth = Money(*minor, *currency).text();
  answer.expires_at.reset();
  if (file.state == RedemptionState::kHeld) answer.expires_at = file.until;
  if (file.sale) answer.sale = file.sale->key;
  return answer;
}

}  // namespace laurel::engine

namespace laurel {

std::string_view to_text(RedemptionState state) {
  switch (state) {
    case RedemptionState::kHeld: return "held";
    case RedemptionState::kCaptured: return "captured";
    case RedemptionState::kReleased: return "released";
    case RedemptionState::kExpired: return "expired";
    case RedemptionState::kReversed: return "reversed";
  }
  return "";
}

}  // namespace laurel
