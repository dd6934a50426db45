#include "engine/batches.hpp"

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/sha256.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/past.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::AdjustmentTerms;
using ledger::Entry;
using ledger::EntryKind;

constexpr std::string_view kBatch = "batch";
constexpr std::string_view kUndo = "batch-undo";
constexpr std::size_t kBatchLinesMax = 1'000'000;
constexpr std::size_t kShown = 100;
constexpr std::size_t kItemsOfAnEntry = 1'000;

TransactionKey key_of_item(std::string_view kind, const TransactionKey& key,
                           const AdjustmentTerms& item) {
  auto made = request_key(std::string(kind) + "-item", key);
  made.id += "/" + item.member.text() + "/" + item.wallet;
  return made;
}

std::string counter_of(std::string_view kind, const TransactionKey& key) {
  return std::string(kind) + ":" + key.source + "/" + key.id;
}

ledger::CounterUse one_of(std::string_view kind, const TransactionKey& key, const Unit& unit) {
  ledger::CounterUse use;
  use.counter = counter_of(kind, key);
  use.for_all = true;
  use.day = unit.in_force(unit.now).zone.local_date(unit.now);
  use.times = 1;
  return use;
}

Result<std::int64_t> counted(const store::View& view, const std::string& counter) {
  LAUREL_TRY(const auto rows, view.usage(counter, {}, store::kEver, store::kEver));
  return rows.empty() ? 0 : rows.front().times;
}

// Lines to what each member gets.
class Planner {
 public:
  Planner(const Unit& unit, const programme::Compiled& compiled, BatchPlan& plan)
      : unit_(unit), compiled_(compiled), plan_(plan) {
    for (const auto& wallet : compiled.wallets) {
      plan_.standing.wallets.push_back({wallet.id, wallet.scale, {}, {}, {}, {}});
    }
  }

  Result<void> take(const BatchLine& line, std::int64_t number) {
    const auto index =
        line.wallet.empty() ? std::optional<std::size_t>(0) : compiled_.wallet_index(line.wallet);
    const std::string pointer = "/lines/" + std::to_string(number - 1);
    if (!index) {
      faults.push_back({pointer + "/wallet", "unknown_wallet", "the programme has no such wallet"});
      return {};
    }
    const std::int64_t units = line.points.units();
    if (units == 0 || units > kMaxPoints || units < -kMaxPoints) {
      faults.push_back({pointer + "/points", "out_of_range", "a difference in points, not zero"});
      return {};
    }
    LAUREL_TRY(const auto member, member_of(line));
    if (!member) return leave_out(number, "unknown_member");
    LAUREL_TRY(const auto record, existing_now(unit_.view, *member));
    if (record.status == MemberStatus::kClosed) return leave_out(number, "member_not_active");
    sums_[{*member, *index}] += line.points;
    return {};
  }

  void finish() {
    for (const auto& [whose, points] : sums_) {
      if (points == Points{}) continue;
      auto& wallet = plan_.standing.wallets[whose.second];
      const bool gives = points > Points{};
      const Points size = gives ? points : -points;
      (gives ? wallet.given : wallet.taken) += size;
      if (size > wallet.most) {
        wallet.most = size;
        wallet.most_of = whose.first;
      }
      plan_.items.push_back({whose.first, wallet.wallet, points, {}});
    }
    std::erase_if(plan_.standing.wallets,
                  [](const BatchWallet& wallet) { return wallet.most == Points{}; });
    plan_.standing.count = static_cast<std::int64_t>(plan_.items.size());
  }

  std::vector<FieldFault> faults = {};

 private:
  Result<std::optional<MemberId>> member_of(const BatchLine& line) const {
    if (line.member) {
      LAUREL_TRY(const auto record, unit_.view.member(line.member));
      return record ? std::optional(line.member) : std::nullopt;
    }
    const auto& recogniser = *unit_.versions->in_force(unit_.now).recogniser;
    const auto read = recogniser.normalise(line.identifier);
    if (!read || read->placeholder) return std::optional<MemberId>();
    LAUREL_TRY(const auto owner, unit_.view.identify(read->type, read->value));
    return owner ? std::optional(owner->link.member) : std::nullopt;
  }

  Result<void> leave_out(std::int64_t line, std::string code) {
    ++plan_.standing.unknown;
    auto& shown = plan_.standing.faults;
    if (shown.size() < kShown) shown.push_back({line, {}, std::move(code)});
    return {};
  }

  const Unit& unit_;
  const programme::Compiled& compiled_;
  BatchPlan& plan_;
  std::map<std::pair<MemberId, std::size_t>, Points> sums_;
};

