#include "identity/normalise.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace laurel::identity {
namespace {

IdentifierType text_type() { return {.name = "payment_token"}; }
IdentifierType card() {
  return {.name = "card", .check = IdentifierCheck::kLuhn, .form = IdentifierForm::kDigits};
}
IdentifierType email() { return {.name = "email", .form = IdentifierForm::kEmail}; }
IdentifierType phone(std::string region) {
  return {.name = "phone", .form = IdentifierForm::kPhone, .region = std::move(region)};
}

std::string of(const IdentifierType& type, std::string_view raw) {
  const auto value = normalise(type, raw);
  return value ? *value : value.error().faults.at(0).code;
}

TEST(H1_email_case_and_phone_format, email_in_any_case_is_one) {
  EXPECT_EQ(of(email(), "MyName@Company.com"), "myname@company.com");
  EXPECT_EQ(of(email(), "  myname@company.com\r\n"), "myname@company.com");
}

TEST(H1_email_case_and_phone_format, three_ways_to_write_a_phone_number_are_one) {
  for (const char* written : {"0039 333 1234567", "+39 333 1234567", "333-1234567",
                              "(333) 123.4567", " 333 123 4567 ", "+39\u00a0333\u00a01234567"}) {
    EXPECT_EQ(of(phone("IT"), written), "+393331234567") << written;
  }
}

TEST(H1_email_case_and_phone_format, the_same_last_digits_in_another_country_are_another_number) {
  EXPECT_EQ(of(phone("IT"), "+44 333 1234567"), "+443331234567");
  EXPECT_EQ(of(phone("GB"), "0333 123 4567"), "+443331234567");
  EXPECT_NE(of(phone("IT"), "+44 333 1234567"), of(phone("IT"), "+39 333 1234567"));
}

TEST(Phones, are_read_in_the_form_of_their_country) {
  EXPECT_EQ(of(phone("GB"), "020 7730 1234"), "+442077301234");
  EXPECT_EQ(of(phone("GB"), "+44 (0)20 7730 1234"), "+442077301234");
  EXPECT_EQ(of(phone("US"), "(212) 555-0123"), "+12125550123");
  EXPECT_EQ(of(phone("JP"), "03-1234-5678"), "+81312345678");
  // An Italian number keeps its leading zero.
  EXPECT_EQ(of(phone("IT"), "06 1234 5678"), "+390612345678");
  EXPECT_EQ(of(phone(""), "+39 333 1234567"), "+393331234567");
}

TEST(Phones, that_are_none_are_refused) {
  for (const char* written :
       {"12", "abc", "1-800-FLOWERS", "020 7730 1234 ext 5", "tel:+442077301234", "+44", "+",
        "+999 123456789", "@", "012345678901234567890"}) {
    EXPECT_EQ(of(phone("GB"), written), "not_a_phone_number") << written;
  }
  EXPECT_EQ(of(phone(""), "020 7730 1234"), "not_a_phone_number");
  EXPECT_EQ(of(phone("XX"), "020 7730 1234"), "not_a_phone_number");
}

TEST(Phones, know_the_regions_they_can_be_read_in) {
  EXPECT_TRUE(is_phone_region("GB"));
  EXPECT_TRUE(is_phone_region("IT"));
  for (const char* region : {"", "XX", "gb", "UK", "GBR"}) EXPECT_FALSE(is_phone_region(region));
}

TEST(Phones, are_read_alike_by_many_threads) {
  std::vector<std::thread> threads;
  std::vector<std::string> read(8);
  for (std::string& value : read) {
    threads.emplace_back([&value] { value = of(phone("FR"), "01 42 68 53 00"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read, std::vector<std::string>(8, "+33142685300"));
}

TEST(Cards, lose_their_spaces_and_hyphens) {
  EXPECT_EQ(of(card(), "6301 0012 3456 7890"), "6301001234567890");
  EXPECT_EQ(of(card(), " 6301-0012-3456-7890 "), "6301001234567890");
  EXPECT_EQ(of(card(), "79927398713"), "79927398713");
  IdentifierType by_check_alone = text_type();
  by_check_alone.check = IdentifierCheck::kLuhn;
  EXPECT_EQ(of(by_check_alone, "6301 0012 3456 7890"), "6301001234567890");
}

TEST(Cards, with_a_mistyped_digit_are_refused) {
  const std::string right = "6301001234567890";
  for (std::size_t place = 0; place < right.size(); ++place) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[place] = digit;
      EXPECT_EQ(of(card(), wrong), wrong == right ? right : "wrong_check_digit");
    }
  }
  EXPECT_EQ(of(card(), "0"), "wrong_check_digit");
}

TEST(Cards, hold_ascii_digits_only) {
  for (const char* written :
       {"63O1", "6301.0012", "٦٣٠١", "+6301", "6301_0012", "6301\u00a00012"}) {
    EXPECT_EQ(of(card(), written), "not_digits") << written;
  }
  EXPECT_EQ(of(card(), "- -"), "not_digits");
}

TEST(Cards, without_a_check_digit_take_any_digits) {
  const IdentifierType number{.name = "salon_client", .form = IdentifierForm::kDigits};
  EXPECT_EQ(of(number, "00 12-3"), "00123");
}

TEST(Emails, keep_everything_but_their_case) {
  for (const char* address : {"a@b.co", "first.last@shop.example", "a+tag@x-y.example",
                              "o'neil@ab.ie", "zoë@bücher.example", "1@2.3", "a_b%c@d.e.f"}) {
    EXPECT_EQ(of(email(), address), address);
  }
  EXPECT_EQ(of(email(), "A+Tag@X.COM"), "a+tag@x.com");
}

TEST(Emails, of_another_shape_are_refused) {
  for (const char* address :
       {"a",           "@",        "a@",       "@b.co",         "a@b",     "a@@b.co",
        "a@b@c.co",    "a b@c.co", "a@b .co",  ".a@b.co",       "a.@b.co", "a..b@c.co",
        "a@.co",       "a@b.",     "a@b..co",  "a@-b.co",       "a@b-.co", "\"a\"@b.co",
        "a@[1.2.3.4]", "a,b@c.co", "<a@b.co>", "mailto:a@b.co", "a@b_c.co"}) {
    EXPECT_EQ(of(email(), address), "not_an_email") << address;
  }
  EXPECT_EQ(of(email(), std::string(65, 'a') + "@b.co"), "not_an_email");
  EXPECT_EQ(of(email(), std::string(64, 'a') + "@b.co"), std::string(64, 'a') + "@b.co");
  EXPECT_EQ(of(email(), "a@" + std::string(64, 'b') + ".co"), "not_an_email");
  EXPECT_EQ(of(email(), "a@" + std::string(300, 'b') + ".co"), "too_long");
}

TEST(OtherIdentifiers, are_trimmed_and_their_spaces_collapsed) {
  EXPECT_EQ(of(text_type(), "  tok  42   A "), "tok 42 A");
  EXPECT_NE(of(text_type(), "tok"), of(text_type(), "TOK"));
  EXPECT_EQ(of(text_type(), std::string(128, 'x')), std::string(128, 'x'));
}

TEST(OtherIdentifiers, that_are_empty_endless_or_not_text_are_refused_in_every_form) {
  for (const IdentifierType& type : {text_type(), card(), email(), phone("GB")}) {
    EXPECT_EQ(of(type, ""), "empty");
    EXPECT_EQ(of(type, " \t\n "), "empty");
    EXPECT_EQ(of(type, std::string(1000, '1')), "too_long");
    EXPECT_EQ(of(type,
                 "12\xff"
                 "34"),
              "not_printable");
    EXPECT_EQ(of(type, "12\n34"), "not_printable");
    EXPECT_EQ(of(type, std::string_view("12\0"
                                        "34",
                                        5)),
              "not_printable");
  }
}

TEST(Faults, do_not_repeat_what_is_personal) {
  for (const IdentifierType& type : {card(), email(), phone("GB")}) {
    const auto refused = normalise(type, "zoe 4711");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().detail.find("zoe"), std::string::npos);
    EXPECT_EQ(refused.error().detail.find("4711"), std::string::npos);
  }
}

TEST(NormalForms, are_their_own_normal_form) {
  const std::pair<IdentifierType, const char*> kRows[] = {{card(), "6301 0012 3456 7890"},
                                                          {email(), "Zoe@Shop.Example"},
                                                          {phone("IT"), "333-1234567"},
                                                          {phone("GB"), "020 7730 1234"},
                                                          {text_type(), " a  b "}};
  for (const auto& [type, raw] : kRows) {
    const std::string once = normalise(type, raw).value();
    EXPECT_EQ(normalise(type, once).value(), once);
  }
}

}  // namespace
}  // namespace laurel::identity
