#pragma once
// What each record is made of, for writing and for reading alike. Add fields at the end of a list
// only; see store/archive.hpp.

#include <limits>

#include "store/archive.hpp"
#include "store/store.hpp"

namespace laurel::store::codec {

template <>
inline constexpr auto kLast<Directive::Kind> = Directive::Kind::kResume;
inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

template <class Archive>
void describe(Archive& archive, Part<Archive, TransactionKey>& key) {
  archive.fields(key.source, key.id);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Identifier>& identifier) {
  archive.fields(identifier.type, identifier.value, identifier.role);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Line>& line) {
  archive.fields(line.id, line.sku, line.department, line.category, line.brand,
                 Defaulted{line.quantity, Quantity::of(1)}, Decimal{line.amount}, Decimal{line.tax},
                 line.associate, line.tags, line.attributes, line.origin);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Tender>& tender) {
  archive.fields(tender.type, Decimal{tender.amount}, tender.voucher, tender.redemption);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Discount>& discount) {
  archive.fields(discount.voucher, Decimal{discount.amount});
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ReturnLine>& line) {
  archive.fields(line.original_line, line.quantity, Decimal{line.amount});
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ReturnPart>& part) {
  archive.fields(part.original, part.lines, Decimal{part.amount});
}

// Without its identifiers, which are evidence.
template <class Archive>
void describe(Archive& archive, Part<Archive, Transaction>& document) {
  archive.fields(document.key, document.kind, document.at, document.store, document.channel,
                 document.currency, document.associate, document.tags, document.lines,
                 document.tenders, document.original, document.return_lines,
                 Decimal{document.amount}, document.event, document.department, document.discounts,
                 document.basket, document.returns);
}

// Without its value, which is kept apart.
template <class Archive>
void describe(Archive& archive, Part<Archive, Evidence>& evidence) {
  archive.fields(evidence.type, evidence.member, evidence.verdict, evidence.role);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Attribution>& attribution) {
  archive.fields(attribution.member, attribution.by, attribution.strength, attribution.evidence,
                 attribution.enrolled);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::LineAward>& award) {
  archive.fields(award.rule, Defaulted{award.line, -1}, award.wallet, award.points,
                 award.keeps_on_return);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::AwardCut>& cut) {
  archive.fields(cut.rule, Defaulted{cut.line, -1}, cut.wallet, cut.points, cut.limit);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::PastAnswer>& answer) {
  archive.fields(answer.question, answer.number, answer.today, answer.departments);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::LimitRoom>& room) {
  archive.fields(room.limit, Defaulted{room.units, kUnlimited}, Defaulted{room.times, kUnlimited});
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::PersonFacts>& person) {
  // What tells who she is stands with the evidence, and can be erased with it.
  bool apart = std::is_same_v<Archive, Encoder> && (person.tells() || person.forgotten);
  archive.fields(person.enrolled_at, Formerly{person.born}, Formerly{person.language},
                 Formerly{person.segments}, apart);
  if constexpr (std::is_same_v<Archive, Decoder>) person.forgotten = apart;
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::CounterUse>& use) {
  archive.fields(use.counter, use.per_member, use.for_all, use.day, use.units, use.times);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Valuation>& valuation) {
  archive.fields(valuation.tier, valuation.spend_before_minor,
                 Defaulted{valuation.exchange_numerator, 1},
                 Defaulted{valuation.exchange_denominator, 1}, valuation.spend_minor,
                 valuation.awards, valuation.answers, valuation.rooms, valuation.person,
                 valuation.stopped, valuation.cuts, valuation.linked);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Posting>& posting) {
  archive.fields(posting.wallet, Defaulted{posting.account, ledger::Account::kIssued},
                 posting.amount);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::LotOpening>& lot) {
  archive.fields(lot.lot, lot.wallet, lot.cause, lot.available_from, lot.expires_at, lot.activated,
                 lot.carries);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::LotMove>& move) {
  archive.fields(move.lot, move.kind, move.points);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::LotDating>& dating) {
  archive.fields(dating.lot, dating.available_from, dating.expires_at, dating.was_expires_at);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::WalletLife>& life) {
  archive.fields(life.wallet, life.dies_at);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Merging>& merging) {
  archive.fields(merging.other, merging.merge, merging.moved, merging.status, merging.lives,
                 merging.took_language, merging.took_born, merging.took_segments, merging.goes,
                 merging.took_associate);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::HeldPart>& part) {
  archive.fields(part.lot, part.points);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::HoldChange>& change) {
  archive.fields(change.hold, change.wallet, change.points, change.until, change.reserved,
                 change.parts);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::RedemptionPart>& part) {
  archive.fields(part.member, part.entry, part.points);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::RedemptionTerms>& terms) {
  archive.fields(terms.wallet, terms.points, Decimal{terms.worth}, terms.currency, terms.asked,
                 terms.asked_hold_ms, terms.offline, terms.reward, terms.pool, terms.parts,
                 terms.left, terms.until, terms.reverses);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Pooling>& pooling) {
  archive.fields(pooling.pool, pooling.what, pooling.spends, pooling.contributes);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::PaidLine>& line) {
  archive.fields(line.minor, line.points);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::PaidWithPoints>& paid) {
  archive.fields(paid.hold, paid.capture, paid.wallet, paid.lines);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Notice>& notice) {
  archive.fields(notice.of, notice.wallet, notice.scale, notice.points, notice.tier, notice.at);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, WalletBalance>& balance) {
  archive.fields(balance.wallet, balance.scale, balance.available, balance.pending, balance.held,
                 balance.debt);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, TierStanding>& tier) {
  archive.fields(tier.id, tier.since, tier.until, tier.spend_minor, tier.next_id,
                 tier.next_needs_minor, tier.upcoming_id, tier.upcoming_from, tier.metric,
                 tier.metric_of, tier.metric_scale, tier.reason, tier.next_by, tier.kept_until,
                 tier.keep_by, tier.keep_needs_minor);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::VoucherTerms>& terms) {
  archive.fields(terms.kind, terms.reward, terms.pool, terms.minor, terms.currency,
                 terms.millionths, terms.at_most_minor, terms.minimum_minor, terms.item,
                 terms.bearer, terms.keeps_remainder, terms.covers_shipping, terms.stays_used,
                 Defaulted{terms.uses, 1}, terms.valid_from, Defaulted{terms.valid_until, kNever},
                 terms.minimum_after);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::VoucherHold>& hold) {
  archive.fields(hold.basket, hold.minor, hold.until);
}

// Without what stands in columns: code, owner, and whether it waits in its pool.
template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Voucher>& voucher) {
  archive.fields(voucher.terms, voucher.given, voucher.issued_by, voucher.uses_left,
                 voucher.left_minor, voucher.cancelled, voucher.last_basket, voucher.holds);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::VoucherIssue>& issue) {
  archive.fields(issue.terms, issue.owner, Defaulted{issue.given, true}, issue.codes, issue.rule);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::VoucherMove>& move) {
  archive.fields(move.code, Defaulted{move.kind, ledger::VoucherMoveKind::kUse}, move.basket,
                 move.minor, move.uses, move.owner, move.until, move.rule, move.paid,
                 move.charged_minor);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::AdjustmentTerms>& terms) {
  archive.fields(terms.member, terms.wallet, terms.points, terms.at);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::BatchTerms>& batch) {
  archive.fields(batch.digest, batch.count, batch.items);
}

