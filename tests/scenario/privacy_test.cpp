// H14: a person is forgotten, and the books still balance.

#include <filesystem>
#include <fstream>
#include <sstream>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

const Identifier kEmail{"email", "anna.rossi@example.test"};
const Identifier kPhone{"phone", "+39 333 1234567"};

class Forgotten : public EachStore {
 protected:
  MemberId begin(Shop& shop) {
    Enrolment enrolment{TransactionKey{"web", "E-1"}, {{"card", "anna"}, kEmail, kPhone}};
    enrolment.language = "it";
    const auto id = shop.engine().enrol(enrolment)->member.id;
    auto sold = sale("R-1", {"430.00"});
    sold.identifiers.push_back(kEmail);
    sold.identifiers.push_back(kPhone);
    shop.posts(sold);
    return id;
  }
  ErasureReceipt erases(Shop& shop, MemberId id, const std::string& key = "D-1") {
    const auto erased = shop.engine().privacy().erase({{"desk", key}, id, "clerk", "by letter"});
    EXPECT_TRUE(erased.ok()) << Shop::describe(erased.error());
    return erased ? *erased : ErasureReceipt{};
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, Forgotten, each_store(), store_name);

std::int64_t total(Shop& shop, const std::string& account) {
  const auto report = *shop.engine().verify({});
  for (const auto& posting : report.totals) {
    if (posting.account == account) return posting.amount.units();
  }
  return 0;
}

TEST_P(Forgotten, H14_points_are_closed_by_an_entry_and_all_else_stays) {
  Shop shop(kReference, uri());
  const auto anna = begin(shop);
  const auto entries = shop.engine().entries({}, 100)->entries.size();
  const auto issued = total(shop, "issued");
  const auto erased = erases(shop, anna);
  EXPECT_EQ(erased.identifiers, 3);
  EXPECT_EQ(erased.entries, 2);
  EXPECT_EQ(shop.engine().entries({}, 100)->entries.size(), entries + 1);
  EXPECT_EQ(total(shop, "issued"), issued);
  EXPECT_EQ(total(shop, "available"), 0);
  EXPECT_EQ(total(shop, "written_off"), 430);
  const auto gone = shop.engine().member(anna);
  EXPECT_EQ(gone->status, MemberStatus::kClosed);
  EXPECT_TRUE(gone->identifiers.empty());
  EXPECT_EQ(gone->language, "");
  shop.adds_up();
}

TEST_P(Forgotten, H14_the_same_phone_is_somebody_new) {
  Shop shop(kReference, uri());
  const auto anna = begin(shop);
  erases(shop, anna);
  const auto again = shop.engine().enrol({TransactionKey{"web", "E-2"}, {kPhone}});
  ASSERT_TRUE(again.ok());
  EXPECT_NE(again->member.id, anna);
  EXPECT_EQ(again->member.wallets.at(0).balance.available.units(), 0);
  shop.adds_up();
}

TEST_P(Forgotten, H14_what_is_sent_again_is_still_known) {
  Shop shop(kReference, uri());
  const auto anna = begin(shop);
  const auto first = erases(shop, anna);
  const auto again = erases(shop, anna);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.entry, first.entry);
  auto sold = sale("R-1", {"430.00"});
  sold.identifiers.push_back(kEmail);
  sold.identifiers.push_back(kPhone);
  const auto replayed = shop.posts(sold);
  EXPECT_TRUE(replayed.replayed);
  for (const auto& evidence : replayed.attribution.evidence) EXPECT_EQ(evidence.value, "");
  shop.adds_up();
}

TEST_P(Forgotten, H14_nothing_of_hers_stands_with_others) {
  Shop shop(replaced(kReference, "unknown: enrol", "unknown: keep"), uri());
  const auto anna = begin(shop);
  const auto berta = shop.engine().enrol({TransactionKey{"web", "E-2"}, {{"card", "berta"}}});
  auto with_hers = sale("R-2", {"10.00"}, "berta");
  with_hers.identifiers.push_back(kPhone);
  shop.posts(with_hers);
  erases(shop, anna);
  const auto data = shop.engine().privacy().everything(berta->member.id);
  ASSERT_TRUE(data.ok());
  for (const auto& held : data->entries) {
    if (!held.document) continue;
    for (const auto& identifier : held.document->identifiers) EXPECT_NE(identifier.type, "phone");
  }
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-2"})->attribution.by, "card");
  shop.adds_up();
}

