#include "store/sqlite_view.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "store/codec.hpp"
#include "store/lot_chain.hpp"

namespace laurel::store {
namespace {

#define MEMBER_COLUMNS "member.id, next_due, programme, balances, record"
#define ENTRY_COLUMNS                                                             \
  "seq, member, previous, kind, event_time, booked_at, source, programme, body, " \
  "evidence"

#define REVIEW_COLUMNS "number, kind, subject, state, opened_at, body"

// More than any sale touches, and few enough to be looked through.
constexpr std::size_t kWatched = 16;
constexpr std::size_t kReservedMax = 64;  // for entries: a page may be asked for that is not full

std::int64_t day_number(Date day) { return day.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) { return Instant(Duration(milliseconds)); }
Instant instant_or_never(const Run& run, int column) {
  return run.is_null(column) ? kNever : instant(run.integer(column));
}

}  // namespace

SqliteView::SqliteView(Database& database, Names& names)
    : names_(names),
      seen_with_(database, "SELECT member FROM sighting WHERE mark = ? ORDER BY member LIMIT ?"),
      former_links_(database,
                    "SELECT until, member, since FROM former_link WHERE mark = ?"
                    " ORDER BY until, member"),
      unclaimed_(database,
                 "SELECT entry FROM unclaimed WHERE type = ? AND value = ? ORDER BY entry"),
      oldest_unclaimed_(database,
                        "SELECT type, value, entry FROM unclaimed ORDER BY entry LIMIT ?"),
      transaction_(database, "SELECT entry, related FROM business_key WHERE source = ? AND id = ?"),
      identify_(database, "SELECT verified, linked_at, " MEMBER_COLUMNS
                          " FROM identifier JOIN member ON member.id = identifier.member"
                          " WHERE type = ? AND value = ?"),
      member_(database, "SELECT " MEMBER_COLUMNS " FROM member WHERE id = ?"),
      identifiers_(database,
                   "SELECT type, value, verified, linked_at FROM identifier"
                   " WHERE member = ? ORDER BY type, value"),
      lot_(database,
           "SELECT previous, member, wallet, cause, available_from, expires_at, activated,"
           " earned, remaining, reversed, spent, expired FROM lot WHERE id = ?"),
      entry_(database, "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq = ?"),
      entries_(database, "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq > ? ORDER BY seq LIMIT ?"),
      entries_of_(database, "SELECT " ENTRY_COLUMNS
                            " FROM entry WHERE seq > ? AND coalesce(member, 0) % ? = ?"
                            " ORDER BY seq LIMIT ?"),
      due_(database, "SELECT id FROM member WHERE next_due <= ? ORDER BY next_due, id LIMIT ?"),
      members_(database, "SELECT " MEMBER_COLUMNS " FROM member WHERE id > ? ORDER BY id LIMIT ?"),
      usage_(database,
             "SELECT day, units, times FROM usage"
             " WHERE counter = ? AND member = ? AND day BETWEEN ? AND ? ORDER BY day"),
      programmes_(database,
                  "SELECT number, digest, programme, effective_from, published_at,"
                  " published_by, files FROM programme_version WHERE number > ?"
                  " ORDER BY number"),
      directives_(database,
                  "SELECT number, decided_at, body FROM directive WHERE number > ?"
                  " ORDER BY number"),
      review_(database, "SELECT " REVIEW_COLUMNS " FROM review WHERE number = ?"),
      review_of_(database, "SELECT " REVIEW_COLUMNS " FROM review WHERE kind = ? AND subject = ?"),
      reviews_(database, "SELECT " REVIEW_COLUMNS
                         " FROM review WHERE number > ?1 AND opened_at <= ?2"
                         " AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR kind = ?4)"
                         " ORDER BY number LIMIT ?5"),
      voucher_(database, "SELECT code, owner, body FROM voucher WHERE code = ?"),
      vouchers_of_(database,
                   "SELECT code, owner, body FROM voucher WHERE owner = ? AND code > ?"
                   " ORDER BY code LIMIT ?"),
      waiting_vouchers_(database,
                        "SELECT code, owner, body FROM voucher WHERE waits_in = ?"
                        " ORDER BY code LIMIT ?"),
      secret_(database, "SELECT bytes FROM secret"),
      profile_(database, "SELECT body FROM profile WHERE member = ?"),
      sharing_(database, "SELECT member FROM matching_key WHERE key = ? ORDER BY member LIMIT ?"),
      matching_keys_(database, "SELECT key FROM matching_key WHERE member = ? ORDER BY key"),
      last_entry_(database, "SELECT max(seq) FROM entry"),
      last_member_(database, "SELECT max(id) FROM member"),
      version_(database, "PRAGMA data_version") {}

Result<std::optional<TransactionRecord>> SqliteView::transaction(const TransactionKey& key) const {
  LAUREL_TRY(const std::optional<std::int64_t> source, names_.find(key.source));
  if (!source) return std::optional<TransactionRecord>();
  Run run(transaction_);
  run.bind(*source).bind(key.id);
  LAUREL_TRY(const bool found, run.next());
  if (!found) return std::optional<TransactionRecord>();
  TransactionRecord record{.key = key, .entry = EntryId(run.integer(0)), .related = {}};
  LAUREL_TRY_VOID(codec::decode(run.bytes(1), record.related));
  return std::optional(std::move(record));
}

Result<std::optional<Identified>> SqliteView::identify(const std::string& type,
                                                       const std::string& value) const {
  Run run(identify_);
  run.bind(type).bind(value);
  LAUREL_TRY(const bool found, run.next());
  std::optional<Identified> identified;
  if (!found) return identified;
  auto& [link, record] = identified.emplace();
  LAUREL_TRY_VOID(read_member(run, 2, record));
  link = {.type = type,
          .value = value,
          .member = record.id,
          .verified = run.integer(0) != 0,
          .linked_at = instant(run.integer(1))};
  return identified;
}

Result<std::optional<ledger::MemberRecord>> SqliteView::member(MemberId id) const {
  Run run(member_);
  run.bind(id.number());
  LAUREL_TRY(const bool found, run.next());
  std::optional<ledger::MemberRecord> record;
  if (found) LAUREL_TRY_VOID(read_member(run, 0, record.emplace()));
  return record;
}

Result<std::vector<IdentifierLink>> SqliteView::identifiers(MemberId id) const {
  std::vector<IdentifierLink> links;
  Run run(identifiers_);
  run.bind(id.number());
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return links;
    links.push_back({.type = run.text(0),
                     .value = run.text(1),
                     .member = id,
                     .verified = run.integer(2) != 0,
                     .linked_at = instant(run.integer(3))});
  }
}

