// What every store does alike, whatever it keeps its rows in.

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

#include "store_contract.hpp"

namespace laurel::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(Kind{"memory", false}, Kind{"sqlite", true}),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(StoreContract, an_empty_store_has_nothing) {
  const auto looked = store_->read([](const View& view) -> Result<void> {
    EXPECT_FALSE(view.transaction(key("R-1")).value());
    EXPECT_FALSE(view.identify("card", "1").value());
    EXPECT_FALSE(view.member(MemberId(1)).value());
    EXPECT_FALSE(view.lot(ledger::LotId(EntryId(1), 0)).value());
    EXPECT_FALSE(view.entry(EntryId(1)).value());
    EXPECT_TRUE(view.identifiers(MemberId(1)).value().empty());
    EXPECT_TRUE(view.entries(EntryId(0), 10).value().empty());
    EXPECT_TRUE(view.due(kNever, 10).value().empty());
    EXPECT_TRUE(view.programmes(0).value().empty());
    return {};
  });
  EXPECT_TRUE(looked);
}

TEST_P(StoreContract, the_first_numbers_are_1) {
  NextIds seen;
  EXPECT_TRUE(write(*store_, [&](const View&, const NextIds& next) -> Result<Change> {
    seen = next;
    return Change{};
  }));
  EXPECT_EQ(seen.entry, EntryId(1));
  EXPECT_EQ(seen.member, MemberId(1));
}

TEST_P(StoreContract, a_sale_is_read_back_as_it_was_written) {
  const MemberId member = enrol();
  ASSERT_TRUE(write(*store_, sale(key("R-1"), member)));
  const auto expected = samples::sale(EntryId(1), key("R-1"), member);
  const auto looked = store_->read([&](const View& view) -> Result<void> {
    EXPECT_EQ(view.entry(EntryId(1)).value(), expected);
    EXPECT_EQ(view.transaction(key("R-1")).value(),
              (TransactionRecord{.key = key("R-1"), .entry = EntryId(1), .related = {}}));
    EXPECT_EQ(view.lot(expected.lots_opened[0].lot).value(), samples::lot(expected, {}));
    auto record = samples::member(member);
    record.last_entry = EntryId(1);
    record.last_lot = expected.lots_opened[0].lot;
    record.wallets[0].available = Points(51'234);
    EXPECT_EQ(view.member(member).value(), record);
    const auto found = view.identify("card", samples::card_of(member)).value();
    EXPECT_EQ(found->link, samples::card(member));
    EXPECT_EQ(found->member, record);
    return {};
  });
  EXPECT_TRUE(looked);
}

TEST_P(StoreContract, an_entry_with_every_field_is_read_back_as_it_was_written) {
  ledger::Entry entry = samples::everything();
  entry.id = EntryId(1);
  entry.previous = EntryId();
  ASSERT_TRUE(put({.entries = {entry}}));
  EXPECT_EQ(all_entries(*store_), std::vector{entry});
}

TEST_P(StoreContract, entries_come_in_order_and_in_pages) {
  const MemberId member = enrol();
  for (const char* id : {"R-1", "R-2", "R-3"}) ASSERT_TRUE(write(*store_, sale(key(id), member)));
  const auto page = read_value<std::vector<ledger::Entry>>(
      *store_, [](const View& view) { return view.entries(EntryId(1), 1); });
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0].key, key("R-2"));
  EXPECT_EQ(all_entries(*store_).size(), 3u);
}

