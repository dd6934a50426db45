// What every store keeps of who is told of what was booked.

#include "store_contract.hpp"

namespace laurel::store {
namespace {

class StoreWebhooks : public StoreContract {
 protected:
  std::vector<Webhook> all() {
    return read_value<std::vector<Webhook>>(*store_,
                                            [](const View& view) { return view.webhooks(); });
  }
  std::optional<Webhook> one(const std::string& id) {
    return read_value<std::optional<Webhook>>(*store_,
                                              [&](const View& view) { return view.webhook(id); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreWebhooks,
                         testing::Values(Kind{"memory", false}, Kind{"sqlite", true}),
                         [](const auto& kind) { return kind.param.name; });

// Every field away from its default.
Webhook webhook(const char* id, std::int64_t cursor) {
  Webhook made{.id = id, .url = "https://shop.example/hook"};
  made.events = {"sale", "return"};
  made.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  made.secret_given = true;
  made.after = EntryId(0);
  made.tag = "7f3a9c21";
  made.by = "ann";
  made.created_at = samples::at(3);
  made.resumed = 2;
  made.progress = {.state = WebhookState::kOff,
                   .cursor = EntryId(cursor),
                   .failures = 4,
                   .last_error = "the answer was 410",
                   .delivered_at = samples::at(5),
                   .failed_at = samples::at(7),
                   .next_attempt_at = samples::at(9)};
  return made;
}

TEST_P(StoreWebhooks, are_kept_whole_and_in_order_of_their_ids) {
  const Webhook shop = webhook("shop", 9), crm{.id = "crm", .url = "http://crm/"};
  ASSERT_TRUE(put({.webhooks = {shop, crm}}));
  if (GetParam().durable) open();
  EXPECT_EQ(all(), (std::vector{crm, shop}));
  EXPECT_EQ(one("shop"), shop);
  EXPECT_EQ(one("none"), std::nullopt);
}

TEST_P(StoreWebhooks, go_on_and_never_back) {
  ASSERT_TRUE(put({.webhooks = {webhook("shop", 9)}}));
  ASSERT_TRUE(put({.webhooks = {webhook("shop", 12)}}));
  EXPECT_EQ(put_code({.webhooks = {webhook("shop", 11)}}), ErrorCode::kInvariantBroken);
  EXPECT_EQ(put_code({.webhooks = {webhook("other", -1)}}), ErrorCode::kInvariantBroken);
  EXPECT_EQ(all(), std::vector{webhook("shop", 12)});
}

TEST_P(StoreWebhooks, are_removed_and_may_begin_anew) {
  ASSERT_TRUE(put({.webhooks = {webhook("shop", 9), webhook("crm", 4)}}));
  ASSERT_TRUE(put({.webhooks_removed = {"shop", "none"}}));
  EXPECT_EQ(all(), std::vector{webhook("crm", 4)});
  ASSERT_TRUE(put({.webhooks_removed = {"crm"}, .webhooks = {webhook("crm", 0)}}));
  EXPECT_EQ(all(), std::vector{webhook("crm", 0)});
}

TEST_P(StoreWebhooks, a_role_is_one_holders_until_it_is_dropped) {
  auto first = store_->reserve("webhooks").value();
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(store_->reserve("webhooks").value(), nullptr);
  EXPECT_NE(store_->reserve("another").value(), nullptr);
  first.reset();
  EXPECT_NE(store_->reserve("webhooks").value(), nullptr);
}

TEST_P(StoreWebhooks, a_role_is_one_holders_among_all_who_opened_the_store) {
  if (!GetParam().durable) return;  // nobody else can open one in memory
  const auto first = store_->reserve("webhooks").value();
  const auto other = open_store(folder_.uri()).value();
  EXPECT_EQ(other->reserve("webhooks").value(), nullptr);
  const auto reader = open_store(folder_.uri(), {.read_only = true}).value();
  EXPECT_EQ(reader->reserve("webhooks").error().code, ErrorCode::kReadOnly);
}

}  // namespace
}  // namespace laurel::store
