#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/engine_state.hpp"
#include "engine/history.hpp"
#include "engine/members.hpp"
#include "engine/past.hpp"
#include "engine/posting.hpp"
#include "engine/receipt.hpp"
#include "engine/valuation.hpp"
#include "engine/verify.hpp"

namespace laurel {

using namespace engine;

namespace {

// For what is worked out and never written.
constexpr store::NextIds kIdsOfNothing{EntryId(INT64_MAX / 128), MemberId(INT64_MAX / 2)};

// The entry in which a waiting document took effect, if it has.
Result<std::optional<ledger::Entry>> application_of(const store::View& view,
                                                    const ledger::Entry& entry) {
  std::optional<ledger::Entry> found;
  if (entry.state != TransactionState::kWaiting || !entry.document->original) return found;
  LAUREL_TRY(const auto original, view.transaction(*entry.document->original));
  if (!original) return found;
  for (const auto id : original->related) {
    LAUREL_TRY(auto related, view.entry(id));
    if (related && related->kind == ledger::EntryKind::kApply && related->about == entry.id) {
      found = std::move(related);
    }
  }
  return found;
}

// The entry that holds a sale's points: its claim, where it was claimed.
Result<std::optional<ledger::Entry>> claim_of(const store::View& view,
                                              const store::TransactionRecord& record) {
  std::optional<ledger::Entry> found;
  for (const auto id : record.related) {
    LAUREL_TRY(auto related, view.entry(id));
    if (related && related->kind == ledger::EntryKind::kClaim) found = std::move(related);
  }
  return found;
}

// The entry that rated a sale again last.
Result<std::optional<ledger::Entry>> latest_rating(const store::View& view,
                                                   const TransactionKey& key) {
  std::optional<ledger::Entry> found;
  LAUREL_TRY(const auto record, view.transaction(key));
  if (!record) return found;
  for (const auto id : record->related) {
    LAUREL_TRY(auto related, view.entry(id));
    if (related && related->kind == ledger::EntryKind::kRating) found = std::move(related);
  }
  return found;
}

// What a person decided on a sale that is still nobody's.
Result<void> note_decision(const store::View& view, const store::TransactionRecord& record,
                           ledger::Entry& entry) {
  for (const auto id : record.related) {
    LAUREL_TRY(const auto related, view.entry(id));
    if (related && related->kind == ledger::EntryKind::kSettlement) entry.state = related->state;
  }
  return {};
}

Result<ledger::Entry> stored_entry(const store::View& view, const TransactionKey& key) {
  LAUREL_TRY(const auto record, view.transaction(key));
  if (!record || !record->entry) {
    return Error{ErrorCode::kUnknownTransaction, "no transaction has this key"};
  }
  LAUREL_TRY(auto entry, view.entry(record->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  LAUREL_TRY(auto applied, application_of(view, *entry));
  if (applied) return *std::move(applied);
  LAUREL_TRY(auto claimed, claim_of(view, *record));
  if (!claimed) {
    LAUREL_TRY_VOID(note_decision(view, *record, *entry));
    return *std::move(entry);
  }
  claimed->document = std::move(entry->document);
  return *std::move(claimed);
}

}  // namespace

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options) {
  if (options.store == nullptr || options.clock == nullptr) {
    return Error{ErrorCode::kInvalid, "an engine needs a store and a clock"};
  }
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  LAUREL_TRY_VOID(state->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY([[maybe_unused]] const auto versions, state->catalogue.refresh(view));
    return {};
  }));
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

// ---- Transactions

Result<Receipt> Engine::post(const Transaction& transaction) {
  return std::move(post_all(std::span(&transaction, 1)).front());
}

std::vector<Result<Receipt>> Engine::post_all(std::span<const Transaction> transactions) {
  std::vector<Result<Receipt>> receipts;
  std::vector<std::size_t> places;
  std::vector<store::UnitOfWork> units;
  receipts.reserve(transactions.size());
  units.reserve(transactions.size());
  for (const auto& transaction : transactions) {
    auto checked = check(transaction, state_->default_currency(transaction));
    if (!checked) {
      receipts.emplace_back(std::move(checked).error());
      continue;
    }
    receipts.emplace_back(Error{ErrorCode::kBroken, "not posted"});
    places.push_back(receipts.size() - 1);
    Result<Receipt>& out = receipts.back();
    units.push_back(
        state_->unit_of([this, &out, document = *std::move(checked)](Unit& unit) -> Result<void> {
          LAUREL_TRY(const auto posted, engine::post(unit, document));
          out = state_->receipt(unit, posted);
          return {};
        }));
  }
  auto done = state_->write(units);
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) receipts[places[i]] = std::move(done[i]).error();
  }
  return receipts;
}