TEST_P(StoreContract, open_lots_are_followed_from_the_newest_to_the_oldest_open_one) {
  const MemberId member = enrol();
  for (const char* id : {"R-1", "R-2", "R-3"}) ASSERT_TRUE(write(*store_, sale(key(id), member)));
  ASSERT_TRUE(write(*store_, [&](const View& view, const NextIds&) -> Result<Change> {
    ledger::Lot spent = *view.lot(ledger::LotId(EntryId(2), 0)).value();
    spent.spent = std::exchange(spent.remaining, Points());
    return Change{.lots = {spent}};
  }));
  const auto numbers = [&](ledger::LotId oldest) {
    return read_value<std::vector<std::int64_t>>(*store_, [&](const View& view) {
      auto record = *view.member(member).value();
      record.oldest_open_lot = oldest;
      std::vector<std::int64_t> entries;
      const auto lots = view.open_lots(record).value();
      for (const auto& lot : lots) {
        entries.push_back(lot.id.entry().number());
      }
      return Result(entries);
    });
  };
  EXPECT_EQ(numbers({}), (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(numbers(ledger::LotId(EntryId(2), 0)), (std::vector<std::int64_t>{3}));
}

TEST_P(StoreContract, due_members_come_by_their_moment) {
  std::vector<ledger::MemberRecord> members;
  for (const std::int64_t moment : {300, 100, 200}) {
    members.push_back(samples::member(MemberId(static_cast<std::int64_t>(members.size()) + 1)));
    members.back().next_due = samples::at(moment);
  }
  members.push_back(samples::member(MemberId(4)));
  members.back().next_due = kNever;
  ASSERT_TRUE(put({.members = members}));
  const auto due = [&](std::int64_t now, std::size_t limit) {
    return read_value<std::vector<MemberId>>(
        *store_, [&](const View& view) { return view.due(samples::at(now), limit); });
  };
  EXPECT_EQ(due(200, 10), (std::vector{MemberId(2), MemberId(3)}));
  EXPECT_EQ(due(999, 1), (std::vector{MemberId(2)}));
  EXPECT_TRUE(due(99, 10).empty());
  members[1].next_due = samples::at(500);
  ASSERT_TRUE(put({.members = {members[1]}}));
  EXPECT_EQ(due(999, 10), (std::vector{MemberId(3), MemberId(1), MemberId(2)}));
  members[1].next_due = kNever;
  ASSERT_TRUE(put({.members = {members[1]}}));
  EXPECT_EQ(due(999, 10), (std::vector{MemberId(3), MemberId(1)}));
}

TEST_P(StoreContract, all_members_come_in_the_order_of_their_ids) {
  for (int i = 0; i < 3; ++i) enrol();
  const auto ids = [&](MemberId after, std::size_t limit) {
    return read_value<std::vector<MemberId>>(
        *store_, [&](const View& view) -> Result<std::vector<MemberId>> {
          std::vector<MemberId> found;
          const auto members = view.members(after, limit).value();
          for (const auto& record : members) found.push_back(record.id);
          return found;
        });
  };
  EXPECT_EQ(ids({}, 10), (std::vector{MemberId(1), MemberId(2), MemberId(3)}));
  EXPECT_EQ(ids({}, 2), (std::vector{MemberId(1), MemberId(2)}));
  EXPECT_EQ(ids(MemberId(2), 2), std::vector{MemberId(3)});
  EXPECT_TRUE(ids(MemberId(3), 2).empty());
}

TEST_P(StoreContract, a_moment_that_was_read_and_then_changed_is_found_under_the_new_one) {
  const MemberId member = enrol();
  ASSERT_TRUE(write(*store_, [&](const View& view, const NextIds&) -> Result<Change> {
    ledger::MemberRecord record = *view.member(member).value();
    record.next_due = samples::at(5);
    return Change{.members = {record}};
  }));
  EXPECT_EQ(read_value<std::vector<MemberId>>(
                *store_, [](const View& view) { return view.due(samples::at(5), 1); }),
            std::vector{member});
}

TEST_P(StoreContract, identifiers_are_linked_relinked_and_unlinked) {
  const MemberId member = enrol();
  auto phone = samples::card(member);
  phone.type = "phone";
  phone.value = "+393331234567";
  phone.verified = false;
  ASSERT_TRUE(put({.links = {phone}}));
  phone.verified = true;
  ASSERT_TRUE(put({.links = {phone}}));
  const auto links = [&] {
    return read_value<std::vector<IdentifierLink>>(
        *store_, [&](const View& view) { return view.identifiers(member); });
  };
  EXPECT_EQ(links(), (std::vector{samples::card(member), phone}));
  ASSERT_TRUE(put({.unlinks = {samples::card(member)}}));
  EXPECT_EQ(links(), (std::vector{phone}));
}

TEST_P(StoreContract, an_identifier_moves_when_it_is_unlinked_and_linked_in_one_unit) {
  const MemberId first = enrol(), second = enrol();
  auto moved = samples::card(first);
  moved.member = second;
  ASSERT_TRUE(put({.links = {moved}, .unlinks = {samples::card(first)}}));
  EXPECT_EQ(
      read_value<MemberId>(*store_,
                           [&](const View& view) {
                             return Result(view.identify("card", moved.value).value()->member.id);
                           }),
      second);
}

TEST_P(StoreContract, a_key_that_others_spoke_of_gets_its_entry_later) {
  ledger::Entry refund = samples::sale(EntryId(1), key("R-2"), MemberId());
  ASSERT_TRUE(
      put({.entries = {refund},
           .transactions = {{key("R-1"), EntryId(), {EntryId(1)}}, {key("R-2"), EntryId(1), {}}}}));
  ledger::Entry arrived = samples::sale(EntryId(2), key("R-1"), MemberId());
  ASSERT_TRUE(put({.entries = {arrived},
                   .transactions = {{key("R-1"), EntryId(2), {EntryId(1), EntryId(2)}}}}));
  EXPECT_EQ(read_value<std::optional<TransactionRecord>>(
                *store_, [](const View& view) { return view.transaction(key("R-1")); }),
            (TransactionRecord{key("R-1"), EntryId(2), {EntryId(1), EntryId(2)}}));
}

struct Refusal {
  const char* name;
  std::function<void(Change&)> spoil;
};

// Each row is a sale that would be written, spoilt in one way.
TEST_P(StoreContract, what_breaks_a_constraint_is_refused_and_leaves_no_trace) {
  const MemberId member = enrol(), other = enrol();
  ASSERT_TRUE(write(*store_, sale(key("R-1"), member)));
  const std::vector<Refusal> refusals = {
      {"key of another entry", [](Change& c) { c.transactions[0].key = key("R-1"); }},
      {"gap in the numbers", [](Change& c) { c.entries[0].id = EntryId(3); }},
      {"number used already", [](Change& c) { c.entries[0].id = EntryId(1); }},
      {"identifier of another",
       [&](Change& c) {
         c.links = {samples::card(member)};
         c.links[0].member = other;
       }},
      {"identifier of nobody", [](Change& c) { c.links = {samples::card(MemberId(999))}; }},
      {"negative balance", [](Change& c) { c.members[0].wallets[0].available = Points(-1); }},
      {"negative debt", [](Change& c) { c.members[0].wallets[0].debt = Points(-1); }},
      {"lot that does not add up", [](Change& c) { c.lots[0].remaining = Points(1); }},
      {"lot below zero",
       [](Change& c) {
         c.lots[0].remaining = Points(-1);
         c.lots[0].spent = c.lots[0].earned + Points(1);
       }},
      {"lot before itself", [](Change& c) { c.lots[0].previous = c.lots[0].id; }},
  };
  for (const Refusal& refusal : refusals) {
    const auto spoilt = write(*store_, [&](const View& view, const NextIds& next) {
      auto change = sale(key("R-2"), member)(view, next);
      refusal.spoil(*change);
      return change;
    });
    EXPECT_EQ(code_of(spoilt), ErrorCode::kInvariantBroken) << refusal.name;
    EXPECT_EQ(all_entries(*store_).size(), 1u) << refusal.name;
    EXPECT_EQ(balance(*store_, member), Points(51'234)) << refusal.name;
  }
  EXPECT_TRUE(write(*store_, sale(key("R-2"), member)));
}

TEST_P(StoreContract, related_entries_are_never_taken_away) {
  ASSERT_TRUE(put({.transactions = {{key("R-1"), EntryId(), {EntryId(1), EntryId(7)}}}}));
  EXPECT_EQ(put_code({.transactions = {{key("R-1"), EntryId(), {EntryId(1)}}}}),
            ErrorCode::kInvariantBroken);
  EXPECT_EQ(put_code({.transactions = {{key("R-1"), EntryId(), {EntryId(2), EntryId(7)}}}}),
            ErrorCode::kInvariantBroken);
}

TEST_P(StoreContract, a_units_own_error_comes_back_and_nothing_is_written) {
  const auto refused = write(*store_, [](const View&, const NextIds&) -> Result<Change> {
    return Error{ErrorCode::kInsufficientPoints, "too few"};
  });
  EXPECT_EQ(code_of(refused), ErrorCode::kInsufficientPoints);
  EXPECT_TRUE(all_entries(*store_).empty());
}

TEST_P(StoreContract, a_unit_that_throws_is_a_bug_of_that_unit_alone) {
  const MemberId member = enrol();
  const std::vector<UnitOfWork> units = {
      sale(key("R-1"), member),
      [](const View&, const NextIds&) -> Result<Change> { throw std::runtime_error("oops"); },
      sale(key("R-2"), member)};
  const auto results = store_->write(units);
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(code_of(results[1]), ErrorCode::kBroken);
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(all_entries(*store_).size(), 2u);
}

TEST_P(StoreContract, units_run_in_their_order_and_each_sees_those_before_it) {
  const MemberId member = enrol();
  std::vector<UnitOfWork> units;
  std::vector<std::size_t> seen(1'000);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    units.push_back([&, i](const View& view, const NextIds& next) {
      seen[i] = static_cast<std::size_t>(next.entry.number()) - 1;
      EXPECT_EQ(view.entry(EntryId(static_cast<std::int64_t>(i))).value().has_value(), i > 0);
      return sale(key("R-" + std::to_string(i)), member)(view, next);
    });
  }
  for (const auto& result : store_->write(units)) EXPECT_TRUE(result);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  const auto entries = all_entries(*store_);
  ASSERT_EQ(entries.size(), seen.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].key.id, "R-" + std::to_string(i));
    EXPECT_EQ(entries[i].previous, EntryId(static_cast<std::int64_t>(i)));
  }
}

