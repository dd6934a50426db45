#include "app/answer_json.hpp"

#include <algorithm>

#include "app/adjusting_json.hpp"
#include "app/lots_json.hpp"
#include "app/profile_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kDisagreed = "disagreed";

void write_points(json::Writer& writer, std::string_view name, Points points, int scale) {
  writer.field_raw(name, points.text(scale));
}

void write_or_null(json::Writer& writer, std::string_view name, std::string_view text) {
  if (text.empty()) {
    writer.key(name).null();
  } else {
    writer.field(name, text);
  }
}

void write_instant(json::Writer& writer, std::string_view name, Instant instant) {
  write_or_null(writer, name, instant == kNever ? std::string() : to_text(instant));
}

// `instant` is the first moment of the end; people are shown the last second before.
void write_last_second(json::Writer& writer, std::string_view name, Instant instant) {
  write_instant(writer, name, instant == kNever ? kNever : instant - std::chrono::seconds(1));
}

void write_member_id(json::Writer& writer, std::string_view name, MemberId member) {
  write_or_null(writer, name, member ? member.text() : std::string());
}

void write_key(json::Writer& writer, std::string_view name, const TransactionKey& key) {
  writer.field_object(name).field("source", key.source).field("id", key.id).end_object();
}

void write_attribution(json::Writer& writer, const Attribution& attribution) {
  writer.field_object("attribution");
  write_member_id(writer, "member", attribution.member);
  write_or_null(writer, "by", attribution.by);
  write_or_null(writer, "strength",
                attribution.by.empty() ? std::string_view() : to_text(attribution.strength));
  writer.field("enrolled", attribution.enrolled).field_array("conflicts");
  for (const Evidence& each : attribution.evidence) {
    if (each.verdict != kDisagreed) continue;
    writer.begin_object().field("type", each.type).field("value", each.value);
    write_member_id(writer, "member", each.member);
    writer.end_object();
  }
  writer.end_array();
  write_evidence(writer, attribution.evidence);
  writer.end_object();
}

void write_earnings(json::Writer& writer, const Receipt& receipt, const Display& display) {
  writer.field_array("points");
  for (const WalletEarning& earning : receipt.points) {
    const int scale = display.scale_of(earning.wallet);
    writer.begin_object().field("wallet", earning.wallet);
    write_points(writer, "earned", earning.earned, scale);
    write_points(writer, "pending", earning.pending, scale);
    write_instant(writer, "available_from", earning.available_from);
    write_last_second(writer, "expires_at", earning.expires_at);
    writer.end_object();
  }
  writer.end_array();
}

void write_awards(json::Writer& writer, std::span<const AwardedPoints> awards,
                  const Display& display) {
  writer.field_array("awards");
  for (const AwardedPoints& award : awards) {
    writer.begin_object().field("rule", award.rule).field("wallet", award.wallet);
    const int scale = display.scale_of(award.wallet);
    write_points(writer, "points", award.points, scale);
    if (award.cut != Points()) {
      write_points(writer, "cut", award.cut, scale);
      writer.field("limit", award.limit);
    }
    writer.end_object();
  }
  writer.end_array();
}

void write_lines(json::Writer& writer, const Receipt& receipt, const Display& display) {
  const int scale = receipt.points.empty() ? 0 : display.scale_of(receipt.points.front().wallet);
  writer.field_array("lines");
  for (const LineReceipt& line : receipt.lines) {
    writer.begin_object().field("id", line.line);
    write_points(writer, "points", line.points, scale);
    write_awards(writer, line.awards, display);
    writer.end_object();
  }
  writer.end_array();
}

void write_reversals(json::Writer& writer, std::span<const WalletReversal> reversals,
                     const Display& display) {
  if (reversals.empty()) return;
  writer.field_array("reversed");
  for (const WalletReversal& reversal : reversals) {
    const int scale = display.scale_of(reversal.wallet);
    writer.begin_object().field("wallet", reversal.wallet);
    write_points(writer, "points", reversal.points, scale);
    write_points(writer, "from_pending", reversal.from_pending, scale);
    write_points(writer, "from_available", reversal.from_available, scale);
    write_points(writer, "from_expired", reversal.from_expired, scale);
    write_points(writer, "debt", reversal.debt, scale);
    write_points(writer, "written_off", reversal.written_off, scale);
    write_points(writer, "withheld", reversal.withheld, scale);
    write_points(writer, "restored", reversal.restored, scale);
    writer.end_object();
  }
  writer.end_array();
}

void write_refund(json::Writer& writer, const std::optional<Refund>& refund, int scale) {
  if (!refund) return;
  writer.field_object("refund").field("money", refund->money);
  write_points(writer, "points", refund->points, scale);
  writer.field("withheld", refund->withheld).end_object();
}