std::string digest_of(const std::vector<AdjustmentTerms>& items) {
  Sha256 sha;
  for (const auto& item : items) {
    sha.update(std::to_string(item.member.number()) + " " + item.wallet + " " +
               std::to_string(item.points.units()) + "\n");
  }
  return to_hex(sha.finish());
}

bool is_beyond(const programme::AdjustmentPolicy& policy, const programme::Compiled& compiled,
               const BatchStanding& standing) {
  const auto& batch = policy.batch;
  if (batch.members && standing.count > *batch.members) return true;
  std::int64_t total = 0;  // in whole points, a part of one counted as one
  for (const auto& wallet : standing.wallets) {
    const auto& declared = compiled.wallets[*compiled.wallet_index(wallet.wallet)];
    if (wallet.most > whole_points(batch.per_member.value_or(policy.at_most), declared))
      return true;
    const std::int64_t one = whole_points(1, declared).units();
    total += ((wallet.given + wallet.taken).units() + one - 1) / one;
  }
  return total > batch.total;
}

Error unknown_lines(const BatchStanding& standing) {
  std::vector<FieldFault> faults;
  for (const auto& fault : standing.faults) {
    faults.push_back({"/lines/" + std::to_string(fault.line - 1), fault.code,
                      "line " + std::to_string(fault.line) + " names nobody who can be given it"});
  }
  return faulty_fields(std::move(faults));
}

Entry begin(Unit& unit, const Batch& batch) {
  Entry entry;
  entry.id = unit.next_entry();
  entry.kind = EntryKind::kAdjustment;
  entry.event_time = entry.booked_at = unit.now;
  entry.actor = batch.actor;
  entry.reason = batch.reason;
  entry.programme = unit.in_force(unit.now).digest;
  return entry;
}

void open_review(Unit& unit, const Entry& header, const Batch& batch,
                 const BatchStanding& standing) {
  ReviewItem item;
  item.kind = ReviewKind::kAdjustment;
  item.subject = subject_of_adjustment(header.key);
  item.entry = header.id;
  item.opened_at = unit.now;
  item.text = batch.actor + " asks for a batch of " + std::to_string(standing.count);
  for (const auto& wallet : standing.wallets) {
    item.text += ", " + (wallet.given - wallet.taken).text(wallet.scale) + " " + wallet.wallet +
                 " in all, at most " + wallet.most.text(wallet.scale);
  }
  item.text += ": " + batch.reason;
  unit.change.reviews.push_back(std::move(item));
}

// The list stands in entries after the header.
void write(Unit& unit, const Batch& batch, BatchPlan&& planned) {
  Entry header = begin(unit, batch);
  header.key = request_key(kBatch, batch.key);
  header.batch = {planned.digest, planned.standing.count, {}};
  const bool waits = planned.standing.needs_second_person;
  header.state = waits ? TransactionState::kReview : TransactionState::kAccepted;
  if (waits) open_review(unit, header, batch, planned.standing);
  store::TransactionRecord record{header.key, header.id, {}};
  const EntryId id = header.id;
  unit.change.entries.push_back(std::move(header));
  for (std::size_t first = 0; first < planned.items.size(); first += kItemsOfAnEntry) {
    const auto from = planned.items.begin() + static_cast<std::ptrdiff_t>(first);
    const auto size = std::min(kItemsOfAnEntry, planned.items.size() - first);
    Entry part = begin(unit, batch);
    part.about = id;
    part.batch = {{}, 0, {from, from + static_cast<std::ptrdiff_t>(size)}};
    record.related.push_back(part.id);
    unit.change.entries.push_back(std::move(part));
  }
  unit.change.transactions.push_back(std::move(record));
}

}  // namespace

Result<BatchPlan> plan(const Unit& unit, const Batch& batch) {
  const auto& compiled = unit.in_force(unit.now);
  BatchPlan made;
  made.standing.key = batch.key;
  made.standing.actor = batch.actor;
  made.standing.reason = batch.reason;
  made.standing.at = unit.now;
  Planner planner(unit, compiled, made);
  check_key(batch.key, "", planner.faults);
  check_person(batch.actor, batch.reason, planner.faults);
  if (batch.lines.empty() || batch.lines.size() > kBatchLinesMax) {
    planner.faults.push_back({"/lines", "out_of_range", "from 1 to 1,000,000 lines"});
    return faulty_fields(std::move(planner.faults));
  }
  std::int64_t number = 0;
  for (const auto& line : batch.lines) {
    LAUREL_TRY_VOID(planner.take(line, ++number));
    if (planner.faults.size() >= kShown) break;
  }
  if (!planner.faults.empty()) return faulty_fields(std::move(planner.faults));
  planner.finish();
  made.standing.needs_second_person = is_beyond(compiled.adjustments, compiled, made.standing);
  made.digest = digest_of(made.items);
  return made;
}

