// Codes that cannot be guessed and slips that are found; vouchers that never go below zero.

#include "ledger/voucher.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "ledger/voucher_code.hpp"

namespace laurel::ledger {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(VoucherCode, is_the_same_for_ever_and_another_for_everything_else) {
  const auto code = derive_code("secret", EntryId(7), 3, 0);
  EXPECT_EQ(code, derive_code("secret", EntryId(7), 3, 0));
  EXPECT_EQ(code.size(), 17u);
  std::set<std::string> codes;
  for (int entry = 1; entry <= 20; ++entry) {
    for (std::size_t place = 0; place < 20; ++place) {
      codes.insert(derive_code("secret", EntryId(entry), place, 0));
      codes.insert(derive_code("secret", EntryId(entry), place, 1));
      codes.insert(derive_code("other", EntryId(entry), place, 0));
    }
  }
  EXPECT_EQ(codes.size(), 1'200u);
}

TEST(VoucherCode, any_one_wrong_character_is_found) {
  const auto code = derive_code("secret", EntryId(1), 0, 0);
  ASSERT_TRUE(is_own_code(code));
  for (std::size_t i = 0; i < code.size(); ++i) {
    for (const char other : kAlphabet) {
      auto wrong = code;
      wrong[i] = other;
      EXPECT_EQ(is_own_code(wrong), wrong == code) << wrong;
    }
  }
}

TEST(VoucherCode, any_two_characters_that_changed_places_are_found) {
  const auto code = derive_code("secret", EntryId(2), 0, 0);
  for (std::size_t i = 0; i < code.size(); ++i) {
    for (std::size_t j = i + 1; j < code.size(); ++j) {
      auto wrong = code;
      std::swap(wrong[i], wrong[j]);
      EXPECT_EQ(is_own_code(wrong), wrong == code) << wrong;
    }
  }
}

TEST(VoucherCode, is_read_as_people_write_it) {
  std::string code;
  for (int entry = 1; code.find('0') == std::string::npos || code.find('1') == std::string::npos;
       ++entry) {
    code = derive_code("secret", EntryId(entry), 0, 0);
  }
  std::string sloppy = " " + readable_code(code);
  for (char& c : sloppy) {
    if (c == '0') c = 'o';
    if (c == '1') c = 'l';
    c = static_cast<char>(std::tolower(c));
  }
  EXPECT_EQ(normal_code(sloppy), code);
  EXPECT_EQ(normal_code("opera-1"), "OPERA1");
  EXPECT_FALSE(normal_code("no"));
  EXPECT_FALSE(normal_code("OPERA_1!"));
  EXPECT_FALSE(normal_code(std::string(65, 'A')));
}

TEST(VoucherCode, is_masked_but_for_its_end) {
  EXPECT_EQ(masked_code("7KQW2M8TX4PA9ZDCH"), "****CH");
  EXPECT_EQ(masked_code("ABC"), "****");
}

Voucher gift_card() {
  VoucherIssue issue;
  issue.terms.minor = 10'000;
  issue.terms.currency = "GBP";
  issue.codes = {"CARD"};
  return issued(issue, EntryId(5), Instant(Duration(1'000))).front();
}

VoucherMove move_of(VoucherMoveKind kind, std::int64_t minor, std::int64_t uses) {
  VoucherMove move{.code = "CARD", .kind = kind, .basket = "B"};
  move.minor = minor;
  move.uses = uses;
  return move;
}

TEST(Voucher, never_gives_more_than_it_has_nor_takes_back_more_than_it_gave) {
  const Instant now(Duration(2'000));
  struct Row {
    VoucherMoveKind kind;
    std::int64_t minor, uses;
    bool works;
  };
  constexpr Row kRows[] = {
      {VoucherMoveKind::kUse, 10'000, 1, true}, {VoucherMoveKind::kUse, 10'001, 0, false},
      {VoucherMoveKind::kUse, 1, 2, false},     {VoucherMoveKind::kUse, -1, 0, false},
      {VoucherMoveKind::kRestore, 1, 0, false}, {VoucherMoveKind::kRestore, 0, 1, false},
      {VoucherMoveKind::kGive, 0, 0, false},    {VoucherMoveKind::kCancel, 0, 0, true},
  };
  for (const auto& row : kRows) {
    auto voucher = gift_card();
    EXPECT_EQ(apply_move(voucher, move_of(row.kind, row.minor, row.uses), now).ok(), row.works);
  }
}

TEST(Voucher, forgets_a_hold_that_is_over_and_lets_go_of_one_that_is_used) {
  auto voucher = gift_card();
  auto hold = move_of(VoucherMoveKind::kHold, 500, 0);
  hold.until = Instant(Duration(3'000));
  ASSERT_TRUE(apply_move(voucher, hold, Instant(Duration(2'000))).ok());
  EXPECT_EQ(voucher.holds.size(), 1u);
  auto used = voucher;
  ASSERT_TRUE(
      apply_move(used, move_of(VoucherMoveKind::kUse, 500, 0), Instant(Duration(2'500))).ok());
  EXPECT_TRUE(used.holds.empty());
  auto other = move_of(VoucherMoveKind::kLetGo, 0, 0);
  other.basket = "another";
  ASSERT_TRUE(apply_move(voucher, other, Instant(Duration(3'000))).ok());
  EXPECT_TRUE(voucher.holds.empty());
}

}  // namespace
}  // namespace laurel::ledger