TEST_P(StoreContract, when_one_unit_breaks_a_constraint_the_others_of_its_batch_are_written) {
  const MemberId member = enrol();
  std::vector<UnitOfWork> units;
  for (int i = 0; i < 9; ++i) units.push_back(sale(key("R-" + std::to_string(i)), member));
  units[4] = [&](const View& view, const NextIds& next) {
    auto change = sale(key("R-4"), member)(view, next);
    change->members[0].wallets[0].available = Points(-1);
    return change;
  };
  const auto results = store_->write(units);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(code_of(results[i]), i == 4 ? ErrorCode::kInvariantBroken : ErrorCode{}) << i;
  }
  EXPECT_EQ(all_entries(*store_).size(), 8u);
  EXPECT_EQ(balance(*store_, member), Points(50'000 + 8 * 1'234));
}

TEST_P(StoreContract, a_source_first_seen_in_a_refused_unit_is_told_apart_later) {
  const MemberId member = enrol();
  const TransactionKey lost{"till-lost", "R-1"}, kept{"till-kept", "R-1"};
  EXPECT_FALSE(write(*store_, [&](const View& view, const NextIds& next) {
    auto change = sale(lost, member)(view, next);
    change->members[0].wallets[0].available = Points(-1);
    return change;
  }));
  ASSERT_TRUE(write(*store_, sale(kept, member)));
  EXPECT_FALSE(read_value<std::optional<TransactionRecord>>(
      *store_, [&](const View& view) { return view.transaction(lost); }));
  ASSERT_TRUE(write(*store_, sale(lost, member)));
  const auto entries = all_entries(*store_);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].key, kept);
  EXPECT_EQ(entries[1].key, lost);
}

