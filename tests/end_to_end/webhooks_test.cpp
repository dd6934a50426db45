// What is booked is posted to whoever asked for it: at least once, in order, and signed.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "api_fixture.hpp"
#include "laurel/engine.hpp"
#include "laurel/lots.hpp"
#include "laurel/webhook.hpp"
#include "laurel_process.hpp"
#include "receiver.hpp"
#include "temporary_folder.hpp"
#include "webhooks/line.hpp"

namespace laurel::test {
namespace {

using testing::ElementsAre;

std::string order(std::string_view id, std::string_view url, std::string_view more = "") {
  return "{\"id\":" + quoted_json(id) + ",\"url\":" + quoted_json(url) + std::string(more) + "}";
}

// The number of the event that a message is about.
std::int64_t event_of(const std::string& message_id) {
  return std::stoll(message_id.substr(message_id.rfind('_') + 1));
}

bool comes_true(const std::function<bool()>& holds) {
  for (int i = 0; i < 6'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class Webhook : public ApiTest {
 protected:
  Answer add(std::string_view id, std::string_view url, std::string_view more = "") {
    return ask("POST", "/v1/webhooks", order(id, url, more));
  }
  std::string field(const std::string& id, const std::string& name) {
    return at(get("/v1/webhooks/" + id).body, "/webhook/" + name);
  }
  bool becomes(const std::string& id, const std::string& name, const std::string& value) {
    return comes_true([&] { return field(id, name) == value; });
  }
  void sell(int first, int last) {
    for (int i = first; i <= last; ++i) post(sale("till", "R-" + std::to_string(i), "5.00"));
  }
};

// ---- Asking for it

TEST_F(Webhook, is_registered_once_and_tells_its_secret_once) {
  const Answer added = add("shop", "http://127.0.0.1:9/");
  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_TRUE(webhook_key(at(added.body, "/secret")).has_value()) << added.body;
  const Answer again = add("shop", "http://127.0.0.1:9/");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/replayed"), "true");
  for (const auto& target : {"/v1/webhooks", "/v1/webhooks/shop"}) {
    EXPECT_EQ(get(target).body.find("whsec_"), std::string::npos);
  }
  EXPECT_EQ(again.body.find("whsec_"), std::string::npos);
}

TEST_F(Webhook, without_an_id_is_named_by_its_address) {
  const auto add_unnamed = [&](const std::string& url) {
    return ask("POST", "/v1/webhooks", R"({"url":")" + url + R"("})");
  };
  const Answer added = add_unnamed("http://127.0.0.1:9/a");
  EXPECT_EQ(added.status, 201) << added.body;
  const Answer again = add_unnamed("http://127.0.0.1:9/a");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/webhook/id"), at(added.body, "/webhook/id"));
  EXPECT_EQ(add_unnamed("http://127.0.0.1:9/b").status, 201);
}

TEST_F(Webhook, of_the_same_id_and_other_content_conflicts) {
  add("shop", "http://127.0.0.1:9/");
  const Answer other = add("shop", "http://127.0.0.1:9/other");
  EXPECT_EQ(verdict(other), "409 idempotency_conflict");
  EXPECT_EQ(at(other.body, "/errors/0/pointer"), "/url");
}

TEST_F(Webhook, with_faults_is_refused_with_each_of_them) {
  const Answer refused = ask(
      "POST", "/v1/webhooks",
      R"({"id":"a.b","url":7,"events":["sale",5,"fire"],"secret":"abc","after":"x","evnts":[]})");
  EXPECT_EQ(verdict(refused), "400 invalid");
  std::vector<std::string> pointers;
  for (int i = 0; i < 9; ++i) {
    const auto pointer = at(refused.body, "/errors/" + std::to_string(i) + "/pointer");
    if (pointer != "absent") pointers.push_back(pointer);
  }
  EXPECT_THAT(pointers, testing::UnorderedElementsAre("/id", "/url", "/events/1", "/events/2",
                                                      "/secret", "/after", "/evnts"));
}

TEST_F(Webhook, that_is_unknown_is_not_found) {
  EXPECT_EQ(verdict(get("/v1/webhooks/none")), "404 not_found");
  EXPECT_EQ(verdict(ask("DELETE", "/v1/webhooks/none")), "404 not_found");
  EXPECT_EQ(verdict(ask("POST", "/v1/webhooks/none/resume")), "404 not_found");
}

TEST_F(Webhook, beyond_what_a_store_has_is_refused) {
  for (std::size_t i = 0; i < Webhooks::kMax; ++i) {
    ASSERT_EQ(add("w" + std::to_string(i), "http://127.0.0.1:9/", R"(,"events":["pool"])").status,
              201);
  }
  EXPECT_EQ(verdict(add("more", "http://127.0.0.1:9/")), "422 limit_reached");
}

TEST_F(Webhook, is_forgotten_by_a_reset) {
  Receiver receiver;
  add("shop", receiver.url());
  EXPECT_EQ(ask("POST", "/v1/sandbox/reset").status, 200);
  EXPECT_EQ(at(get("/v1/webhooks").body, "/webhooks"), "[0]");
  add("shop", receiver.url(), R"(,"after":"0")");
  enrol();
  EXPECT_TRUE(receiver.waits_until_taken(1));
}

// ---- What comes

TEST_F(Webhook, gets_each_event_as_the_outbox_shows_it_signed_and_without_words_of_persons) {
  Receiver receiver;
  const Answer added = add("shop", receiver.url());
  const std::string key = webhook_key(at(added.body, "/secret")).value_or("");
  enrol();
  sell(1, 3);
  ASSERT_TRUE(receiver.waits_until_taken(4));
  const auto came = receiver.all();
  const Answer outbox = get("/v1/events");
  for (std::size_t i = 0; i < came.size(); ++i) {
    const Delivery& delivery = came[i];
    EXPECT_EQ(outbox.body.find(delivery.body) != std::string::npos, true) << delivery.body;
    EXPECT_EQ(at(delivery.body, "/id"), std::to_string(i + 1));
    EXPECT_EQ(delivery.content_type, "application/json");
    EXPECT_EQ(delivery.signature,
              daemon::webhook_signature(key, {.id = delivery.id,
                                              .sent_at = std::stoll(delivery.timestamp),
                                              .body = delivery.body}));
    EXPECT_EQ(delivery.body.find(kCard), std::string::npos);
  }
}

// Another process imports what she had before.
TEST_F(Webhook, K1_tells_nobody_of_opening_balances) {
  const TemporaryFolder folder;
  serve("sqlite:" + folder.file("laurel.db"));
  Receiver receiver;
  enrol();
  add("shop", receiver.url(), R"(,"after":"1")");
  const auto store = open_store("sqlite:" + folder.file("laurel.db"));
  ASSERT_TRUE(store.ok());
  ManualClock clock(*parse_instant("2026-11-21T12:00:00Z"));
  const auto engine = Engine::open({.store = *store, .clock = &clock});
  ASSERT_TRUE(engine.ok());
  Opening opening;
  opening.key = {"old", "B-1"};
  opening.identifier = {"card", "6301001234567897"};
  opening.spend = "600.00";
  const auto opened = (*engine)->lots().open(std::span(&opening, 1));
  ASSERT_TRUE(opened.front().ok());
  sell(1, 1);
  ASSERT_TRUE(receiver.waits_until_taken(1));
  EXPECT_EQ(event_of(receiver.taken().front()), 3);
}

TEST_F(Webhook, is_sent_by_the_machines_clock_whatever_the_sandbox_shows) {
  Receiver receiver;
  set_clock("2031-01-01T00:00:00Z");
  add("shop", receiver.url());
  enrol();
  ASSERT_TRUE(receiver.waits_until_taken(1));
  const auto sent_at = std::stoll(receiver.all().front().timestamp);
  EXPECT_LT(std::abs(sent_at - static_cast<std::int64_t>(std::time(nullptr))), 120);
}

TEST_F(Webhook, gets_the_kinds_it_asked_for_from_where_it_asked) {
  enrol();
  sell(1, 2);
  Receiver receiver, all;
  add("sales", receiver.url(), R"(,"events":["sale"],"after":"0")");
  add("rest", all.url(), R"(,"after":"2")");
  sell(3, 3);
  ASSERT_TRUE(receiver.waits_until_taken(3));
  ASSERT_TRUE(all.waits_until_taken(2));
  std::vector<std::int64_t> events;
  for (const auto& id : receiver.taken()) events.push_back(event_of(id));
  EXPECT_THAT(events, ElementsAre(2, 3, 4));
  EXPECT_TRUE(becomes("sales", "cursor", "4"));
  EXPECT_TRUE(becomes("rest", "lag", "0"));
}

TEST_F(Webhook, is_tried_again_under_the_same_id_and_no_event_overtakes_another) {
  const std::vector<int> first = {500, 302, 404};
  Receiver receiver([&](std::size_t place, const Delivery&) {
    return place < first.size() ? first[place] : 204;
  });
  add("shop", receiver.url());
  enrol();
  sell(1, 2);
  ASSERT_TRUE(receiver.waits_until_taken(3));
  std::vector<std::int64_t> events;
  for (const auto& delivery : receiver.all()) events.push_back(event_of(delivery.id));
  EXPECT_THAT(events, ElementsAre(1, 1, 1, 1, 2, 3));
  EXPECT_EQ(receiver.all()[0].id, receiver.all()[3].id);
  EXPECT_TRUE(becomes("shop", "state", "active"));
  EXPECT_EQ(field("shop", "failures"), "0");
  EXPECT_EQ(field("shop", "last_error"), "the answer was 404");
  EXPECT_NE(field("shop", "delivered_at"), "null");
}

TEST_F(Webhook, that_is_down_says_so_and_delays_no_other) {
  std::atomic<bool> silent{true};
  Receiver stuck([&](std::size_t, const Delivery&) {
    while (silent) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return 200;
  });
  Receiver sound;
  add("stuck", stuck.url());
  add("nobody", "http://127.0.0.1:9/");
  add("sound", sound.url());
  enrol();
  sell(1, 5);
  EXPECT_TRUE(sound.waits_until_taken(6));
  EXPECT_TRUE(becomes("nobody", "state", "failing"));
  EXPECT_EQ(field("nobody", "last_error"), "no connection");
  EXPECT_NE(field("nobody", "next_attempt_at"), "null");
  EXPECT_EQ(field("nobody", "lag"), "6");
  const std::string metrics = get("/metrics").body;
  EXPECT_THAT(metrics, testing::HasSubstr("laurel_webhook_lag_events{webhook=\"nobody\"} 6\n"));
  EXPECT_THAT(metrics, testing::HasSubstr("laurel_webhooks_delivering 1\n"));
  EXPECT_THAT(metrics,
              testing::HasSubstr(
                  "laurel_webhook_attempts_total{webhook=\"sound\",result=\"delivered\"} 6\n"));
  silent = false;
  EXPECT_TRUE(stuck.waits_until_taken(6));
}

TEST_F(Webhook, whose_receiver_is_gone_is_switched_off_until_it_is_resumed) {
  std::atomic<int> answer{410};
  Receiver receiver([&](std::size_t, const Delivery&) { return answer.load(); });
  add("shop", receiver.url());
  enrol();
  ASSERT_TRUE(becomes("shop", "state", "off"));
  EXPECT_EQ(receiver.all().size(), 1u);
  EXPECT_EQ(field("shop", "next_attempt_at"), "null");
  answer = 200;
  EXPECT_EQ(ask("POST", "/v1/webhooks/shop/resume").status, 200);
  EXPECT_TRUE(receiver.waits_until_taken(1));
  EXPECT_TRUE(becomes("shop", "state", "active"));
}

TEST_F(Webhook, that_fails_is_tried_at_once_when_it_is_resumed) {
  std::atomic<int> answer{500};
  Receiver receiver([&](std::size_t, const Delivery&) { return answer.load(); });
  add("shop", receiver.url());
  enrol();
  ASSERT_TRUE(receiver.waits_for(4));  // the next one is seconds away
  answer = 200;
  ask("POST", "/v1/webhooks/shop/resume");
  EXPECT_TRUE(receiver.waits_until_taken(1));
}

TEST_F(Webhook, that_is_removed_goes_on_elsewhere_from_where_it_was) {
  Receiver here, there;
  add("shop", here.url());
  enrol();
  ASSERT_TRUE(here.waits_until_taken(1));
  ASSERT_TRUE(becomes("shop", "cursor", "1"));
  const std::string cursor = at(ask("DELETE", "/v1/webhooks/shop").body, "/webhook/cursor");
  sell(1, 2);
  add("shop", there.url(), ",\"after\":" + quoted_json(cursor));
  ASSERT_TRUE(there.waits_until_taken(2));
  EXPECT_EQ(event_of(there.taken().front()), 2);
  EXPECT_EQ(here.all().size(), 1u);
}

// ---- By TLS

class WebhookByTls : public Webhook {
 protected:
  // What a thread looks up in the environment is changed while there is none.
  void serve_trusting(const std::string& file) {
    daemon_.reset();
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    serve("memory:");
  }
  void TearDown() override {
    daemon_.reset();
    ::unsetenv("SSL_CERT_FILE");
  }
  std::string url_at(std::string_view host) const {
    return "https://" + std::string(host) + ":" + std::to_string(receiver_->port()) + "/hook";
  }

  TemporaryFolder folder_;
  const std::string file_ = folder_.file("receiver.pem");
  const std::unique_ptr<Receiver> receiver_ = Receiver::with_tls(file_);
};

TEST_F(WebhookByTls, is_posted_where_the_machine_trusts_the_certificate) {
  serve_trusting(file_);
  add("shop", url_at("127.0.0.1"));
  enrol();
  sell(1, 3);
  EXPECT_TRUE(receiver_->waits_until_taken(4));
}

TEST_F(WebhookByTls, is_kept_where_nobody_trusts_the_certificate) {
  add("shop", url_at("127.0.0.1"));
  enrol();
  ASSERT_TRUE(becomes("shop", "state", "failing"));
  EXPECT_EQ(field("shop", "last_error"), "the certificate of the server is not valid");
  EXPECT_TRUE(receiver_->all().empty());
}

TEST_F(WebhookByTls, is_kept_where_the_certificate_is_of_another_name) {
  serve_trusting(file_);
  add("shop", url_at("localhost"));
  enrol();
  ASSERT_TRUE(becomes("shop", "state", "failing"));
  EXPECT_EQ(field("shop", "last_error"), "the certificate of the server is not valid");
  EXPECT_TRUE(receiver_->all().empty());
}

// ---- The line

TEST(WebhookLine, ends_an_attempt_that_takes_too_long_or_is_cut_off) {
  std::atomic<bool> silent{true};
  Receiver receiver([&](std::size_t, const Delivery&) {
    while (silent) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return 200;
  });
  daemon::Line line(*parse_webhook_url(receiver.url()));
  const auto ended_by = [&](auto end) {
    std::atomic<bool> ended{false};
    daemon::Reply reply;
    std::thread thread([&] {
      reply = line.post({.id = "evt_1", .body = "{}"});
      ended = true;
    });
    while (!ended) {
      end();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    thread.join();
    return reply;
  };
  const auto late = ended_by([&] {
    line.watch(daemon::Line::Clock::now());  // not yet
    line.watch(daemon::Line::Clock::now() + daemon::Line::kAttemptMax);
  });
  EXPECT_EQ(late.fault, "no answer within 15 s");
  EXPECT_EQ(ended_by([&] { line.cut(); }).status, 0);
  EXPECT_EQ(line.post({.id = "evt_1"}).fault, "stopped");
  silent = false;
}

// ---- Over the lives of processes

class WebhookProcess : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path() / "rules");
    std::ofstream(folder_.file("rules/programme.yaml")) << kProgramme;
  }
  std::unique_ptr<Process> serve(const std::vector<std::string>& more = {}) {
    return std::make_unique<Process>(folder_.path() / "rules", store(), more);
  }
  std::string store() const { return "sqlite:" + folder_.file("laurel.db"); }
  static Answer post(const Process& process, std::string_view target, const std::string& body) {
    return RawClient(process.port()).ask(post_request(target, body));
  }
  static std::string field(const Process& process, const std::string& name) {
    return at(RawClient(process.port()).ask(get_request("/v1/webhooks/shop")).body,
              "/webhook/" + name);
  }
  // Sales with two cards by turns.
  void sell(const Process& process, int count) {
    for (int i = 0; i < count; ++i) {
      std::string body = sale("till", "R-" + std::to_string(++sales_), "5.00");
      if (sales_ % 2 == 0) body.replace(body.find(kCard), kCard.size(), "6301001234567898");
      ASSERT_EQ(post(process, "/v1/transactions", body).status, 201);
    }
  }
  // All events there are, each in its turn.
  static void expect_all(const Receiver& receiver, std::size_t count) {
    ASSERT_TRUE(receiver.waits_until_taken(count));
    const auto taken = receiver.taken();
    for (std::size_t i = 0; i < taken.size(); ++i) {
      EXPECT_EQ(event_of(taken[i]), static_cast<std::int64_t>(i + 1));
    }
  }

