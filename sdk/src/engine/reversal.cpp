#include "engine/reversal.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/try.hpp"
#include "engine/lots.hpp"
#include "engine/past.hpp"
#include "engine/voucher_desk.hpp"
#include "engine/withholding.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

Error refused(ErrorCode code, std::string detail) { return {code, std::move(detail)}; }

Error faulty(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kInvalid, detail, {{std::move(pointer), std::move(code), detail}}};
}

// The worth of the first `part` of `whole` units of a line: 10.00 over three is 3.34, 3.33, 3.33.
std::int64_t worth_of_first(std::int64_t minor, Quantity part, Quantity whole) {
  const std::int64_t a = part.thousandths();
  const std::int64_t b = whole.thousandths();
  if (a >= b) return minor;
  if (a % 1000 == 0 && b % 1000 == 0) {
    const std::int64_t each = minor / (b / 1000);
    return each * (a / 1000) + std::min(a / 1000, minor % (b / 1000));
  }
  return split(minor, std::array{a, b - a}).front();
}

// What has been taken back of each line so far.
class Tally {
 public:
  explicit Tally(const Transaction& sale) : sale_(sale), valuable_(sale), whole_(valuable_.all()) {
    // An event has no lines: it is kept or taken back as a whole.
    if (sale.kind == TransactionKind::kEvent) whole_ = {{0, Quantity::of(1)}};
    returned_.resize(whole_.size());
  }

  Kept kept() const {
    Kept kept;
    for (std::size_t i = 0; i < whole_.size(); ++i) kept.push_back(kept_of(i));
    return kept;
  }

  Result<void> take_all() {
    if (nothing_left()) return refused(ErrorCode::kAlreadyReversed, "all of it was taken back");
    for (std::size_t i = 0; i < whole_.size(); ++i) returned_[i].quantity = whole_[i].quantity;
    return {};
  }

  Result<void> take_line(const ReturnLine& line, const std::string& pointer) {
    const auto at = index_of(line.original_line);
    if (!at) {
      return faulty(pointer + "/original_line", "unknown_line", "the sale has no line of this id");
    }
    const auto left = kept_of(*at);
    if (left.quantity == Quantity{}) {
      return refused(ErrorCode::kAlreadyReversed, "line " + line.original_line + " was taken back");
    }
    if (line.quantity) return take_quantity(*at, *line.quantity, line, pointer);
    if (line.amount.empty()) {
      returned_[*at].quantity = whole_[*at].quantity;
      return {};
    }
    LAUREL_TRY(const auto minor, minor_of(line.amount, pointer + "/amount"));
    return take_amount(*at, minor);
  }