void write_vouchers(json::Writer& writer, std::string_view name,
                    std::span<const ReceiptVoucher> vouchers) {
  if (vouchers.empty()) return;
  writer.field_array(name);
  for (const ReceiptVoucher& voucher : vouchers) {
    writer.begin_object();
    write_or_null(writer, "code", voucher.code);
    write_or_null(writer, "reward", voucher.reward);
    writer.field("rule", voucher.rule);
    write_last_second(writer, "valid_until", voucher.valid_until);
    writer.end_object();
  }
  writer.end_array();
}

// Money where spend is counted, else a plain number.
void write_count(json::Writer& writer, std::string_view name, std::int64_t minor,
                 const TierStanding& tier, Currency currency) {
  if (tier.metric == TierMetric::kSpend) {
    writer.field(name, Money(minor, currency).text());
  } else {
    write_points(writer, name, Points(minor), tier.metric_scale);
  }
}

void write_day(json::Writer& writer, std::string_view name, const std::optional<Date>& day) {
  write_or_null(writer, name, day ? to_text(*day) : std::string());
}

void write_next_tier(json::Writer& writer, const TierStanding& tier, Currency currency) {
  if (tier.next_id.empty()) {
    writer.key("next").null();
    return;
  }
  writer.field_object("next").field("id", tier.next_id);
  write_count(writer, "needs", tier.next_needs_minor, tier, currency);
  write_day(writer, "by", tier.next_by);
  writer.end_object();
}

void write_keep(json::Writer& writer, const TierStanding& tier, Currency currency) {
  if (!tier.kept_until) {
    writer.key("keep").null();
    return;
  }
  writer.field_object("keep");
  write_day(writer, "until", tier.kept_until);
  if (tier.keep_by) {
    write_count(writer, "needs", tier.keep_needs_minor, tier, currency);
  } else {
    writer.key("needs").null();
  }
  write_day(writer, "by", tier.keep_by);
  writer.end_object();
}

void write_tier(json::Writer& writer, const TierStanding& tier, Currency currency) {
  if (tier.id.empty() && tier.next_id.empty()) {
    writer.key("tier").null();
    return;
  }
  writer.field_object("tier");
  write_or_null(writer, "id", tier.id);
  write_day(writer, "since", tier.id.empty() ? std::nullopt : std::optional(tier.since));
  write_day(writer, "until", tier.until);
  write_or_null(writer, "reason", tier.reason);
  const bool of_spend = tier.metric == TierMetric::kSpend;
  const bool of_points = tier.metric == TierMetric::kPoints;
  writer.field("metric", of_spend ? "spend" : of_points ? "points" : "events");
  if (!tier.metric_of.empty()) writer.field("metric_of", tier.metric_of);
  write_count(writer, of_spend ? "spend" : "progress", tier.spend_minor, tier, currency);
  write_next_tier(writer, tier, currency);
  write_keep(writer, tier, currency);
  if (!tier.upcoming_id.empty()) {
    writer.field_object("upcoming").field("id", tier.upcoming_id);
    writer.field("from", to_text(tier.upcoming_from)).end_object();
  }
  writer.end_object();
}

void write_balance(json::Writer& writer, const WalletBalance& balance) {
  write_points(writer, "available", balance.available, balance.scale);
  write_points(writer, "pending", balance.pending, balance.scale);
  write_points(writer, "held", balance.held, balance.scale);
  write_points(writer, "debt", balance.debt, balance.scale);
}

std::string_view text_of_lot(LotState state) {
  switch (state) {
    case LotState::kPending: return "pending";
    case LotState::kAvailable: return "available";
  }
  return "available";
}

void write_wallet(json::Writer& writer, const WalletView& wallet) {
  writer.field_object(wallet.balance.wallet);
  write_balance(writer, wallet.balance);
  writer.field_array("lots");
  for (const LotView& lot : wallet.lots) {
    writer.begin_object();
    write_points(writer, "points", lot.points, wallet.balance.scale);
    writer.field("state", text_of_lot(lot.state));
    write_instant(writer, "available_from", lot.available_from);
    write_last_second(writer, "expires_at", lot.expires_at);
    writer.field("entry", lot.entry.number()).end_object();
  }
  writer.end_array().end_object();
}

std::string_view text_of_basis(TimeBasis basis) {
  switch (basis) {
    case TimeBasis::kEvent: return "event";
    case TimeBasis::kBooking: return "booking";
  }
  return "event";
}

