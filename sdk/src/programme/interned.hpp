#pragma once
// Texts as small numbers.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace laurel::programme {

using ValueId = std::uint32_t;
inline constexpr ValueId kMissingValue = 0;  // no text at all
inline constexpr ValueId kOtherValue = 1;    // a text that no rule speaks of
inline constexpr ValueId kFirstValue = 2;

// Open addressing; built while loading, only read afterwards.
class Dictionary {
 public:
  ValueId add(std::string_view text) {
    const ValueId known = find(text);
    if (known != kOtherValue) return known;
    texts_.emplace_back(text);
    const auto id = static_cast<ValueId>(texts_.size() - 1 + kFirstValue);
    if (texts_.size() * 2 > places_.size()) {
      grow();
    } else {
      place(id);
    }
    return id;
  }

  // An empty text is a missing one.
  ValueId find(std::string_view text) const {
    if (text.empty()) return kMissingValue;
    if (places_.empty()) return kOtherValue;
    const std::uint64_t hash = hash_of(text);
    for (std::size_t i = hash & (places_.size() - 1);; i = (i + 1) & (places_.size() - 1)) {
      const Place& here = places_[i];
      if (here.id == kMissingValue) return kOtherValue;
      if (here.hash == hash && texts_[here.id - kFirstValue] == text) return here.id;
    }
  }

  const std::string& text(ValueId id) const { return texts_[id - kFirstValue]; }
  std::size_t size() const { return texts_.size() + kFirstValue; }  // one above the highest id

 private:
  struct Place {
    std::uint64_t hash = 0;
    ValueId id = kMissingValue;
  };

  static std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
    hash = (hash ^ word) * kOdd;
    return hash ^ (hash >> 32U);
  }

  template <class Word>
  static std::uint64_t word_at(const char* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }

  // In words of fixed sizes, which need no call; the last overlaps the one before it.
  static std::uint64_t hash_of(std::string_view text) {
    constexpr std::size_t kWord = sizeof(std::uint64_t), kHalf = sizeof(std::uint32_t);
    const char* const end = text.data() + text.size();
    std::uint64_t hash = text.size();
    if (text.size() >= kWord) {
      for (const char* at = text.data(); at + kWord < end; at += kWord) {
        hash = mixed(hash, word_at<std::uint64_t>(at));
      }
      return mixed(hash, word_at<std::uint64_t>(end - kWord));
    }
    if (text.size() >= kHalf) {
      return mixed(
          hash, word_at<std::uint32_t>(text.data()) << 32U | word_at<std::uint32_t>(end - kHalf));
    }
    std::uint64_t word = 0;
    for (const char c : text) word = word << 8U | static_cast<unsigned char>(c);
    return mixed(hash, word);
  }

  void place(ValueId id) {
    const std::uint64_t hash = hash_of(text(id));
    std::size_t i = hash & (places_.size() - 1);
    while (places_[i].id != kMissingValue) i = (i + 1) & (places_.size() - 1);
    places_[i] = {hash, id};
  }

  void grow() {
    places_.assign(std::bit_ceil(texts_.size() * 4), {});
    for (std::size_t i = 0; i < texts_.size(); ++i) place(static_cast<ValueId>(i + kFirstValue));
  }

  std::vector<std::string> texts_;
  std::vector<Place> places_;
};

}  // namespace laurel::programme