// Without what stands in columns: id, member, previous, kind, times, source and programme.
template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Entry>& entry) {
  archive.fields(entry.key.id, entry.actor, entry.reason, entry.about, entry.state,
                 Defaulted{entry.at_given, true}, entry.document, entry.attribution,
                 entry.valuation, entry.spend_delta_minor, entry.spend_at, entry.tier_granted,
                 Defaulted{entry.tier_granted_until, kNever}, entry.postings, entry.lots_opened,
                 entry.lot_moves, entry.balances_after, entry.tier_after, entry.refund, entry.uses,
                 entry.tier_taken_back, entry.lot_datings, entry.wallet_lives,
                 entry.vouchers_issued, entry.voucher_moves, entry.hold_changes, entry.redemption,
                 entry.paid, entry.flags, entry.withheld, entry.notices, entry.through,
                 entry.merging, entry.pooling, entry.adjustment, entry.batch);
}

// Without its balances, which are a column.
template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::WalletState>& wallet) {
  archive.fields(wallet.wallet, Defaulted{wallet.dies_at, kNever});
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::Hold>& hold) {
  archive.fields(hold.entry, hold.wallet, hold.points, hold.until, hold.parts, hold.reserved);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::SpendBucket>& bucket) {
  archive.fields(bucket.day, bucket.minor);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::TierGrant>& grant) {
  archive.fields(grant.level, grant.from, grant.until);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::UpcomingLevel>& upcoming) {
  archive.fields(upcoming.level, upcoming.from, upcoming.reached_on);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::TierState>& tier) {
  archive.fields(tier.level, tier.since, Defaulted{tier.until, kNever}, tier.reason,
                 tier.qualified_in, tier.upcoming, tier.upcoming_from, tier.fallback,
                 tier.fallback_until, tier.last_event, tier.buckets, tier.enrolled_at,
                 tier.upcoming_reached, tier.later, tier.fallback_in, tier.grants);
}

