#include <gtest/gtest.h>

#include <sstream>

#include "cli/import/lines.hpp"
#include "cli/import/poster.hpp"
#include "cli/import/report.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {
namespace {

constexpr const char* kProgramme = R"(programme: shop
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
departments: [gifts]
wallets:
  points:
    name: { en: Points }
    rounding: { mode: floor, at: transaction }
    expires: never
    on_shortfall: debt
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_next_year
  crossing: next_day
  on_return: immediate
  downgrade: one_level
  levels: [ { id: all, from: 0.00, rate: 1 point per 1.00 } ]
identity:
  types: { card: { strength: strong, may: [earn] } }
  precedence: [card]
  unknown: enrol
)";

class PosterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_session("memory:", Access::kCreate);
    ASSERT_TRUE(opened) << opened.error().detail;
    session_ = *std::move(opened);
    const std::vector<SourceFile> files = {{"programme.yaml", kProgramme}};
    const auto loaded = load_programme(files);
    ASSERT_TRUE(loaded.programme) << render(loaded.faults);
    ASSERT_TRUE(session_.engine->publish(*loaded.programme, {.by = "test"}));
  }

  static Transaction sale(const std::string& id, const std::string& amount) {
    Transaction sale;
    sale.key = {"till", id};
    sale.at = parse_instant("2026-11-20T10:00:00Z").value();
    sale.currency = "GBP";
    sale.identifiers = {{"card", "C-1"}};
    sale.lines = {{.id = "1", .department = "gifts", .amount = amount}};
    return sale;
  }

  static Transaction return_of(const std::string& id) {
    Transaction back;
    back.key = {"till", "X-" + id};
    back.kind = TransactionKind::kReturn;
    back.at = parse_instant("2026-11-20T11:00:00Z").value();
    back.original = TransactionKey{"till", id};
    return back;
  }

  Tally post(const std::vector<Transaction>& all, std::size_t chunk) {
    Poster poster(*session_.engine, chunk);
    for (const Transaction& transaction : all) EXPECT_TRUE(poster.add(transaction));
    EXPECT_TRUE(poster.finish());
    return poster.tally();
  }

  Session session_;
};

TEST_F(PosterTest, counts_alike_whatever_the_chunk) {
  const std::vector<Transaction> all = {sale("1", "10.00"), sale("2", "5.50"), return_of("1"),
                                        sale("3", "x"), sale("1", "99.00")};
  for (const std::size_t chunk : {1U, 2U, 100U}) {
    SetUp();
    const Tally tally = post(all, chunk);
    EXPECT_EQ(tally.posted, 3) << chunk;
    EXPECT_EQ(tally.refused, 2);
    EXPECT_EQ(tally.sales, 2);
    EXPECT_EQ(tally.returns, 1);
    EXPECT_EQ(tally.points.at("points").earned, Points(15));
    EXPECT_EQ(tally.points.at("points").reversed, Points(10));
    EXPECT_EQ(tally.refused_why,
              (std::map<std::string, std::int64_t>{{"idempotency_conflict", 1}, {"invalid", 1}}));
  }
}

TEST_F(PosterTest, moves_nothing_the_second_time) {
  const std::vector<Transaction> all = {sale("1", "10.00"), return_of("1")};
  post(all, 10);
  const Tally again = post(all, 10);
  EXPECT_EQ(again.posted, 0);
  EXPECT_EQ(again.replayed, 2);
  EXPECT_TRUE(again.points.empty());
}

TEST_F(PosterTest, tells_returns_without_a_sale_from_those_that_wait) {
  Transaction unmatched = return_of("1");
  unmatched.original.reset();
  unmatched.amount = "5.00";
  Transaction early = return_of("9");
  const Tally tally = post({unmatched, early}, 10);
  EXPECT_EQ(tally.returns_unmatched, 1);
  EXPECT_EQ(tally.waiting, 1);
}

