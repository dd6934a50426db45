// Who is told of what was booked, and how far.

#include "laurel/webhook.hpp"

#include <algorithm>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

WebhookOrder order(const std::string& id = "shop") {
  return {.id = id,
          .url = "https://shop.example/hook",
          .events = {"sale", "return"},
          .secret = kSecret,
          .tag = "7f3a9c21",
          .by = "ann"};
}

class Orders : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Orders, each_store(), store_name);

TEST_P(Orders, begin_behind_what_was_booked_unless_told_where) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  auto webhooks = shop.engine().webhooks();
  const EntryId newest = webhooks.newest_event().value();
  EXPECT_GT(newest, EntryId(0));
  EXPECT_EQ(webhooks.add(order())->webhook.progress.cursor, newest);
  auto from_the_first = order("crm");
  from_the_first.after = EntryId(0);
  EXPECT_EQ(webhooks.add(from_the_first)->webhook.progress.cursor, EntryId(0));
  auto from_nowhere = order("erp");
  from_nowhere.after = EntryId(newest.number() + 1);
  EXPECT_EQ(webhooks.add(from_nowhere).error().faults.front().pointer, "/after");
}

TEST_P(Orders, count_once_an_id) {
  Shop shop(kReference, uri());
  auto webhooks = shop.engine().webhooks();
  EXPECT_FALSE(webhooks.add(order())->replayed);
  auto again = order();
  again.secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";  // made for this attempt
  again.tag = "another";
  const auto replayed = webhooks.add(again);
  ASSERT_TRUE(replayed);
  EXPECT_TRUE(replayed->replayed);
  EXPECT_EQ(replayed->webhook.tag, "7f3a9c21");
  EXPECT_EQ(replayed->webhook.secret, kSecret);
}

struct Other {
  const char* pointer;
  void (*change)(WebhookOrder&);
};

TEST_P(Orders, of_other_content_conflict_and_say_where) {
  Shop shop(kReference, uri());
  auto webhooks = shop.engine().webhooks();
  ASSERT_TRUE(webhooks.add(order()));
  const Other others[] = {
      {"/url", [](WebhookOrder& other) { other.url = "http://shop.example/hook"; }},
      {"/events", [](WebhookOrder& other) { other.events = {"sale"}; }},
      {"/secret", [](WebhookOrder& other) { other.secret_given = true; }},
      {"/after", [](WebhookOrder& other) { other.after = EntryId(0); }},
  };
  for (const Other& other : others) {
    auto changed = order();
    other.change(changed);
    const auto refused = webhooks.add(changed);
    ASSERT_FALSE(refused) << other.pointer;
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    EXPECT_EQ(refused.error().faults.front().pointer, other.pointer);
  }
}

TEST_P(Orders, are_few) {
  Shop shop(kReference, uri());
  auto webhooks = shop.engine().webhooks();
  for (std::size_t i = 0; i < Webhooks::kMax; ++i) {
    ASSERT_TRUE(webhooks.add(order("w" + std::to_string(i))));
  }
  EXPECT_EQ(webhooks.add(order("one-more")).error().code, ErrorCode::kLimitReached);
  EXPECT_TRUE(webhooks.add(order("w7"))->replayed);
}

TEST_P(Orders, progress_is_taken_down_once_and_never_for_another_of_the_id) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  auto webhooks = shop.engine().webhooks();
  auto from_the_first = order();
  from_the_first.after = EntryId(0);
  const Webhook added = webhooks.add(from_the_first)->webhook;
  const auto noted = webhooks.note(added, {.cursor = EntryId(1)}).value();
  EXPECT_EQ(noted->progress.cursor, EntryId(1));
  // Somebody who does not know of that yet.
  EXPECT_EQ(webhooks.note(added, {.cursor = EntryId(0), .failures = 3}).value(), noted);
  ASSERT_TRUE(webhooks.remove("shop"));
  EXPECT_EQ(webhooks.note(*noted, {.cursor = EntryId(2)}).value(), std::nullopt);
  from_the_first.tag = "another";
  ASSERT_TRUE(webhooks.add(from_the_first));
  EXPECT_EQ(webhooks.note(added, {.cursor = EntryId(1)}).value(), std::nullopt);
  EXPECT_EQ(webhooks.get("shop")->progress.cursor, EntryId(0));
}

