// Returns that name no sale, under `return_without_sale: at_value`.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/booking.hpp"
#include "engine/lots.hpp"
#include "engine/withholding.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;

Error faulty(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kInvalid,
          "one or more fields are wrong",
          {{std::move(pointer), std::move(code), std::move(detail)}}};
}

Result<Currency> currency_of(const Transaction& document, const programme::Compiled& compiled) {
  if (document.currency.empty()) return compiled.currency;
  const auto currency = Currency::of(document.currency);
  if (currency) return *currency;
  return faulty("/currency", "unknown_currency", "not an active ISO 4217 code, such as GBP");
}

// The one amount, or what its lines say.
Result<Money> amount_of(const Transaction& document, Currency currency) {
  const auto read = [&](const std::string& text, const std::string& pointer) -> Result<Money> {
    auto money = Money::parse(text, currency);
    if (money && money->minor() >= 0 && money->minor() <= kMaxMinorUnits) return money;
    return faulty(pointer, "not_an_amount", "a positive amount of its currency");
  };
  if (!document.amount.empty()) return read(document.amount, "/amount");
  if (document.return_lines.empty()) {
    return faulty("/amount", "required", "a return without its sale says how much it is");
  }
  std::int64_t minor = 0;
  for (std::size_t i = 0; i < document.return_lines.size(); ++i) {
    const std::string pointer = "/lines/" + std::to_string(i) + "/amount";
    LAUREL_TRY(const auto money, read(document.return_lines[i].amount, pointer));
    minor += money.minor();
    if (minor > kMaxMinorUnits) return faulty(pointer, "out_of_range", "too much together");
  }
  return Money(minor, currency);
}

Result<Fraction> rate_on(const programme::Compiled& compiled, Currency currency, Instant at) {
  const auto rate = compiled.exchange_rate(currency, compiled.zone.local_date(at));
  if (rate) return *rate;
  return faulty("/currency", "currency_not_taken",
                "the programme has no exchange rate for it on that day");
}

Result<Points> points_for(const programme::Compiled& compiled, Money amount,
                          const Fraction& exchange) {
  const auto& wallet = compiled.wallets.front();
  LAUREL_TRY(const auto rate,
             Rate::parse(compiled.arrivals.return_rate, compiled.currency, wallet.scale));
  LAUREL_TRY(const auto factor, minor_unit_rate(exchange, amount.currency(), compiled.currency));
  LAUREL_TRY(const auto units,
             rate.earned(Exact(amount.minor()) * factor).rounded(wallet.rounding));
  return Points(units);
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

void record(Unit& unit, const StoredRecord& own, const TransactionKey& key, EntryId id) {
  store::TransactionRecord made{key, id, {}};
  if (own) made.related = own->related;
  unit.change.transactions.push_back(std::move(made));
}

}  // namespace

Result<std::optional<EntryId>> return_at_value(Unit& unit, Transaction& document,
                                               const std::vector<GivenIdentifier>& given) {
  const Instant at = std::min(document.at.value_or(unit.now), unit.now);
  const Version& version = unit.versions->in_force(at);
  const auto& compiled = version.compiled();
  LAUREL_TRY(auto attributed, attribute(unit.view, *version.recogniser, given, places_of(document),
                                        identity::Purpose::kEarn));
  if (!attributed.member || attributed.needs_review) return std::optional<EntryId>();
  LAUREL_TRY(const auto currency, currency_of(document, compiled));
  LAUREL_TRY(const auto amount, amount_of(document, currency));
  LAUREL_TRY(const auto exchange, rate_on(compiled, currency, at));
  LAUREL_TRY(const auto points, points_for(compiled, amount, exchange));
  MemberSession session(unit, *std::move(attributed.member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  Entry entry = session.begin(ledger::EntryKind::kReturn, at);
  entry.attribution = std::move(attributed.attribution);
  describe(entry, std::move(document), compiled);
  entry.refund = amount.text();
  if (points > Points{}) {
    const auto& wallet = compiled.wallets.front();
    LAUREL_TRY(auto withholding, Withholding::of(amount, exchange, compiled.currency));
    LAUREL_TRY(const auto payable, withholding.payable(wallet));
    ledger::EntryWriter writer(session.books(), entry);
    LAUREL_TRY(const auto paid, writer.take_back(wallet, points, entry.id, payable));
    LAUREL_TRY_VOID(withholding.keep_back(wallet, paid));
    entry.withheld = withholding.text();
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  record(unit, std::nullopt, session.last().key, id);
  LAUREL_TRY_VOID(session.close());
  return std::optional(id);
}

Result<EntryId> void_at_value(Unit& unit, Transaction document, store::TransactionRecord original,
                              const Entry& returned, const StoredRecord& own) {
  const auto& compiled = unit.in_force(returned.event_time);
  LAUREL_TRY(auto member, unit.view.member(returned.member));
  LAUREL_CHECK(member.has_value(), "an entry names a member that is not stored");
  MemberSession session(unit, *std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  LAUREL_TRY_VOID(session.load_lots_of(returned));
  Entry entry = session.begin(ledger::EntryKind::kVoid, returned.event_time);
  describe(entry, std::move(document), compiled);
  entry.about = returned.id;
  const auto& wallet = compiled.wallets.front();
  if (const Points taken = issued(returned, wallet.id); taken > Points{}) {
    ledger::EntryWriter writer(session.books(), entry);
    LAUREL_TRY_VOID(writer.give_again(wallet, taken, returned.id, std::span(&returned, 1),
                                      terms_at_once(compiled, 0, returned.event_time)));
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  record(unit, own, session.last().key, id);
  original.related.push_back(id);
  unit.change.transactions.push_back(std::move(original));
  LAUREL_TRY_VOID(session.close());
  return id;
}

}  // namespace laurel::engine