TEST_P(StoreContract, A1_the_same_sale_five_times_is_one_entry) {
  const MemberId member = enrol();
  std::vector<UnitOfWork> units(5, sale(key("R-1001"), member));
  for (const auto& result : store_->write(units)) EXPECT_TRUE(result);
  EXPECT_EQ(all_entries(*store_).size(), 1u);
  EXPECT_EQ(balance(*store_, member), Points(51'234));
}

TEST_P(StoreContract, A3_the_same_number_from_two_sources_is_two_entries) {
  const MemberId member = enrol();
  ASSERT_TRUE(write(*store_, sale({"HOTEL", "1001"}, member)));
  ASSERT_TRUE(write(*store_, sale({"SPA", "1001"}, member)));
  EXPECT_EQ(all_entries(*store_).size(), 2u);
}

// 100 threads, one member, no sale lost and none doubled.
TEST_P(StoreContract, B3_no_update_is_lost) {
  const MemberId member = enrol();
  constexpr int kThreads = 100, kSales = 10;
  std::atomic<int> failures = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kSales; ++i) {
        const auto id = std::to_string(t) + "-" + std::to_string(i);
        failures += write(*store_, sale(key(id), member)) ? 0 : 1;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(all_entries(*store_).size(), std::size_t{kThreads * kSales});
  EXPECT_EQ(balance(*store_, member), Points(50'000 + kThreads * kSales * 1'234));
}

TEST_P(StoreContract, A10_one_member_from_fifty_first_sales_at_once) {
  const auto first_sale = [](int i) {
    return [i](const View& view, const NextIds& next) -> Result<Change> {
      const auto found = view.identify("card", "7").value();
      Change change;
      const MemberId id = found ? found->member.id : next.member;
      change.members = {found ? found->member : samples::member(id)};
      change.entries = {samples::sale(next.entry, key(std::to_string(i)), id)};
      change.transactions = {{key(std::to_string(i)), next.entry, {}}};
      change.links = {samples::card(id)};
      change.links[0].value = "7";
      return change;
    };
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&, i] { EXPECT_TRUE(write(*store_, first_sale(i))); });
    }
  }
  std::set<MemberId> members;
  for (const auto& entry : all_entries(*store_)) members.insert(entry.member);
  EXPECT_EQ(all_entries(*store_).size(), 50u);
  EXPECT_EQ(members.size(), 1u);
}