TEST_P(Orders, who_is_resumed_is_tried_at_once) {
  Shop shop(kReference, uri());
  auto webhooks = shop.engine().webhooks();
  const Webhook added = webhooks.add(order())->webhook;
  WebhookProgress gone = added.progress;
  gone.state = WebhookState::kOff;
  gone.next_attempt_at = at("2030-01-01T00:00:00Z");
  const auto off = webhooks.note(added, gone).value();
  const auto resumed = webhooks.resume("shop");
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->progress.state, WebhookState::kActive);
  EXPECT_EQ(resumed->progress.next_attempt_at, std::nullopt);
  // A failure of the attempt that was under way meanwhile.
  gone.state = WebhookState::kActive;
  EXPECT_EQ(webhooks.note(*off, gone).value()->progress.next_attempt_at, std::nullopt);
  EXPECT_EQ(webhooks.resume("none").error().code, ErrorCode::kNotFound);
}

// ---- Field by field

std::vector<std::string> faulty(const WebhookOrder& given) {
  std::vector<std::string> pointers;
  for (const auto& fault : faults_of(given)) pointers.push_back(fault.pointer);
  return pointers;
}

TEST(WebhookOrders, every_faulty_field_is_named) {
  EXPECT_TRUE(faulty(order()).empty());
  WebhookOrder wrong{.id = "a.b", .url = "ftp://x", .events = {"sale", "fire", "sale"}};
  wrong.secret = "whsec_short";
  wrong.after = EntryId(-1);
  EXPECT_EQ(faults_of(wrong)[2].detail.substr(0, 18), "one of sale, retur");
  EXPECT_EQ(faulty(wrong), (std::vector<std::string>{"/id", "/url", "/events/1", "/events/2",
                                                     "/secret", "/after", "/tag"}));
}

TEST(WebhookOrders, secrets_are_24_to_64_bytes_in_base_64) {
  EXPECT_EQ(webhook_key(kSecret)->size(), 24u);
  EXPECT_EQ(webhook_key("whsec_" + std::string(86, 'A') + "==")->size(), 64u);
  for (const std::string& wrong :
       {std::string("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), std::string("whsec_"),
        std::string("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=="),  // 22 bytes
        "whsec_" + std::string(88, 'A'), "whsec_" + std::string(30, 'A') + "*A",
        "whsec_" + std::string(34, 'A') + "==" + std::string(4, 'A'),
        "whsec_" + std::string(33, 'A') + "B=="}) {  // a bit is left over
    EXPECT_EQ(webhook_key(wrong), std::nullopt) << wrong;
  }
}

TEST(WebhookOrders, the_bytes_of_a_secret_are_those_behind_base_64) {
  const std::string key =
      webhook_key("whsec_" + std::string("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX+/8=")).value_or("");
  ASSERT_EQ(key.size(), 26u);
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(key[i], static_cast<char>(i));
  EXPECT_EQ(key.substr(24), "\xfb\xff");
}

struct Address {
  const char* text;
  bool tls;
  const char* host;
  int port;
  const char* target;
};

TEST(WebhookOrders, addresses_are_taken_apart) {
  const Address addresses[] = {
      {"http://crm", false, "crm", 80, "/"},
      {"HTTPS://Shop.example/hook?key=a+b%20c", true, "Shop.example", 443, "/hook?key=a+b%20c"},
      {"http://127.0.0.1:8081?x", false, "127.0.0.1", 8081, "/?x"},
      {"https://[2001:db8::1]:8443/", true, "2001:db8::1", 8443, "/"},
  };
  for (const Address& address : addresses) {
    const auto url = parse_webhook_url(address.text);
    ASSERT_TRUE(url) << address.text;
    EXPECT_EQ(url->tls, address.tls);
    EXPECT_EQ(url->host, address.host);
    EXPECT_EQ(url->port, address.port);
    EXPECT_EQ(url->target, address.target);
  }
}

TEST(WebhookOrders, what_is_no_address_is_refused) {
  for (const std::string& wrong :
       {std::string(), std::string("shop.example"), std::string("file:///etc/passwd"),
        std::string("http://"), std::string("http:///hook"), std::string("http://a b/"),
        std::string("http://ann:pw@shop.example/"), std::string("http://shop:0/"),
        std::string("http://shop:65536/"), std::string("http://shop:8x/"),
        std::string("http://shop:/"), std::string("http://[::1/"), std::string("http://[::1]8/"),
        std::string("http://[shop]/"), std::string("http://sh\xc3\xb6p/"),
        std::string("http://shop/#top"), std::string("http://shop/a b"),
        std::string("http://shop/\r\nX: y"), "http://shop/" + std::string(2'048, 'a')}) {
    EXPECT_FALSE(parse_webhook_url(wrong)) << wrong;
  }
}

TEST(WebhookOrders, the_kinds_are_those_of_entries) {
  const auto kinds = event_kinds();
  EXPECT_EQ(kinds.front(), "sale");
  EXPECT_EQ(std::ranges::count(kinds, ""), 0);
  EXPECT_EQ(std::ranges::count(kinds, "pool"), 1);
}

}  // namespace
}  // namespace laurel::test
