#pragma once
// Files of lines: NDJSON, each line what POST /v1/transactions or POST /v1/members takes; or CSV
// with the header below, where lines that follow each other with the same source and id belong
// together. What the first character is decides: "{" is NDJSON. A line that cannot be read is
// counted with its number and the reason, and the rest goes on; CSV that breaks RFC 4180 ends it.

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "laurel/lots.hpp"
#include "laurel/member.hpp"
#include "laurel/programme.hpp"
#include "laurel/transaction.hpp"

namespace laurel::daemon::cli {

// source,id,at,store,channel,currency,identifier_type,identifier_value,
// line,sku,department,category,brand,quantity,amount       (sales alone)
// source,id,at,language,identifier_type,identifier_value   (members)
// source,id,identifier_type,identifier_value,tier,tier_until,spend,
// wallet,points,available_from,until                       (balances: each line one lot)

struct LinesRead {
  std::int64_t lines = 0;
  std::map<std::string, std::int64_t> refused_why = {};  // by code of the error
  std::vector<std::string> refused_first = {};           // "line 7: …", the first few

  void refuse(const std::string& what, const Error& error);
  std::int64_t refused() const;
};

// `take` gets each in order, with the bytes read so far; its error ends the reading.
template <class T>
using Take = std::function<Result<void>(T, std::int64_t bytes)>;
Result<LinesRead> read_sales(std::istream& input, const Take<Transaction>& take);
Result<LinesRead> read_members(std::istream& input, const Take<Enrolment>& take);
// CSV alone. Points are read with the digits that their wallet has.
Result<LinesRead> read_balances(std::istream& input, const Programme& programme,
                                const Take<Opening>& take);

// `laurel import members`.
int import_members(const Import& command, Session& session, InputFile& input, Terminal& terminal);
// `laurel import balances`.
int import_balances(const Import& command, Session& session, InputFile& input, Terminal& terminal);

}  // namespace laurel::daemon::cli
