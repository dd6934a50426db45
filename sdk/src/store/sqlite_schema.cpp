#include "store/sqlite_schema.hpp"

#include <array>

#include "base/try.hpp"

namespace laurel::store {
namespace {

// "LAUR", kept in the file's header, so that no other database is taken for a store.
constexpr std::int64_t kApplicationId = 0x4c415552;

// All that grows with every sale is appended: entries and lots by number, business keys at the end
// of their source. The member's row is the one random page a sale writes.
//
// A name is a string that many rows repeat: a source, a wallet, the digest of a programme.
constexpr const char* kFirst = R"sql(
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE entry (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  member INTEGER,
  previous INTEGER CHECK (previous < seq),
  kind INTEGER NOT NULL,
  event_time INTEGER NOT NULL,
  booked_at INTEGER NOT NULL,
  source INTEGER,
  programme INTEGER,
  body BLOB NOT NULL,
  evidence BLOB
) STRICT;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN
  SELECT RAISE(ABORT, 'entries are never deleted');
END;
CREATE TRIGGER entry_is_a_fact BEFORE UPDATE ON entry
WHEN NEW.evidence IS NOT NULL OR NEW.seq IS NOT OLD.seq OR NEW.member IS NOT OLD.member
  OR NEW.previous IS NOT OLD.previous OR NEW.kind IS NOT OLD.kind
  OR NEW.event_time IS NOT OLD.event_time OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.source IS NOT OLD.source OR NEW.programme IS NOT OLD.programme OR NEW.body IS NOT OLD.body
BEGIN
  SELECT RAISE(ABORT, 'of an entry only the evidence can be erased');
END;

CREATE TABLE member (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  next_due INTEGER,
  programme INTEGER,
  balances TEXT NOT NULL CHECK (balances NOT GLOB '*[^0-9 |]*'),
  record BLOB NOT NULL
) STRICT;
CREATE INDEX member_due ON member (next_due) WHERE next_due IS NOT NULL;

CREATE TABLE identifier (
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  member INTEGER NOT NULL REFERENCES member (id),
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (type, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_member ON identifier (member);
CREATE TRIGGER identifier_is_one_members BEFORE UPDATE ON identifier
WHEN NEW.member IS NOT OLD.member
BEGIN
  SELECT RAISE(ABORT, 'the identifier is another''s');
END;

CREATE TABLE lot (
  id INTEGER PRIMARY KEY,
  previous INTEGER CHECK (previous < id),
  member INTEGER NOT NULL,
  wallet INTEGER NOT NULL,
  cause INTEGER,
  available_from INTEGER NOT NULL,
  expires_at INTEGER,
  activated INTEGER NOT NULL CHECK (activated IN (0, 1)),
  earned INTEGER NOT NULL CHECK (earned >= 0),
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  reversed INTEGER NOT NULL CHECK (reversed >= 0),
  spent INTEGER NOT NULL CHECK (spent >= 0),
  expired INTEGER NOT NULL CHECK (expired >= 0),
  CHECK (earned = remaining + reversed + spent + expired)
) STRICT;

CREATE TABLE business_key (
  source INTEGER NOT NULL,
  id TEXT NOT NULL,
  entry INTEGER,
  related BLOB,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER business_key_stays BEFORE DELETE ON business_key BEGIN
  SELECT RAISE(ABORT, 'business keys are for ever');
END;
CREATE TRIGGER business_key_is_one_entrys BEFORE UPDATE ON business_key
WHEN (OLD.entry IS NOT NULL AND NEW.entry IS NOT OLD.entry)
  OR (OLD.related IS NOT NULL
      AND substr(NEW.related, 1, length(OLD.related)) IS NOT OLD.related)
BEGIN
  SELECT RAISE(ABORT, 'the business key is another entry''s');
END;

CREATE TABLE programme_version (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  digest TEXT NOT NULL,
  programme TEXT NOT NULL,
  effective_from INTEGER NOT NULL,
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  files BLOB NOT NULL
) STRICT;
CREATE TRIGGER programme_version_stays BEFORE DELETE ON programme_version BEGIN
  SELECT RAISE(ABORT, 'published versions are for ever');
END;
CREATE TRIGGER programme_version_is_a_fact BEFORE UPDATE ON programme_version BEGIN
  SELECT RAISE(ABORT, 'published versions are never changed');
END;
)sql";

// What limits and budgets count. The day of a running total is the least there is.
constexpr const char* kUsage = R"sql(
CREATE TABLE usage (
  counter INTEGER NOT NULL,
  member INTEGER NOT NULL,
  day INTEGER NOT NULL,
  units INTEGER NOT NULL CHECK (units >= 0),
  times INTEGER NOT NULL CHECK (times >= 0),
  PRIMARY KEY (counter, member, day)
) STRICT, WITHOUT ROWID;
)sql";

// What people decided about the programme, beside its versions.
constexpr const char* kDirectives = R"sql(
CREATE TABLE directive (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  decided_at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TRIGGER directive_stays BEFORE DELETE ON directive BEGIN
  SELECT RAISE(ABORT, 'directives are for ever');
END;
CREATE TRIGGER directive_is_a_fact BEFORE UPDATE ON directive BEGIN
  SELECT RAISE(ABORT, 'directives are never changed');
END;
)sql";

// What waits for a person, and what was decided. The body holds what is never asked for.
constexpr const char* kReview = R"sql(
CREATE TABLE review (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  kind INTEGER NOT NULL,
  subject TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  opened_at INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (kind, subject)
) STRICT;
CREATE INDEX review_open ON review (number) WHERE state = 0;
CREATE TRIGGER review_stays BEFORE DELETE ON review BEGIN
  SELECT RAISE(ABORT, 'items of the review queue are for ever');
END;
CREATE TRIGGER review_is_decided_once BEFORE UPDATE ON review
WHEN OLD.state IS NOT 0 OR NEW.kind IS NOT OLD.kind OR NEW.subject IS NOT OLD.subject
BEGIN
  SELECT RAISE(ABORT, 'what was decided stays decided');
END;
)sql";

// Vouchers, and the secret from which their codes are derived.
constexpr const char* kVouchers = R"sql(
CREATE TABLE voucher (
  code TEXT PRIMARY KEY,
  owner INTEGER,
  waits_in INTEGER,
  uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
  left_minor INTEGER NOT NULL CHECK (left_minor >= 0),
  issued_by INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX voucher_owner ON voucher (owner, code) WHERE owner IS NOT NULL;
CREATE INDEX voucher_waiting ON voucher (waits_in, code) WHERE waits_in IS NOT NULL;
CREATE TRIGGER voucher_stays BEFORE DELETE ON voucher BEGIN
  SELECT RAISE(ABORT, 'vouchers are for ever');
END;
CREATE TRIGGER voucher_is_one BEFORE UPDATE ON voucher
WHEN NEW.issued_by IS NOT OLD.issued_by
BEGIN
  SELECT RAISE(ABORT, 'the code is another voucher''s');
END;
CREATE TABLE secret (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  bytes BLOB NOT NULL
) STRICT;
CREATE TRIGGER secret_stays BEFORE DELETE ON secret BEGIN
  SELECT RAISE(ABORT, 'the secret of a store is for ever');
END;
CREATE TRIGGER secret_is_a_fact BEFORE UPDATE ON secret BEGIN
  SELECT RAISE(ABORT, 'the secret of a store is never changed');
END;
)sql";

// Which unattributed sales carry an identifier that named nobody yet.
constexpr const char* kUnclaimed = R"sql(
CREATE TABLE unclaimed (
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (type, value, entry)
) STRICT, WITHOUT ROWID;
)sql";

// What a member has told of herself, and by what she is found who may be the same person.
constexpr const char* kProfiles = R"sql(
CREATE TABLE profile (
  member INTEGER PRIMARY KEY REFERENCES member (id),
  body BLOB NOT NULL
) STRICT;
CREATE TABLE matching_key (
  key INTEGER NOT NULL,
  member INTEGER NOT NULL REFERENCES member (id),
  PRIMARY KEY (key, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX matching_key_member ON matching_key (member);
)sql";

// The oldest first, for whoever lets them go.
constexpr const char* kRetention = "CREATE INDEX unclaimed_entry ON unclaimed (entry)";

// With whom an identifier was seen, and whose it was; under a keyed hash of it.
constexpr const char* kMarks = R"sql(
CREATE TABLE sighting (
  mark TEXT NOT NULL,
  member INTEGER NOT NULL,
  PRIMARY KEY (mark, member)
) STRICT, WITHOUT ROWID;
CREATE TABLE former_link (
  mark TEXT NOT NULL,
  until INTEGER NOT NULL,
  member INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (mark, until, member)
) STRICT, WITHOUT ROWID;
)sql";

// To whom what was booked is posted, and how far. The body holds what is never asked for.
constexpr const char* kWebhooks = R"sql(
CREATE TABLE webhook (
  id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER webhook_goes_on BEFORE UPDATE ON webhook
WHEN NEW.cursor < OLD.cursor OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'a webhook never goes back');
END;
)sql";

