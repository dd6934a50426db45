#pragma once
// The first gate: what a transaction says, without looking at any store. Only check() can make a
// CheckedTransaction, so whatever takes one need not ask again.

#include <optional>
#include <string>
#include <vector>

#include "laurel/money.hpp"
#include "laurel/result.hpp"
#include "laurel/transaction.hpp"

namespace laurel::engine {

inline constexpr std::size_t kLinesMax = 10'000;
inline constexpr std::size_t kIdentifiersMax = 32;
inline constexpr std::size_t kTagsMax = 64;

class CheckedTransaction {
 public:
  // As given, amounts in their one canonical form ("1.0" GBP is "1.00").
  const Transaction& document() const { return document_; }
  // Sales only; parallel to the document's lines and tenders, in minor units of `currency`.
  Currency currency() const { return currency_; }
  const std::vector<std::int64_t>& line_minor() const { return line_minor_; }
  const std::vector<std::int64_t>& tax_minor() const { return tax_minor_; }
  const std::vector<std::int64_t>& tender_minor() const { return tender_minor_; }

 private:
  friend Result<CheckedTransaction> check(const Transaction& transaction,
                                          std::optional<Currency> default_currency);
  CheckedTransaction() = default;

  Transaction document_;
  Currency currency_;
  std::vector<std::int64_t> line_minor_, tax_minor_, tender_minor_;
};

// kInvalid with a fault for every wrong field. `default_currency` stands in where a sale names
// none.
Result<CheckedTransaction> check(const Transaction& transaction,
                                 std::optional<Currency> default_currency);

// A key is 1 to 64 and 1 to 128 bytes of printable UTF-8; sources that begin with "@" are the
// engine's own. Faults are put at `pointer` + "/source" and "/id".
void check_key(const TransactionKey& key, const std::string& pointer,
               std::vector<FieldFault>& faults);
void check_text(std::string_view value, std::size_t bytes_max, const std::string& pointer,
                std::vector<FieldFault>& faults);

// Whether two documents say the same, compared as typed values: identifiers, tags and attributes as
// sets, lines by their ids. Otherwise the JSON pointer of the first field that differs.
std::optional<std::string> first_difference(const Transaction& stored, const Transaction& given);

}  // namespace laurel::engine