Result<std::vector<ledger::Lot>> SqliteView::open_lots(const ledger::MemberRecord& member) const {
  return store::open_lots(member, [this](ledger::LotId id) { return lot(id); });
}

Result<std::optional<ledger::Lot>> SqliteView::lot(ledger::LotId id) const {
  Run run(lot_);
  run.bind(id.number());
  LAUREL_TRY(const bool found, run.next());
  if (!found) return std::optional<ledger::Lot>();
  LAUREL_TRY(std::string wallet, names_.text_of(run.integer(2)));
  return std::optional(ledger::Lot{.id = id,
                                   .previous = ledger::LotId(run.integer(0)),
                                   .member = MemberId(run.integer(1)),
                                   .wallet = std::move(wallet),
                                   .cause = run.is_null(3) ? id.entry() : EntryId(run.integer(3)),
                                   .available_from = instant(run.integer(4)),
                                   .expires_at = instant_or_never(run, 5),
                                   .activated = run.integer(6) != 0,
                                   .earned = Points(run.integer(7)),
                                   .remaining = Points(run.integer(8)),
                                   .reversed = Points(run.integer(9)),
                                   .spent = Points(run.integer(10)),
                                   .expired = Points(run.integer(11))});
}

Result<std::optional<ledger::Entry>> SqliteView::entry(EntryId id) const {
  Run run(entry_);
  run.bind(id.number());
  LAUREL_TRY(const bool found, run.next());
  std::optional<ledger::Entry> entry;
  if (found) LAUREL_TRY_VOID(read_entry(run, entry.emplace()));
  return entry;
}

Result<std::vector<ledger::Entry>> SqliteView::entries(EntryId after, std::size_t limit) const {
  Run run(entries_);
  run.bind(after.number()).bind(static_cast<std::int64_t>(limit));
  return read_entries(run, limit);
}

Result<std::vector<ledger::Entry>> SqliteView::entries_of(Share share, EntryId after,
                                                          std::size_t limit) const {
  if (share.of == 1) return entries(after, limit);
  Run run(entries_of_);
  run.bind(after.number())
      .bind(static_cast<std::int64_t>(share.of))
      .bind(static_cast<std::int64_t>(share.index))
      .bind(static_cast<std::int64_t>(limit));
  return read_entries(run, limit);
}

Result<std::vector<ledger::Entry>> SqliteView::read_entries(Run& run, std::size_t limit) const {
  std::vector<ledger::Entry> entries;
  entries.reserve(std::min(limit, kReservedMax));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return entries;
    LAUREL_TRY_VOID(read_entry(run, entries.emplace_back()));
  }
}