void write_member_fields(json::Writer& writer, const Member& member) {
  writer.field("id", member.id.text()).field("status", text_of(member.status));
  write_or_null(writer, "language", member.language);
  write_profile(writer, member);
  if (!member.associate.empty()) writer.field("associate", member.associate);
  write_instant(writer, "enrolled_at", member.enrolled_at);
  writer.field_array("identifiers");
  for (const MemberIdentifier& each : member.identifiers) {
    writer.begin_object().field("type", each.type).field("value", each.value);
    writer.field("strength", to_text(each.strength)).field("verified", each.verified).end_object();
  }
  writer.end_array();
  write_tier(writer, member.tier, member.programme_currency);
  writer.field_array("benefits");
  for (const std::string& benefit : member.benefits) writer.value(benefit);
  writer.end_array().field_object("wallets");
  for (const WalletView& wallet : member.wallets) write_wallet(writer, wallet);
  writer.end_object();
}

}  // namespace

int Display::scale_of(std::string_view wallet) const {
  if (!programme_) return 0;
  const auto& wallets = programme_->wallets();
  if (wallet.empty() && !wallets.empty()) return wallets.front().scale;
  const auto found = std::ranges::find(wallets, wallet, &WalletPolicy::id);
  return found == wallets.end() ? 0 : found->scale;
}

Date Display::local_date(Instant instant) const {
  return programme_ ? programme_->local_date(instant)
                    : std::chrono::floor<std::chrono::days>(instant);
}

Currency Display::currency() const { return programme_ ? programme_->currency() : Currency(); }

std::string_view text_of(TransactionKind kind) {
  switch (kind) {
    case TransactionKind::kSale: return "sale";
    case TransactionKind::kReturn: return "return";
    case TransactionKind::kVoid: return "void";
    case TransactionKind::kEvent: return "event";
  }
  return "sale";
}

std::string_view text_of(TransactionState state) {
  switch (state) {
    case TransactionState::kAccepted: return "accepted";
    case TransactionState::kWaiting: return "waiting";
    case TransactionState::kUnmatched: return "unmatched";
    case TransactionState::kReview: return "review";
    case TransactionState::kRejected: return "rejected";
    case TransactionState::kLinked: return "linked";
  }
  return "accepted";
}

std::string_view text_of(MemberStatus status) {
  switch (status) {
    case MemberStatus::kActive: return "active";
    case MemberStatus::kFrozen: return "frozen";
    case MemberStatus::kClosed: return "closed";
    case MemberStatus::kMerged: return "merged";
  }
  return "active";
}

void write_evidence(json::Writer& writer, std::span<const Evidence> evidence) {
  writer.field_array("evidence");
  for (const Evidence& each : evidence) {
    writer.begin_object().field("type", each.type).field("value", each.value);
    write_member_id(writer, "member", each.member);
    writer.field("verdict", each.verdict).field("role", to_text(each.role)).end_object();
  }
  writer.end_array();
}

void write_balances(json::Writer& writer, std::span<const WalletBalance> balances) {
  writer.field_object("wallets");
  for (const WalletBalance& balance : balances) {
    writer.field_object(balance.wallet);
    write_balance(writer, balance);
    writer.end_object();
  }
  writer.end_object();
}

void write_receipt(json::Writer& writer, const Receipt& receipt, const Display& display,
                   const Explanation* explanation) {
  writer.begin_object();
  write_key(writer, "transaction", receipt.key);
  writer.field("kind", text_of(receipt.kind)).field("replayed", receipt.replayed);
  if (receipt.quote) writer.field("quote", true);
  writer.field("state", text_of(receipt.state));
  if (receipt.entry) writer.field("entry", receipt.entry.number());
  write_instant(writer, "at", receipt.at);
  write_instant(writer, "booked_at", receipt.booked_at);
  write_attribution(writer, receipt.attribution);
  write_earnings(writer, receipt, display);
  write_lines(writer, receipt, display);
  write_awards(writer, receipt.transaction_awards, display);
  write_reversals(writer, receipt.reversed, display);
  const int scale =
      receipt.reversed.empty() ? 0 : display.scale_of(receipt.reversed.front().wallet);
  write_refund(writer, receipt.refund, scale);
  write_paid(writer, receipt, display);
  write_vouchers(writer, "vouchers", receipt.vouchers);
  write_vouchers(writer, "vouchers_taken", receipt.vouchers_taken);
  write_balances(writer, receipt.wallets);
  write_tier(writer, receipt.tier, receipt.programme_currency);
  write_flags(writer, receipt.flags);
  writer.field_object("programme").field("id", receipt.programme).field("digest", receipt.digest);
  writer.end_object();
  if (!receipt.returns.empty()) {
    writer.field_array("returns");
    for (const Receipt& part : receipt.returns) write_receipt(writer, part, display, nullptr);
    writer.end_array();
  }
  if (explanation != nullptr) {
    writer.key("explanation");
    write_explanation(writer, *explanation, display);
  }
  writer.end_object();
}

