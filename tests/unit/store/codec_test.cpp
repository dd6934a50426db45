#include "store/codec.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include "store_samples.hpp"

namespace laurel::store::codec {
namespace {

// What the stores keep in columns.
ledger::Entry columns_of(const ledger::Entry& entry) {
  ledger::Entry columns;
  columns.id = entry.id;
  columns.kind = entry.kind;
  columns.member = entry.member;
  columns.previous = entry.previous;
  columns.event_time = entry.event_time;
  columns.booked_at = entry.booked_at;
  columns.key.source = entry.key.source;
  columns.programme = entry.programme;
  return columns;
}

struct Bytes {
  std::string body, evidence;
};

Bytes encoded(const ledger::Entry& entry) {
  Bytes bytes;
  encode(entry, bytes.body, bytes.evidence);
  return bytes;
}

Result<ledger::Entry> decoded(const Bytes& bytes, const ledger::Entry& columns) {
  ledger::Entry entry = columns_of(columns);
  const auto evidence =
      bytes.evidence.empty() ? std::nullopt : std::optional<std::string_view>(bytes.evidence);
  if (auto done = decode(bytes.body, evidence, entry); !done) return done.error();
  return entry;
}

TEST(Codec, an_entry_with_every_field_comes_back_as_it_was) {
  const ledger::Entry entry = samples::everything();
  const auto back = decoded(encoded(entry), entry);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, entry);
}

TEST(Codec, a_lot_that_carries_anothers_points_on_says_whose) {
  ledger::Entry entry = samples::everything();
  entry.lots_opened.back().carries = ledger::LotId(EntryId(9), 3);
  EXPECT_EQ(decoded(encoded(entry), entry).value(), entry);
}

TEST(Codec, an_entry_without_anything_comes_back_as_it_was) {
  ledger::Entry entry;
  entry.id = EntryId(1);
  const auto back = decoded(encoded(entry), entry);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, entry);
  EXPECT_LE(encoded(entry).body.size(), 2u);
}

TEST(Codec, a_sale_of_three_lines_is_small) {
  const auto entry = samples::sale(EntryId(1'000'000), {"knightsbridge-till-7", "R-10012345"},
                                   MemberId(4'999'999));
  const Bytes bytes = encoded(entry);
  EXPECT_EQ(decoded(bytes, entry).value(), entry);
  EXPECT_LE(bytes.body.size() + bytes.evidence.size(), 420u);
}

TEST(Codec, H14_erasing_the_evidence_leaves_the_fact) {
  const ledger::Entry entry = samples::everything();
  Bytes bytes = encoded(entry);
  for (const auto& personal : {samples::card_of(entry.member), std::string("+393331234567")}) {
    EXPECT_EQ(bytes.body.find(personal), std::string::npos);
  }
  bytes.evidence.clear();
  const auto erased = decoded(bytes, entry);
  ASSERT_TRUE(erased);
  ledger::Entry expected = entry;
  expected.document->identifiers.clear();
  for (auto& evidence : expected.attribution->evidence) evidence.value.clear();
  EXPECT_EQ(*erased, expected);
}

TEST(Codec, H14_what_a_rule_was_told_of_a_person_goes_with_the_evidence) {
  ledger::Entry entry = samples::everything();
  const Date born{std::chrono::days(540)};
  entry.valuation->person = {samples::at(5), born, "it", {"nightingales"}};
  Bytes bytes = encoded(entry);
  EXPECT_EQ(bytes.body.find("nightingales"), std::string::npos);
  EXPECT_EQ(decoded(bytes, entry).value(), entry);
  bytes.evidence.clear();
  const auto erased = decoded(bytes, entry);
  ASSERT_TRUE(erased);
  const ledger::PersonFacts forgotten{samples::at(5), {}, {}, {}, true};
  EXPECT_EQ(erased->valuation->person, forgotten);
  EXPECT_EQ(decoded(encoded(*erased), *erased).value(), *erased);
}

TEST(Codec, a_person_of_whom_nothing_was_told_is_not_forgotten) {
  ledger::Entry entry = samples::everything();
  entry.valuation->person = {samples::at(5), {}, {}, {}};
  Bytes bytes = encoded(entry);
  bytes.evidence.clear();
  EXPECT_EQ(decoded(bytes, entry)->valuation->person, entry.valuation->person);
}

TEST(Codec, numbers_at_the_edges_survive) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t edge : {kMax, kMin, kMax - 1, kMin + 1, std::int64_t{-1}}) {
    ledger::Entry entry;
    entry.id = EntryId(9);
    entry.event_time = samples::at(0);
    entry.about = EntryId(edge);
    entry.spend_delta_minor = edge;
    entry.spend_at = Instant(Duration(edge));
    entry.postings = {{"points", ledger::Account::kAvailable, Points(edge)}};
    entry.lot_moves = {{ledger::LotId(edge), ledger::LotMoveKind::kSpend, Points(edge)}};
    entry.document.emplace().lines = {Line{.id = "1", .quantity = Quantity(edge)}};
    const auto back = decoded(encoded(entry), entry);
    ASSERT_TRUE(back) << edge;
    EXPECT_EQ(*back, entry) << edge;
  }
}

TEST(Codec, amounts_keep_their_very_text) {
  for (const char* text :
       {"0", "0.0", "0.50", "1950.00", "1950.0000000", "1950.00000000", "00.5", ".5", "5.", "-3.50",
        "1e400", "99999999999999999", "999999999999999999", "1,000.00", " 1", "12.345", "٥"}) {
    ledger::Entry entry;
    entry.document.emplace().lines = {Line{.id = "1", .amount = text}};
    EXPECT_EQ(decoded(encoded(entry), entry).value().document->lines[0].amount, text);
  }
}

