#include "app/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/keys_file.hpp"
#include "app/rate_limit.hpp"
#include "app/secret.hpp"
#include "temporary_folder.hpp"

namespace laurel::daemon {
namespace {

using std::chrono::hours;

class Keys : public testing::Test {
 protected:
  CreatedKey make(NewKey key) {
    auto made = create_key(file_, key, now_);
    EXPECT_TRUE(made) << made.error().detail;
    return *made;
  }
  CreatedKey make() { return make({.name = "tills", .scopes = {Scope::kTransactions}}); }
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(file_).rdbuf();
    return all.str();
  }

  test::TemporaryFolder folder_;
  std::string file_ = folder_.file("keys.jsonl");
  Instant now_ = *parse_instant("2026-11-21T10:00:00Z");
};

TEST_F(Keys, only_the_hash_of_a_secret_is_kept) {
  const CreatedKey key = make();
  EXPECT_THAT(key.secret, testing::MatchesRegex("laurel_[0-9a-z]{52}"));
  EXPECT_EQ(text().find(key.secret.substr(7)), std::string::npos);
  EXPECT_EQ(key.key.hash, secret_hash(key.secret));
}

TEST_F(Keys, of_a_key_that_signs_the_secret_is_kept_through_rotation_too) {
  const CreatedKey key =
      make({.name = "web shop", .scopes = {Scope::kTransactions}, .is_signed = true});
  const auto rotated = rotate_key(file_, key.key.id, hours(1), now_);
  ASSERT_TRUE(rotated);
  const auto keys = list_keys(file_);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->front().signing_secret, key.secret);
  EXPECT_EQ(keys->back().signing_secret, rotated->secret);
}

TEST_F(Keys, the_file_is_for_its_owner_alone) {
  make();
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Keys, two_keys_never_share_a_secret) { EXPECT_NE(make().secret, make().secret); }

TEST_F(Keys, what_is_listed_is_what_was_made) {
  const CreatedKey key = make({.name = "web \"shop\"",
                               .sources = {"web-shop", "app-*"},
                               .scopes = {Scope::kMembers, Scope::kReports},
                               .expires = now_ + hours(24)});
  const auto keys = list_keys(file_);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(key_to_json(keys->front()), key_to_json(key.key));
}

TEST_F(Keys, a_key_without_name_scope_or_sense_is_refused_with_every_fault) {
  const auto made = create_key(file_, {.name = "", .sources = {"a*b"}, .scopes = {}}, now_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().faults.size(), 3U);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(Keys, sources_are_whole_names_or_beginnings) {
  const Key key = make({.name = "x", .sources = {"web", "till-*"}, .scopes = {Scope::kAdmin}}).key;
  EXPECT_TRUE(key.may_post_for("web"));
  EXPECT_TRUE(key.may_post_for("till-7"));
  EXPECT_FALSE(key.may_post_for("web-shop"));
  EXPECT_FALSE(key.may_post_for("till"));
  EXPECT_TRUE(make().key.may_post_for("anything"));
}

TEST_F(Keys, an_administrator_may_do_everything_and_others_what_was_given) {
  EXPECT_TRUE(make({.name = "a", .scopes = {Scope::kAdmin}}).key.may(Scope::kProgramme));
  EXPECT_TRUE(make().key.may(Scope::kTransactions));
  EXPECT_FALSE(make().key.may(Scope::kMembers));
}

TEST_F(Keys, a_rotated_key_overlaps_with_the_new_one) {
  const CreatedKey old = make();
  const auto fresh = rotate_key(file_, old.key.id, hours(2), now_);
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->key.rotated_from, old.key.id);
  const auto keys = list_keys(file_);
  const Key& before = keys->front();
  EXPECT_TRUE(before.is_valid_at(now_ + hours(1)));
  EXPECT_FALSE(before.is_valid_at(now_ + hours(2)));
  EXPECT_TRUE(fresh->key.is_valid_at(now_ + hours(100)));
}

TEST_F(Keys, a_revoked_key_is_dead_at_once_and_stays_so) {
  const CreatedKey key = make();
  ASSERT_TRUE(revoke_key(file_, key.key.id, now_));
  const auto again = revoke_key(file_, key.key.id, now_ + hours(5));
  EXPECT_EQ(again->revoked, now_);
  EXPECT_FALSE(again->is_valid_at(now_));
  EXPECT_EQ(revoke_key(file_, "k_none", now_).error().code, ErrorCode::kNotFound);
}

TEST_F(Keys, processes_that_make_keys_together_lose_none) {
  {
    std::vector<std::jthread> makers;
    for (int i = 0; i < 8; ++i) {
      makers.emplace_back([this] {
        for (int k = 0; k < 5; ++k) make();
      });
    }
  }
  EXPECT_EQ(list_keys(file_)->size(), 40U);
}

TEST_F(Keys, a_damaged_line_is_named_and_the_ring_keeps_what_it_knew) {
  const CreatedKey key = make();
  KeyRing ring(file_);
  ASSERT_TRUE(ring.refresh());
  std::ofstream(file_, std::ios::app) << "{\"id\":\n";
  const auto read = ring.refresh();
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().detail.find("line 2"), std::string::npos);
  EXPECT_NE(ring.find(key.secret), nullptr);
}

TEST_F(Keys, the_ring_finds_keys_by_their_secret_alone) {
  const CreatedKey key = make();
  KeyRing ring(file_);
  ASSERT_TRUE(ring.refresh());
  ASSERT_NE(ring.find(key.secret), nullptr);
  EXPECT_EQ(ring.find(key.secret)->id, key.key.id);
  EXPECT_EQ(ring.find(key.key.hash), nullptr);
  EXPECT_EQ(ring.find(""), nullptr);
  const CreatedKey later = make();
  EXPECT_EQ(ring.find(later.secret), nullptr);
  ASSERT_TRUE(ring.refresh());
  EXPECT_NE(ring.find(later.secret), nullptr);
}

TEST(KeysFile, stands_beside_the_store) {
  EXPECT_EQ(default_keys_file("sqlite:/var/lib/laurel/shop.db"), "/var/lib/laurel/keys.jsonl");
  EXPECT_EQ(default_keys_file("sqlite:shop.db"), "keys.jsonl");
  EXPECT_EQ(default_keys_file("memory:"), "keys.jsonl");
}

TEST(Secret, is_hashed_as_the_standard_says) {
  EXPECT_EQ(secret_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(RateLimit, gives_a_second_s_worth_at_once_and_then_the_rate) {
  RateLimit limit(10);
  const RateLimit::Moment start{std::chrono::seconds(1'000)};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.take("a", start));
  EXPECT_FALSE(limit.take("a", start));
  EXPECT_TRUE(limit.take("b", start));
  EXPECT_TRUE(limit.take("a", start + std::chrono::milliseconds(100)));
  EXPECT_FALSE(limit.take("a", start + std::chrono::milliseconds(101)));
}

TEST(RateLimit, of_zero_is_none) {
  RateLimit limit(0);
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(limit.take("a", {}));
}

}  // namespace
}  // namespace laurel::daemon