void write_explanation(json::Writer& writer, const Explanation& explanation,
                       const Display& display) {
  writer.begin_object().field_object("programme");
  writer.field("id", explanation.programme).field("digest", explanation.digest).end_object();
  write_or_null(writer, "tier", explanation.tier);
  writer.field_array("lines");
  for (const Explanation::LineBase& line : explanation.lines) {
    writer.begin_object().field("id", line.line).field("charged", line.charged);
    writer.field("eligible", line.eligible).field_array("excluded");
    for (const std::string& why : line.excluded) writer.value(why);
    writer.end_array().end_object();
  }
  writer.end_array().field_array("reasons");
  for (const Reason& reason : explanation.reasons) {
    writer.begin_object().field("rule", reason.rule).field("applied", reason.applied);
    writer.field("code", reason.code);
    write_or_null(writer, "line", reason.line);
    write_or_null(writer, "condition", reason.condition);
    write_or_null(writer, "seen", reason.seen);
    write_or_null(writer, "wallet", reason.wallet);
    write_points(writer, "points", reason.points, display.scale_of(reason.wallet));
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_member(json::Writer& writer, const Member& member) {
  writer.begin_object();
  write_member_fields(writer, member);
  writer.end_object();
}

void write_enrolled(json::Writer& writer, const Enrolled& enrolled) {
  writer.begin_object();
  write_member_fields(writer, enrolled.member);
  writer.field("replayed", enrolled.replayed).end_object();
}

void write_tier_gift(json::Writer& writer, const TierGift& gift, const TierGiftReceipt& receipt) {
  writer.begin_object();
  write_key(writer, "grant", gift.key);
  writer.field("replayed", receipt.replayed).field("entry", receipt.entry.number());
  write_member_id(writer, "member", gift.member);
  write_tier(writer, receipt.tier, receipt.programme_currency);
  writer.end_object();
}

void write_statement(json::Writer& writer, const Statement& statement, const Display& display) {
  writer.begin_object();
  write_member_id(writer, "member", statement.member);
  write_instant(writer, "as_of", statement.as_of);
  writer.field("basis", text_of_basis(statement.basis));
  write_balances(writer, statement.wallets);
  write_tier(writer, statement.tier, display.currency());
  writer.end_object();
}

void write_entry(json::Writer& writer, const EntryView& entry, const Display& display,
                 Audience audience) {
  writer.begin_object().field("id", entry.id.number()).field("kind", entry.kind);
  write_member_id(writer, "member", entry.member);
  if (!entry.key.id.empty()) write_key(writer, "transaction", entry.key);
  if (entry.about) writer.field("about", entry.about.number());
  write_instant(writer, "at", entry.event_time);
  write_instant(writer, "booked_at", entry.booked_at);
  writer.field("state", text_of(entry.state));
  if (audience == Audience::kStaff) {
    write_or_null(writer, "actor", entry.actor);
    write_or_null(writer, "reason", entry.reason);
  }
  write_or_null(writer, "digest", entry.programme);
  writer.field_array("postings");
  for (const PostingView& posting : entry.postings) {
    writer.begin_object().field("wallet", posting.wallet).field("account", posting.account);
    write_points(writer, "points", posting.amount, display.scale_of(posting.wallet));
    writer.end_object();
  }
  writer.end_array();
  write_awards(writer, entry.awards, display);
  write_balances(writer, entry.balances_after);
  write_notices(writer, entry.notices);
  if (audience == Audience::kStaff) write_flags(writer, entry.flags);
  writer.end_object();
}

void begin_programme(json::Writer& writer, const Programme& programme) {
  writer.begin_object().field("id", programme.id()).field("digest", programme.digest());
  write_instant(writer, "effective_from", programme.effective_from());
  writer.field("currency", programme.currency().code()).field("time_zone", programme.time_zone());
  writer.field_array("wallets");
  for (const WalletPolicy& wallet : programme.wallets()) {
    writer.begin_object().field("id", wallet.id).field("scale", wallet.scale);
    writer.field_object("names");
    for (const auto& [language, name] : wallet.names) writer.field(language, name);
    writer.end_object().end_object();
  }
  writer.end_array().field_array("tiers");
  TierStanding counted;
  counted.metric = programme.tiers().metric;
  counted.metric_scale = programme.tiers().metric_scale;
  for (const TierLevel& level : programme.tiers().levels) {
    writer.begin_object().field("id", level.id);
    write_count(writer, "from", level.from_minor, counted, programme.currency());
    writer.end_object();
  }
  writer.end_array().field_array("identifiers");
  for (const std::string& type : programme.identity().precedence) writer.value(type);
  writer.end_array().field_object("files");
  for (const SourceFile& file : programme.files()) writer.field(file.name, file.text);
  writer.end_object().field("cases", programme.case_count());
}

}  // namespace laurel::daemon
