// The examples of the interface's contract, word for word.

#include "api_fixture.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

constexpr std::string_view kSale = R"({
  "id": "R-1001", "source": "knightsbridge-till-7", "kind": "sale", "at": "2026-11-21T10:15:00Z",
  "store": "knightsbridge", "channel": "store", "currency": "GBP", "associate": "A-17",
  "identifiers": [ { "type": "card", "value": "6301 0012 3456 7897" } ],
  "lines": [
    { "id": "1", "sku": "PR-88", "department": "handbags", "brand": "Prada", "quantity": 1,
      "amount": "1950.00" },
    { "id": "2", "department": "hair-salon", "category": "cut", "quantity": 1, "amount": "85.00",
      "associate": "A-3" } ],
  "tenders": [ { "type": "card", "amount": "2035.00" } ] })";

constexpr std::string_view kReceipt = R"({
  "transaction": { "source": "knightsbridge-till-7", "id": "R-1001" }, "replayed": false,
  "attribution": { "member": "m_…", "by": "card", "strength": "strong", "conflicts": [] },
  "points": [ { "wallet": "points", "earned": 2035, "pending": 2035,
                "available_from": "2026-12-05T00:00:00Z", "expires_at": "2028-12-31T23:59:59Z" } ],
  "lines": [ { "id": "1", "points": 1950, "awards": [ { "rule": "tier:green", "points": 1950 } ] },
             { "id": "2", "points": 85,   "awards": [ { "rule": "tier:green", "points": 85 } ] } ],
  "wallets": { "points": { "available": 0, "pending": 2035, "held": 0, "debt": 0 } },
  "tier": { "id": "green", "spend": "2035.00", "next": { "id": "gold", "needs": "2965.00" } },
  "programme": { "id": "department-store", "digest": "sha256:…" } })";

constexpr std::string_view kReturn = R"({
  "id": "X-77", "source": "knightsbridge-till-2", "kind": "return", "at": "2026-11-25T12:00:00Z",
  "original": { "source": "knightsbridge-till-7", "id": "R-1001" },
  "lines": [ { "original_line": "1", "quantity": 1 } ] })";

class ApiExamples : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    member_ = enrol();
  }
  std::string member_;
};

TEST_F(ApiExamples, a_sale_is_answered_as_described) {
  const Answer answer = post(kSale);
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(contains(answer.body, kReceipt));
  EXPECT_EQ(at(answer.body, "/attribution/member"), member_);
}

TEST_F(ApiExamples, the_same_sale_again_is_answered_as_the_first_time_and_marked) {
  post(kSale);
  const Answer again = post(kSale);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/replayed"), "true");
  EXPECT_EQ(at(again.body, "/points/0/earned"), "2035");
}

TEST_F(ApiExamples, a_quote_answers_as_the_sale_would_and_stores_nothing) {
  const Answer quote = ask("POST", "/v1/quotes", kSale);
  EXPECT_EQ(quote.status, 200);
  EXPECT_TRUE(contains(quote.body, kReceipt));
  EXPECT_EQ(get("/v1/transactions/knightsbridge-till-7/R-1001").status, 404);
}

TEST_F(ApiExamples, a_return_says_what_is_reversed_and_refunded) {
  post(kSale);
  set_clock("2026-11-25T12:00:00Z");
  const Answer answer = post(kReturn);
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(contains(answer.body, R"({
    "reversed": [ { "wallet": "points", "points": 1950, "from_pending": 1950,
                    "from_available": 0, "debt": 0 } ],
    "refund": { "money": "1950.00", "points": 0, "withheld": "0.00" } })"));
}

TEST_F(ApiExamples, a_member_is_shown_with_tier_wallets_and_lots) {
  post(kSale);
  set_clock("2026-11-25T12:00:00Z");
  post(kReturn);
  EXPECT_TRUE(contains(get("/v1/members/" + member_).body, R"({ "id": "m_…", "status": "active",
    "identifiers": [ { "type": "card", "value": "6301001234567897", "strength": "strong",
                       "verified": true } ],
    "tier": { "id": "green", "spend": "85.00", "next": { "id": "gold", "needs": "4915.00" } },
    "wallets": { "points": { "available": 0, "pending": 85, "held": 0, "debt": 0,
      "lots": [ { "points": 85, "state": "pending", "available_from": "2026-12-05T00:00:00Z",
                  "expires_at": "2028-12-31T23:59:59Z" } ] } } })"));
}

TEST_F(ApiExamples, a_lookup_finds_the_member_and_says_by_what) {
  const Answer found = ask("POST", "/v1/members/lookup",
                           R"({"identifiers":[{"type":"card","value":"6301-0012-3456-7897"}]})");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(at(found.body, "/member/id"), member_);
  EXPECT_EQ(at(found.body, "/by"), "card");
  const Answer nobody = ask("POST", "/v1/members/lookup",
                            R"({"identifiers":[{"type":"card","value":"6301001234567899"}]})");
  EXPECT_EQ(verdict(nobody), "404 unknown_member");
}

TEST_F(ApiExamples, a_sale_without_a_known_member_is_claimed_later) {
  std::string stranger(kSale);
  stranger.replace(stranger.find("7897"), 4, "0000");
  EXPECT_EQ(at(post(stranger).body, "/attribution/member"), "null");
  const Answer claimed = ask("POST", "/v1/transactions/knightsbridge-till-7/R-1001/claim",
                             "{\"member\":\"" + member_ + "\"}");
  EXPECT_EQ(claimed.status, 200);
  EXPECT_EQ(at(claimed.body, "/attribution/member"), member_);
  EXPECT_EQ(pending_of(member_), "2035");
}

TEST_F(ApiExamples, the_stored_answer_explains_every_rule) {
  post(kSale);
  const Answer plain = get("/v1/transactions/knightsbridge-till-7/R-1001");
  EXPECT_TRUE(contains(plain.body, R"({"points":[{"earned":2035}]})"));
  EXPECT_EQ(at(plain.body, "/explanation"), "absent");
  const Answer full = get("/v1/transactions/knightsbridge-till-7/R-1001?explain=true");
  EXPECT_EQ(at(full.body, "/explanation/lines/0/charged"), "1950.00");
  EXPECT_NE(at(full.body, "/explanation/reasons/0/rule"), "absent");
}

TEST_F(ApiExamples, a_sale_that_was_not_valued_has_nothing_to_explain) {
  std::string stranger(kSale);
  stranger.replace(stranger.find("7897"), 4, "0000");
  post(stranger);
  const Answer answer = get("/v1/transactions/knightsbridge-till-7/R-1001?explain=true");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(at(answer.body, "/explanation"), "absent");
}

TEST_F(ApiExamples, the_same_calls_are_answered_alike_on_a_file) {
  const TemporaryFolder folder;
  serve("sqlite:" + folder.file("laurel.db"));
  enrol();
  EXPECT_TRUE(contains(post(kSale).body, kReceipt));
  set_clock("2026-11-25T12:00:00Z");
  EXPECT_EQ(at(post(kReturn).body, "/reversed/0/points"), "1950");
  EXPECT_EQ(ask("POST", "/v1/sandbox/reset").status, 200);
  EXPECT_EQ(get("/v1/transactions/knightsbridge-till-7/R-1001").status, 404);
  daemon_.reset();
}

}  // namespace
}  // namespace laurel::test