constexpr std::array kMigrations = {
    Migration{kFirst},    Migration{kUsage},     Migration{kDirectives}, Migration{kReview},
    Migration{kVouchers}, Migration{kUnclaimed}, Migration{kProfiles},   Migration{kRetention},
    Migration{kMarks},    Migration{kWebhooks}};

constexpr const char* kMigrationTable =
    "CREATE TABLE migration (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT";

Error not_usable(std::string why) { return {ErrorCode::kStoreFailed, std::move(why)}; }

// The number of steps this file has been through; 0: it is empty.
Result<std::int64_t> version_of(Database& database) {
  LAUREL_TRY(const std::int64_t tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) return std::int64_t{0};
  LAUREL_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
  if (application != kApplicationId) return not_usable("the file is not a Laurel store");
  return database.integer("SELECT max(version) FROM migration");
}

Result<void> check_history(Database& database, std::int64_t version) {
  const auto known = static_cast<std::int64_t>(kMigrations.size());
  if (version > known) {
    return not_usable("the store is of a newer version of Laurel: its schema is " +
                      std::to_string(version) + ", this one knows " + std::to_string(known));
  }
  for (std::int64_t step = 1; step <= version; ++step) {
    LAUREL_TRY(const std::string stored, database.text("SELECT checksum FROM migration "
                                                       "WHERE version = " +
                                                       std::to_string(step)));
    if (stored != checksum(kMigrations[static_cast<std::size_t>(step - 1)].sql)) {
      return not_usable("migration " + std::to_string(step) +
                        " of the store is not the one this version of Laurel knows");
    }
  }
  return {};
}