Result<bool> keep(Unit& unit, const Batch& batch) {
  LAUREL_TRY(auto planned, plan(unit, batch));
  LAUREL_TRY(const auto stored, first_answer(unit.view, request_key(kBatch, batch.key)));
  if (stored) {
    LAUREL_CHECK(stored->batch.has_value(), "the key of a batch names a batch");
    if (stored->batch->digest != planned.digest) return used_for_other_content("/lines");
    if (stored->reason != batch.reason) return used_for_other_content("/reason");
    return true;
  }
  if (planned.standing.unknown > 0 && !batch.skip_unknown) return unknown_lines(planned.standing);
  if (planned.items.empty()) return faulty_field("/lines", "required", "it gives nobody anything");
  const auto& policy = unit.in_force(unit.now).adjustments;
  if (planned.standing.needs_second_person &&
      policy.then == programme::AdjustmentPolicy::Beyond::kRefuse) {
    return Error{ErrorCode::kAdjustmentLimit, "the batch is larger than the programme allows"};
  }
  write(unit, batch, std::move(planned));
  return false;
}

Result<StoredBatch> load_batch(const store::View& view, const TransactionKey& key) {
  LAUREL_TRY(const auto record, view.transaction(request_key(kBatch, key)));
  if (!record || !record->entry) {
    return Error{ErrorCode::kUnknownAdjustment, "no batch has this id"};
  }
  LAUREL_TRY(auto header, view.entry(record->entry));
  LAUREL_CHECK(header && header->batch, "the key of a batch names a batch");
  const auto parts =
      static_cast<std::size_t>(header->batch->count + std::int64_t{kItemsOfAnEntry} - 1) /
      kItemsOfAnEntry;
  LAUREL_CHECK(record->related.size() >= parts, "a batch names the entries with its list");
  StoredBatch batch{key, *std::move(header), record->related, {}, {}};
  batch.parts.resize(parts);
  LAUREL_TRY(batch.reversal, first_answer(view, request_key(kUndo, key)));
  LAUREL_TRY(batch.item, view.review_of(ReviewKind::kAdjustment,
                                        subject_of_adjustment(request_key(kBatch, key))));
  return batch;
}

Result<std::vector<AdjustmentTerms>> items_of(const store::View& view, const StoredBatch& batch) {
  std::vector<AdjustmentTerms> items;
  for (const auto id : batch.parts) {
    LAUREL_TRY(const auto part, view.entry(id));
    LAUREL_CHECK(part && part->batch, "a batch names the entries with its list");
    items.insert(items.end(), part->batch->items.begin(), part->batch->items.end());
  }
  return items;
}

namespace {

BatchState state_of(const StoredBatch& batch, const BatchStanding& standing) {
  if (batch.item && batch.item->state == ReviewState::kOpen) return BatchState::kWaiting;
  if (batch.item && batch.item->state == ReviewState::kRejected) return BatchState::kRejected;
  if (batch.reversal) {
    return standing.reversed < standing.posted ? BatchState::kReversing : BatchState::kReversed;
  }
  return standing.posted < standing.count ? BatchState::kPosting : BatchState::kPosted;
}

void sum_up(BatchStanding& standing, const programme::Compiled& compiled,
            const std::vector<AdjustmentTerms>& items) {
  for (const auto& item : items) {
    auto wallet = std::ranges::find(standing.wallets, item.wallet, &BatchWallet::wallet);
    if (wallet == standing.wallets.end()) {
      const auto index = compiled.wallet_index(item.wallet);
      const int scale = index ? compiled.wallets[*index].scale : 0;
      standing.wallets.push_back({item.wallet, scale, {}, {}, {}, {}});
      wallet = standing.wallets.end() - 1;
    }
    const bool gives = item.points > Points{};
    const Points size = gives ? item.points : -item.points;
    (gives ? wallet->given : wallet->taken) += size;
    if (size > wallet->most) {
      wallet->most = size;
      wallet->most_of = item.member;
    }
  }
}

Result<void> sum_up_reversal(const store::View& view, BatchStanding& standing,
                             const std::vector<AdjustmentTerms>& items) {
  for (const auto& wallet : standing.wallets) {
    standing.taken_back.push_back({wallet.wallet, wallet.scale, {}, {}, {}, {}, {}, {}});
  }
  for (const auto& item : items) {
    LAUREL_TRY(const auto entry, first_answer(view, key_of_item(kUndo, standing.key, item)));
    if (!entry) continue;
    add(*std::ranges::find(standing.taken_back, item.wallet, &TakenBack::wallet), *entry);
  }
  return {};
}

}  // namespace

