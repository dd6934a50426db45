#pragma once
// Writing the change of one unit of work through the writing connection.

#include <functional>
#include <string>
#include <string_view>

#include "store/sqlite_database.hpp"
#include "store/sqlite_names.hpp"
#include "store/sqlite_view.hpp"
#include "store/store.hpp"

namespace laurel::store {

using Probe = std::function<void(std::string_view step)>;

class SqliteWriter {
 public:
  // All outlive the writer. The probe is called before each statement; it may be empty.
  SqliteWriter(Database& database, Names& names, const SqliteView& view, const Probe& probe);

  // In the transaction that is open. After an error that transaction has to be rolled back.
  Result<void> apply(const Change& change, const NextIds& next);

 private:
  void probe(std::string_view step) const {
    if (probe_) probe_(step);
  }
  Result<void> insert(const ledger::Entry& entry);
  Result<void> put(const ledger::MemberRecord& record, const NextIds& next);
  Result<bool> update(const ledger::MemberRecord& record);
  Result<void> put(const ledger::Lot& lot, const NextIds& next);
  Result<void> put(const IdentifierLink& link);
  Result<void> remove(const IdentifierLink& link);
  Result<void> put(const TransactionRecord& record);
  Result<void> put(const UsageRow& row);
  Result<void> insert(const ProgrammeVersion& version);
  Result<void> insert(const Directive& directive);
  Result<void> put(const ReviewItem& item);
  Result<void> write(Statement& statement, const Unclaimed& row);
  Result<void> insert(const Sighting& row);
  Result<void> insert(const FormerLink& row);
  Result<void> erase_evidence(EntryId id);
  Result<void> put(const ledger::Voucher& voucher, const NextIds& next);
  Result<void> keep(const std::string& secret);
  Result<void> put(const ProfileRow& row);
  Result<void> put(const MatchingKeys& row);
  Result<void> put(const Webhook& webhook);
  Result<void> remove_webhook(const std::string& id);

  Database& database_;
  Names& names_;
  const SqliteView& view_;
  const Probe& probe_;
  Statement insert_entry_, insert_member_, update_member_, update_member_and_due_, insert_lot_,
      update_lot_, put_identifier_, delete_identifier_, insert_key_, update_key_, put_usage_,
      insert_programme_, insert_directive_, insert_review_, update_review_, insert_unclaimed_,
      delete_unclaimed_, erase_evidence_, insert_voucher_, update_voucher_, insert_secret_,
      put_profile_, delete_profile_, put_matching_key_, delete_matching_keys_, insert_sighting_,
      insert_former_link_, put_webhook_, delete_webhook_;
  std::string body_, evidence_, record_, balances_, related_, files_, directive_, review_, voucher_,
      profile_, webhook_;
};

}  // namespace laurel::store