Result<Receipt> Engine::quote(const Transaction& transaction) const {
  LAUREL_TRY(const auto checked, check(transaction, state_->default_currency(transaction)));
  LAUREL_TRY(auto receipt, state_->read<Receipt>([&](const store::View& view,
                                                     const Versions& versions) -> Result<Receipt> {
    Unit unit{view, kIdsOfNothing, state_->now(), std::make_shared<const Versions>(versions)};
    const auto posted = engine::post(unit, checked);
    state_->whisper(unit);
    if (!posted) return posted.error();
    return state_->receipt(unit, *posted);
  }));
  receipt.quote = !receipt.replayed;
  if (receipt.quote) {
    receipt.entry = {};
    for (auto& voucher : receipt.vouchers) voucher.code.clear();  // there is none yet
    if (receipt.attribution.enrolled) receipt.attribution.member = {};
  }
  return receipt;
}

Result<Receipt> Engine::transaction(const TransactionKey& key) const {
  return state_->read<Receipt>(
      [&](const store::View& view, const Versions& versions) -> Result<Receipt> {
        LAUREL_TRY(const auto entry, stored_entry(view, key));
        auto receipt = state_->receipt(versions, entry, false);
        if (!entry.document) return receipt;
        for (const auto& part : part_keys(*entry.document)) {
          LAUREL_TRY(const auto returned, stored_entry(view, part));
          receipt.returns.push_back(state_->receipt(versions, returned, false));
        }
        return receipt;
      });
}

Result<Explanation> Engine::explain(const TransactionKey& key) const {
  return state_->read<Explanation>(
      [&](const store::View& view, const Versions& versions) -> Result<Explanation> {
        LAUREL_TRY(auto entry, stored_entry(view, key));
        LAUREL_TRY(auto latest, latest_rating(view, key));
        if (latest) entry.valuation = std::move(latest->valuation);
        if (!entry.document || !entry.valuation) {
          return Error{ErrorCode::kNotReversible, "nothing was valued under this key"};
        }
        const auto* version = versions.with_digest(entry.programme);
        LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
        Valuable valuable(*entry.document);
        return version->compiled().explain(
            valuable.facts(entry.event_time, standing_of(*entry.valuation)));
      });
}

Result<Explanation> Engine::explain(const Transaction& transaction) const {
  LAUREL_TRY(const auto checked, check(transaction, state_->default_currency(transaction)));
  return state_->read<Explanation>([&](const store::View& view,
                                       const Versions& versions) -> Result<Explanation> {
    const auto& document = checked.document();
    const Instant at = document.at.value_or(state_->now());
    const Version& version = versions.in_force(at);
    LAUREL_TRY(const auto given,
               recognise({*version.recogniser, view, places_of(document)}, document.identifiers));
    LAUREL_TRY(const auto attributed, attribute(view, *version.recogniser, given,
                                                places_of(document), identity::Purpose::kEarn));
    const auto& compiled = version.compiled();
    Valuable valuable(document);
    if (!attributed.member) {
      const auto rules = tier_rules(compiled);
      const auto tier = ledger::advance_tier(rules, ledger::initial_tier(rules, at), at);
      return compiled.explain(
          valuable.facts(at, {.tier = tier.level,
                              .spend_before_minor = ledger::window_spend(rules, tier, at),
                              .stopped = versions.stopped_at(at)}));
    }
    Unit unit{view, kIdsOfNothing, state_->now(), std::make_shared<const Versions>(versions)};
    MemberSession session(unit, *attributed.member);
    LAUREL_TRY(const auto standing, standing_for(unit, session, compiled, at, valuable));
    return compiled.explain(valuable.facts(at, standing));
  });
}

Result<Receipt> Engine::claim(const TransactionKey& key, MemberId member,
                              const std::string& actor) {
  Result<Receipt> out = Error{ErrorCode::kBroken, "not claimed"};
  LAUREL_TRY_VOID(state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::claim(unit, key, member, actor));
    out = state_->receipt(*unit.versions, posted.entry(unit), posted.replayed);
    return {};
  }));
  return out;
}

// ---- Members

// Sales that carry an identifier which is somebody's now, each in a unit of work of its own: should
// it end in between, asking for the same again goes on.
Result<void> Engine::State::claim_proven(std::span<const Identifier> identifiers) const {
  std::vector<EntryId> sales;
  LAUREL_TRY_VOID(store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(const auto versions, refresh(view));
    const auto& recogniser = *versions->in_force(now()).recogniser;
    for (const auto& identifier : identifiers) {
      const auto normal = recognise({recogniser, view}, identifier);
      if (!normal) continue;
      LAUREL_TRY(const auto rows, view.unclaimed(normal->type, normal->value));
      for (const auto& row : rows) sales.push_back(row.entry);
    }
    return {};
  }));
  for (const EntryId sale : sales) {
    const auto claimed = write_one([sale](Unit& unit) -> Result<void> {
      LAUREL_TRY_VOID(engine::claim_proven(unit, sale));
      return {};
    });
    if (!claimed) return claimed.error();
  }
  return {};
}

