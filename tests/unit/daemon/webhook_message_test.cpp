// What is posted to webhooks, and when again.

#include "webhooks/message.hpp"

#include <gtest/gtest.h>

#include "laurel/webhook.hpp"
#include "webhooks/back_off.hpp"

namespace laurel::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The example that the authors of Standard Webhooks publish with their libraries.
TEST(WebhookMessage, is_signed_as_standard_webhooks_shows) {
  const auto key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  const Message message{.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        .sent_at = 1'614'265'330,
                        .body = R"({"test": 2432232314})"};
  EXPECT_EQ(webhook_signature(*key, message), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookMessage, another_id_moment_body_or_key_is_another_signature) {
  const Message message{.id = "evt_1", .sent_at = 5, .body = "{}"};
  Message other_id = message, later = message, other_body = message;
  other_id.id = "evt_2";
  later.sent_at = 6;
  other_body.body = "{ }";
  const std::string signature = webhook_signature("key", message);
  for (const Message& other : {other_id, later, other_body}) {
    EXPECT_NE(webhook_signature("key", other), signature);
  }
  EXPECT_NE(webhook_signature("yek", message), signature);
}

TEST(WebhookMessage, has_an_id_of_its_event_without_a_full_stop) {
  EXPECT_EQ(message_id("evt_7f3a", EntryId(12)), "evt_7f3a_12");
}

TEST(WebhookMessage, secrets_and_tags_that_are_made_are_good_and_never_the_same) {
  const WebhookOrder order{.id = "shop",
                           .url = "https://shop.example/",
                           .secret = make_webhook_secret(),
                           .tag = make_webhook_tag()};
  EXPECT_TRUE(faults_of(order).empty());
  EXPECT_EQ(webhook_key(order.secret)->size(), 32u);
  EXPECT_NE(make_webhook_secret(), order.secret);
  EXPECT_NE(make_webhook_tag(), order.tag);
}

TEST(BackOff, doubles_up_to_five_minutes) {
  const auto longest = [](std::int64_t failures) { return back_off(failures, 0, seconds(0)); };
  EXPECT_EQ(longest(1), milliseconds(250));
  EXPECT_EQ(longest(2), milliseconds(500));
  EXPECT_EQ(longest(5), seconds(4));
  EXPECT_EQ(longest(12), kBackOffMax);
  EXPECT_EQ(longest(1'000'000'000'000), kBackOffMax);
}

TEST(BackOff, takes_up_to_a_half_off_by_chance) {
  EXPECT_EQ(back_off(5, 0x80000000U, seconds(0)), seconds(3));
  EXPECT_EQ(back_off(5, 0xffffffffU, seconds(0)), milliseconds(2'001));
}

TEST(BackOff, waits_as_long_as_the_receiver_asks_within_reason) {
  EXPECT_EQ(back_off(1, 7, seconds(90)), seconds(90));
  EXPECT_EQ(back_off(12, 0, seconds(90)), kBackOffMax);
  EXPECT_EQ(back_off(1, 7, seconds(1'000'000)), kRetryAfterMax);
}

}  // namespace
}  // namespace laurel::daemon
