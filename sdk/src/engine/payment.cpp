#include "engine/payment.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/guards.hpp"
#include "engine/payment_parts.hpp"
#include "engine/redemption_parts.hpp"
#include "engine/request.hpp"
#include "engine/spending.hpp"
#include "engine/worth.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using ledger::PaidLine;
using ledger::PaidWithPoints;

constexpr std::string_view kPoints = "points";
// How far back a redemption is looked for that a tender does not name.
constexpr int kEntriesLookedAt = 64;
constexpr auto kLookBack = std::chrono::hours(48);

// A points tender on its way.
struct Asked {
  const Tender& tender;
  std::string pointer;
  std::int64_t minor;
};

// The share of `whole` that goes with `part` of `all`.
std::int64_t share(std::int64_t whole, std::int64_t part, std::int64_t all) {
  if (part == all) return whole;
  if (part == 0 || whole == 0) return 0;
  return split(whole, std::array{part, all - part}).front();
}

class Payer {
 public:
  Payer(Unit& unit, MemberSession& session, const Transaction& document,
        std::span<const GivenIdentifier> given, Instant event_time)
      : unit_(unit),
        session_(session),
        document_(document),
        given_(given),
        at_(event_time),
        compiled_(unit.in_force(event_time)),
        currency_(*Currency::of(document.currency)) {}

  Result<Payment> run() {
    for (const auto& line : document_.lines) {
      line_minor_.push_back(Money::parse(line.amount, currency_)->minor());
      total_ += line_minor_.back();
    }
    for (std::size_t i = 0; i < document_.tenders.size(); ++i) {
      const auto& tender = document_.tenders[i];
      const auto minor = Money::parse(tender.amount, currency_)->minor();
      const bool speaks = compiled_.paying || !tender.redemption.empty();
      if (tender.type != kPoints || minor == 0 || !speaks) continue;
      LAUREL_TRY_VOID(pay({tender, "/tenders/" + std::to_string(i), minor}));
      so_far_ += minor;
    }
    return std::move(payment_);
  }

 private:
  Result<void> pay(const Asked& asked) {
    if (so_far_ + asked.minor > total_) {
      return faulty_field(asked.pointer + "/amount", "more_than_the_basket",
                          "points pay for no more than the lines come to");
    }
    if (!asked.tender.redemption.empty()) {
      LAUREL_TRY(auto file,
                 find_redemption(unit_, {document_.key.source, asked.tender.redemption}));
      if (!file) {
        return faulty_field(asked.pointer + "/redemption", "unknown_redemption",
                            "the source has no redemption of this id");
      }
      return pay_by(*std::move(file), asked);
    }
    LAUREL_TRY(auto file, latest_that_fits(asked.minor));
    return file ? pay_by(*std::move(file), asked) : spend_now(asked);
  }

  Result<void> pay_by(RedemptionFile file, const Asked& asked) {
    LAUREL_TRY(const auto owner, owner_of(unit_, file.opened.member));
    if (owner.id != session_.record().id) {
      return faulty_field(asked.pointer + "/redemption", "another_member",
                          "the redemption is another member's");
    }
    if (file.opened.redemption->currency != document_.currency) {
      return faulty_field(asked.pointer + "/redemption", "another_currency",
                          "the redemption is in another currency");
    }
    if (file.sale) return Error{ErrorCode::kInvalidState, "the redemption paid another sale"};
    if (file.state == RedemptionState::kCaptured) return link(std::move(file), asked);
    if (file.state == RedemptionState::kExpired && may_overdraw()) return spend_now(asked);
    LAUREL_TRY_VOID(check_capturable(file));
    return capture_now(std::move(file), asked);
  }

  Result<void> link(RedemptionFile file, const Asked& asked) {
    LAUREL_TRY(const auto worth, worth_of_part(*file.opened.redemption, file.points));
    if (worth != asked.minor) {
      return faulty_field(asked.pointer + "/amount", "differs_from_redemption",
                          "what was captured is worth " + Money(worth, currency_).text());
    }
    note(asked.minor, file.points, file.opened.redemption->wallet, file.opened.id,
         file.capture->id);
    payment_.redemptions.push_back(std::move(file.record));
    return {};
  }