Result<BatchStanding> standing_of(const store::View& view, const programme::Compiled& compiled,
                                  const StoredBatch& batch) {
  BatchStanding standing;
  standing.key = batch.key;
  standing.actor = batch.header.actor;
  standing.reason = batch.header.reason;
  standing.at = batch.header.booked_at;
  standing.count = batch.header.batch->count;
  standing.needs_second_person = batch.item.has_value();
  if (batch.item) standing.review = batch.item->number;
  LAUREL_TRY(standing.posted, counted(view, counter_of(kBatch, batch.key)));
  LAUREL_TRY(standing.reversed, counted(view, counter_of(kUndo, batch.key)));
  standing.state = state_of(batch, standing);
  LAUREL_TRY(const auto items, items_of(view, batch));
  sum_up(standing, compiled, items);
  if (batch.reversal) LAUREL_TRY_VOID(sum_up_reversal(view, standing, items));
  return standing;
}

Result<std::optional<TransactionKey>> batch_about(const store::View& view, const ReviewItem& item) {
  if (item.kind != ReviewKind::kAdjustment) return std::optional<TransactionKey>();
  LAUREL_TRY(const auto header, view.entry(item.entry));
  if (!header || !header->batch) return std::optional<TransactionKey>();
  return std::optional(requested_key(kBatch, header->key));
}

Result<void> book_item(Unit& unit, const StoredBatch& batch, const AdjustmentTerms& item) {
  const auto key = key_of_item(kBatch, batch.key, item);
  LAUREL_TRY(const auto done, unit.view.transaction(key));
  if (done && done->entry) return {};
  LAUREL_TRY(const auto reversal, unit.view.transaction(request_key(kUndo, batch.key)));
  if (reversal && reversal->entry) {
    return Error{ErrorCode::kAlreadyReversed, "the batch has been taken back"};
  }
  LAUREL_TRY(const auto id, hand(unit, {.member = item.member,
                                        .wallet = item.wallet,
                                        .points = item.points,
                                        .at = unit.now,
                                        .key = key,
                                        .actor = batch.header.actor,
                                        .reason = batch.header.reason,
                                        .about = batch.header.id,
                                        .uses = {one_of(kBatch, batch.key, unit)}}));
  unit.change.transactions.push_back({key, id, {}});
  return {};
}

Result<void> take_back_item(Unit& unit, const StoredBatch& batch, const AdjustmentTerms& item) {
  LAUREL_TRY(const auto booked, unit.view.transaction(key_of_item(kBatch, batch.key, item)));
  if (!booked || !booked->entry) return {};  // it was never booked, and never will be
  const auto key = key_of_item(kUndo, batch.key, item);
  LAUREL_TRY(const auto done, unit.view.transaction(key));
  if (done && done->entry) return {};
  LAUREL_CHECK(batch.reversal.has_value(), "its reversal was asked for");
  LAUREL_TRY_VOID(take_back(unit, {booked->entry,
                                   key,
                                   batch.reversal->actor,
                                   batch.reversal->reason,
                                   {one_of(kUndo, batch.key, unit)}}));
  return {};
}

Result<bool> order_reversal(Unit& unit, const BatchReversal& reversal) {
  std::vector<FieldFault> faults;
  check_key(reversal.batch, "", faults);
  check_person(reversal.actor, reversal.reason, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(auto batch, load_batch(unit.view, reversal.batch));
  LAUREL_TRY(const auto posted, counted(unit.view, counter_of(kBatch, batch.key)));
  LAUREL_TRY(const auto reversed, counted(unit.view, counter_of(kUndo, batch.key)));
  if (batch.reversal) {
    const bool same =
        batch.reversal->actor == reversal.actor && batch.reversal->reason == reversal.reason;
    if (same) return true;
    if (reversed < posted) return false;  // somebody has to bring it to its end
    return Error{ErrorCode::kAlreadyReversed, batch.reversal->actor + " took it back before"};
  }
  if (batch.item && batch.item->state != ReviewState::kAccepted) {
    return Error{ErrorCode::kInReview, batch.item->state == ReviewState::kOpen
                                           ? "it waits for a second person; reject it"
                                           : "it was rejected, and gave nothing"};
  }
  Entry entry;
  entry.id = unit.next_entry();
  entry.kind = EntryKind::kAdjustment;
  entry.event_time = entry.booked_at = unit.now;
  entry.key = request_key(kUndo, reversal.batch);
  entry.actor = reversal.actor;
  entry.reason = reversal.reason;
  entry.about = batch.header.id;
  entry.programme = unit.in_force(unit.now).digest;
  unit.change.transactions.push_back({entry.key, entry.id, {}});
  unit.change.entries.push_back(std::move(entry));
  return false;
}

}  // namespace laurel::engine