TEST_F(PosterTest, names_the_first_few_of_what_was_refused) {
  std::vector<Transaction> all;
  for (int i = 0; i < 30; ++i) all.push_back(sale(std::to_string(i), "x"));
  const Tally tally = post(all, 7);
  EXPECT_EQ(tally.refused, 30);
  ASSERT_EQ(tally.refused_first.size(), 10U);
  EXPECT_TRUE(tally.refused_first[0].starts_with("0: ")) << tally.refused_first[0];
  EXPECT_NE(tally.refused_first[0].find("/lines/0/amount"), std::string::npos);
}

// ---- Lines
// ---------------------------------------------------------------------------------------

struct Seen {
  std::vector<Transaction> sales;
  LinesRead read;
};

Seen sales_of(const std::string& text) {
  std::istringstream input(text);
  Seen seen;
  const auto read = read_sales(input, [&](Transaction sale, std::int64_t) {
    seen.sales.push_back(std::move(sale));
    return Result<void>();
  });
  if (read) {
    seen.read = *read;
  } else {
    seen.read.refuse("the file", read.error());
  }
  return seen;
}

constexpr const char* kHeader =
    "source,id,at,store,channel,currency,identifier_type,identifier_value,line,sku,department,"
    "category,brand,quantity,amount\n";

TEST(SalesLines, join_rows_of_one_key_to_one_sale) {
  const Seen seen = sales_of(std::string(kHeader) +
                             "t,1,2026-11-20T10:00:00Z,,,GBP,card,C-1,1,,gifts,,,2,3.00\n"
                             "t,1,2026-11-20T10:00:00Z,,,GBP,card,C-1,2,,gifts,,,0.35,4.00\n"
                             "t,2,,,,GBP,,,1,,gifts,,,,5.00\n");
  ASSERT_EQ(seen.sales.size(), 2U);
  EXPECT_EQ(seen.sales[0].lines.size(), 2U);
  EXPECT_EQ(seen.sales[0].lines[1].quantity, Quantity(350));
  EXPECT_EQ(seen.sales[0].identifiers, (std::vector<Identifier>{{"card", "C-1"}}));
  EXPECT_FALSE(seen.sales[1].at);
  EXPECT_TRUE(seen.sales[1].identifiers.empty());
  EXPECT_EQ(seen.sales[1].lines[0].quantity, Quantity::of(1));
}

TEST(SalesLines, refuse_the_whole_sale_for_one_faulty_row) {
  const Seen seen =
      sales_of(std::string(kHeader) + "t,1,,,,GBP,,,1,,gifts,,,1,3.00\n" +
               "t,1,,,,GBP,,,2,,gifts,,,many,3.00\n" + "t,2,,,,GBP,,,1,,gifts,,,1,3.00\n");
  ASSERT_EQ(seen.sales.size(), 1U);
  EXPECT_EQ(seen.sales[0].key.id, "2");
  EXPECT_EQ(seen.read.refused_first,
            (std::vector<std::string>{"line 2: quantity cannot be \"many\""}));
}

TEST(SalesLines, go_on_after_a_line_that_is_not_json) {
  const Seen seen = sales_of(
      "{\"id\":\n\n{\"id\":\"1\",\"source\":\"t\",\"kind\":\"event\","
      "\"event\":\"visit\"}\n[]\n");
  ASSERT_EQ(seen.sales.size(), 1U);
  EXPECT_EQ(seen.sales[0].event, "visit");
  EXPECT_EQ(seen.read.lines, 3);
  EXPECT_EQ(seen.read.refused(), 2);
  EXPECT_TRUE(seen.read.refused_first[1].starts_with("line 4: "));
}

TEST(MemberLines, join_identifiers_of_one_key) {
  std::istringstream input(
      "source,id,at,language,identifier_type,identifier_value\n"
      "old,1,,en,card,C-1\n"
      "old,1,,en,email,a@shop.test\n"
      "old,2,,,card,C-2\n");
  std::vector<Enrolment> all;
  const auto read = read_members(input, [&](Enrolment enrolment, std::int64_t) {
    all.push_back(std::move(enrolment));
    return Result<void>();
  });
  ASSERT_TRUE(read);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].identifiers.size(), 2U);
  EXPECT_EQ(all[0].language, "en");
  EXPECT_EQ(*all[1].key, (TransactionKey{"old", "2"}));
}

}  // namespace
}  // namespace laurel::daemon::cli