  // Spread over what is left, in proportion.
  Result<void> take_amount(const std::string& amount) {
    if (nothing_left()) return refused(ErrorCode::kAlreadyReversed, "all of it was taken back");
    LAUREL_TRY(const auto minor, minor_of(amount, "/amount"));
    std::vector<std::int64_t> weights;
    std::int64_t left = 0;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      weights.push_back(kept_of(i).minor);
      left += weights.back();
    }
    if (minor > left) return refused(ErrorCode::kExceedsOriginal, "more than is left of the sale");
    const auto parts = split(minor, weights);
    for (std::size_t i = 0; i < whole_.size(); ++i) returned_[i].minor += parts[i];
    return {};
  }

 private:
  struct Returned {
    Quantity quantity;
    std::int64_t minor = 0;  // by amount, beside the worth of the quantity
  };

  KeptLine kept_of(std::size_t i) const {
    const auto& line = whole_[i];
    const auto& gone = returned_[i];
    KeptLine kept;
    kept.minor = std::max<std::int64_t>(
        0, line.minor - worth_of_first(line.minor, gone.quantity, line.quantity) - gone.minor);
    kept.quantity = Quantity(line.quantity.thousandths() - gone.quantity.thousandths());
    if (kept.minor == 0 && line.minor > 0) kept.quantity = Quantity{};
    if (kept.quantity == Quantity{}) kept.minor = 0;
    return kept;
  }

  bool nothing_left() const {
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      if (kept_of(i).quantity > Quantity{}) return false;
    }
    return true;
  }

  std::optional<std::size_t> index_of(const std::string& id) const {
    for (std::size_t i = 0; i < sale_.lines.size(); ++i) {
      if (sale_.lines[i].id == id) return i;
    }
    return std::nullopt;
  }

  Result<std::int64_t> minor_of(const std::string& amount, const std::string& pointer) const {
    const auto money = Money::parse(amount, *valuable_.currency());
    if (money) return money->minor();
    return faulty(pointer, "not_an_amount", "an amount of the sale's currency");
  }

  Result<void> take_quantity(std::size_t i, Quantity quantity, const ReturnLine& line,
                             const std::string& pointer) {
    const Quantity gone(returned_[i].quantity.thousandths() + quantity.thousandths());
    if (gone > whole_[i].quantity) {
      return refused(ErrorCode::kExceedsOriginal,
                     "line " + line.original_line + " has " + kept_of(i).quantity.text() + " left");
    }
    const std::int64_t before = kept_of(i).minor;
    returned_[i].quantity = gone;
    if (line.amount.empty()) return {};
    // Both given: the amount decides what the returned pieces were worth.
    LAUREL_TRY(const auto minor, minor_of(line.amount, pointer + "/amount"));
    if (minor > before)
      return refused(ErrorCode::kExceedsOriginal, "more than is left of the line");
    if (gone < whole_[i].quantity) {
      returned_[i].minor += minor - (before - kept_of(i).minor);
    }
    return {};
  }

  Result<void> take_amount(std::size_t i, std::int64_t minor) {
    if (minor > kept_of(i).minor) {
      return refused(ErrorCode::kExceedsOriginal, "more than is left of the line");
    }
    returned_[i].minor += minor;
    return {};
  }

  const Transaction& sale_;
  Valuable valuable_;
  Kept whole_;
  std::vector<Returned> returned_;
};

Result<void> take(Tally& tally, const Transaction& document) {
  if (document.kind == TransactionKind::kVoid) return tally.take_all();
  if (!document.amount.empty()) return tally.take_amount(document.amount);
  if (document.return_lines.empty()) return tally.take_all();
  for (std::size_t i = 0; i < document.return_lines.size(); ++i) {
    LAUREL_TRY_VOID(tally.take_line(document.return_lines[i], "/lines/" + std::to_string(i)));
  }
  return {};
}

Points issued(const Entry& entry, const std::string& wallet) {
  Points sum;
  for (const auto& posting : entry.postings) {
    if (posting.wallet == wallet && posting.account == ledger::Account::kIssued) {
      sum += posting.amount;
    }
  }
  return sum;
}

Points awarded(const ledger::Valuation& valuation, const std::string& wallet) {
  Points sum;
  for (const auto& award : valuation.awards) {
    if (award.wallet == wallet) sum += award.points;
  }
  return sum;
}

// Of what was given back before its sale came nothing is left to keep.
Result<Withholding> withholding_of(const Entry& entry, const Transaction& sale,
                                   const ledger::Valuation& valuation, Currency programme) {
  const auto currency = Currency::of(sale.currency);
  if (entry.refund.empty() || entry.kind == EntryKind::kApply || !currency) return Withholding();
  LAUREL_TRY(const auto refund, Money::parse(entry.refund, *currency));
  return Withholding::of(
      refund, Fraction(valuation.exchange_numerator, valuation.exchange_denominator), programme);
}

// A return that gave points back to others than the one who paid with them.
bool gives_others_back(const Entry& entry) {
  return entry.redemption && !entry.redemption->parts.empty();
}

}  // namespace

const Entry* Sale::holder() const {
  if (claim) return &*claim;
  return entry.member ? &entry : nullptr;
}

