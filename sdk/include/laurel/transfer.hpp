#pragma once
// Points that go from one member to another.

#include <string>
#include <vector>

#include "laurel/receipt.hpp"
#include "laurel/result.hpp"

namespace laurel {

class Engine;

// The lots move as they are: what would have died on a day dies on that day all the same.
struct Transfer {
  TransactionKey key;  // the same key moves once
  MemberId from, to;
  std::string wallet = {};  // empty: the programme's first
  Points points;            // above zero
  std::string actor;
  std::string reason;
};

struct TransferReceipt {
  TransactionKey key;
  MemberId from, to;
  bool replayed = false;
  EntryId entry;  // of her who gives
  std::string wallet;
  Points points;
  std::vector<WalletBalance> wallets;  // of her who gives, as they stood then
};

// From any thread; as long as the engine lives.
class Transfers {
 public:
  // kInsufficientPoints, kMemberNotActive: either is frozen or gone, kUnknownMember.
  Result<TransferReceipt> move(const Transfer& transfer) const;

 private:
  friend class Engine;
  explicit Transfers(Engine& engine) : engine_(&engine) {}
  Engine* engine_;
};

}  // namespace laurel