// Times and versions as differences from the event before, which are small.
template <class Archive>
void describe_after(const ledger::RecentTierEvent& before, Archive& archive,
                    Part<Archive, ledger::RecentTierEvent>& event) {
  const auto milliseconds = [](Instant at) { return at.time_since_epoch().count(); };
  std::int64_t later = difference(milliseconds(event.at), milliseconds(before.at));
  std::int64_t spent_before = difference(milliseconds(event.at), milliseconds(event.spend_at));
  std::int64_t newer = difference(event.version, before.version);
  if constexpr (std::is_same_v<Archive, Decoder>) later = spent_before = newer = 0;
  archive.fields(later, event.delta_minor, spent_before, newer, event.granted,
                 Defaulted{event.granted_until, kNever}, event.taken_back);
  if constexpr (std::is_same_v<Archive, Decoder>) {
    event.at = Instant(Duration(sum(later, milliseconds(before.at))));
    event.spend_at = Instant(Duration(difference(milliseconds(event.at), spent_before)));
    event.version = sum(newer, before.version);
  }
}

template <class Archive>
struct InTurn {
  Part<Archive, std::vector<ledger::RecentTierEvent>>& events;
  bool empty() const { return events.empty(); }
};

template <class Archive>
void describe(Archive& archive, const InTurn<Archive>& in_turn) {
  static const ledger::RecentTierEvent kNone;
  const auto* before = &kNone;
  if constexpr (std::is_same_v<Archive, Encoder>) {
    archive.number(in_turn.events.size());
  } else {
    in_turn.events.resize(archive.count());
  }
  for (auto& event : in_turn.events) {
    describe_after(*before, archive, event);
    before = &event;
  }
}

template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::TierSegment>& segment) {
  InTurn<Archive> events{segment.events};
  archive.fields(segment.before, events);
}

// Without what stands in columns: id, next_due, programme and the balances.
template <class Archive>
void describe(Archive& archive, Part<Archive, ledger::MemberRecord>& record) {
  archive.fields(record.status, record.merged_into, record.enrolled_at, record.language,
                 record.last_entry, record.last_lot, record.oldest_open_lot, record.wallets,
                 record.tier, record.born, record.segments, record.recent_tier,
                 Defaulted{record.latest_deed, Instant::min()}, record.holds,
                 Defaulted{record.identified_at, Instant::min()},
                 Defaulted{record.told_of_expiry, Instant::min()},
                 Defaulted{record.told_of_tier, Instant::min()}, record.merge, record.absorbed,
                 record.pool, Defaulted{record.closed_at, Instant::min()}, record.associate,
                 record.latest_source, Defaulted{record.elsewhere_until, Instant::min()});
}

// Without what stands in columns: number and moment.
template <class Archive>
void describe(Archive& archive, Part<Archive, Directive>& directive) {
  archive.fields(directive.kind, directive.by, directive.reason, directive.subject, directive.from,
                 directive.about, directive.version, directive.restores, directive.needs,
                 directive.programme, directive.files);
}

// Without what stands in columns: number, kind, subject, state and when it was opened.
template <class Archive>
void describe(Archive& archive, Part<Archive, ReviewItem>& item) {
  archive.fields(item.members, item.entry, item.text, item.decided_at, item.decided_by, item.reason,
                 item.settled_by);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, Consent>& consent) {
  archive.fields(consent.purpose, consent.granted, consent.at, consent.by, consent.where);
}

template <class Archive>
void describe(Archive& archive, Part<Archive, MemberProfile>& profile) {
  archive.fields(profile.given_name, profile.family_name, profile.street, profile.city,
                 profile.postcode, profile.country, profile.consents);
}

// Without what stands in columns: id, when it was made, and cursor.
template <class Archive>
void describe(Archive& archive, Part<Archive, Webhook>& webhook) {
  auto& progress = webhook.progress;
  archive.fields(webhook.url, webhook.events, webhook.secret, webhook.secret_given, webhook.after,
                 webhook.tag, webhook.by, webhook.resumed, progress.state, progress.failures,
                 progress.last_error, progress.delivered_at, progress.failed_at,
                 progress.next_attempt_at);
}

}  // namespace laurel::store::codec