TEST_P(Forgotten, with_all_who_were_merged_into_her) {
  Shop shop(kReference, uri());
  const auto anna = begin(shop);
  const auto berta =
      shop.engine().enrol({TransactionKey{"web", "E-2"}, {{"card", "berta"}}})->member.id;
  shop.posts(sale("R-2", {"70.00"}, "berta"));
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M-1"}, berta, anna, "clerk", "one"}).ok());
  const auto erased = erases(shop, anna);
  EXPECT_EQ(erased.member, berta);
  EXPECT_EQ(erased.identifiers, 4);
  EXPECT_EQ(total(shop, "written_off"), 500);
  EXPECT_FALSE(shop.engine().lookup(std::vector{kEmail}).ok());
  shop.adds_up();
}

TEST_P(Forgotten, everything_held_is_handed_out) {
  Shop shop(kReference, uri());
  const auto anna = begin(shop);
  const auto data = shop.engine().privacy().everything(anna);
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->member.id, anna);
  EXPECT_EQ(data->identifiers.size(), 3u);
  ASSERT_EQ(data->entries.size(), 2u);
  EXPECT_EQ(data->entries[0].entry.kind, "enrolment");
  ASSERT_TRUE(data->entries[1].document);
  EXPECT_EQ(data->entries[1].document->lines.at(0).amount, "430.00");
  EXPECT_EQ(data->entries[1].attribution->evidence.size(), 3u);
  EXPECT_EQ(shop.engine().privacy().everything(MemberId(99)).error().code,
            ErrorCode::kUnknownMember);
}

bool stands_in(const std::filesystem::path& file, const std::string& text) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str().find(text) != std::string::npos;
}

TEST(ForgottenBytes, H14_no_file_of_the_store_holds_what_was_erased) {
  store::Folder folder;
  const auto uri = folder.uri();
  const std::filesystem::path path(uri.substr(uri.find(':') + 1));
  Shop shop(kReference, uri);
  Enrolment enrolment{TransactionKey{"web", "E-1"}, {{"card", "anna"}, kEmail, kPhone}};
  enrolment.profile = {.given_name = "Annunziata",
                       .family_name = "Quattrocchi",
                       .street = "Via dei Coronari 7",
                       .city = "Trastevere",
                       .postcode = "00186",
                       .country = "Italia",
                       .consents = {{"profiling", true, {}, "bottega", "counter 3"}}};
  const auto anna = shop.engine().enrol(enrolment);
  const std::vector<std::string> hers{kEmail.value,  "+393331234567", "Annunziata",
                                      "Quattrocchi", "Coronari",      "Trastevere",
                                      "00186",       "Italia",        "bottega"};
  for (int i = 0; i < 300; ++i) {
    auto sold = sale("R-" + std::to_string(i), {"1.00"}, i % 3 == 0 ? "anna" : "somebody");
    if (i % 3 == 0) sold.identifiers.push_back(kEmail);
    if (i % 5 == 0) sold.identifiers.push_back(kPhone);
    shop.posts(sold);
  }
  const auto found = [&](const std::string& text) {
    for (const auto& file : std::filesystem::directory_iterator(path.parent_path())) {
      if (stands_in(file.path(), text)) return true;
    }
    return false;
  };
  for (const auto& text : hers) ASSERT_TRUE(found(text)) << text;
  const auto erased =
      shop.engine().privacy().erase({{"desk", "D-1"}, anna->member.id, "clerk", "by letter"});
  ASSERT_TRUE(erased.ok()) << Shop::describe(erased.error());
  for (const auto& text : hers) EXPECT_FALSE(found(text)) << text;
  shop.adds_up();
}

// ---- Payment cards ------------------------------------------------------------------------------

TEST_P(Forgotten, a_number_of_a_payment_card_is_never_kept) {
  Shop shop(kReference, uri());
  const std::string number = "4111 1111 1111 1111";
  auto sold = sale("R-1", {"10.00"}, "");
  sold.identifiers = {{"card", number}};
  sold.tags = {"paid with " + number};
  sold.lines[0].attributes = {{"note", "4111-1111-1111-1111"}};
  const auto receipt = shop.posts(sold);
  EXPECT_FALSE(receipt.attribution.member);
  EXPECT_EQ(receipt.attribution.evidence.at(0).value, "**** **** **** 1111");
  EXPECT_TRUE(shop.posts(sold).replayed);
  Enrolment enrolment;
  enrolment.identifiers = {{"card", number}};
  EXPECT_EQ(shop.engine().enrol(enrolment).error().faults.at(0).code, "payment_card");
  const auto anna = shop.engine().enrol({TransactionKey{"web", "E"}, {{"card", "anna"}}});
  const auto noted = shop.engine().change(
      anna->member.id, {.language = "it", .actor = "clerk", .reason = "card " + number});
  EXPECT_EQ(noted.error().faults.at(0).code, "payment_card");
}

}  // namespace
}  // namespace laurel::test
