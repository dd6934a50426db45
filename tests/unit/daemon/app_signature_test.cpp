#include "app/signature.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace laurel::daemon {
namespace {

constexpr std::string_view kSecret = "laurel_0123456789";
constexpr std::string_view kTimestamp = "1795342500";
constexpr std::string_view kBody = R"({"id":"R-1"})";

// A request as it was signed; a test changes one thing about it.
struct Signed {
  std::string timestamp{kTimestamp};
  std::string method = "POST";
  std::string target = "/v1/transactions?explain=true";
  std::string body{kBody};
  std::string signature = "v1=680baf05bcf14d308cd8e026b2601cb1e09743be43c3eb1310cd994bcfecf8a7";
  Instant now = Instant(std::chrono::seconds(1'795'342'500));
  std::string key_secret{kSecret};  // as it is kept
  bool repeats_signature = false;

  bool is_taken() const {
    std::vector<http::Header> headers = {{"x-laurel-key", "k_1"},
                                         {"x-laurel-timestamp", timestamp},
                                         {"x-laurel-signature", signature}};
    if (repeats_signature) headers.push_back(headers.back());
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = headers;
    Key key;
    key.signing_secret = key_secret;
    return is_signed_by(request, key, now);
  }
};

TEST(Signature, is_an_hmac_over_four_lines) {
  EXPECT_EQ(signature_of(kSecret, kTimestamp, "POST", "/v1/transactions?explain=true", kBody),
            Signed().signature);
  EXPECT_TRUE(Signed().is_taken());
}

TEST(Signature, covers_every_part_of_the_request) {
  EXPECT_FALSE((Signed{.timestamp = "1795342501"}).is_taken());
  EXPECT_FALSE((Signed{.method = "PUT"}).is_taken());
  EXPECT_FALSE((Signed{.target = "/v1/transactions"}).is_taken());
  EXPECT_FALSE((Signed{.body = R"({"id":"R-2"})"}).is_taken());
  EXPECT_FALSE((Signed{.key_secret = "laurel_another"}).is_taken());
}

TEST(Signature, has_one_spelling) {
  const std::string good = Signed().signature;
  for (const std::string& wrong :
       {std::string(), std::string("v1="), good.substr(3), good + "0", "v2=" + good.substr(3)}) {
    EXPECT_FALSE((Signed{.signature = wrong}).is_taken()) << wrong;
  }
  EXPECT_FALSE((Signed{.repeats_signature = true}).is_taken());
}

TEST(Signature, is_good_for_five_minutes_either_way) {
  const Instant then = Signed().now;
  for (const Duration late : {kSignatureTolerance, -kSignatureTolerance}) {
    EXPECT_TRUE((Signed{.now = then + late}).is_taken());
  }
  const Duration more = kSignatureTolerance + Duration(1);
  for (const Duration late : {more, -more}) EXPECT_FALSE((Signed{.now = then + late}).is_taken());
}

TEST(Signature, needs_a_time_stamp_of_plain_digits) {
  for (const std::string wrong : {"", "-1795342500", "+1795342500", "1795342500.0", "1795342500 ",
                                  "2026-11-22", "0000001795342500"}) {
    Signed request{.timestamp = wrong};
    request.signature = signature_of(kSecret, wrong, request.method, request.target, request.body);
    EXPECT_FALSE(request.is_taken()) << wrong;
  }
}

TEST(Signature, is_nothing_without_a_secret_to_sign_with) {
  Signed request{.key_secret = ""};
  request.signature = signature_of("", kTimestamp, request.method, request.target, request.body);
  EXPECT_FALSE(request.is_taken());
}

}  // namespace
}  // namespace laurel::daemon
