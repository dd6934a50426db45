#pragma once
// Records as bytes and back, for the SQL stores. What stands in columns of its own (ids, times,
// kind, source, programme) is not repeated here: the caller fills it in before decoding, since it
// is also the base of the differences.
//
// Decoding any bytes gives a record or kStoreFailed, and nothing else. Bytes written by an older
// version always decode (tests/golden/store).

#include <optional>
#include <string>
#include <string_view>

#include "store/store.hpp"

namespace laurel::store::codec {

// An entry in two parts. `evidence` holds all that says who the customer was: the identifiers as
// given, the values the attribution saw, and what a valuation was told of the person. It can be
// erased; the fact in `body` stays as it is.
// Both are overwritten.
void encode(const ledger::Entry& entry, std::string& body, std::string& evidence);
// `entry` has id, member, kind, event_time, booked_at, key.source and programme. Without evidence
// (erased, or there was none) the identifiers and the values of the attribution stay empty, and a
// person of whom something was told is forgotten.
Result<void> decode(std::string_view body, std::optional<std::string_view> evidence,
                    ledger::Entry& entry);

// A member's record without its balances, which the database keeps in view (see below).
void encode(const ledger::MemberRecord& record, std::string& bytes);
// `record` has id, next_due and programme; its wallets get their names, in order.
Result<void> decode(std::string_view bytes, ledger::MemberRecord& record);

// "available pending held debt", one group a wallet in the order of the record, joined by "|":
// digits, so that the database itself can refuse a minus sign.
void encode_balances(const std::vector<ledger::WalletState>& wallets, std::string& text);
Result<void> decode_balances(std::string_view text, std::vector<ledger::WalletState>& wallets);

// Grows at its end only: the bytes of a list are the start of the bytes of any longer one.
void encode(const std::vector<EntryId>& related, std::string& bytes);
Result<void> decode(std::string_view bytes, std::vector<EntryId>& related);

// The names and texts of a programme's files.
using Files = std::vector<std::pair<std::string, std::string>>;
void encode(const Files& files, std::string& bytes);
Result<void> decode(std::string_view bytes, Files& files);

// A directive without its number and its moment. `directive` has both.
void encode(const Directive& directive, std::string& bytes);
Result<void> decode(std::string_view bytes, Directive& directive);

// A review item without what stands in columns. `item` has its number and when it was opened.
void encode(const ReviewItem& item, std::string& bytes);
Result<void> decode(std::string_view bytes, ReviewItem& item);
// A voucher without its code and its owner. `voucher` has both.
void encode(const ledger::Voucher& voucher, std::string& bytes);
Result<void> decode(std::string_view bytes, ledger::Voucher& voucher);

void encode(const MemberProfile& profile, std::string& bytes);
Result<void> decode(std::string_view bytes, MemberProfile& profile);

// A webhook without what stands in columns. `webhook` has its id, when it was made and its cursor.
void encode(const Webhook& webhook, std::string& bytes);
Result<void> decode(std::string_view bytes, Webhook& webhook);

}  // namespace laurel::store::codec