  Result<void> capture_now(RedemptionFile file, const Asked& asked) {
    const auto& terms = *file.opened.redemption;
    LAUREL_TRY(const auto held, worth_of_part(terms, file.points));
    if (asked.minor > held) {
      return faulty_field(asked.pointer + "/amount", "more_than_held",
                          "what is held is worth " + Money(held, currency_).text());
    }
    Points points = file.points;
    if (asked.minor < held) {
      LAUREL_TRY(const auto all, Money::parse(terms.worth, currency_));
      LAUREL_TRY(const auto units,
                 (Exact(asked.minor) * Fraction(terms.points.units(), all.minor()))
                     .rounded(Rounding::kCeil));
      points = Points(units);
    }
    // Without a key of its own: a till that captures it as well is answered as if it came again.
    LAUREL_TRY(const auto id, book_capture(unit_, session_, file, points, {}, points));
    note(asked.minor, points, terms.wallet, file.opened.id, id);
    file.record.related.push_back(id);
    payment_.redemptions.push_back(std::move(file.record));
    return {};
  }

  // Of this member and source, worth exactly that, and used for no sale.
  Result<std::optional<RedemptionFile>> latest_that_fits(std::int64_t minor) {
    const std::string source = request_key("redemption", document_.key).source;
    EntryId id = session_.stored_last_entry();
    for (int looked = 0; id && looked < kEntriesLookedAt; ++looked) {
      LAUREL_TRY(const auto entry, unit_.view.entry(id));
      LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
      if (entry->booked_at + kLookBack < unit_.now) break;
      id = entry->previous;
      if (entry->key.source != source || !entry->redemption) continue;
      LAUREL_TRY(auto file, find_redemption(unit_, requested_key("redemption", entry->key)));
      LAUREL_TRY(const bool fits, file ? fits_to(*file, minor) : Result<bool>(false));
      if (fits) return file;
    }
    return std::optional<RedemptionFile>{};
  }

  Result<bool> fits_to(const RedemptionFile& file, std::int64_t minor) const {
    const bool open =
        file.state == RedemptionState::kHeld || file.state == RedemptionState::kCaptured;
    const bool taken = std::ranges::any_of(
        payment_.redemptions, [&](const auto& record) { return record.key == file.record.key; });
    if (!open || file.sale || taken) return false;
    if (file.opened.redemption->currency != document_.currency) return false;
    LAUREL_TRY(const auto worth, worth_of_part(*file.opened.redemption, file.points));
    return worth == minor;
  }

  bool may_overdraw() const {
    return compiled_.paying && compiled_.paying->offline != programme::PayingPolicy::Offline::kDeny;
  }

  // As many of its identifiers as there are, one must be good enough to spend.
  Result<void> check_spender() const {
    LAUREL_TRY_VOID(check_may_spend(unit_, compiled_, session_.record(), false));
    if (unit_.stands_for) return {};
    std::vector<Identifier> identifiers;
    for (const auto& each : given_) {
      if (each.readable) identifiers.push_back(each.identifier);
    }
    if (identifiers.empty()) return Error{ErrorCode::kIdentifierTooWeak, "nobody was identified"};
    LAUREL_TRY(const auto who,
               spender(unit_, unit_.versions->in_force(at_), identifiers, document_.key.source));
    if (who.member.id == session_.record().id) return {};
    return Error{ErrorCode::kIdentifierTooWeak, "the identifier that may spend is another's"};
  }

