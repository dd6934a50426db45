#include "engine/members.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/duplicates.hpp"
#include "engine/lots.hpp"
#include "engine/marks.hpp"
#include "engine/notices.hpp"
#include "engine/person.hpp"
#include "engine/profiles.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// A value that several places may give to different people says by which it was given.
bool has_place(const identity::Recogniser& recogniser, const identity::NormalisedIdentifier& read) {
  const auto* type = identity::find_type(recogniser.policy(), read.type);
  return type == nullptr || type->hashed || type->within.size() < 2 ||
         std::ranges::any_of(type->within, [&](const std::string& place) {
           return read.value.starts_with(place + "/");
         });
}

// All readable and of a known type, or every fault. Placeholders name nobody and are refused here.
Result<std::vector<Identifier>> normal_identifiers(Unit& unit, const Version& version,
                                                   std::span<const Identifier> identifiers,
                                                   std::string_view source = {}) {
  const Reading reading{*version.recogniser, unit.view, {source}, &unit};
  std::vector<Identifier> normal;
  std::vector<FieldFault> faults;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const std::string pointer = "/identifiers/" + std::to_string(i);
    const auto read = recognise(reading, identifiers[i]);
    if (!read && read.error().faults.empty()) return read.error();
    if (!read) {
      const auto& fault = read.error().faults.front();
      const bool type = fault.code == "unknown_identifier_type";
      faults.push_back({pointer + (type ? "/type" : "/value"), fault.code, fault.detail});
    } else if (read->placeholder) {
      faults.push_back({pointer + "/value", "placeholder", "this value stands for nobody"});
    } else if (!has_place(*version.recogniser, *read)) {
      faults.push_back({pointer + "/value", "needs_place",
                        "it is unique within a place only: write it as \"PLACE/VALUE\""});
    } else {
      normal.push_back({read->type, read->value});
    }
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return normal;
}

// Identifiers of one member, so that an enrolment can be compared with the one stored.
Transaction enrolment_document(const Enrolment& enrolment, std::vector<Identifier> identifiers,
                               const TransactionKey& key) {
  Transaction document;
  document.key = key;
  document.kind = TransactionKind::kEvent;
  document.event = "enrolment";
  document.at = enrolment.at;
  document.identifiers = std::move(identifiers);
  return document;
}

// By the id that was asked for, or by hers who has it now.
bool is_about(const Entry& entry, MemberId member) {
  return side_of(entry) == member || entry.member == member;
}

Result<void> check_free(const Unit& unit, const std::vector<Identifier>& identifiers) {
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    LAUREL_TRY(const auto owner, unit.view.identify(identifiers[i].type, identifiers[i].value));
    if (!owner) continue;
    LAUREL_TRY(const auto now, existing_now(unit.view, owner->link.member));
    return Error{ErrorCode::kIdentifierTaken,
                 "an identifier belongs to a member already",
                 {{"/identifiers/" + std::to_string(i), "taken", now.id.text()}}};
  }
  return {};
}

Entry begin_change(MemberSession& session, const Unit& unit, std::string actor, std::string reason,
                   const programme::Compiled& compiled) {
  Entry entry = session.begin(EntryKind::kMemberChange, unit.now);
  entry.actor = std::move(actor);
  entry.reason = std::move(reason);
  entry.programme = compiled.digest;
  entry.about = session.record().last_entry;
  entry.key = {};
  return entry;
}

void check_facts(const std::optional<Date>& born, const std::vector<std::string>& segments,
                 Instant now, std::vector<FieldFault>& faults) {
  constexpr std::size_t kSegmentsMax = 64;
  constexpr int kYearsMax = 150;
  const Date today = std::chrono::floor<std::chrono::days>(now);
  if (born && (*born > add_days(today, 1) || *born < add_months(today, -12 * kYearsMax))) {
    faults.push_back({"/born", "out_of_range", "a day in the past, at most 150 years ago"});
  }
  if (segments.size() > kSegmentsMax) {
    faults.push_back({"/segments", "too_many", "at most 64 segments"});
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string pointer = "/segments/" + std::to_string(i);
    if (segments[i].empty()) faults.push_back({pointer, "required", "the name of a segment"});
    check_text(segments[i], 64, pointer, faults);
  }
}

std::vector<std::string> as_set(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// `about`: the identifier that was linked or unlinked.
Result<void> note(Unit& unit, MemberSession& session, std::string actor, std::string reason,
                  std::optional<Evidence> about = {}) {
  const auto& compiled = unit.in_force(unit.now);
  Entry entry = begin_change(session, unit, std::move(actor), std::move(reason), compiled);
  if (about) {
    auto& attribution = entry.attribution.emplace();
    attribution.member = about->member;
    attribution.evidence.push_back(*std::move(about));
  }
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  return session.close();
}

}  // namespace