const ledger::Valuation* Sale::valuation() const {
  for (auto last = movements.rbegin(); last != movements.rend(); ++last) {
    if (last->valuation) return &*last->valuation;
  }
  return holder() != nullptr && holder()->valuation ? &*holder()->valuation : nullptr;
}

Result<bool> is_voided(const store::View& view, const TransactionKey& key) {
  LAUREL_TRY(const auto record, view.transaction(key));
  if (!record) return false;
  for (const auto id : record->related) {
    LAUREL_TRY(const auto entry, view.entry(id));
    if (!entry) continue;
    if (entry->kind == EntryKind::kVoid) return true;
    if (entry->kind == EntryKind::kSettlement && entry->state == TransactionState::kRejected) {
      return true;
    }
  }
  return false;
}

Result<bool> voided_before(const Unit& unit, const store::TransactionRecord& original) {
  for (const auto id : original.related) {
    LAUREL_TRY(const auto entry, unit.view.entry(id));
    if (entry && entry->kind == EntryKind::kVoid && entry->document &&
        entry->document->original == original.key) {
      return true;
    }
  }
  return false;
}

Result<Sale> load_sale(const store::View& view, store::TransactionRecord record, Entry entry) {
  Sale sale;
  sale.entry = std::move(entry);
  sale.record = std::move(record);
  for (const auto id : sale.record.related) {
    LAUREL_TRY(auto related, view.entry(id));
    LAUREL_CHECK(related.has_value(), "a transaction names an entry that is not stored");
    if (related->kind == EntryKind::kClaim) {
      // What waited for a person was paid when it was accepted.
      if (!related->paid.empty()) sale.entry.paid = related->paid;
      sale.claim = *std::move(related);
      continue;
    }
    // Another's sale, a line of which came as this one.
    if (related->kind == EntryKind::kSale) continue;
    if (related->kind == EntryKind::kMerge || related->kind == EntryKind::kUnmerge) {
      sale.carried.push_back(*std::move(related));
      continue;
    }
    if (related->kind == EntryKind::kSettlement) {
      sale.decision = *std::move(related);
      continue;
    }
    if (related->kind == EntryKind::kEvent) {
      sale.events.push_back(*std::move(related));
      continue;
    }
    if (related->kind == EntryKind::kRating || !related->postings.empty() ||
        related->spend_delta_minor != 0 || !related->uses.empty() ||
        !related->tier_taken_back.empty() || !related->voucher_moves.empty() ||
        !related->vouchers_issued.empty() || gives_others_back(*related)) {
      sale.movements.push_back(*related);
    }
    if (related->kind == EntryKind::kApply) {
      // What waited stands from the moment at which it was applied, before all that came later.
      const auto at = std::find_if(sale.waiting.begin(), sale.waiting.end(),
                                   [&](const Entry& one) { return one.id == related->about; });
      if (at != sale.waiting.end()) {
        sale.documents.push_back(std::move(*at));
        sale.waiting.erase(at);
      }
      continue;
    }
    const bool about_sale = related->document && related->document->original &&
                            *related->document->original == sale.record.key;
    if (!about_sale) continue;
    LAUREL_TRY(const bool voided, is_voided(view, related->key));
    if (voided) continue;
    const bool waits = related->state == TransactionState::kWaiting;
    (waits ? sale.waiting : sale.documents).push_back(*std::move(related));
  }
  return sale;
}

Result<void> load_lots_of(MemberSession& session, const Sale& sale) {
  LAUREL_TRY_VOID(session.load_lots_of(*sale.holder()));
  for (const auto& movement : sale.movements) LAUREL_TRY_VOID(session.load_lots_of(movement));
  for (const auto& carrier : sale.carried) LAUREL_TRY_VOID(session.load_lots_of(carrier));
  return {};
}