  Result<void> spend_now(const Asked& asked) {
    if (!compiled_.paying) {
      return Error{ErrorCode::kNotRedeemable, "the programme takes no points as money"};
    }
    const auto& policy = *compiled_.paying;
    LAUREL_TRY_VOID(check_spender());
    LAUREL_TRY(const auto guarded, guarded_spending());
    LAUREL_TRY(const auto worth, PointWorth::of(compiled_, currency_, at_, "/currency"));
    LAUREL_TRY(const auto points, worth.at_least(asked.minor, Points(1)));
    Entry entry = session_.begin(EntryKind::kCapture, at_);
    entry.flags = guarded.flags;
    LAUREL_TRY_VOID(check_rules(asked, worth, points, entry));
    const std::string& wallet = compiled_.wallets[policy.wallet].id;
    entry.key = request_key("payment", document_.key);
    if (so_far_ > 0) entry.key.id += asked.pointer;
    entry.actor = document_.key.source;
    entry.programme = compiled_.digest;
    entry.redemption =
        ledger::RedemptionTerms{wallet, points, asked.tender.amount, document_.currency};
    LAUREL_TRY_VOID(take(entry, points));
    report_flags(unit_, entry, guarded);
    LAUREL_TRY_VOID(session_.end(std::move(entry), compiled_));
    const auto& booked = session_.last();
    unit_.change.transactions.push_back({booked.key, booked.id, {}});
    note(asked.minor, points, wallet, {}, booked.id);
    return {};
  }

  // A sale spends once, however many of its tenders are points.
  Result<Guarded> guarded_spending() const {
    if (so_far_ > 0 || compiled_.guards.empty()) return Guarded{};
    auto member = session_.record();
    member.last_entry = session_.stored_last_entry();
    return guard_redemption(unit_, compiled_, member, {}, document_, at_);
  }

  // What the programme lets a sale be paid with; beyond it only what a till gave that could not
  // ask.
  Result<void> check_rules(const Asked& asked, const PointWorth& worth, Points points,
                           Entry& entry) const {
    const auto& policy = *compiled_.paying;
    LAUREL_TRY(const auto may, payable(policy, worth, document_.lines, line_minor_, total_));
    const bool too_much = so_far_ + asked.minor > may.at_most;
    const bool too_few = points < policy.minimum || points.units() % policy.step.units() != 0;
    if (!too_much && !too_few) return {};
    if (may_overdraw()) {
      entry.flags.push_back("beyond_the_rules");
      return {};
    }
    if (too_few) {
      return Error{ErrorCode::kBelowMinimum, "points are taken from a minimum on, in whole steps"};
    }
    return Error{ErrorCode::kNotRedeemable, "at most " + Money(may.at_most, currency_).text() +
                                                " of this sale may be paid with points"};
  }

  Result<void> take(Entry& entry, Points points) {
    const auto& policy = *compiled_.paying;
    using Offline = programme::PayingPolicy::Offline;
    const bool overdraws = policy.offline == Offline::kAllowOverdraw ||
                           (policy.offline == Offline::kFloorLimit && points <= policy.floor_limit);
    if (!overdraws) return spend_points(session_, entry, compiled_, policy.wallet, points);
    LAUREL_TRY(const auto missing,
               overdraw_points(session_, entry, compiled_, policy.wallet, points));
    if (missing > Points{}) entry.flags.push_back("overdrawn");
    return {};
  }

  // Over the lines that may be paid so; over all of them where that is not enough.
  void note(std::int64_t minor, Points points, const std::string& wallet, EntryId hold,
            EntryId capture) {
    std::vector<std::int64_t> weights = line_minor_;
    if (compiled_.paying) {
      const auto worth = PointWorth::of(compiled_, currency_, at_, "");
      if (worth) {
        const auto may = payable(*compiled_.paying, *worth, document_.lines, line_minor_, total_);
        const auto sum =
            may ? std::accumulate(may->lines.begin(), may->lines.end(), std::int64_t{0}) : 0;
        if (sum >= minor) weights = may->lines;
      }
    }
    const auto minors = split(minor, weights);
    const auto units = split(points.units(), minors);
    PaidWithPoints paid{hold, capture, wallet, {}};
    for (std::size_t i = 0; i < minors.size(); ++i) {
      paid.lines.push_back({minors[i], Points(units[i])});
    }
    payment_.paid.push_back(std::move(paid));
  }