bool is_verified(const Enrolment& enrolment, std::size_t place) {
  return std::ranges::find(enrolment.unverified, place) == enrolment.unverified.end();
}

Result<Posted> enrol(Unit& unit, const Enrolment& enrolment) {
  std::vector<FieldFault> faults;
  if (enrolment.key) check_key(*enrolment.key, "", faults);
  check_text(enrolment.language, 16, "/language", faults);
  check_facts(enrolment.born, enrolment.segments, unit.now, faults);
  check_profile(enrolment.profile, unit.now, faults);
  if (enrolment.identifiers.size() > kIdentifiersMax) {
    faults.push_back({"/identifiers", "too_many", "at most 32 identifiers"});
  }
  for (const std::size_t place : enrolment.unverified) {
    if (place < enrolment.identifiers.size()) continue;
    faults.push_back({"/unverified", "out_of_range", "the place of one of the identifiers"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  const Instant at = std::min(enrolment.at.value_or(unit.now), unit.now);
  const Version& version = unit.versions->in_force(at);
  LAUREL_TRY(auto identifiers, normal_identifiers(unit, version, enrolment.identifiers,
                                                  enrolment.key ? enrolment.key->source : ""));
  TransactionKey key;
  if (enrolment.key) {
    key = request_key("enrolment", *enrolment.key);
    LAUREL_TRY(auto stored, first_answer(unit.view, key));
    if (stored) {
      const auto document = enrolment_document(enrolment, identifiers, key);
      if (auto pointer = first_difference(*stored->document, document))
        return used_for_other_content(*pointer);
      return Posted{stored->id, std::move(stored), true};
    }
  }
  LAUREL_TRY_VOID(check_free(unit, identifiers));
  auto session = MemberSession::enrol(unit, enrolment.language, at, version.compiled());
  session.books().record.born = enrolment.born;
  session.books().record.segments = as_set(enrolment.segments);
  Entry entry = session.begin(EntryKind::kEnrolment, at);
  if (!enrolment.key) key = {"@enrolment/", session.record().id.text()};
  entry.key = key;
  entry.actor = enrolment.key ? enrolment.key->source : "laurel";
  LAUREL_TRY_VOID(change_profile(unit, {session.record().id}, enrolment.profile, entry.actor));
  entry.programme = version.compiled().digest;
  entry.document = enrolment_document(enrolment, identifiers, key);
  LAUREL_TRY_VOID(session.fold(entry, version.compiled()));
  LAUREL_TRY_VOID(session.end(std::move(entry), version.compiled()));
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    unit.change.links.push_back({std::move(identifiers[i].type), std::move(identifiers[i].value),
                                 session.record().id, is_verified(enrolment, i), unit.now});
  }
  const EntryId id = session.last().id;
  unit.change.transactions.push_back({key, id, {}});
  const MemberId member = session.record().id;
  LAUREL_TRY_VOID(session.close());
  LAUREL_TRY_VOID(look_for_duplicates(unit, member));
  return Posted{id};
}

Result<void> change(Unit& unit, MemberId id, const MemberChange& change) {
  std::vector<FieldFault> faults;
  check_person(change.actor, change.reason, faults, WhyItIsDone::kMayBeSaid);
  if (change.language) check_text(*change.language, 16, "/language", faults);
  if (change.associate) check_text(*change.associate, 128, "/associate", faults);
  check_facts(change.born, change.segments.value_or(std::vector<std::string>{}), unit.now, faults);
  check_profile(change.profile, unit.now, faults);
  if (change.status == MemberStatus::kMerged) {
    faults.push_back({"/status", "not_allowed", "active, frozen or closed"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(auto record, existing(unit.view, id));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(unit.in_force(unit.now)));
  auto& changed = session.books().record;
  if (change.status && changed.status != *change.status) {
    changed.status = *change.status;
    changed.closed_at = *change.status == MemberStatus::kClosed ? unit.now : Instant::min();
  }
  if (change.language) changed.language = *change.language;
  if (change.born) changed.born = change.born;
  if (change.forget_born) changed.born.reset();
  if (change.segments) changed.segments = as_set(*change.segments);
  if (change.associate) changed.associate = *change.associate;
  LAUREL_TRY(const auto ids, known_as(unit.view, changed));
  LAUREL_TRY_VOID(change_profile(unit, ids, change.profile, change.actor));
  const MemberId member = changed.id;
  LAUREL_TRY_VOID(note(unit, session, change.actor, change.reason));
  const bool tells = !change.profile.empty() || change.born || change.forget_born;
  return tells ? look_for_duplicates(unit, member) : Result<void>();
}

Result<void> link(Unit& unit, MemberId id, const Identifier& identifier, bool verified,
                  const std::string& actor) {
  const Version& version = unit.versions->in_force(unit.now);
  LAUREL_TRY(const auto normal, normal_identifiers(unit, version, std::span(&identifier, 1)));
  LAUREL_TRY(auto record, existing_now(unit.view, id));
  LAUREL_TRY(const auto owner, unit.view.identify(normal[0].type, normal[0].value));
  MemberId holder = record.id;
  if (owner) {
    holder = owner->link.member;
    LAUREL_TRY(const auto now, existing_now(unit.view, holder));
    if (now.id != record.id) {
      return Error{ErrorCode::kIdentifierTaken, "the identifier belongs to another member"};
    }
  }
  if (owner && (owner->link.verified || !verified)) return {};
  unit.change.links.push_back({normal[0].type, normal[0].value, holder, verified, unit.now});
  if (!owner) record.identified_at = unit.now;
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(note(unit, session, actor, "link " + normal[0].type,
                       Evidence{normal[0].type, normal[0].value, holder,
                                verified ? kLinkedVerdict : kLinkedUnverifiedVerdict}));
  return look_for_duplicates(unit, holder);
}

Result<void> note_attempt(Unit& unit, MemberId id, const Identifier& identifier) {
  const Version& version = unit.versions->in_force(unit.now);
  LAUREL_TRY(const auto normal, normal_identifiers(unit, version, std::span(&identifier, 1)));
  LAUREL_TRY(const auto record, existing_now(unit.view, id));
  return note_sighting(unit, version.compiled().identity, normal[0], record.id, record.last_entry);
}

Result<void> unlink(Unit& unit, MemberId id, const Identifier& identifier,
                    const std::string& actor) {
  const Version& version = unit.versions->in_force(unit.now);
  LAUREL_TRY(const auto normal, normal_identifiers(unit, version, std::span(&identifier, 1)));
  LAUREL_TRY(auto record, existing_now(unit.view, id));
  LAUREL_TRY(const auto owner, unit.view.identify(normal[0].type, normal[0].value));
  if (!owner) return {};  // as it should be
  LAUREL_TRY(const auto holder, existing_now(unit.view, owner->link.member));
  if (holder.id != record.id) return {};
  unit.change.unlinks.push_back(owner->link);
  LAUREL_TRY(const auto secret, secret_of(unit));
  unit.change.former_links.push_back(
      {mark_of(secret, normal[0]), unit.now, owner->link.member, owner->link.linked_at});
  record.identified_at = unit.now;
  MemberSession session(unit, std::move(record));
  const MemberId side = owner->link.member;
  LAUREL_TRY_VOID(note(unit, session, actor, "unlink " + normal[0].type,
                       Evidence{normal[0].type, normal[0].value, side, kUnlinkedVerdict}));
  return look_for_duplicates(unit, side);
}

Result<Posted> grant_tier(Unit& unit, const TierGift& gift) {
  const auto& compiled = unit.in_force(unit.now);
  const Instant until = gift.until ? compiled.zone.start_of_day(add_days(*gift.until, 1)) : kNever;
  const auto key = request_key("tier", gift.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) {
    if (!is_about(*stored, gift.member)) return used_for_other_content("/member");
    if (stored->tier_granted != gift.tier) return used_for_other_content("/tier");
    if (stored->tier_granted_until != until) return used_for_other_content("/until");
    if (stored->reason != gift.reason) return used_for_other_content("/reason");
    return Posted{stored->id, std::move(stored), true};
  }
  std::vector<FieldFault> faults;
  check_key(gift.key, "", faults);
  check_person(gift.actor, gift.reason, faults);
  if (ledger::level_index(compiled.tiers, gift.tier) < 0) {
    faults.push_back({"/tier", "unknown_tier", "the programme has no such level"});
  }
  if (until <= unit.now) faults.push_back({"/until", "out_of_range", "a day that is not over"});
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(auto record, existing(unit.view, gift.member));
  if (record.status == MemberStatus::kClosed || record.status == MemberStatus::kMerged) {
    return Error{ErrorCode::kMemberNotActive, "a closed member is given no level"};
  }
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(EntryKind::kAdjustment, unit.now);
  entry.key = key;
  came_by(entry, gift.member, session.record().id);
  entry.actor = gift.actor;
  entry.reason = gift.reason;
  entry.programme = compiled.digest;
  entry.spend_at = unit.now;
  entry.tier_granted = gift.tier;
  entry.tier_granted_until = until;
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  unit.change.transactions.push_back({key, id, {}});
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

Result<void> settle_member(Unit& unit, MemberId id, DueWork& work) {
  LAUREL_TRY(auto record, existing_now(unit.view, id));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(unit.in_force(unit.now)));
  LAUREL_TRY_VOID(book_notices(unit, session));
  LAUREL_TRY_VOID(session.close());
  ++work.members;
  for (const auto& entry : unit.change.entries) {
    work.notices += static_cast<std::int64_t>(entry.notices.size());
    if (entry.kind == EntryKind::kExpiry) ++work.expired_lots;
    if (entry.kind == EntryKind::kActivation) ++work.activated_lots;
    if (entry.kind == EntryKind::kRelease) ++work.ended_holds;
  }
  return {};
}

Result<Member> member_of(const store::View& view, const Version& version, Instant now,
                         ledger::Books books) {
  const auto& compiled = version.compiled();
  const auto& record = books.record;
  Member member;
  member.id = record.id;
  member.status = record.status;
  member.language = record.language;
  member.born = record.born;
  member.segments = record.segments;
  member.associate = record.associate;
  member.enrolled_at = record.enrolled_at;
  member.programme_currency = compiled.currency;
  LAUREL_TRY(const auto ids, known_as(view, record));
  for (const MemberId id : ids) {
    LAUREL_TRY(auto&& links, view.identifiers(id));
    for (auto& link : links) {
      const auto* type = identity::find_type(compiled.identity, link.type);
      const auto strength = type == nullptr ? Strength::kWeak : type->strength;
      member.identifiers.push_back(
          {std::move(link.type), std::move(link.value), strength, link.verified});
    }
  }
  LAUREL_TRY(member.profile, profile_of(view, ids));
  member.formerly.assign(ids.begin() + 1, ids.end());
  std::sort(member.formerly.begin(), member.formerly.end());
  const auto state = ledger::advance_tier(tier_rules(compiled), record.tier, now);
  member.tier = ledger::tier_standing(tier_rules(compiled), state, now);
  const int level = ledger::level_index(compiled.tiers, member.tier.id);
  if (level >= 0) member.benefits = compiled.tiers.levels[static_cast<std::size_t>(level)].benefits;

  for (auto& balance : ledger::booked_balances(books.record, compiled.wallets)) {
    member.wallets.push_back({std::move(balance), {}});
  }
  for (auto& lot : books.lots) lot.expires_at = ledger::lot_end(record, lot);
  std::stable_sort(
      books.lots.begin(), books.lots.end(),
      [](const ledger::Lot& a, const ledger::Lot& b) { return a.expires_at < b.expires_at; });
  for (const auto& lot : books.lots) {
    if (lot.remaining == Points{} || lot.expires_at <= now) continue;
    for (auto& wallet : member.wallets) {
      if (wallet.balance.wallet != lot.wallet) continue;
      const auto lot_state = lot.available_from > now ? LotState::kPending : LotState::kAvailable;
      wallet.lots.push_back(
          {lot.remaining, lot_state, lot.available_from, lot.expires_at, lot.id.entry()});
    }
  }
  return member;
}

namespace {

Result<Member> view_of(const store::View& view, const Version& version, Instant now,
                       ledger::MemberRecord&& given) {
  LAUREL_TRY(auto books, books_now(view, std::move(given), now, version.compiled()));
  return member_of(view, version, now, std::move(books));
}

}  // namespace

Result<Member> member_view(const store::View& view, const Version& version, Instant now,
                           MemberId id) {
  LAUREL_TRY(auto&& record, existing_now(view, id));
  return view_of(view, version, now, std::move(record));
}

Result<Lookup> lookup(const store::View& view, const Version& version, Instant now,
                      std::span<const Identifier> identifiers) {
  if (identifiers.empty()) {
    return faulty_fields({{"/identifiers", "required", "at least one identifier"}});
  }
  LAUREL_TRY(const auto given, recognise({*version.recogniser, view}, identifiers));
  LAUREL_TRY(auto&& attributed,
             attribute(view, *version.recogniser, given, {}, identity::Purpose::kLookUp));
  if (!attributed.member) {
    return Error{ErrorCode::kUnknownMember, "no member is known by these identifiers"};
  }
  LAUREL_TRY(auto&& member, view_of(view, version, now, *std::move(attributed.member)));
  return Lookup{std::move(member), std::move(attributed.attribution.by),
                std::move(attributed.attribution.evidence)};
}

}  // namespace laurel::engine
