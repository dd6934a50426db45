#include "app/application.hpp"

#include <gtest/gtest.h>

#include "app/daemon.hpp"

namespace laurel::daemon {
namespace {

TEST(RequestId, is_short_and_plain) {
  EXPECT_TRUE(is_request_id("till-7.42:a_B"));
  EXPECT_TRUE(is_request_id(std::string(128, 'a')));
  for (const char* wrong : {"", "a b", "a\"b", "é", "a;b"}) EXPECT_FALSE(is_request_id(wrong));
  EXPECT_FALSE(is_request_id(std::string(129, 'a')));
}

TEST(Traceparent, is_what_the_recommendation_says) {
  EXPECT_TRUE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  for (const char* wrong : {"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"}) {
    EXPECT_FALSE(is_traceparent(wrong)) << wrong;
  }
}

TEST(Loopback, is_this_machine_alone) {
  EXPECT_TRUE(is_loopback("127.0.0.1:8080"));
  EXPECT_TRUE(is_loopback("[::1]:0"));
  EXPECT_FALSE(is_loopback("0.0.0.0:8080"));
  EXPECT_FALSE(is_loopback("[::]:8080"));
  EXPECT_FALSE(is_loopback("192.168.0.1:80"));
}

}  // namespace
}  // namespace laurel::daemon
