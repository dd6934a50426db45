// What is wrong with a document is said of every field at once, by its JSON pointer.

#include "engine/check.hpp"

#include <gtest/gtest.h>

namespace laurel::engine {
namespace {

Transaction document(TransactionKind kind) {
  Transaction made;
  made.key = {"till-1", "R-1"};
  made.kind = kind;
  switch (kind) {
    case TransactionKind::kSale:
      made.currency = "EUR";
      made.lines.resize(2);
      for (std::size_t i = 0; i < 2; ++i) {
        made.lines[i].id = std::to_string(i + 1);
        made.lines[i].amount = "10.00";
      }
      made.tenders = {{"card", "20.00"}};
      break;
    case TransactionKind::kReturn:
      made.original = TransactionKey{"till-1", "R-0"};
      made.return_lines = {{"1"}, {"2"}};
      break;
    case TransactionKind::kVoid: made.original = TransactionKey{"till-1", "R-0"}; break;
    case TransactionKind::kEvent: made.event = "visit"; break;
  }
  return made;
}

constexpr auto kSale = TransactionKind::kSale;
constexpr auto kReturn = TransactionKind::kReturn;
constexpr auto kVoid = TransactionKind::kVoid;
constexpr auto kEvent = TransactionKind::kEvent;

// Pointers and codes of all faults, "pointer code; pointer code".
std::string faults_of(const Transaction& transaction) {
  const auto checked = check(transaction, std::nullopt);
  if (checked) return "";
  std::string text;
  for (const auto& fault : checked.error().faults) {
    if (!text.empty()) text += "; ";
    text += fault.pointer + " " + fault.code;
  }
  return text;
}

struct Row {
  const char* name;
  TransactionKind kind;
  void (*spoil)(Transaction&);
  const char* faults;
};

std::string bytes(std::size_t count) { return std::string(count, 'x'); }

constexpr Row kKeys[] = {
    {"no_source", kSale, [](Transaction& t) { t.key.source = ""; }, "/source required"},
    {"no_id", kSale, [](Transaction& t) { t.key.id = ""; }, "/id required"},
    {"long_source", kSale, [](Transaction& t) { t.key.source = bytes(65); }, "/source too_long"},
    {"long_id", kSale, [](Transaction& t) { t.key.id = bytes(129); }, "/id too_long"},
    {"reserved_source", kSale, [](Transaction& t) { t.key.source = "@import"; },
     "/source reserved"},
    {"source_with_a_zero_byte", kSale, [](Transaction& t) { t.key.source = std::string(1, '\0'); },
     "/source not_printable"},
    {"id_cut_off_in_a_character", kSale, [](Transaction& t) { t.key.id = "\xc3"; },
     "/id not_printable"},
    {"id_with_a_line_break", kSale, [](Transaction& t) { t.key.id = "R\n1"; }, "/id not_printable"},
};

constexpr Row kTexts[] = {
    {"store", kSale, [](Transaction& t) { t.store = bytes(129); }, "/store too_long"},
    {"channel", kSale, [](Transaction& t) { t.channel = "\x01"; }, "/channel not_printable"},
    {"associate", kSale, [](Transaction& t) { t.associate = "\xff"; }, "/associate not_printable"},
    {"event", kEvent, [](Transaction& t) { t.event = bytes(129); }, "/event too_long"},
    {"department", kEvent, [](Transaction& t) { t.department = bytes(129); },
     "/department too_long"},
    {"tag", kSale,
     [](Transaction& t) {
       t.tags = {"a", ""};
     },
     "/tags/1 empty"},
    {"long_tag", kSale, [](Transaction& t) { t.tags = {bytes(129)}; }, "/tags/0 too_long"},
    {"tags", kSale, [](Transaction& t) { t.tags.assign(65, "a"); }, "/tags too_many"},
    {"identifier_type", kSale,
     [](Transaction& t) {
       t.identifiers = {{"", "v"}};
     },
     "/identifiers/0/type required"},
    {"identifier_value", kSale,
     [](Transaction& t) {
       t.identifiers = {{"card", "v"}, {"card", ""}};
     },
     "/identifiers/1/value required"},
    {"long_identifier", kSale,
     [](Transaction& t) {
       t.identifiers = {{"card", bytes(257)}};
     },
     "/identifiers/0/value too_long"},
    {"identifiers", kSale,
     [](Transaction& t) {
       t.identifiers.assign(33, {"card", "v"});
     },
     "/identifiers too_many"},
};

constexpr Row kLines[] = {
    {"no_lines", kSale, [](Transaction& t) { t.lines.clear(); }, "/lines required"},
    {"line_id", kSale, [](Transaction& t) { t.lines[1].id = ""; }, "/lines/1/id required"},
    {"long_line_id", kSale, [](Transaction& t) { t.lines[1].id = bytes(65); },
     "/lines/1/id too_long"},
    {"repeated_line_id", kSale, [](Transaction& t) { t.lines[1].id = "1"; },
     "/lines/1/id repeated"},
    {"sku", kSale, [](Transaction& t) { t.lines[0].sku = bytes(129); }, "/lines/0/sku too_long"},
    {"line_department", kSale, [](Transaction& t) { t.lines[0].department = bytes(129); },
     "/lines/0/department too_long"},
    {"category", kSale, [](Transaction& t) { t.lines[0].category = bytes(129); },
     "/lines/0/category too_long"},
    {"brand", kSale, [](Transaction& t) { t.lines[0].brand = bytes(129); },
     "/lines/0/brand too_long"},
    {"line_associate", kSale, [](Transaction& t) { t.lines[0].associate = bytes(129); },
     "/lines/0/associate too_long"},
    {"line_tag", kSale, [](Transaction& t) { t.lines[0].tags = {""}; }, "/lines/0/tags/0 empty"},
    {"attribute", kSale,
     [](Transaction& t) {
       t.lines[0].attributes = {{"size", bytes(257)}};
     },
     "/lines/0/attributes/size too_long"},
    {"attributes", kSale, [](Transaction& t) { t.lines[0].attributes.resize(65); },
     "/lines/0/attributes too_many"},
    {"origin", kSale,
     [](Transaction& t) {
       t.lines[0].origin = TransactionKey{"", ""};
     },
     "/lines/0/origin/source required; /lines/0/origin/id required"},
    {"quantity_of_nothing", kSale, [](Transaction& t) { t.lines[0].quantity = Quantity{}; },
     "/lines/0/quantity not_positive"},
    {"negative_quantity", kSale, [](Transaction& t) { t.lines[0].quantity = Quantity::of(-1); },
     "/lines/0/quantity not_positive"},
    {"huge_quantity", kSale, [](Transaction& t) { t.lines[0].quantity = Quantity(INT64_MAX); },
     "/lines/0/quantity out_of_range"},
    {"tender_type", kSale, [](Transaction& t) { t.tenders[0].type = ""; },
     "/tenders/0/type required"},
    {"tender_amount", kSale, [](Transaction& t) { t.tenders[0].amount = ""; },
     "/tenders/0/amount required"},
    {"negative_tender", kSale, [](Transaction& t) { t.tenders[0].amount = "-1.00"; },
     "/tenders/0/amount negative"},
};

constexpr Row kAmounts[] = {
    {"no_currency", kSale, [](Transaction& t) { t.currency = ""; }, "/currency required"},
    {"unknown_currency", kSale, [](Transaction& t) { t.currency = "EURO"; },
     "/currency unknown_currency"},
    {"currency_in_small_letters", kSale, [](Transaction& t) { t.currency = "eur"; },
     "/currency unknown_currency"},
    {"no_amount", kSale, [](Transaction& t) { t.lines[0].amount = ""; },
     "/lines/0/amount required"},
    {"negative", kSale, [](Transaction& t) { t.lines[0].amount = "-0.01"; },
     "/lines/0/amount negative"},
    {"too_many_digits", kSale, [](Transaction& t) { t.lines[0].amount = "1.005"; },
     "/lines/0/amount too_many_digits"},
    {"one_beyond_the_limit", kSale, [](Transaction& t) { t.lines[0].amount = "100000000000.01"; },
     "/lines/0/amount out_of_range"},
    {"beyond_64_bits", kSale, [](Transaction& t) { t.lines[0].amount = "999999999999999999999"; },
     "/lines/0/amount out_of_range"},
    {"more_together", kSale,
     [](Transaction& t) { t.lines[0].amount = t.lines[1].amount = "99999999999.99"; },
     "/lines out_of_range"},
    {"tax_above_the_amount", kSale, [](Transaction& t) { t.lines[0].tax = "10.01"; },
     "/lines/0/tax out_of_range"},
    {"negative_tax", kSale, [](Transaction& t) { t.lines[0].tax = "-1.00"; },
     "/lines/0/tax negative"},
};

constexpr Row kShapes[] = {
    {"sale_with_original", kSale,
     [](Transaction& t) {
       t.original = TransactionKey{"a", "b"};
     },
     "/original not_allowed"},
    {"sale_with_amount", kSale, [](Transaction& t) { t.amount = "1.00"; }, "/amount not_allowed"},
    {"sale_with_event", kSale, [](Transaction& t) { t.event = "visit"; }, "/event not_allowed"},
    {"return_of_itself", kReturn, [](Transaction& t) { t.original = t.key; }, "/original itself"},
    {"return_with_event", kReturn, [](Transaction& t) { t.event = "visit"; }, "/event not_allowed"},
    {"return_of_a_nameless_line", kReturn,
     [](Transaction& t) { t.return_lines[1].original_line = ""; },
     "/lines/1/original_line required"},
    {"return_of_a_line_twice", kReturn,
     [](Transaction& t) { t.return_lines[1].original_line = "1"; },
     "/lines/1/original_line repeated"},
    {"return_of_no_quantity", kReturn,
     [](Transaction& t) { t.return_lines[0].quantity = Quantity{}; },
     "/lines/0/quantity not_positive"},
    {"return_of_a_negative_amount", kReturn,
     [](Transaction& t) { t.return_lines[0].amount = "-1.00"; }, "/lines/0/amount negative"},
    {"return_of_words", kReturn, [](Transaction& t) { t.return_lines[0].amount = "all"; },
     "/lines/0/amount not_a_decimal"},
    {"return_of_lines_and_amount", kReturn, [](Transaction& t) { t.amount = "1.00"; },
     "/amount not_allowed"},
    {"return_of_nothing", kReturn,
     [](Transaction& t) {
       t.return_lines.clear();
       t.amount = "0.00";
     },
     "/amount not_positive"},
    {"void_of_nothing", kVoid, [](Transaction& t) { t.original.reset(); }, "/original required"},
    {"void_of_itself", kVoid, [](Transaction& t) { t.original = t.key; }, "/original itself"},
    {"void_with_lines", kVoid, [](Transaction& t) { t.return_lines = {{"1"}}; },
     "/lines not_allowed"},
    {"void_with_amount", kVoid, [](Transaction& t) { t.amount = "1.00"; }, "/amount not_allowed"},
    {"event_without_name", kEvent, [](Transaction& t) { t.event = ""; }, "/event required"},
    {"event_with_lines", kEvent, [](Transaction& t) { t.lines.resize(1); }, "/lines not_allowed"},
    {"event_with_tenders", kEvent,
     [](Transaction& t) {
       t.tenders = {{"card", "1.00"}};
     },
     "/tenders not_allowed"},
    {"event_about_itself", kEvent, [](Transaction& t) { t.original = t.key; }, "/original itself"},
    {"event_with_amount", kEvent, [](Transaction& t) { t.amount = "1.00"; }, "/amount not_allowed"},
};

class Faulty : public testing::TestWithParam<Row> {};

TEST_P(Faulty, field_is_named_by_its_pointer) {
  auto given = document(GetParam().kind);
  ASSERT_EQ(faults_of(given), "");
  GetParam().spoil(given);
  EXPECT_EQ(faults_of(given), GetParam().faults);
}

const auto kNameOf = [](const testing::TestParamInfo<Row>& row) {
  return std::string(row.param.name);
};
INSTANTIATE_TEST_SUITE_P(Keys, Faulty, testing::ValuesIn(kKeys), kNameOf);
INSTANTIATE_TEST_SUITE_P(Texts, Faulty, testing::ValuesIn(kTexts), kNameOf);
INSTANTIATE_TEST_SUITE_P(Lines, Faulty, testing::ValuesIn(kLines), kNameOf);
INSTANTIATE_TEST_SUITE_P(Amounts, Faulty, testing::ValuesIn(kAmounts), kNameOf);
INSTANTIATE_TEST_SUITE_P(Shapes, Faulty, testing::ValuesIn(kShapes), kNameOf);

// E3: nothing that is not a plain decimal is ever read as a number.
class NotAnAmount : public testing::TestWithParam<const char*> {};

TEST_P(NotAnAmount, is_refused_wherever_it_stands) {
  auto sale = document(kSale);
  sale.lines[0].amount = sale.lines[1].tax = sale.tenders[0].amount = GetParam();
  const auto checked = check(sale, std::nullopt);
  ASSERT_FALSE(checked.ok());
  std::vector<std::string> pointers;
  for (const auto& fault : checked.error().faults) pointers.push_back(fault.pointer);
  EXPECT_EQ(pointers,
            (std::vector<std::string>{"/lines/0/amount", "/lines/1/tax", "/tenders/0/amount"}));
}

INSTANTIATE_TEST_SUITE_P(Amounts, NotAnAmount,
                         testing::Values("1e30", "5e2", "NaN", "inf", "0x10", "1,00", "1 000",
                                         "+1.00", " 1.00", "1.00 ", "--1", "1.0.0", ".", "1.00\n",
                                         "\xd9\xa5"),
                         [](const auto& row) { return std::to_string(row.index); });

TEST(Check, every_fault_is_listed_at_once) {
  auto sale = document(kSale);
  sale.key.source = "";
  sale.currency = "XYZ";
  sale.lines[0].quantity = Quantity::of(-1);
  sale.lines[1].id = "1";
  EXPECT_EQ(faults_of(sale),
            "/source required; /lines/0/quantity not_positive; /lines/1/id repeated; "
            "/currency unknown_currency");
}

TEST(Check, amounts_are_put_in_their_one_form) {
  auto sale = document(kSale);
  sale.lines[0].amount = "10";
  sale.lines[1].amount = "10.5";
  sale.tenders[0].amount = "20.5";
  const auto checked = check(sale, std::nullopt);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->document().lines[0].amount, "10.00");
  EXPECT_EQ(checked->document().lines[1].amount, "10.50");
  EXPECT_EQ(checked->line_minor(), (std::vector<std::int64_t>{1000, 1050}));
  EXPECT_EQ(checked->tender_minor(), (std::vector<std::int64_t>{2050}));
}

TEST(Check, a_currency_left_out_is_the_programmes) {
  auto sale = document(kSale);
  sale.currency = "";
  sale.lines[0].amount = sale.lines[1].amount = "10";
  sale.tenders[0].amount = "20";
  const auto yen = check(sale, *Currency::of("JPY"));
  ASSERT_TRUE(yen.ok());
  EXPECT_EQ(yen->document().currency, "JPY");
  EXPECT_EQ(yen->line_minor(), (std::vector<std::int64_t>{10, 10}));
}

TEST(Check, limits_hold_on_the_dot) {
  auto sale = document(kSale);
  sale.key = {bytes(64), bytes(128)};
  sale.tags.assign(64, "a");
  sale.identifiers.assign(32, {"card", bytes(256)});
  sale.lines[0].amount = "100000000000.00";
  sale.lines[1].amount = "0.00";
  sale.lines[0].quantity = Quantity::of(1'000'000'000);
  EXPECT_EQ(faults_of(sale), "");
}

TEST(Check, ten_thousand_lines_are_taken_and_one_more_is_too_large) {
  auto sale = document(kSale);
  sale.tenders.clear();
  sale.lines.resize(10'000, sale.lines[0]);
  for (std::size_t i = 0; i < sale.lines.size(); ++i) sale.lines[i].id = std::to_string(i);
  EXPECT_TRUE(check(sale, std::nullopt).ok());
  sale.lines.push_back(sale.lines[0]);
  EXPECT_EQ(check(sale, std::nullopt).error().code, ErrorCode::kTooLarge);
  auto back = document(kReturn);
  back.return_lines.resize(10'001);
  EXPECT_EQ(check(back, std::nullopt).error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace laurel::engine
