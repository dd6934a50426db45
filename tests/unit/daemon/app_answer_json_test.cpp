#include "app/answer_json.hpp"

#include <gtest/gtest.h>

#include "json_expect.hpp"

namespace laurel::daemon {
namespace {

using test::at;

template <class Write>
std::string json_of(Write write) {
  std::string text;
  json::Writer writer(text);
  write(writer);
  EXPECT_TRUE(json::Document::parse(text)) << text;
  return text;
}

std::string receipt_json(const Receipt& receipt) {
  return json_of([&](json::Writer& writer) { write_receipt(writer, receipt, Display()); });
}

Receipt some_receipt() {
  Receipt receipt;
  receipt.key = {"till", "R-1"};
  receipt.entry = EntryId(7);
  receipt.programme_currency = *Currency::of("GBP");
  return receipt;
}

TEST(AnswerJson, the_last_second_of_points_is_shown) {
  Receipt receipt = some_receipt();
  receipt.points = {{"points", Points(5), Points(5), *parse_instant("2026-12-05T00:00:00Z"),
                     *parse_instant("2029-01-01T00:00:00Z")}};
  EXPECT_EQ(at(receipt_json(receipt), "/points/0/expires_at"), "2028-12-31T23:59:59Z");
}

TEST(AnswerJson, points_that_never_expire_have_null) {
  Receipt receipt = some_receipt();
  receipt.points = {
      {"points", Points(5), Points(0), *parse_instant("2026-12-05T00:00:00Z"), kNever}};
  EXPECT_EQ(at(receipt_json(receipt), "/points/0/expires_at"), "null");
}

TEST(AnswerJson, nobody_is_null_and_has_no_balances) {
  const std::string text = receipt_json(some_receipt());
  EXPECT_EQ(at(text, "/attribution/member"), "null");
  EXPECT_EQ(at(text, "/attribution/strength"), "null");
  EXPECT_EQ(at(text, "/wallets"), "{0}");
  EXPECT_EQ(at(text, "/tier"), "null");
}

TEST(AnswerJson, identifiers_that_disagree_are_the_conflicts) {
  Receipt receipt = some_receipt();
  receipt.attribution.member = MemberId(1);
  receipt.attribution.by = "card";
  receipt.attribution.strength = Strength::kStrong;
  receipt.attribution.evidence = {{"card", "63", MemberId(1), "decided"},
                                  {"phone", "+44", MemberId(2), "disagreed"},
                                  {"email", "a@b", MemberId(), "unknown"}};
  const std::string text = receipt_json(receipt);
  EXPECT_EQ(at(text, "/attribution/conflicts"), "[1]");
  EXPECT_EQ(at(text, "/attribution/conflicts/0/type"), "phone");
  EXPECT_EQ(at(text, "/attribution/conflicts/0/member"), MemberId(2).text());
  EXPECT_EQ(at(text, "/attribution/evidence"), "[3]");
}

TEST(AnswerJson, points_with_decimals_are_number_literals) {
  const WalletBalance balance{"miles", 2, Points(1250), Points(5), Points(0), Points(-1)};
  const std::string text = json_of([&](json::Writer& writer) {
    writer.begin_object();
    write_balances(writer, {&balance, 1});
    writer.end_object();
  });
  EXPECT_EQ(text,
            R"({"wallets":{"miles":{"available":12.5,"pending":0.05,"held":0,"debt":-0.01}}})");
}

TEST(AnswerJson, a_tier_shows_its_last_day_and_what_the_next_needs) {
  Receipt receipt = some_receipt();
  receipt.tier.id = "gold";
  receipt.tier.since = *parse_date("2026-11-21");
  receipt.tier.until = *parse_date("2027-12-31");
  receipt.tier.spend_minor = 8'500;
  receipt.tier.next_id = "black";
  receipt.tier.next_needs_minor = 491'500;
  const std::string text = receipt_json(receipt);
  EXPECT_EQ(at(text, "/tier/since") + " " + at(text, "/tier/until"), "2026-11-21 2027-12-31");
  EXPECT_EQ(at(text, "/tier/spend"), "85.00");
  EXPECT_EQ(at(text, "/tier/next/needs"), "4915.00");
  receipt.tier.next_id.clear();
  EXPECT_EQ(at(receipt_json(receipt), "/tier/next"), "null");
}

TEST(AnswerJson, a_tier_of_points_shows_plain_numbers_and_what_keeps_it) {
  Receipt receipt = some_receipt();
  receipt.tier.id = "gold";
  receipt.tier.metric = TierMetric::kPoints;
  receipt.tier.metric_of = "status";
  receipt.tier.spend_minor = 85;
  receipt.tier.next_id = "black";
  receipt.tier.next_needs_minor = 15;
  receipt.tier.next_by = *parse_date("2026-12-31");
  receipt.tier.kept_until = receipt.tier.keep_by = *parse_date("2027-12-31");
  receipt.tier.keep_needs_minor = 50;
  const std::string text = receipt_json(receipt);
  EXPECT_EQ(at(text, "/tier/metric") + " " + at(text, "/tier/metric_of"), "points status");
  EXPECT_EQ(at(text, "/tier/progress") + " " + at(text, "/tier/spend"), "85 absent");
  EXPECT_EQ(at(text, "/tier/next/needs") + " " + at(text, "/tier/next/by"), "15 2026-12-31");
  EXPECT_EQ(at(text, "/tier/keep/needs") + " " + at(text, "/tier/keep/by"), "50 2027-12-31");
}

TEST(AnswerJson, a_subscriber_sees_no_persons_words) {
  EntryView entry;
  entry.actor = "desk-4";
  entry.reason = "Mrs Smith complained";
  const auto shown_to = [&](Audience audience) {
    return json_of([&](json::Writer& writer) { write_entry(writer, entry, Display(), audience); });
  };
  EXPECT_EQ(at(shown_to(Audience::kStaff), "/reason"), "Mrs Smith complained");
  EXPECT_EQ(shown_to(Audience::kSubscriber).find("Smith"), std::string::npos);
  EXPECT_EQ(shown_to(Audience::kSubscriber).find("desk-4"), std::string::npos);
}

}  // namespace
}  // namespace laurel::daemon