Result<std::vector<MemberId>> SqliteView::due(Instant now, std::size_t limit) const {
  std::vector<MemberId> members;
  Run run(due_);
  run.bind(now.time_since_epoch().count()).bind(static_cast<std::int64_t>(limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return members;
    members.push_back(MemberId(run.integer(0)));
  }
}

Result<std::vector<ledger::MemberRecord>> SqliteView::members(MemberId after,
                                                              std::size_t limit) const {
  std::vector<ledger::MemberRecord> members;
  Run run(members_);
  run.bind(after.number()).bind(static_cast<std::int64_t>(limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return members;
    LAUREL_TRY_VOID(read_member(run, 0, members.emplace_back()));
  }
}

Result<std::vector<UsageRow>> SqliteView::usage(const std::string& counter, MemberId member,
                                                Date first, Date last) const {
  std::vector<UsageRow> rows;
  LAUREL_TRY(const std::optional<std::int64_t> name, names_.find(counter));
  if (!name) return rows;
  Run run(usage_);
  run.bind(*name).bind(member.number()).bind(day_number(first)).bind(day_number(last));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return rows;
    const Date day{std::chrono::days(run.integer(0))};
    rows.push_back({counter, member, day, run.integer(1), run.integer(2)});
  }
}

Result<std::vector<ProgrammeVersion>> SqliteView::programmes(std::int64_t after) const {
  std::vector<ProgrammeVersion> versions;
  if (last_programme_ && after >= *last_programme_) return versions;
  Run run(programmes_);
  run.bind(after);
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) {
      if (version_seen_) last_programme_ = versions.empty() ? after : versions.back().number;
      return versions;
    }
    ProgrammeVersion version{.number = run.integer(0),
                             .digest = run.text(1),
                             .programme = run.text(2),
                             .effective_from = instant(run.integer(3)),
                             .published_at = instant(run.integer(4)),
                             .published_by = run.text(5),
                             .files = {}};
    LAUREL_TRY_VOID(codec::decode(run.bytes(6), version.files));
    versions.push_back(std::move(version));
  }
}

Result<std::vector<Directive>> SqliteView::directives(std::int64_t after) const {
  std::vector<Directive> directives;
  if (last_directive_ && after >= *last_directive_) return directives;
  Run run(directives_);
  run.bind(after);
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) {
      if (version_seen_) {
        last_directive_ = directives.empty() ? after : directives.back().number;
      }
      return directives;
    }
    Directive directive;
    directive.number = run.integer(0);
    directive.at = instant(run.integer(1));
    LAUREL_TRY_VOID(codec::decode(run.bytes(2), directive));
    directives.push_back(std::move(directive));
  }
}

namespace {

Result<ReviewItem> read_review(const Run& run) {
  ReviewItem item;
  item.number = run.integer(0);
  const std::int64_t kind = run.integer(1), state = run.integer(3);
  if (kind < 0 || kind > static_cast<std::int64_t>(ReviewKind::kOrphan) || state < 0 ||
      state > static_cast<std::int64_t>(ReviewState::kRejected)) {
    return Error{ErrorCode::kStoreFailed, "a stored review item is of an unknown kind"};
  }
  item.kind = static_cast<ReviewKind>(kind);
  item.subject = run.text(2);
  item.state = static_cast<ReviewState>(state);
  item.opened_at = instant(run.integer(4));
  LAUREL_TRY_VOID(codec::decode(run.bytes(5), item));
  return item;
}

Result<std::optional<ReviewItem>> read_one(Run& run) {
  LAUREL_TRY(const bool found, run.next());
  if (!found) return std::optional<ReviewItem>();
  LAUREL_TRY(auto item, read_review(run));
  return std::optional(std::move(item));
}

}  // namespace

Result<std::optional<ReviewItem>> SqliteView::review(std::int64_t number) const {
  Run run(review_);
  run.bind(number);
  return read_one(run);
}

Result<std::optional<ReviewItem>> SqliteView::review_of(ReviewKind kind,
                                                        const std::string& subject) const {
  Run run(review_of_);
  run.bind(static_cast<std::int64_t>(kind)).bind(subject);
  return read_one(run);
}

