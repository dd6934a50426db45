#pragma once
// The storage seam: a dozen verbs in the words of the domain. memory, SQLite and whatever comes
// later stand behind it, and one contract suite (tests/contract) runs over all of them.
//
// A write is a *unit of work*: a function that reads through a View and returns the Change to make,
// or an Error, in which case nothing is written. It must decide everything before it returns, must
// not keep the View, and may be run more than once (a batch that fails is run again unit by unit),
// so it sets its outputs afresh each time. Units are run one after the other, each seeing all
// before it; many waiting units share one database transaction and one sync, and write() returns
// after that sync.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/profile.hpp"
#include "laurel/review.hpp"
#include "laurel/store.hpp"
#include "laurel/webhook.hpp"
#include "ledger/entry.hpp"
#include "ledger/member.hpp"

namespace laurel::store {

// An identifier as it is kept: normalised, and at most one member's.
struct IdentifierLink {
  std::string type;
  std::string value;
  MemberId member;
  bool verified = false;
  Instant linked_at;
  friend bool operator==(const IdentifierLink&, const IdentifierLink&) = default;
};

// The permanent row of a business key. A record without an entry says that others speak of a
// transaction that has not arrived.
struct TransactionRecord {
  TransactionKey key;
  EntryId entry;
  std::vector<EntryId> related;  // returns, voids, claims and applications, in order of booking
  friend bool operator==(const TransactionRecord&, const TransactionRecord&) = default;
};

struct ProgrammeVersion {
  std::int64_t number = 0;  // 1, 2, 3 … in order of publication; given by the store
  std::string digest;
  std::string programme;
  Instant effective_from;
  Instant published_at;
  std::string published_by;
  std::vector<std::pair<std::string, std::string>> files = {};  // name, text
  friend bool operator==(const ProgrammeVersion&, const ProgrammeVersion&) = default;
};

// What a person decided about the programme: versions put in force or proposed, rules stopped.
// Decisions are added, never changed or removed; what holds follows from all of them in order.
struct Directive {
  enum class Kind : std::uint8_t { kPublish, kPropose, kApprove, kWithdraw, kStop, kResume };
  std::int64_t number = 0;  // 1, 2, 3 …; given by the store
  Kind kind = Kind::kPublish;
  Instant at = {};  // when it was decided
  std::string by = {};
  std::string reason = {};
  std::string subject = {};    // kStop, kResume: the rule's id; otherwise the digest of a programme
  Instant from = {};           // holds for what happens from then on
  std::int64_t about = 0;      // kApprove, kWithdraw, kPublish: the proposal; 0: none
  std::int64_t version = 0;    // kPublish
  std::int64_t restores = 0;   // the version whose content is put in force again; 0: none
  std::int64_t needs = 0;      // kPropose: how many people must agree
  std::string programme = {};  // kPropose: its id …
  std::vector<std::pair<std::string, std::string>> files = {};  // … and its files: name, text
  friend bool operator==(const Directive&, const Directive&) = default;
};

// An identifier that an unattributed sale or event carries: whose it proves to be, hers it is.
struct Unclaimed {
  std::string type;
  std::string value;
  EntryId entry;
  friend auto operator<=>(const Unclaimed&, const Unclaimed&) = default;
};

// What a member has told of herself. An empty one is not kept.
struct ProfileRow {
  MemberId member;
  MemberProfile profile;
  friend bool operator==(const ProfileRow&, const ProfileRow&) = default;
};

// By what a member may be found who is the same person as another: two who share one are worth
// comparing. Numbers that tell nothing of what they were made from.
struct MatchingKeys {
  MemberId member;
  std::vector<std::int64_t> keys;  // all of hers; ascending
  friend bool operator==(const MatchingKeys&, const MatchingKeys&) = default;
};

// A member with whom an identifier was seen that is not linked to her. The identifier stands under
// a keyed hash of it, so that nothing here has to be erased.
struct Sighting {
  std::string mark;
  MemberId member;
  friend auto operator<=>(const Sighting&, const Sighting&) = default;
};

// Whose an identifier was, until it was unlinked; under the same hash.
struct FormerLink {
  std::string mark;
  Instant until;  // exclusive
  MemberId member;
  Instant since;
  friend auto operator<=>(const FormerLink&, const FormerLink&) = default;
};

struct Identified {
  IdentifierLink link;
  ledger::MemberRecord member;
};

// What has been taken of a counter on a local day: by one member, or (no member) by all.
struct UsageRow {
  std::string counter;
  MemberId member;
  Date day;  // kEver: on all days together
  std::int64_t units = 0;
  std::int64_t times = 0;
  friend bool operator==(const UsageRow&, const UsageRow&) = default;
};
inline constexpr Date kEver = Date::min();  // before any day that is counted

// The members whose number leaves `index` when divided by `of`, and entries of nobody with 0.
struct Share {
  std::size_t index = 0, of = 1;
  bool has(MemberId member) const {
    return static_cast<std::size_t>(member.number()) % of == index;
  }
};

class View {
 public:
  virtual ~View() = default;
  virtual Result<std::optional<TransactionRecord>> transaction(const TransactionKey& key) const = 0;
  virtual Result<std::optional<Identified>> identify(const std::string& type,
                                                     const std::string& value) const = 0;
  virtual Result<std::optional<ledger::MemberRecord>> member(MemberId id) const = 0;
  virtual Result<std::vector<IdentifierLink>> identifiers(MemberId id) const = 0;
  // The lots of the member that still hold points, newest first, following Lot::previous.
  virtual Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member) const = 0;
  virtual Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const = 0;
  virtual Result<std::optional<ledger::Entry>> entry(EntryId id) const = 0;
  // Entries after `after` in order of booking, at most `limit`: the outbox, verification, replay.
  virtual Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const = 0;
  // Those of a share's members alone.
  virtual Result<std::vector<ledger::Entry>> entries_of(Share share, EntryId after,
                                                        std::size_t limit) const = 0;
  // Members whose next_due is at or before `now`, at most `limit`.
  virtual Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const = 0;
  // Members above `after` by id, at most `limit`: for whoever goes through all of them.
  virtual Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                            std::size_t limit) const = 0;
  // What was taken of a counter from `first` to `last`, ascending by day; days without any are left
  // out. kEver is a day like any other.
  virtual Result<std::vector<UsageRow>> usage(const std::string& counter, MemberId member,
                                              Date first, Date last) const = 0;
  virtual Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const = 0;
  // Those of a member above `after` by code, at most `limit`.
  virtual Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                           std::size_t limit) const = 0;
  // Those that wait in a pool, by code, at most `limit`.
  virtual Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                                std::size_t limit) const = 0;
  // From which the codes of vouchers are derived; empty: none has been needed yet.
  virtual Result<std::string> secret() const = 0;
  // Versions with a number above `after`, in order of publication.
  virtual Result<std::vector<ProgrammeVersion>> programmes(std::int64_t after) const = 0;
  // Directives with a number above `after`, in order.
  virtual Result<std::vector<Directive>> directives(std::int64_t after) const = 0;
  // Sales and events that carry the identifier and were nobody's when they came, ascending.
  virtual Result<std::vector<Unclaimed>> unclaimed(const std::string& type,
                                                   const std::string& value) const = 0;
  // Of all, those of the oldest entries, at most `limit`.
  virtual Result<std::vector<Unclaimed>> oldest_unclaimed(std::size_t limit) const = 0;
  // The members of its sightings, ascending, at most `limit`.
  virtual Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                                  std::size_t limit) const = 0;
  // The earliest end first.
  virtual Result<std::vector<FormerLink>> former_links(const std::string& mark) const = 0;
  virtual Result<std::optional<ReviewItem>> review(std::int64_t number) const = 0;
  virtual Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                                      const std::string& subject) const = 0;
  // Those that the filter asks for and that were opened by `now`, ascending by number.
  virtual Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter,
                                                  Instant now) const = 0;
  virtual Result<std::optional<MemberProfile>> profile(MemberId id) const = 0;
  // Members that have the key, ascending, at most `limit`.
  virtual Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const = 0;
  virtual Result<std::vector<std::int64_t>> matching_keys(MemberId id) const = 0;  // ascending
  virtual Result<std::vector<Webhook>> webhooks() const = 0;                       // by id
  virtual Result<std::optional<Webhook>> webhook(const std::string& id) const = 0;
};