namespace {

// What died unused of the sale's points in lots of other members, by wallet, and has not been taken
// back from them.
Result<std::map<std::string, Points>> lapsed_elsewhere(const store::View& view,
                                                       const MemberSession& session,
                                                       const Sale& sale) {
  std::map<std::string, Points> lapsed;
  const auto add_lots = [&](const Entry& entry) -> Result<void> {
    if (entry.member == session.record().id) return {};
    for (const auto& opening : entry.lots_opened) {
      if (opening.cause != sale.entry.id) continue;
      LAUREL_TRY(const auto lot, view.lot(opening.lot));
      LAUREL_CHECK(lot.has_value(), "an entry names a lot that is not stored");
      lapsed[lot->wallet] += lot->expired;
    }
    return {};
  };
  LAUREL_TRY_VOID(add_lots(*sale.holder()));
  for (const auto& movement : sale.movements) {
    LAUREL_TRY_VOID(add_lots(movement));
    // Taken back before: of the expired account, and of no lot that died.
    for (const auto& posting : movement.postings) {
      if (posting.account == ledger::Account::kExpired) lapsed[posting.wallet] += posting.amount;
    }
    for (const auto& move : movement.lot_moves) {
      if (move.kind != ledger::LotMoveKind::kExpire) continue;
      LAUREL_TRY(const auto lot, view.lot(move.lot));
      LAUREL_CHECK(lot.has_value(), "an entry names a lot that is not stored");
      lapsed[lot->wallet] -= move.points;
    }
  }
  for (const auto& carrier : sale.carried) LAUREL_TRY_VOID(add_lots(carrier));
  return lapsed;
}

}  // namespace

namespace {

using Turns = std::vector<const Entry*>;

// A void is of the whole sale, from its beginning on.
Instant own_time(const Entry& entry) {
  const auto& document = *entry.document;
  if (document.kind == TransactionKind::kVoid) return Instant::min();
  return document.at.value_or(entry.event_time);
}

Turns by_own_time(Turns turns) {
  std::ranges::stable_sort(turns, {}, [](const Entry* entry) { return own_time(*entry); });
  return turns;
}

// The same in whatever order they came: of those that say the same moment their keys decide.
Turns by_time_and_key(Turns turns) {
  const auto turn = [](const Entry* entry) {
    const auto& document = *entry->document;
    const TransactionKey* key = document.at ? &document.key : nullptr;
    return std::tuple(own_time(*entry), key == nullptr,
                      key ? std::string_view(key->source) : std::string_view(),
                      key ? std::string_view(key->id) : std::string_view());
  };
  std::ranges::stable_sort(turns, {}, turn);
  return turns;
}

bool all_say_when(const Turns& turns) {
  return std::ranges::all_of(turns, [](const Entry* entry) {
    return entry->document->at || entry->document->kind == TransactionKind::kVoid;
  });
}

Result<Kept> kept_in_turn(const Transaction& sale, const Turns& turns) {
  Tally tally(sale);
  for (const auto* entry : turns) LAUREL_TRY_VOID(take(tally, *entry->document));
  return tally.kept();
}

}  // namespace

Result<Kept> kept_after(const Transaction& sale, std::span<const Entry> documents) {
  Turns booked;
  for (const auto& entry : documents) booked.push_back(&entry);
  auto kept = kept_in_turn(sale, booked);
  if (!kept && all_say_when(booked)) {
    auto in_time = kept_in_turn(sale, by_own_time(booked));
    if (in_time) kept = std::move(in_time);
  }
  const auto timely = by_time_and_key(booked);
  if (!kept || timely == booked) return kept;
  auto in_time = kept_in_turn(sale, timely);
  return in_time ? in_time : kept;
}

std::vector<Entry> take_waiting(Sale& sale) {
  std::vector<Entry> waiting;
  std::swap(waiting, sale.waiting);
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const Entry& a, const Entry& b) { return a.event_time < b.event_time; });
  return waiting;
}

bool in_currency_of(const Sale& sale, const Transaction& document) {
  return document.currency.empty() || document.currency == sale.entry.document->currency;
}

