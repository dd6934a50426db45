// Rows that every store keeps alike, beside members, lots and entries.

#include "store_contract.hpp"

namespace laurel::store {
namespace {

class StoreRows : public StoreContract {};

INSTANTIATE_TEST_SUITE_P(Stores, StoreRows,
                         testing::Values(Kind{"memory", false}, Kind{"sqlite", true}),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(StoreRows, usage_is_counted_by_counter_member_and_day) {
  const Date monday{std::chrono::days(20'000)};
  const Date tuesday = monday + std::chrono::days(1);
  const UsageRow anna{"rule:beauty", MemberId(7), monday, 300, 1};
  const UsageRow anna_ever{"rule:beauty", MemberId(7), kEver, 900, 3};
  const UsageRow later{"rule:beauty", MemberId(7), tuesday, 600, 2};
  const UsageRow all{"rule:beauty", {}, monday, 5'000, 9};
  ASSERT_TRUE(put({.usage = {anna, anna_ever, later, all}}));
  const auto usage = [&](const char* counter, MemberId member, Date first, Date last) {
    return read_value<std::vector<UsageRow>>(
        *store_, [&](const View& view) { return view.usage(counter, member, first, last); });
  };
  EXPECT_EQ(usage("rule:beauty", MemberId(7), monday, tuesday), (std::vector{anna, later}));
  EXPECT_EQ(usage("rule:beauty", MemberId(7), kEver, kEver), std::vector{anna_ever});
  EXPECT_EQ(usage("rule:beauty", {}, monday, tuesday), std::vector{all});
  EXPECT_TRUE(usage("rule:other", MemberId(7), monday, tuesday).empty());
  ASSERT_TRUE(put({.usage = {{"rule:beauty", MemberId(7), monday, 0, 0}}}));
  EXPECT_EQ(usage("rule:beauty", MemberId(7), monday, monday).front().units, 0);
  EXPECT_EQ(put_code({.usage = {{"rule:beauty", MemberId(7), monday, -1, 0}}}),
            ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, versions_are_numbered_by_the_store) {
  const auto version = [](const char* name) {
    return ProgrammeVersion{.digest = name,
                            .programme = "house",
                            .effective_from = samples::at(1),
                            .published_at = samples::at(2),
                            .published_by = "ann",
                            .files = {{"programme.yaml", name}, {"b.yaml", ""}}};
  };
  ASSERT_TRUE(put({.programmes = {version("a"), version("b")}}));
  ASSERT_TRUE(put({.programmes = {version("a")}}));
  const auto after = [&](std::int64_t number) {
    return read_value<std::vector<ProgrammeVersion>>(
        *store_, [&](const View& view) { return view.programmes(number); });
  };
  ASSERT_EQ(after(0).size(), 3u);
  auto last = version("a");
  last.number = 3;
  EXPECT_EQ(after(2), std::vector{last});
  last.number = 3;
  EXPECT_EQ(put_code({.programmes = {last}}), ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, a_version_is_seen_by_the_next_unit_of_its_batch) {
  std::vector<std::size_t> seen;
  const UnitOfWork looks = [&](const View& view, const NextIds&) -> Result<Change> {
    seen.push_back(view.programmes(0).value().size());
    EXPECT_TRUE(view.programmes(9).value().empty());
    return Change{};
  };
  const UnitOfWork publishes = [&](const View&, const NextIds&) -> Result<Change> {
    return Change{.programmes = {ProgrammeVersion{0, "a", "house", {}, {}, "ann"}}};
  };
  const std::vector<UnitOfWork> units{looks, looks, publishes, looks, publishes, looks};
  for (const auto& result : store_->write(units)) EXPECT_TRUE(result);
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 0, 1, 2}));
}

TEST_P(StoreRows, directives_are_kept_in_order_and_whole) {
  const Directive stop{.kind = Directive::Kind::kStop,
                       .at = samples::at(5),
                       .by = "ann",
                       .reason = "gives too much",
                       .subject = "beauty-triple",
                       .from = samples::at(6)};
  Directive proposal{.kind = Directive::Kind::kPropose,
                     .at = samples::at(7),
                     .by = "ben",
                     .subject = "sha256:1",
                     .from = kNever,
                     .about = 0,
                     .restores = 2,
                     .needs = 2,
                     .programme = "house",
                     .files = {{"programme.yaml", "a"}, {"b.yaml", ""}}};
  ASSERT_TRUE(put({.directives = {stop, proposal}}));
  const auto after = [&](std::int64_t number) {
    return read_value<std::vector<Directive>>(
        *store_, [&](const View& view) { return view.directives(number); });
  };
  ASSERT_EQ(after(0).size(), 2u);
  EXPECT_EQ(after(0).front().reason, "gives too much");
  proposal.number = 2;
  EXPECT_EQ(after(1), std::vector{proposal});
  EXPECT_EQ(put_code({.directives = {proposal}}), ErrorCode::kInvariantBroken);
}

// ---- What waits for a person

ReviewItem orphan(const char* subject, std::int64_t opened_at) {
  ReviewItem item;
  item.kind = ReviewKind::kOrphan;
  item.subject = subject;
  item.members = {MemberId(7), MemberId(9)};
  item.entry = EntryId(3);
  item.text = "it waits";
  item.opened_at = samples::at(opened_at);
  return item;
}

TEST_P(StoreRows, a_review_item_is_opened_once_and_kept_whole) {
  auto item = orphan("till/1", 5);
  ASSERT_TRUE(put({.reviews = {item, item}}));
  ASSERT_TRUE(put({.reviews = {item}}));
  item.kind = ReviewKind::kMerge;
  ASSERT_TRUE(put({.reviews = {item}}));
  const auto all = read_value<std::vector<ReviewItem>>(
      *store_, [](const View& view) { return view.reviews({.state = {}}, samples::at(9)); });
  ASSERT_EQ(all.size(), 2u);
  item.number = 2;
  EXPECT_EQ(all[1], item);
  EXPECT_EQ(all[0].kind, ReviewKind::kOrphan);
}

TEST_P(StoreRows, a_review_item_is_decided_once) {
  ASSERT_TRUE(put({.reviews = {orphan("till/1", 5)}}));
  auto decided = orphan("till/1", 5);
  decided.number = 1;
  decided.state = ReviewState::kRejected;
  decided.decided_at = samples::at(8);
  decided.decided_by = "ann";
  decided.reason = "posted twice";
  decided.settled_by = EntryId(4);
  ASSERT_TRUE(put({.reviews = {decided}}));
  const auto stored = read_value<std::optional<ReviewItem>>(
      *store_, [](const View& view) { return view.review_of(ReviewKind::kOrphan, "till/1"); });
  EXPECT_EQ(stored, decided);
  decided.state = ReviewState::kAccepted;
  EXPECT_EQ(put_code({.reviews = {decided}}), ErrorCode::kInvariantBroken);
  decided.number = 2;
  EXPECT_EQ(put_code({.reviews = {decided}}), ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, review_items_are_found_by_state_kind_place_and_moment) {
  auto merge = orphan("m_1+m_2", 1);
  merge.kind = ReviewKind::kMerge;
  ASSERT_TRUE(put({.reviews = {orphan("till/1", 5), merge, orphan("till/2", 50)}}));
  const auto count = [&](const ReviewFilter& filter, std::int64_t now) {
    return read_value<std::vector<ReviewItem>>(
               *store_, [&](const View& view) { return view.reviews(filter, samples::at(now)); })
        .size();
  };
  EXPECT_EQ(count({}, 9), 2u);
  EXPECT_EQ(count({}, 50), 3u);
  EXPECT_EQ(count({.after = 1}, 50), 2u);
  EXPECT_EQ(count({.limit = 1}, 50), 1u);
  EXPECT_EQ(count({.kind = ReviewKind::kMerge}, 50), 1u);
  EXPECT_EQ(count({.state = ReviewState::kAccepted}, 50), 0u);
  const auto none = read_value<std::optional<ReviewItem>>(
      *store_, [](const View& view) { return view.review(4); });
  EXPECT_FALSE(none);
}

TEST_P(StoreRows, a_change_that_is_refused_opens_no_item) {
  EXPECT_EQ(put_code({.usage = {{"rule:x", MemberId(7), kEver, -1, 0}},
                      .reviews = {orphan("till/1", 5)}}),
            ErrorCode::kInvariantBroken);
  auto decided = orphan("till/9", 5);
  decided.number = 9;
  EXPECT_EQ(put_code({.reviews = {orphan("till/1", 5), decided}}), ErrorCode::kInvariantBroken);
  ASSERT_TRUE(put({.reviews = {orphan("till/2", 5)}}));
  const auto first = read_value<std::optional<ReviewItem>>(
      *store_, [](const View& view) { return view.review(1); });
  ASSERT_TRUE(first);
  EXPECT_EQ(first->subject, "till/2");
}

TEST_P(StoreRows, vouchers_are_found_by_code_owner_and_pool) {
  ASSERT_TRUE(put({.members = {samples::member(MemberId(1))}}));
  ASSERT_TRUE(write(*store_, sale(key("R-1"), enrol())));  // what issues vouchers is an entry
  ledger::Voucher hers{.code = "AAA", .owner = MemberId(1), .given = true};
  hers.terms.reward = "tea";
  hers.issued_by = EntryId(1);
  hers.holds = {{"basket", 5, samples::at(9)}};
  ledger::Voucher waiting{.code = "CCC"};
  waiting.terms.pool = "opera";
  waiting.issued_by = EntryId(1);
  auto second = waiting;
  second.code = "BBB";
  ASSERT_TRUE(put({.vouchers = {hers, waiting, second}}));
  const auto pool = [&] {
    return read_value<std::vector<ledger::Voucher>>(
        *store_, [](const View& view) { return view.waiting_vouchers("opera", 9); });
  };
  const auto of_anna = [&](const char* after) {
    return read_value<std::vector<ledger::Voucher>>(
        *store_, [&](const View& view) { return view.vouchers_of(MemberId(1), after, 9); });
  };
  EXPECT_EQ(pool(), (std::vector{second, waiting}));
  EXPECT_EQ(of_anna(""), std::vector{hers});
  second.given = true;
  second.owner = MemberId(1);
  ASSERT_TRUE(put({.vouchers = {second}}));
  EXPECT_EQ(pool(), std::vector{waiting});
  EXPECT_EQ(of_anna("AAA"), std::vector{second});
  const auto found = read_value<std::optional<ledger::Voucher>>(
      *store_, [](const View& view) { return view.voucher("AAA"); });
  EXPECT_EQ(found, hers);
  hers.left_minor = -1;
  EXPECT_EQ(put_code({.vouchers = {hers}}), ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, a_code_is_one_vouchers_and_the_secret_is_kept_once) {
  ledger::Voucher first{.code = "AAA", .given = true};
  first.issued_by = EntryId(1);
  ASSERT_TRUE(put({.vouchers = {first}, .secret = std::string("s\0cret", 6)}));
  auto other = first;
  other.issued_by = EntryId(2);
  EXPECT_EQ(put_code({.vouchers = {other}}), ErrorCode::kInvariantBroken);
  EXPECT_EQ(put_code({.secret = "another"}), ErrorCode::kInvariantBroken);
  const auto secret =
      read_value<std::string>(*store_, [](const View& view) { return view.secret(); });
  EXPECT_EQ(secret, std::string("s\0cret", 6));
}

// ---- What members tell of themselves

TEST_P(StoreRows, a_profile_is_replaced_and_removed_whole) {
  const MemberId anna = enrol();
  MemberProfile profile{.given_name = "Anna", .family_name = "Rossi", .city = "Roma"};
  profile.consents = {{"email_marketing", true, samples::at(3), "ana", "till-7"},
                      {"sms", false, samples::at(4)}};
  const auto kept = [&] {
    return read_value<std::optional<MemberProfile>>(
        *store_, [&](const View& view) { return view.profile(anna); });
  };
  EXPECT_EQ(kept(), std::nullopt);
  ASSERT_TRUE(put({.profiles = {{anna, profile}}}));
  EXPECT_EQ(kept(), profile);
  profile.given_name.clear();
  profile.consents.pop_back();
  ASSERT_TRUE(put({.profiles = {{anna, profile}}}));
  if (GetParam().durable) open();
  EXPECT_EQ(kept(), profile);
  ASSERT_TRUE(put({.profiles = {{anna, {}}}}));
  EXPECT_EQ(kept(), std::nullopt);
  EXPECT_EQ(put_code({.profiles = {{MemberId(999), profile}}}), ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, members_are_found_by_the_keys_they_share) {
  const MemberId anna = enrol(), berta = enrol(), carla = enrol();
  ASSERT_TRUE(put({.matching_keys = {{anna, {-5, 7}}, {berta, {7}}, {carla, {7, 9}}}}));
  const auto sharing = [&](std::int64_t key, std::size_t limit = 9) {
    return read_value<std::vector<MemberId>>(
        *store_, [&](const View& view) { return view.sharing(key, limit); });
  };
  EXPECT_EQ(sharing(7), (std::vector{anna, berta, carla}));
  EXPECT_EQ(sharing(7, 2), (std::vector{anna, berta}));
  EXPECT_EQ(sharing(-5), std::vector{anna});
  EXPECT_TRUE(sharing(8).empty());
  ASSERT_TRUE(put({.matching_keys = {{anna, {9}}, {berta, {}}}}));
  EXPECT_EQ(sharing(7), std::vector{carla});
  EXPECT_EQ(sharing(9), (std::vector{anna, carla}));
  const auto keys = read_value<std::vector<std::int64_t>>(
      *store_, [&](const View& view) { return view.matching_keys(carla); });
  EXPECT_EQ(keys, (std::vector<std::int64_t>{7, 9}));
  EXPECT_EQ(put_code({.matching_keys = {{MemberId(999), {1}}}}), ErrorCode::kInvariantBroken);
}

TEST_P(StoreRows, a_refused_change_leaves_profiles_and_keys_as_they_were) {
  const MemberId anna = enrol();
  const MemberProfile profile{.given_name = "Anna"};
  ASSERT_TRUE(put({.profiles = {{anna, profile}}, .matching_keys = {{anna, {7}}}}));
  EXPECT_EQ(
      put_code({.profiles = {{anna, {}}}, .matching_keys = {{anna, {}}, {MemberId(999), {1}}}}),
      ErrorCode::kInvariantBroken);
  const auto kept = read_value<std::optional<MemberProfile>>(
      *store_, [&](const View& view) { return view.profile(anna); });
  EXPECT_EQ(kept, profile);
  const auto found = read_value<std::vector<MemberId>>(
      *store_, [&](const View& view) { return view.sharing(7, 9); });
  EXPECT_EQ(found, std::vector{anna});
}

TEST_P(StoreRows, the_oldest_unclaimed_come_first) {
  const Unclaimed first{"phone", "1", EntryId(2)}, second{"email", "a", EntryId(3)},
      third{"card", "9", EntryId(7)};
  ASSERT_TRUE(put({.unclaimed = {third, first, second}}));
  const auto oldest = [&](std::size_t limit) {
    return read_value<std::vector<Unclaimed>>(
        *store_, [&](const View& view) { return view.oldest_unclaimed(limit); });
  };
  EXPECT_EQ(oldest(2), (std::vector{first, second}));
  ASSERT_TRUE(put({.claimed = {first}}));
  EXPECT_EQ(oldest(9), (std::vector{second, third}));
}

TEST_P(StoreRows, sightings_of_a_mark_are_kept_once_a_member) {
  const MemberId anna = enrol(), berta = enrol();
  ASSERT_TRUE(put({.sightings = {{"a", berta}, {"a", anna}, {"b", anna}, {"a", anna}}}));
  ASSERT_TRUE(put({.sightings = {{"a", anna}}}));
  const auto seen = [&](const std::string& mark, std::size_t limit = 9) {
    return read_value<std::vector<MemberId>>(
        *store_, [&](const View& view) { return view.seen_with(mark, limit); });
  };
  EXPECT_EQ(seen("a"), (std::vector{anna, berta}));
  EXPECT_EQ(seen("a", 1), std::vector{anna});
  EXPECT_EQ(seen("b"), std::vector{anna});
  EXPECT_TRUE(seen("c").empty());
}

TEST_P(StoreRows, former_links_of_a_mark_stand_by_their_end) {
  const MemberId anna = enrol(), berta = enrol();
  const auto moment = [](int hours) { return Instant{} + std::chrono::hours(hours); };
  const FormerLink first{"a", moment(5), berta, moment(1)}, later{"a", moment(9), anna, moment(7)};
  ASSERT_TRUE(put({.former_links = {later, first, {"b", moment(2), anna, moment(1)}}}));
  ASSERT_TRUE(put({.former_links = {first}}));
  const auto found = read_value<std::vector<FormerLink>>(
      *store_, [&](const View& view) { return view.former_links("a"); });
  EXPECT_EQ(found, (std::vector{first, later}));
}

}  // namespace
}  // namespace laurel::store