TEST(Codec, a_member_comes_back_as_she_was) {
  ledger::MemberRecord record = samples::member(MemberId(7));
  record.status = MemberStatus::kMerged;
  record.merged_into = MemberId(8);
  record.last_entry = EntryId(1'234);
  record.last_lot = ledger::LotId(EntryId(1'234), 0);
  record.oldest_open_lot = ledger::LotId(EntryId(1'000), 63);
  record.wallets.push_back({"status", Points(1), Points(2), Points(3), Points(4)});
  record.tier.upcoming = "platinum";
  record.tier.upcoming_from = samples::at(5);
  record.tier.fallback = "silver";
  record.tier.fallback_until = kNever;
  const Instant late = samples::at(-90) + Duration{7};
  record.recent_tier = {
      {record.tier,
       {{late, 1'999, late, "", kNever, 3}, {late, -1'999, samples::at(-800), "", kNever, 3}}},
      {{}, {{samples::at(9), 0, {}, "platinum", samples::at(99), 4}}},
      {record.tier, {}}};
  std::string bytes, balances;
  encode(record, bytes);
  encode_balances(record.wallets, balances);
  EXPECT_EQ(balances, "50000 0 0 0|2 1 3 4");
  ledger::MemberRecord back;
  back.id = record.id;
  back.next_due = record.next_due;
  back.programme = record.programme;
  ASSERT_TRUE(decode(bytes, back));
  ASSERT_TRUE(decode_balances(balances, back.wallets));
  EXPECT_EQ(back, record);
}

TEST(Codec, balances_that_do_not_fit_the_wallets_are_refused) {
  for (const char* text : {"", "1", "1 2 3", "1 2 3 4 5", "1 2 3 4|", "1 2 3 4|5 6 7 8", "a 2 3 4",
                           "1  2 3 4", "99999999999999999999 0 0 0"}) {
    std::vector<ledger::WalletState> wallets(1);
    EXPECT_FALSE(decode_balances(text, wallets)) << text;
  }
}

TEST(Codec, related_entries_grow_at_the_end_of_their_bytes) {
  std::vector<EntryId> related;
  std::string before, now;
  for (const std::int64_t id : {5, 900, 901, 1'000'000}) {
    related.push_back(EntryId(id));
    encode(related, now);
    EXPECT_TRUE(now.starts_with(before));
    before = now;
    std::vector<EntryId> back;
    ASSERT_TRUE(decode(now, back));
    EXPECT_EQ(back, related);
  }
}

TEST(Codec, files_come_back_as_they_were) {
  const Files files = {{"programme.yaml", "id: a\n"}, {"rules/b.yaml", ""}, {"", "id: a\n"}};
  std::string bytes;
  encode(files, bytes);
  Files back;
  ASSERT_TRUE(decode(bytes, back));
  EXPECT_EQ(back, files);
}

TEST(Codec, every_beginning_of_a_record_is_refused_and_so_is_more) {
  const ledger::Entry entry = samples::everything();
  const Bytes whole = encoded(entry);
  for (std::size_t size = 0; size < whole.body.size(); ++size) {
    EXPECT_FALSE(decoded({.body = whole.body.substr(0, size), .evidence = {}}, entry)) << size;
  }
  for (std::size_t size = 1; size < whole.evidence.size(); ++size) {
    EXPECT_FALSE(decoded({whole.body, whole.evidence.substr(0, size)}, entry)) << size;
  }
  EXPECT_FALSE(decoded({whole.body + '\0', whole.evidence}, entry));
  EXPECT_FALSE(decoded({whole.body, whole.evidence + '\0'}, entry));
}

TEST(Codec, damaged_bytes_give_a_record_or_an_error_and_never_a_crash) {
  const ledger::Entry entry = samples::everything();
  const Bytes whole = encoded(entry);
  std::mt19937 random(20'261'121);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = whole;
    std::string& target = round % 4 == 0 ? bytes.evidence : bytes.body;
    for (auto hits = random() % 4 + 1; hits > 0; --hits) {
      target[1 + random() % (target.size() - 1)] = static_cast<char>(random());
    }
    const auto back = decoded(bytes, entry);
    refused += back ? 0 : 1;
    EXPECT_TRUE(back || back.error().code == ErrorCode::kStoreFailed);
  }
  EXPECT_GT(refused, 1'000);
}

TEST(Codec, noise_gives_a_record_or_an_error_and_never_a_crash) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string noise(random() % 200, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    if (!noise.empty()) noise[0] = 1;
    ledger::Entry entry;
    ledger::MemberRecord member;
    std::vector<EntryId> related;
    Files files;
    Directive directive;
    for (const auto& outcome :
         {decode(noise, noise, entry), decode(noise, member), decode(noise, related),
          decode(noise, files), decode(noise, directive)}) {
      EXPECT_TRUE(outcome || outcome.error().code == ErrorCode::kStoreFailed);
    }
  }
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string unhex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// The file is never changed: it is what stores in the field hold. A new version adds a file.
TEST(Codec, bytes_of_version_1_still_read) {
  std::ifstream file(LAUREL_SOURCE_DIR "/tests/golden/store/entry_1.hex");
  std::string body, evidence;
  std::getline(file, body);
  std::getline(file, evidence);
  const ledger::Entry entry = samples::everything();
  const auto back = decoded({unhex(body), unhex(evidence)}, entry);
  ASSERT_TRUE(back) << hex(encoded(entry).body) << "\n" << hex(encoded(entry).evidence);
  EXPECT_EQ(*back, entry);
}

}  // namespace
}  // namespace laurel::store::codec