  Unit& unit_;
  MemberSession& session_;
  const Transaction& document_;
  std::span<const GivenIdentifier> given_;
  Instant at_;
  const programme::Compiled& compiled_;
  Currency currency_;
  std::vector<std::int64_t> line_minor_;
  std::int64_t total_ = 0, so_far_ = 0;
  Payment payment_;
};

// What of a payment stands for the part of the sale that is kept.
PaidLine kept_of(const PaidWithPoints& paid, const Transaction& document, const Kept& kept) {
  const auto currency = Currency::of(document.currency);
  PaidLine sum;
  for (std::size_t i = 0; i < paid.lines.size(); ++i) {
    const auto all = Money::parse(document.lines[i].amount, *currency)->minor();
    if (kept[i].quantity == Quantity{} && kept[i].minor == 0) continue;
    sum.minor += share(paid.lines[i].minor, kept[i].minor, all);
    sum.points += Points(share(paid.lines[i].points.units(), kept[i].minor, all));
  }
  return sum;
}

}  // namespace

Result<Payment> pay_with_points(Unit& unit, MemberSession& session, const Transaction& document,
                                std::span<const GivenIdentifier> given, Instant event_time) {
  const bool any = std::ranges::any_of(document.tenders,
                                       [](const Tender& tender) { return tender.type == kPoints; });
  if (!any || document.kind != TransactionKind::kSale) return Payment{};
  return Payer(unit, session, document, given, event_time).run();
}

void link_payment(Unit& unit, Payment payment, EntryId sale) {
  for (auto& record : payment.redemptions) {
    record.related.push_back(sale);
    unit.change.transactions.push_back(std::move(record));
  }
}

PaidLine total_of(const PaidWithPoints& paid) {
  PaidLine sum;
  for (const auto& line : paid.lines) {
    sum.minor += line.minor;
    sum.points += line.points;
  }
  return sum;
}

Result<void> restore_payment(Unit& unit, MemberSession& session, Entry& entry, const Sale& sale,
                             const Kept& kept, Instant at) {
  const auto& payments = sale.entry.paid;
  if (payments.empty()) return {};
  const auto& compiled = unit.in_force(unit.now);
  const std::string& wallet = payments.front().wallet;
  Points back;
  std::vector<Entry> spent;
  for (const auto& paid : payments) {
    back += total_of(paid).points - kept_of(paid, *sale.entry.document, kept).points;
    for (const auto id : {paid.hold, paid.capture}) {
      if (!id || (id == paid.capture && paid.hold == paid.capture)) continue;
      LAUREL_TRY(auto one, unit.view.entry(id));
      LAUREL_CHECK(one.has_value(), "a sale names an entry that is not stored");
      spent.push_back(*std::move(one));
    }
  }
  const bool shared =
      std::ranges::any_of(spent, [](const Entry& one) { return !one.redemption->parts.empty(); });
  if (shared) return restore_shared(unit, session, entry, {sale, wallet, back, spent, at});
  const Points before = -redeemed_by(sale.movements, wallet);
  spent.insert(spent.end(), sale.movements.begin(), sale.movements.end());
  entry.redemption = ledger::RedemptionTerms{wallet, back - before, {}, {}};
  if (back > before) {
    return give_points_back(session, entry, compiled, wallet, back - before, spent, at);
  }
  const auto index = compiled.wallet_index(wallet);
  if (back == before || !index) return {};
  LAUREL_TRY(const auto missing, overdraw_points(session, entry, compiled, *index, before - back));
  if (missing > Points{}) entry.flags.push_back("overdrawn");
  return {};
}

std::string refund_between(const Entry& sale, const Kept& before, const Kept& after) {
  const auto& document = *sale.document;
  const auto currency = Currency::of(document.currency);
  if (!currency) return {};
  std::int64_t minor = 0;
  for (const auto& line : before) minor += line.minor;
  for (const auto& line : after) minor -= line.minor;
  for (const auto& paid : sale.paid) {
    minor -= kept_of(paid, document, before).minor - kept_of(paid, document, after).minor;
  }
  return Money(minor, *currency).text();
}

}  // namespace laurel::engine
