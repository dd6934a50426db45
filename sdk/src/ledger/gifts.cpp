// Points given by hand, and taken back.

#include "base/try.hpp"
#include "ledger/book.hpp"

namespace laurel::ledger {

Result<void> EntryWriter::take_back_gift(const WalletPolicy& wallet, Points points, EntryId cause) {
  LAUREL_TRY_VOID(take_back(wallet, points, cause));
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, -points));
  return post(wallet.id, Account::kAdjusted, points);
}

}  // namespace laurel::ledger