Result<std::vector<ReviewItem>> SqliteView::reviews(const ReviewFilter& filter, Instant now) const {
  std::vector<ReviewItem> items;
  Run run(reviews_);
  run.bind(filter.after).bind(now.time_since_epoch().count());
  static_cast<void>(filter.state ? run.bind(static_cast<std::int64_t>(*filter.state))
                                 : run.bind_null());
  static_cast<void>(filter.kind ? run.bind(static_cast<std::int64_t>(*filter.kind))
                                : run.bind_null());
  run.bind(static_cast<std::int64_t>(filter.limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return items;
    LAUREL_TRY(auto item, read_review(run));
    items.push_back(std::move(item));
  }
}

Result<std::optional<ledger::Voucher>> SqliteView::voucher(const std::string& code) const {
  Run run(voucher_);
  run.bind(code);
  LAUREL_TRY(auto vouchers, read_vouchers(run));
  if (vouchers.empty()) return std::optional<ledger::Voucher>();
  return std::optional(std::move(vouchers.front()));
}

Result<std::vector<ledger::Voucher>> SqliteView::vouchers_of(MemberId owner,
                                                             const std::string& after,
                                                             std::size_t limit) const {
  Run run(vouchers_of_);
  run.bind(owner.number()).bind(after).bind(static_cast<std::int64_t>(limit));
  return read_vouchers(run);
}

Result<std::vector<ledger::Voucher>> SqliteView::waiting_vouchers(const std::string& pool,
                                                                  std::size_t limit) const {
  LAUREL_TRY(const std::optional<std::int64_t> name, names_.find(pool));
  if (!name) return std::vector<ledger::Voucher>();
  Run run(waiting_vouchers_);
  run.bind(*name).bind(static_cast<std::int64_t>(limit));
  return read_vouchers(run);
}

Result<std::vector<ledger::Voucher>> SqliteView::read_vouchers(Run& run) const {
  std::vector<ledger::Voucher> vouchers;
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return vouchers;
    ledger::Voucher& voucher = vouchers.emplace_back();
    voucher.code = run.text(0);
    voucher.owner = MemberId(run.integer(1));
    LAUREL_TRY_VOID(codec::decode(run.bytes(2), voucher));
  }
}

Result<std::string> SqliteView::secret() const {
  Run run(secret_);
  LAUREL_TRY(const bool found, run.next());
  return found ? std::string(run.bytes(0)) : std::string();
}

Result<NextIds> SqliteView::next_ids() const {
  Run entry(last_entry_), member(last_member_);
  LAUREL_TRY_VOID(entry.next());
  LAUREL_TRY_VOID(member.next());
  return NextIds{.entry = EntryId(entry.integer(0) + 1), .member = MemberId(member.integer(0) + 1)};
}

void SqliteView::watch_due() {
  watching_ = true;
  seen_.clear();
}

Result<bool> SqliteView::others_wrote() {
  Run run(version_);
  LAUREL_TRY(const bool told, run.next());
  if (!told) return Error{ErrorCode::kStoreFailed, "the database does not say its version"};
  const bool wrote = version_seen_ != run.integer(0);
  version_seen_ = run.integer(0);
  if (wrote) forget_programmes();
  return wrote;
}

void SqliteView::forget_programmes() {
  last_programme_.reset();
  last_directive_.reset();
}

std::optional<Instant> SqliteView::known_due(MemberId id) const {
  for (const auto& [member, due] : seen_) {
    if (member == id) return due;
  }
  return std::nullopt;
}

Result<void> SqliteView::read_member(Run& run, int first, ledger::MemberRecord& record) const {
  record.id = MemberId(run.integer(first));
  record.next_due = instant_or_never(run, first + 1);
  LAUREL_TRY(record.programme, names_.text_of(run.integer(first + 2)));
  LAUREL_TRY_VOID(codec::decode(run.bytes(first + 4), record));
  LAUREL_TRY_VOID(codec::decode_balances(run.bytes(first + 3), record.wallets));
  if (watching_ && seen_.size() < kWatched) seen_.emplace_back(record.id, record.next_due);
  return {};
}

Result<void> SqliteView::read_entry(Run& run, ledger::Entry& entry) const {
  entry.id = EntryId(run.integer(0));
  entry.member = MemberId(run.integer(1));
  entry.previous = EntryId(run.integer(2));
  const std::int64_t kind = run.integer(3);
  if (kind < 0 || kind > static_cast<std::int64_t>(ledger::EntryKind::kPool)) {
    return Error{ErrorCode::kStoreFailed, "a stored entry is of an unknown kind"};
  }
  entry.kind = static_cast<ledger::EntryKind>(kind);
  entry.event_time = instant(run.integer(4));
  entry.booked_at = instant(run.integer(5));
  LAUREL_TRY(entry.key.source, names_.text_of(run.integer(6)));
  LAUREL_TRY(entry.programme, names_.text_of(run.integer(7)));
  const auto evidence =
      run.is_null(9) ? std::nullopt : std::optional<std::string_view>(run.bytes(9));
  return codec::decode(run.bytes(8), evidence, entry);
}

}  // namespace laurel::store
