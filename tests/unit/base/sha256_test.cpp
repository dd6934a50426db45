#include "base/sha256.hpp"

#include <gtest/gtest.h>

namespace laurel {
namespace {

// The examples that NIST publishes with FIPS 180-4.
TEST(Sha256, gives_the_published_digests) {
  const std::pair<std::string, const char*> kRows[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmn"
       "o"
       "pqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const auto& [bytes, digest] : kRows) EXPECT_EQ(sha256_hex(bytes), digest);
}

TEST(Sha256, does_not_depend_on_how_the_bytes_arrive) {
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes;
    Sha256 sha;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37);
    for (std::size_t i = 0; i < size; i += 7) sha.update(std::string_view(bytes).substr(i, 7));
    EXPECT_EQ(to_hex(sha.finish()), sha256_hex(bytes)) << size;
  }
}

TEST(Sha256, takes_bytes_that_are_not_text) {
  EXPECT_EQ(sha256_hex(std::string_view("\0", 1)),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

}  // namespace
}  // namespace laurel
