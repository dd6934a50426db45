#pragma once
// Why: for each rule of the programme in force, whether it applied, what it gave, or the first
// condition that failed and the value it saw.

#include <cstdint>
#include <string>
#include <vector>

#include "laurel/money.hpp"

namespace laurel {

struct Reason {
  std::string rule = {};  // "beauty-triple", "tier:gold"
  bool applied = false;
  std::string code = {};  // applied, condition_failed, missing_fact, outside_dates, not_best …
  std::string line = {};  // the line it speaks of; empty: the whole transaction
  std::string condition = {};  // the first that failed, as it is written: "department: beauty"
  std::string seen = {};       // the value it saw: "fashion"
  std::string wallet = {};
  Points points = {};
};

struct Explanation {
  std::string programme;
  std::string digest;
  std::string tier;  // the tier the transaction was valued at
  // How each line's eligible amount came about: "1950.00 charged", "-7.00 delivery (excluded tag)".
  struct LineBase {
    std::string line;
    std::string charged, eligible;      // decimal text in the transaction's currency
    std::vector<std::string> excluded;  // why something does not count
  };
  std::vector<LineBase> lines;
  std::vector<Reason> reasons;
};

}  // namespace laurel
