#pragma once
// The completejourney data set (dunnhumby) as transactions: the lines of a basket, wherever they
// stand in the file, are one sale of one household with the key "complete-journey" / its basket id;
// each line has the department, category and brand of its product. Baskets come in order of time,
// read on the wall clock of the programme's zone. Lines on which nothing was charged, or whose
// amount is no amount of money, are left out and counted.

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel::daemon::cli {

inline constexpr std::string_view kCompleteJourneySource = "complete-journey";

struct CompleteJourneyFacts {
  std::int64_t products = 0, departments = 0;
  std::int64_t lines = 0, baskets = 0, households = 0, stores = 0;
  std::int64_t value_cents = 0;       // of all lines
  std::int64_t nothing_charged = 0;   // lines left out
  std::int64_t not_money = 0;         // lines left out, "4.440892e-16"
  std::int64_t unknown_products = 0;  // lines kept, of no department
};

class CompleteJourney {
 public:
  static Result<CompleteJourney> read(std::istream& transactions, std::istream& products,
                                      std::string_view time_zone);
  const CompleteJourneyFacts& facts() const { return facts_; }
  const std::vector<Transaction>& transactions() const { return baskets_; }

 private:
  struct Product {
    std::string department, category, brand;
  };

  Result<void> read_products(std::istream& input);
  Result<void> read_lines(std::istream& input, const LocalTimeReader& local_time);
  Line line_of(std::string_view product, std::string_view quantity) const;

  CompleteJourneyFacts facts_ = {};
  std::unordered_map<std::string, Product> products_ = {};
  std::vector<Transaction> baskets_ = {};
};

}  // namespace laurel::daemon::cli
