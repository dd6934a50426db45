#include "app/transaction_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace laurel::daemon {
namespace {

using testing::ElementsAre;
using testing::Pair;

Transaction read(std::string_view text) {
  const auto transaction = transaction_from_json(text);
  EXPECT_TRUE(transaction) << transaction.error().detail;
  return transaction ? *transaction : Transaction{};
}

std::vector<std::string> faults_of(std::string_view text) {
  const auto transaction = transaction_from_json(text);
  std::vector<std::string> faults;
  if (transaction) return faults;
  for (const FieldFault& fault : transaction.error().faults) {
    faults.push_back(fault.pointer + " " + fault.code);
  }
  return faults;
}

TEST(TransactionJson, reads_every_field_of_a_sale) {
  const Transaction sale = read(R"({
    "id": "R-1", "source": "till", "kind": "sale", "at": "2026-11-21T11:15:00+01:00",
    "store": "knightsbridge", "channel": "store", "currency": "GBP", "associate": "A-17",
    "identifiers": [{"type": "card", "value": "6301"}], "tags": ["staff"],
    "lines": [{"id": "a", "sku": "S", "department": "beauty", "category": "care", "brand": "B",
               "quantity": "0.350", "amount": "19.50", "tax": 3.25, "associate": "A-3",
               "tags": ["gift"], "attributes": {"size": "M", "note": ""},
               "origin": {"source": "restaurant", "id": "77"}}],
    "tenders": [{"type": "cash", "amount": 19.50}]})");
  EXPECT_EQ(sale.key, (TransactionKey{"till", "R-1"}));
  EXPECT_EQ(to_text(*sale.at), "2026-11-21T10:15:00Z");
  EXPECT_EQ(sale.identifiers.front(), (Identifier{"card", "6301"}));
  EXPECT_THAT(sale.tags, ElementsAre("staff"));
  const Line& line = sale.lines.front();
  EXPECT_EQ(line.quantity, Quantity(350));
  EXPECT_EQ(line.amount + " " + line.tax, "19.50 3.25");
  EXPECT_THAT(line.attributes, ElementsAre(Pair("size", "M"), Pair("note", "")));
  EXPECT_EQ(*line.origin, (TransactionKey{"restaurant", "77"}));
  EXPECT_EQ(sale.tenders.front(), (Tender{"cash", "19.50"}));
}

TEST(TransactionJson, a_line_without_an_id_gets_its_place) {
  const Transaction sale =
      read(R"({"id":"1","source":"t","kind":"sale","lines":[{"amount":"1"},{"amount":"2"}]})");
  EXPECT_EQ(sale.lines[0].id, "1");
  EXPECT_EQ(sale.lines[1].id, "2");
  EXPECT_EQ(sale.lines[1].quantity, Quantity::of(1));
}

TEST(TransactionJson, an_amount_keeps_the_digits_it_was_written_with) {
  const Transaction sale = read(R"({"id":"1","source":"t","kind":"sale",)"
                                R"("lines":[{"amount":0.1},{"amount":1950.00},{"amount":"7"}]})");
  EXPECT_EQ(sale.lines[0].amount, "0.1");
  EXPECT_EQ(sale.lines[1].amount, "1950.00");
  EXPECT_EQ(sale.lines[2].amount, "7");
}

TEST(TransactionJson, reads_a_return_by_lines_and_by_amount) {
  const Transaction lines = read(
      R"({"id":"1","source":"t","kind":"return","original":{"source":"a","id":"b"},)"
      R"("lines":[{"original_line":"2","quantity":3},{"original_line":"1","amount":"4.50"}]})");
  EXPECT_EQ(*lines.original, (TransactionKey{"a", "b"}));
  EXPECT_EQ(lines.return_lines[0].quantity, Quantity::of(3));
  EXPECT_EQ(lines.return_lines[1].amount, "4.50");
  EXPECT_FALSE(lines.return_lines[1].quantity);
  EXPECT_EQ(read(R"({"id":"1","source":"t","kind":"return","amount":12.50})").amount, "12.50");
}

TEST(TransactionJson, reads_a_void_and_an_event) {
  EXPECT_EQ(read(R"({"id":"1","source":"t","kind":"void","original":{"source":"a","id":"b"}})")
                .original->id,
            "b");
  const Transaction event =
      read(R"({"id":"1","source":"t","kind":"event","event":"visit","department":"hair-salon"})");
  EXPECT_EQ(event.event + " " + event.department, "visit hair-salon");
}

TEST(TransactionJson, unknown_fields_are_ignored_unless_nearly_known) {
  EXPECT_EQ(read(R"({"id":"1","source":"t","kind":"sale","tax":"x","balance":9,)"
                 R"("lines":[{"amount":"1","colour":"red"}]})")
                .lines.size(),
            1U);
  EXPECT_THAT(faults_of(R"({"id":"1","source":"t","kind":"sale","tag":[],"curency":"GBP",)"
                        R"("lines":[{"amount":"1","quantiy":2}]})"),
              ElementsAre("/lines/0/quantiy unknown_field", "/tag unknown_field",
                          "/curency unknown_field"));
}

TEST(TransactionJson, a_slip_is_told_from_a_word_of_its_own) {
  const auto is_fault = [](const std::string& name) {
    return !faults_of(R"({"id":"1","source":"t","kind":"sale","lines":[{"amount":"1"}],")" + name +
                      "\":1}")
                .empty();
  };
  for (const char* slip : {"At", "AT", "STORE", "tag", "identifers", "Lines", "orignal"}) {
    EXPECT_TRUE(is_fault(slip)) << slip;
  }
  for (const char* word : {"uid", "ids", "tax", "total", "date", "items", "notes", "version"}) {
    EXPECT_FALSE(is_fault(word)) << word;
  }
}

TEST(TransactionJson, an_amount_fits_its_currency) {
  EXPECT_EQ(
      read(
          R"({"id":"1","source":"t","kind":"sale","currency":"KWD","lines":[{"amount":"12.345"}]})")
          .lines[0]
          .amount,
      "12.345");
  EXPECT_EQ(faults_of(R"({"id":"1","source":"t","kind":"sale","currency":"JPY",)"
                      R"("lines":[{"amount":"275"},{"amount":"2.75"}]})")
                .size(),
            1U);
}

TEST(TransactionJson, a_fault_in_one_place_does_not_hide_another) {
  EXPECT_THAT(
      faults_of(R"({"source":"","kind":"return","original":{},"lines":[{"quantity":"-1"}]})"),
      ElementsAre("/id required", "/source too_short", "/original/id required",
                  "/original/source required", "/lines/0/original_line required",
                  "/lines/0/quantity negative"));
}

TEST(TransactionJson, fields_of_another_kind_are_faults) {
  EXPECT_THAT(faults_of(R"({"id":"1","source":"t","kind":"event","event":"visit","lines":[]})"),
              ElementsAre("/lines not_allowed"));
}

}  // namespace
}  // namespace laurel::daemon
