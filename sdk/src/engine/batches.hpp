#pragma once
// Many adjustments under one id. The list is kept first, whole; then each member's is an entry of
// its own, under a key made of the batch's, so that nothing is booked twice.

#include <vector>

#include "engine/adjusting.hpp"

namespace laurel::engine {

// What a batch would do. kInvalid: who, why, or a line that cannot be read.
struct BatchPlan {
  BatchStanding standing;
  std::vector<ledger::AdjustmentTerms> items;  // by member and wallet
  std::string digest;
};
Result<BatchPlan> plan(const Unit& unit, const Batch& batch);

// Keeps the list, for a second person where the programme asks for one. Kept before: nothing to do,
// and true.
Result<bool> keep(Unit& unit, const Batch& batch);

struct StoredBatch {
  TransactionKey key;
  ledger::Entry header;
  std::vector<EntryId> parts;             // entries with its items
  std::optional<ledger::Entry> reversal;  // asked for
  std::optional<ReviewItem> item;
};
// kUnknownAdjustment.
Result<StoredBatch> load_batch(const store::View& view, const TransactionKey& key);
Result<std::vector<ledger::AdjustmentTerms>> items_of(const store::View& view,
                                                      const StoredBatch& batch);
Result<BatchStanding> standing_of(const store::View& view, const programme::Compiled& compiled,
                                  const StoredBatch& batch);

// The batch that an item of the review queue is about, if it is about one.
Result<std::optional<TransactionKey>> batch_about(const store::View& view, const ReviewItem& item);

// One member's part, once: booked, or taken back.
Result<void> book_item(Unit& unit, const StoredBatch& batch, const ledger::AdjustmentTerms& item);
Result<void> take_back_item(Unit& unit, const StoredBatch& batch,
                            const ledger::AdjustmentTerms& item);

// From now on nothing more of it is booked. True: that was asked for before, in the same words.
// kAlreadyReversed: in others, and it is done; kInReview: it was never booked.
Result<bool> order_reversal(Unit& unit, const BatchReversal& reversal);

}  // namespace laurel::engine