Result<Enrolled> Engine::enrol(const Enrolment& enrolment) {
  MemberId id;
  bool replayed = false;
  LAUREL_TRY_VOID(state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto entry, engine::enrol(unit, enrolment));
    id = entry.entry(unit).member;
    replayed = entry.replayed;
    return {};
  }));
  std::vector<Identifier> proven;
  for (std::size_t i = 0; i < enrolment.identifiers.size(); ++i) {
    if (engine::is_verified(enrolment, i)) proven.push_back(enrolment.identifiers[i]);
  }
  LAUREL_TRY_VOID(state_->claim_proven(proven));
  LAUREL_TRY(auto enrolled, member(id));
  return Enrolled{std::move(enrolled), replayed};
}

Result<Member> Engine::member(MemberId id) const {
  return state_->read<Member>([&](const store::View& view, const Versions& versions) {
    const Instant now = state_->now();
    return member_view(view, versions.in_force(now), now, id);
  });
}

Result<Member> Engine::change(MemberId id, const MemberChange& change) {
  LAUREL_TRY_VOID(state_->write_one([&](Unit& unit) { return engine::change(unit, id, change); }));
  return member(id);
}

Result<Lookup> Engine::lookup(std::span<const Identifier> identifiers) const {
  return state_->read<Lookup>([&](const store::View& view, const Versions& versions) {
    const Instant now = state_->now();
    return engine::lookup(view, versions.in_force(now), now, identifiers);
  });
}

Result<Member> Engine::link(MemberId id, const Identifier& identifier, bool verified,
                            const std::string& actor) {
  const auto linked = state_->write_one(
      [&](Unit& unit) { return engine::link(unit, id, identifier, verified, actor); });
  if (!linked && linked.error().code == ErrorCode::kIdentifierTaken) {
    LAUREL_TRY_VOID(
        state_->write_one([&](Unit& unit) { return engine::note_attempt(unit, id, identifier); }));
  }
  if (!linked) return linked.error();
  if (verified) LAUREL_TRY_VOID(state_->claim_proven(std::span(&identifier, 1)));
  return member(id);
}

Result<Member> Engine::unlink(MemberId id, const Identifier& identifier, const std::string& actor) {
  LAUREL_TRY_VOID(
      state_->write_one([&](Unit& unit) { return engine::unlink(unit, id, identifier, actor); }));
  return member(id);
}

Result<TierGiftReceipt> Engine::grant_tier(const TierGift& gift) {
  std::optional<TierGiftReceipt> receipt;
  LAUREL_TRY_VOID(state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto given, engine::grant_tier(unit, gift));
    const auto& entry = given.entry(unit);
    receipt = {given.id, given.replayed, entry.tier_after.value_or(TierStanding{}),
               unit.in_force(unit.now).currency};
    return {};
  }));
  return *std::move(receipt);
}

// ---- History

Result<LedgerPage> Engine::ledger(MemberId id, EntryId before, std::size_t limit) const {
  return state_->read<LedgerPage>([&](const store::View& view, const Versions&) {
    return member_ledger(view, id, before, limit);
  });
}

Result<Statement> Engine::statement(MemberId id, Instant as_of, TimeBasis basis) const {
  return state_->read<Statement>([&](const store::View& view, const Versions& versions) {
    return engine::statement(view, versions, id, as_of, basis);
  });
}

Result<LedgerPage> Engine::entries(EntryId after, std::size_t limit) const {
  return state_->read<LedgerPage>(
      [&](const store::View& view, const Versions&) { return all_entries(view, after, limit); });
}

// ---- Housekeeping

Result<DueWork> Engine::settle_due(std::size_t limit) {
  std::vector<MemberId> due;
  LAUREL_TRY_VOID(state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(due, view.due(state_->now(), limit));
    return {};
  }));
  std::vector<DueWork> parts(due.size());
  std::vector<store::UnitOfWork> units;
  for (std::size_t i = 0; i < due.size(); ++i) {
    units.push_back(state_->unit_of([id = due[i], &part = parts[i]](Unit& unit) -> Result<void> {
      part = {};
      return settle_member(unit, id, part);
    }));
  }
  DueWork work;
  const auto done = state_->write(units);
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) return done[i].error();
    work.members += parts[i].members;
    work.activated_lots += parts[i].activated_lots;
    work.expired_lots += parts[i].expired_lots;
    work.ended_holds += parts[i].ended_holds;
    work.notices += parts[i].notices;
  }
  work.more = due.size() == limit && limit > 0;
  return work;
}

Result<VerifyReport> Engine::verify(const Verification& how) const {
  const engine::Snapshots read = [this](const auto& reader) {
    const auto look = [&](const store::View& view, const Versions& versions) -> Result<bool> {
      LAUREL_TRY_VOID(reader(view, versions));
      return true;
    };
    auto looked = state_->read<bool>(look);
    return looked ? Result<void>() : Result<void>(std::move(looked).error());
  };
  return engine::verify(read, how);
}

bool Engine::writable() const { return state_->writable; }

}  // namespace laurel
