#pragma once
// What is held about a person: all of it handed out, or forgotten.
//
//   const auto data = engine.privacy().everything(member);
//   engine.privacy().erase({{"desk", "E-1"}, member, "ana", "asked for by letter"});

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/history.hpp"
#include "laurel/member.hpp"
#include "laurel/result.hpp"

namespace laurel {

class Engine;

// Identifiers, profile and the values in the evidence of entries are removed for ever; points are
// written off by an entry; the member is closed. What was booked stays, without a name.
struct Erasure {
  TransactionKey key;  // the same key counts once
  MemberId member;
  std::string actor;
  std::string reason;  // kept; no place for names
};

struct ErasureReceipt {
  EntryId entry;
  bool replayed = false;
  MemberId member;
  std::int64_t identifiers = 0;     // removed
  std::int64_t entries = 0;         // whose evidence was erased
  std::vector<PostingView> closed;  // what became of her points and debt
};

struct HeldIdentifier {
  MemberIdentifier identifier;
  Instant linked_at;
  MemberId member;  // the id it was linked to; another of hers where she was merged
};

struct HeldEntry {
  EntryView entry;
  std::optional<Transaction> document;     // as it was reported
  std::optional<Attribution> attribution;  // with what she was known by
};

struct PersonalData {
  Member member;
  std::vector<HeldIdentifier> identifiers;
  std::vector<HeldEntry> entries;  // oldest first, those of all her ids
};

// What the programme keeps no longer (`privacy: retain`).
struct RetentionWork {
  std::int64_t members = 0;       // that were looked at
  std::int64_t forgotten = 0;     // of them
  std::int64_t transactions = 0;  // nobody's, whose identifiers were erased
  bool more = false;              // there is more to do
};

class Privacy {
 public:
  Result<PersonalData> everything(MemberId member) const;  // kUnknownMember
  // Reads the whole ledger once, for what others were reported with of hers. kUnknownMember.
  Result<ErasureReceipt> erase(const Erasure& erasure);
  // Goes on with today's round over at most `limit` members and `limit` identifiers. Once a day
  // is enough; safe to run twice, or to kill.
  Result<RetentionWork> retain(std::size_t limit);

 private:
  friend class Engine;
  explicit Privacy(Engine& engine) : engine_(&engine) {}

  Engine* engine_;  // outlives the handle
};

}  // namespace laurel