TEST_P(StoreContract, a_reader_sees_one_moment) {
  const MemberId member = enrol();
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(write(*store_, sale(key(std::to_string(i)), member)));
    }
    stop = true;
  });
  while (!stop) {
    const auto looked = store_->read([&](const View& view) -> Result<void> {
      const auto record = view.member(member).value();
      const auto entries = view.entries(EntryId(0), 1'000).value();
      EXPECT_EQ(record->last_entry.number(), static_cast<std::int64_t>(entries.size()));
      EXPECT_EQ(record->wallets[0].available.units(),
                50'000 + 1'234 * static_cast<std::int64_t>(entries.size()));
      return {};
    });
    EXPECT_TRUE(looked);
  }
}

TEST_P(StoreContract, a_readers_own_error_comes_back) {
  const auto looked = store_->read([](const View&) -> Result<void> {
    return Error{ErrorCode::kUnknownMember, "nobody"};
  });
  EXPECT_EQ(code_of(looked), ErrorCode::kUnknownMember);
}

TEST_P(StoreContract, opened_for_reading_it_takes_no_writes) {
  enrol();
  open({.read_only = true});
  EXPECT_EQ(code_of(write(*store_, enrolment())), ErrorCode::kReadOnly);
}

TEST_P(StoreContract, opened_again_all_is_there) {
  if (!GetParam().durable) return;
  const MemberId member = enrol();
  ASSERT_TRUE(write(*store_, sale(key("R-1"), member)));
  const auto before = all_entries(*store_);
  open({.create = false});
  EXPECT_EQ(all_entries(*store_), before);
  EXPECT_EQ(balance(*store_, member), Points(51'234));
  ASSERT_TRUE(write(*store_, sale(key("R-1"), member)));
  ASSERT_TRUE(write(*store_, sale(key("R-2"), member)));
  EXPECT_EQ(all_entries(*store_).size(), 2u);
}

}  // namespace
}  // namespace laurel::store