  TemporaryFolder folder_;
  int sales_ = 0;
};

TEST_F(WebhookProcess, a_kill_at_any_moment_loses_nothing_and_repeats_only_under_the_same_ids) {
  std::atomic<int> failing{2};
  Receiver receiver([&](std::size_t, const Delivery&) { return --failing >= 0 ? 503 : 200; });
  auto process = serve();
  ASSERT_EQ(post(*process, "/v1/webhooks", order("shop", receiver.url())).status, 201);
  for (int life = 0; life < 3; ++life) {
    sell(*process, 20);
    receiver.waits_until_taken(static_cast<std::size_t>(life * 20 + 5));
    EXPECT_EQ(process->finish(SIGKILL), -1);
    process = serve();
  }
  sell(*process, 20);
  expect_all(receiver, 80);
  EXPECT_TRUE(comes_true([&] { return field(*process, "lag") == "0"; }));
  EXPECT_EQ(process->finish(SIGTERM), 0);
}

TEST_F(WebhookProcess, an_orderly_end_repeats_nothing) {
  Receiver receiver;
  auto process = serve();
  post(*process, "/v1/webhooks", order("shop", receiver.url()));
  sell(*process, 5);
  ASSERT_TRUE(receiver.waits_until_taken(5));
  EXPECT_EQ(process->finish(SIGTERM), 0);
  process = serve();
  EXPECT_EQ(field(*process, "cursor"), "5");
  sell(*process, 1);
  expect_all(receiver, 6);
  EXPECT_EQ(receiver.all().size(), 6u);
}

TEST_F(WebhookProcess, a_receiver_that_is_down_does_not_hold_up_an_orderly_end) {
  auto process = serve();
  post(*process, "/v1/webhooks", order("shop", "http://127.0.0.1:9/"));
  sell(*process, 1);
  EXPECT_TRUE(comes_true([&] { return field(*process, "state") == "failing"; }));
  EXPECT_EQ(process->finish(SIGTERM), 0);
}

TEST_F(WebhookProcess, of_two_daemons_on_a_store_one_delivers_and_the_other_takes_over) {
  Receiver receiver;
  auto first = serve();
  post(*first, "/v1/webhooks", order("shop", receiver.url()));
  sell(*first, 1);
  ASSERT_TRUE(receiver.waits_until_taken(1));
  const auto second = serve();
  sell(*second, 10);
  expect_all(receiver, 11);
  EXPECT_EQ(receiver.all().size(), 11u);
  EXPECT_EQ(first->finish(SIGTERM), 0);
  sell(*second, 10);
  expect_all(receiver, 21);
  EXPECT_EQ(receiver.all().size(), 21u);
}

TEST_F(WebhookProcess, that_is_told_to_posts_nothing) {
  Receiver receiver;
  auto process = serve({"--no-webhooks"});
  post(*process, "/v1/webhooks", order("shop", receiver.url()));
  sell(*process, 2);
  EXPECT_EQ(field(*process, "lag"), "2");
  EXPECT_EQ(process->finish(SIGTERM), 0);
  EXPECT_TRUE(receiver.all().empty());
  process = serve();
  expect_all(receiver, 2);
}

}  // namespace
}  // namespace laurel::test
