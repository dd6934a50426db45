#pragma once
// Two members who are one person become one, and can be parted again.
//
//   auto merged = engine.merging().merge({{"desk", "M-1"}, kept, duplicate, "ana", "same person"});
//   engine.merging().unmerge({{"desk", "U-1"}, {"desk", "M-1"}, kept, "ana", "mother and
//   daughter"});

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/people.hpp"
#include "laurel/receipt.hpp"
#include "laurel/result.hpp"
#include "laurel/review.hpp"

namespace laurel {

class Engine;

// `from` goes, and everything that was hers is `into`'s: points with their dates, debt, what counts
// for levels and limits, identifiers, history. Her id and her identifiers lead to `into` for ever.
struct Merge {
  TransactionKey key;  // the same key counts once
  MemberId into;
  MemberId from;
  std::string actor;
  std::string reason;
};

// Gives back to each what was hers, and what came by her since. Points that were spent meanwhile
// are missing where they were taken from.
struct Unmerge {
  TransactionKey key;    // its own
  TransactionKey merge;  // that of the merge
  MemberId member;       // either of the two; 0: not checked
  std::string actor;
  std::string reason;
};

struct MergeReceipt {
  EntryId entry;
  bool replayed = false;
  MemberId member;                     // who stayed
  MemberId other;                      // who went, or came back
  std::vector<WalletBalance> wallets;  // of `member`, as they stood then
};

// Somebody who may be the same person. The steps of the explanation name fields and levels, and
// never a value.
struct Candidate {
  MemberId member;
  PairExplanation explained;
  std::optional<ReviewItem> item = {};  // about the two, if there ever was one
};

struct Suggestions {
  std::int64_t members = 0;   // that were compared with each other
  std::int64_t compared = 0;  // pairs
  std::int64_t likely = 0;    // of them, that are likely one person
  std::int64_t opened = 0;    // of these, put into the review queue: the first time they are found
};

class Merging {
 public:
  // Of two who are one already: their merge, replayed. kUnknownMember; kMemberNotActive: one of
  // them is closed. If either was frozen, who stays is.
  Result<MergeReceipt> merge(const Merge& merge);
  // In any order, also of the earlier of two. kUnknownTransaction: no such merge; kAlreadyReversed.
  Result<MergeReceipt> unmerge(const Unmerge& unmerge);

  // Members who may be the same person as she, the likeliest first; at most 50. Those who enrol or
  // change are compared with them at once, and the likely ones wait in the review queue as kMerge.
  Result<std::vector<Candidate>> candidates(MemberId member) const;  // kUnknownMember
  // Compares all members with each other, learning from them what says how much. Changes no member.
  // A pair is suggested once: never again after it was rejected, or merged and parted.
  Result<Suggestions> suggest(const MatchSettings& settings);

 private:
  friend class Engine;
  explicit Merging(Engine& engine) : engine_(&engine) {}

  Engine* engine_;  // outlives the handle
};

}  // namespace laurel