// The numbers a unit of work may give to what it creates: these and upwards.
struct NextIds {
  EntryId entry;
  MemberId member;
};

// Everything one unit of work writes, all or nothing. Empty: nothing to write, no sync to wait for.
struct Change {
  std::vector<ledger::Entry> entries = {};           // numbered from NextIds::entry without gaps
  std::vector<ledger::MemberRecord> members = {};    // inserted or replaced
  std::vector<ledger::Lot> lots = {};                // inserted or replaced
  std::vector<IdentifierLink> links = {};            // inserted or replaced (same member only)
  std::vector<IdentifierLink> unlinks = {};          // removed, before `links` are written
  std::vector<TransactionRecord> transactions = {};  // inserted; or `entry` set and `related` grown
  std::vector<UsageRow> usage = {};                  // inserted or replaced
  std::vector<ProgrammeVersion> programmes = {};     // inserted
  std::vector<Directive> directives = {};            // inserted
  // Without a number: opened, unless one of this kind is about the same subject already. With one:
  // the decision on an item that is open.
  std::vector<ReviewItem> reviews = {};
  std::vector<ledger::Voucher> vouchers = {};  // inserted or replaced
  std::string secret = {};                     // kept once, where there is none
  std::vector<Unclaimed> unclaimed = {};       // inserted
  std::vector<Unclaimed> claimed = {};         // removed, where they are there
  std::vector<Sighting> sightings = {};        // inserted, where they are not there
  std::vector<FormerLink> former_links = {};   // likewise
  // Entries whose evidence is erased: the values of identifiers, wherever they stand. Afterwards
  // the medium holds them no longer.
  std::vector<EntryId> erased = {};
  std::vector<ProfileRow> profiles = {};           // in place of those before; empty: removed
  std::vector<MatchingKeys> matching_keys = {};    // in place of those before
  std::vector<std::string> webhooks_removed = {};  // by id, before `webhooks` are written
  std::vector<Webhook> webhooks = {};              // inserted; or replaced, further on
  // Afterwards the medium holds no longer what was removed.
  bool forgets() const;
  bool empty() const;
};

using UnitOfWork = std::function<Result<Change>(const View&, const NextIds&)>;

class Store {
 public:
  virtual ~Store() = default;
  // Runs the units in the order given, each all or nothing by itself, and returns when all that
  // were accepted are durable. The unit's own error; kBroken where it threw; kInvariantBroken where
  // its change breaks a constraint of the store; kBusy, kReadOnly, kStoreFailed, kOutcomeUnknown.
  virtual std::vector<Result<void>> write(std::span<const UnitOfWork> units) = 0;
  // A consistent snapshot, never waiting for a writer.
  virtual Result<void> read(const std::function<Result<void>(const View&)>& reader) const = 0;
  // As laurel::backup.
  virtual Result<void> copy_to(const std::string& file,
                               const std::function<void(BackupProgress)>& progress) const = 0;
  // A role that one at a time has, among all who have the store open, in any process: until what
  // is returned is dropped or its process ends. Null: another one has it.
  virtual Result<std::shared_ptr<void>> reserve(const std::string& role) = 0;
};

// The newest there is; numbers have no gaps. None: 0.
Result<EntryId> last_entry(const View& view);

// One unit.
Result<void> write(Store& store, const UnitOfWork& unit);

}  // namespace laurel::store