Result<void> apply(Database& database, std::int64_t version) {
  if (version == 0) {
    LAUREL_TRY_VOID(database.execute(kMigrationTable));
    LAUREL_TRY_VOID(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  }
  for (auto step = static_cast<std::size_t>(version); step < kMigrations.size(); ++step) {
    LAUREL_TRY_VOID(database.execute(kMigrations[step].sql));
    LAUREL_TRY_VOID(database.execute("INSERT INTO migration VALUES (" + std::to_string(step + 1) +
                                     ", '" + checksum(kMigrations[step].sql) + "')"));
  }
  return {};
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

// FNV-1a: against accidents, not against forgers.
std::string checksum(std::string_view sql) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4) {
    *digit = "0123456789abcdef"[hash & 15];
  }
  return text;
}

Result<void> migrate(Database& database) {
  LAUREL_TRY(const std::int64_t version, version_of(database));
  LAUREL_TRY_VOID(check_history(database, version));
  if (version == static_cast<std::int64_t>(kMigrations.size())) return {};
  LAUREL_TRY_VOID(database.execute("BEGIN IMMEDIATE"));
  auto outcome = apply(database, version);
  if (outcome) outcome = database.execute("COMMIT");
  if (!outcome) static_cast<void>(database.execute("ROLLBACK"));
  return outcome;
}

Result<void> check_schema(Database& database) {
  LAUREL_TRY(const std::int64_t version, version_of(database));
  LAUREL_TRY_VOID(check_history(database, version));
  if (version < static_cast<std::int64_t>(kMigrations.size())) {
    return not_usable("the store is of an older version of Laurel; open it for writing once");
  }
  return {};
}

}  // namespace laurel::store
