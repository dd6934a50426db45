#include "store/sqlite_writer.hpp"

#include "base/try.hpp"
#include "store/codec.hpp"
#include "store/unit.hpp"

namespace laurel::store {
namespace {

constexpr const char* kPutProfile =
    "INSERT INTO profile (body, member) VALUES (?, ?)"
    " ON CONFLICT (member) DO UPDATE SET body = excluded.body";
constexpr const char* kPutWebhook =
    "INSERT INTO webhook VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " created_at = excluded.created_at, cursor = excluded.cursor, body = excluded.body";

std::int64_t number(Instant instant) { return instant.time_since_epoch().count(); }

Run& bind_unless_never(Run& run, Instant instant) {
  return instant == kNever ? run.bind_null() : run.bind(number(instant));
}

}  // namespace

SqliteWriter::SqliteWriter(Database& database, Names& names, const SqliteView& view,
                           const Probe& probe)
    : database_(database),
      names_(names),
      view_(view),
      probe_(probe),
      insert_entry_(database, "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      insert_member_(database,
                     "INSERT INTO member (balances, record, programme, id, next_due)"
                     " VALUES (?, ?, ?, ?, ?)"),
      update_member_(database,
                     "UPDATE member SET balances = ?, record = ?, programme = ?"
                     " WHERE id = ?"),
      update_member_and_due_(database,
                             "UPDATE member SET balances = ?1, record = ?2,"
                             " programme = ?3, next_due = ?5 WHERE id = ?4"),
      insert_lot_(database,
                  "INSERT INTO lot (activated, remaining, reversed, spent, expired, id,"
                  " previous, member, wallet, cause, available_from, expires_at, earned)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      update_lot_(database,
                  "UPDATE lot SET activated = ?1, remaining = ?2, reversed = ?3, spent = ?4,"
                  " expired = ?5, previous = ?7, member = ?8, wallet = ?9, cause = ?10,"
                  " available_from = ?11, expires_at = ?12, earned = ?13 WHERE id = ?6"),
      put_identifier_(database,
                      "INSERT INTO identifier VALUES (?, ?, ?, ?, ?)"
                      " ON CONFLICT (type, value) DO UPDATE SET member = excluded.member,"
                      " verified = excluded.verified, linked_at = excluded.linked_at"),
      delete_identifier_(database,
                         "DELETE FROM identifier WHERE type = ? AND value = ? AND member = ?"),
      insert_key_(database,
                  "INSERT INTO business_key (entry, related, source, id)"
                  " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      update_key_(database,
                  "UPDATE business_key SET entry = ?, related = ?"
                  " WHERE source = ? AND id = ?"),
      put_usage_(database,
                 "INSERT INTO usage VALUES (?, ?, ?, ?, ?)"
                 " ON CONFLICT (counter, member, day) DO UPDATE SET"
                 " units = excluded.units, times = excluded.times"),
      insert_programme_(database, "INSERT INTO programme_version VALUES (?, ?, ?, ?, ?, ?, ?)"),
      insert_directive_(database, "INSERT INTO directive VALUES (?, ?, ?)"),
      insert_review_(database,
                     "INSERT INTO review (number, kind, subject, state, opened_at, body)"
                     " SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ?, ? FROM review WHERE true"
                     " ON CONFLICT (kind, subject) DO NOTHING"),
      update_review_(database,
                     "UPDATE review SET kind = ?1, subject = ?2, state = ?3, opened_at = ?4,"
                     " body = ?5 WHERE number = ?6"),
      insert_unclaimed_(database, "INSERT INTO unclaimed VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      delete_unclaimed_(database,
                        "DELETE FROM unclaimed WHERE type = ? AND value = ? AND entry = ?"),
      erase_evidence_(database, "UPDATE entry SET evidence = NULL WHERE seq = ?"),
      insert_voucher_(database,
                      "INSERT INTO voucher (owner, waits_in, uses_left, left_minor, issued_by,"
                      " body, code) VALUES (?, ?, ?, ?, ?, ?, ?)"),
      update_voucher_(database,
                      "UPDATE voucher SET owner = ?, waits_in = ?, uses_left = ?, left_minor = ?,"
                      " issued_by = ?, body = ? WHERE code = ?"),
      insert_secret_(database, "INSERT INTO secret VALUES (1, ?)"),
      put_profile_(database, kPutProfile),
      delete_profile_(database, "DELETE FROM profile WHERE member = ?"),
      put_matching_key_(database, "INSERT INTO matching_key VALUES (?, ?)"),
      delete_matching_keys_(database, "DELETE FROM matching_key WHERE member = ?"),
      insert_sighting_(database, "INSERT INTO sighting VALUES (?, ?) ON CONFLICT DO NOTHING"),
      insert_former_link_(database,
                          "INSERT INTO former_link VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      put_webhook_(database, kPutWebhook),
      delete_webhook_(database, "DELETE FROM webhook WHERE id = ?") {}

Result<void> SqliteWriter::apply(const Change& change, const NextIds& next) {
  LAUREL_TRY_VOID(check_numbers(change, next));
  // Pages that become free are overwritten too; it holds for the transaction that is open.
  if (change.forgets()) LAUREL_TRY_VOID(database_.execute("PRAGMA secure_delete = ON"));
  for (const auto& entry : change.entries) LAUREL_TRY_VOID(insert(entry));
  for (const auto& member : change.members) LAUREL_TRY_VOID(put(member, next));
  for (const auto& lot : change.lots) LAUREL_TRY_VOID(put(lot, next));
  for (const auto& link : change.unlinks) LAUREL_TRY_VOID(remove(link));
  for (const auto& link : change.links) LAUREL_TRY_VOID(put(link));
  for (const auto& record : change.transactions) LAUREL_TRY_VOID(put(record));
  for (const auto& row : change.usage) LAUREL_TRY_VOID(put(row));
  for (const auto& version : change.programmes) LAUREL_TRY_VOID(insert(version));
  for (const auto& directive : change.directives) LAUREL_TRY_VOID(insert(directive));
  for (const auto& item : change.reviews) LAUREL_TRY_VOID(put(item));
  for (const auto& row : change.unclaimed) LAUREL_TRY_VOID(write(insert_unclaimed_, row));
  for (const auto& row : change.claimed) LAUREL_TRY_VOID(write(delete_unclaimed_, row));
  for (const auto& row : change.sightings) LAUREL_TRY_VOID(insert(row));
  for (const auto& row : change.former_links) LAUREL_TRY_VOID(insert(row));
  for (const EntryId id : change.erased) LAUREL_TRY_VOID(erase_evidence(id));
  for (const auto& voucher : change.vouchers) LAUREL_TRY_VOID(put(voucher, next));
  for (const auto& row : change.profiles) LAUREL_TRY_VOID(put(row));
  for (const auto& row : change.matching_keys) LAUREL_TRY_VOID(put(row));
  for (const auto& id : change.webhooks_removed) LAUREL_TRY_VOID(remove_webhook(id));
  for (const auto& webhook : change.webhooks) LAUREL_TRY_VOID(put(webhook));
  return change.secret.empty() ? Result<void>{} : keep(change.secret);
}

Result<void> SqliteWriter::write(Statement& statement, const Unclaimed& row) {
  probe("put unclaimed");
  Run run(statement);
  run.bind(row.type).bind(row.value).bind(row.entry.number());
  return run.done();
}

Result<void> SqliteWriter::insert(const Sighting& row) {
  probe("insert sighting");
  Run run(insert_sighting_);
  run.bind(row.mark).bind(row.member.number());
  return run.done();
}

Result<void> SqliteWriter::insert(const FormerLink& row) {
  probe("insert former link");
  Run run(insert_former_link_);
  run.bind(row.mark).bind(row.until.time_since_epoch().count()).bind(row.member.number());
  run.bind(row.since.time_since_epoch().count());
  return run.done();
}

Result<void> SqliteWriter::erase_evidence(EntryId id) {
  probe("erase evidence");
  Run run(erase_evidence_);
  run.bind(id.number());
  return run.done();
}

Result<void> SqliteWriter::insert(const ledger::Entry& entry) {
  LAUREL_TRY(const std::int64_t source, names_.find_or_add(entry.key.source));
  LAUREL_TRY(const std::int64_t programme, names_.find_or_add(entry.programme));
  codec::encode(entry, body_, evidence_);
  probe("insert entry");
  Run run(insert_entry_);
  run.bind(entry.id.number())
      .bind_or_null(entry.member.number())
      .bind_or_null(entry.previous.number())
      .bind(static_cast<std::int64_t>(entry.kind))
      .bind(number(entry.event_time))
      .bind(number(entry.booked_at))
      .bind_or_null(source)
      .bind_or_null(programme)
      .bind_bytes(body_)
      .bind_bytes_or_null(evidence_);
  return run.done();
}

// A member below the numbers to be given has a row already, or is one that a unit of work passed
// over when it numbered.
Result<void> SqliteWriter::put(const ledger::MemberRecord& record, const NextIds& next) {
  LAUREL_TRY(const std::int64_t programme, names_.find_or_add(record.programme));
  codec::encode_balances(record.wallets, balances_);
  codec::encode(record, record_);
  const bool exists = record.id < next.member;
  const bool due_stays = exists && view_.known_due(record.id) == record.next_due;
  const auto write = [&](Statement& statement, bool with_due) {
    Run run(statement);
    run.bind(balances_).bind_bytes(record_).bind_or_null(programme).bind(record.id.number());
    if (with_due) bind_unless_never(run, record.next_due);
    return run.done();
  };
  if (exists) {
    probe("update member");
    LAUREL_TRY_VOID(write(due_stays ? update_member_ : update_member_and_due_, !due_stays));
    if (database_.changes() > 0) return {};
  }
  probe("insert member");
  return write(insert_member_, true);
}

Result<void> SqliteWriter::put(const ledger::Lot& lot, const NextIds& next) {
  LAUREL_TRY(const std::int64_t wallet, names_.find_or_add(lot.wallet));
  const auto write = [&](Statement& statement) {
    Run run(statement);
    run.bind(lot.activated ? 1 : 0)
        .bind(lot.remaining.units())
        .bind(lot.reversed.units())
        .bind(lot.spent.units())
        .bind(lot.expired.units())
        .bind(lot.id.number())
        .bind_or_null(lot.previous.number())
        .bind(lot.member.number())
        .bind(wallet);
    const bool opened_by_cause = lot.cause == lot.id.entry();
    static_cast<void>(opened_by_cause ? run.bind_null() : run.bind(lot.cause.number()));
    run.bind(number(lot.available_from));
    bind_unless_never(run, lot.expires_at).bind(lot.earned.units());
    return run.done();
  };
  if (lot.id.entry() < next.entry) {
    probe("update lot");
    LAUREL_TRY_VOID(write(update_lot_));
    if (database_.changes() > 0) return {};
  }
  probe("insert lot");
  return write(insert_lot_);
}

Result<void> SqliteWriter::put(const IdentifierLink& link) {
  probe("put identifier");
  Run run(put_identifier_);
  run.bind(link.type)
      .bind(link.value)
      .bind(link.member.number())
      .bind(link.verified ? 1 : 0)
      .bind(number(link.linked_at));
  return run.done();
}

Result<void> SqliteWriter::remove(const IdentifierLink& link) {
  probe("delete identifier");
  Run run(delete_identifier_);
  run.bind(link.type).bind(link.value).bind(link.member.number());
  return run.done();
}

Result<void> SqliteWriter::put(const TransactionRecord& record) {
  LAUREL_TRY(const std::int64_t source, names_.find_or_add(record.key.source));
  codec::encode(record.related, related_);
  const auto write = [&](Statement& statement) {
    Run run(statement);
    run.bind_or_null(record.entry.number())
        .bind_bytes_or_null(related_)
        .bind(source)
        .bind(record.key.id);
    return run.done();
  };
  // Not one upsert: its trigger would make SQLite keep a journal for every single new key.
  probe("insert business key");
  LAUREL_TRY_VOID(write(insert_key_));
  if (database_.changes() > 0) return {};
  probe("update business key");
  return write(update_key_);
}

Result<void> SqliteWriter::put(const UsageRow& row) {
  LAUREL_TRY(const std::int64_t counter, names_.find_or_add(row.counter));
  probe("put usage");
  Run run(put_usage_);
  run.bind(counter)
      .bind(row.member.number())
      .bind(static_cast<std::int64_t>(row.day.time_since_epoch().count()))
      .bind(row.units)
      .bind(row.times);
  return run.done();
}

Result<void> SqliteWriter::put(const ledger::Voucher& voucher, const NextIds& next) {
  LAUREL_TRY(const std::int64_t pool,
             names_.find_or_add(voucher.given ? std::string() : voucher.terms.pool));
  codec::encode(voucher, voucher_);
  const auto write = [&](Statement& statement) {
    Run run(statement);
    run.bind_or_null(voucher.owner.number())
        .bind_or_null(pool)
        .bind(voucher.uses_left)
        .bind(voucher.left_minor)
        .bind(voucher.issued_by.number())
        .bind_bytes(voucher_)
        .bind(voucher.code);
    return run.done();
  };
  if (voucher.issued_by < next.entry) {
    probe("update voucher");
    LAUREL_TRY_VOID(write(update_voucher_));
    if (database_.changes() > 0) return {};
  }
  probe("insert voucher");
  return write(insert_voucher_);
}

Result<void> SqliteWriter::keep(const std::string& secret) {
  probe("insert secret");
  Run run(insert_secret_);
  run.bind_bytes(secret);
  return run.done();
}

Result<void> SqliteWriter::put(const ProfileRow& row) {
  const bool keeps = !row.profile.empty();
  probe(keeps ? "put profile" : "delete profile");
  Run run(keeps ? put_profile_ : delete_profile_);
  if (keeps) {
    codec::encode(row.profile, profile_);
    run.bind_bytes(profile_);
  }
  run.bind(row.member.number());
  return run.done();
}

Result<void> SqliteWriter::put(const MatchingKeys& row) {
  probe("put matching keys");
  {
    Run run(delete_matching_keys_);
    run.bind(row.member.number());
    LAUREL_TRY_VOID(run.done());
  }
  for (const std::int64_t key : row.keys) {
    Run run(put_matching_key_);
    run.bind(key).bind(row.member.number());
    LAUREL_TRY_VOID(run.done());
  }
  return {};
}

Result<void> SqliteWriter::put(const Webhook& webhook) {
  codec::encode(webhook, webhook_);
  probe("put webhook");
  Run run(put_webhook_);
  run.bind(webhook.id).bind(number(webhook.created_at)).bind(webhook.progress.cursor.number());
  run.bind_bytes(webhook_);
  return run.done();
}

Result<void> SqliteWriter::remove_webhook(const std::string& id) {
  probe("delete webhook");
  Run run(delete_webhook_);
  run.bind(id);
  return run.done();
}

Result<void> SqliteWriter::insert(const ProgrammeVersion& version) {
  LAUREL_TRY(const std::int64_t last,
             database_.integer("SELECT coalesce(max(number), 0) FROM programme_version"));
  if (version.number != 0 && version.number != last + 1) {
    return Error{ErrorCode::kInvariantBroken, "versions are numbered one after the other"};
  }
  codec::encode(version.files, files_);
  probe("insert programme");
  Run run(insert_programme_);
  run.bind(last + 1)
      .bind(version.digest)
      .bind(version.programme)
      .bind(number(version.effective_from))
      .bind(number(version.published_at))
      .bind(version.published_by)
      .bind_bytes(files_);
  return run.done();
}

Result<void> SqliteWriter::insert(const Directive& directive) {
  LAUREL_TRY(const std::int64_t last,
             database_.integer("SELECT coalesce(max(number), 0) FROM directive"));
  if (directive.number != 0 && directive.number != last + 1) {
    return Error{ErrorCode::kInvariantBroken, "directives are numbered one after the other"};
  }
  codec::encode(directive, directive_);
  probe("insert directive");
  Run run(insert_directive_);
  run.bind(last + 1).bind(number(directive.at)).bind_bytes(directive_);
  return run.done();
}

Result<void> SqliteWriter::put(const ReviewItem& item) {
  codec::encode(item, review_);
  probe(item.number == 0 ? "insert review" : "update review");
  Run run(item.number == 0 ? insert_review_ : update_review_);
  run.bind(static_cast<std::int64_t>(item.kind))
      .bind(item.subject)
      .bind(static_cast<std::int64_t>(item.state))
      .bind(number(item.opened_at))
      .bind_bytes(review_);
  if (item.number != 0) run.bind(item.number);
  LAUREL_TRY_VOID(run.done());
  if (item.number == 0 || database_.changes() > 0) return {};
  return Error{ErrorCode::kInvariantBroken, "what is decided stands in the review queue"};
}

}  // namespace laurel::store