Result<std::optional<Taken>> stand(Sale& sale, const Entry& document) {
  if (!in_currency_of(sale, *document.document)) return std::optional<Taken>{};
  auto before = kept_after(*sale.entry.document, sale.documents);
  LAUREL_CHECK(before.ok(), "what was applied before can be applied again");
  sale.documents.push_back(document);
  auto after = kept_after(*sale.entry.document, sale.documents);
  if (after) return std::optional(Taken{*std::move(before), *std::move(after)});
  sale.documents.pop_back();
  return std::optional<Taken>{};
}

Result<void> rebalance(Unit& unit, MemberSession& session, Entry& entry, const Sale& sale,
                       const Kept& kept) {
  LAUREL_TRY_VOID(return_vouchers(unit, entry, sale, kept));
  const Entry& holder = *sale.holder();
  const ledger::Valuation* valuation = entry.valuation ? &*entry.valuation : sale.valuation();
  if (valuation == nullptr) return {};
  const Version* version = unit.versions->with_digest(holder.programme);
  LAUREL_CHECK(version != nullptr, "an entry names a version of the programme that is not stored");
  const auto& compiled = version->compiled();
  LAUREL_TRY_VOID(session.load_open_lots());
  LAUREL_TRY_VOID(load_lots_of(session, sale));
  LAUREL_TRY(auto lapsed, lapsed_elsewhere(unit.view, session, sale));
  const auto entitled =
      entitlement(compiled, *sale.entry.document, holder.event_time, *valuation, kept);
  LAUREL_TRY(auto withholding,
             withholding_of(entry, *sale.entry.document, *valuation, compiled.currency));
  ledger::EntryWriter writer(session.books(), entry);
  for (std::size_t i = 0; i < compiled.wallets.size(); ++i) {
    const auto& wallet = compiled.wallets[i];
    Points held = -issued(holder, wallet.id);
    for (const auto& movement : sale.movements) held -= issued(movement, wallet.id);
    // Never more than the whole sale is worth, whatever a rule makes of its rest.
    const Points due = std::clamp(entitled.of(wallet.id), Points{}, awarded(*valuation, wallet.id));
    if (held > due) {
      LAUREL_TRY(const auto payable, withholding.payable(wallet));
      LAUREL_TRY(const auto paid,
                 writer.take_back(wallet, held - due, sale.entry.id, payable, lapsed[wallet.id]));
      LAUREL_TRY_VOID(withholding.keep_back(wallet, paid));
    }
    if (held < due) {
      const auto terms = lot_terms(compiled, i, holder.event_time, sale.events);
      note_use(compiled, i, session.books(), writer, holder.event_time, 0, true);
      LAUREL_TRY_VOID(writer.give_again(wallet, due - held, sale.entry.id, sale.movements, terms));
    }
  }
  std::int64_t counted = holder.spend_delta_minor;
  for (const auto& movement : sale.movements) counted += movement.spend_delta_minor;
  entry.spend_delta_minor = entitled.counted - counted;
  entry.spend_at = holder.event_time;
  auto uses = holder.uses;
  std::string granted = holder.tier_granted;
  for (const auto& movement : sale.movements) {
    uses.insert(uses.end(), movement.uses.begin(), movement.uses.end());
    if (!movement.tier_taken_back.empty()) granted.clear();
    if (!movement.tier_granted.empty()) granted = movement.tier_granted;
  }
  // Those of rewards go with their vouchers.
  std::erase_if(uses, [](const auto& use) { return use.counter.starts_with("reward:"); });
  entry.uses = difference(entitled.uses, uses);
  if (entitled.tier_granted != granted) {
    entry.tier_taken_back = granted;
    entry.tier_granted = entitled.tier_granted;
    entry.tier_granted_until = entitled.tier_granted_until;
  }
  LAUREL_TRY_VOID(return_gifts(unit, entry, sale, compiled, entitled.gifts));
  for (const auto& move : entry.voucher_moves) {
    LAUREL_TRY_VOID(withholding.charge(move.charged_minor));
  }
  entry.withheld = withholding.text();
  return {};
}

}  // namespace laurel::engine
