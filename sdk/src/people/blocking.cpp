#include "people/blocking.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string_view>

#include "people/text.hpp"

namespace laurel::people {

namespace {

using enum ProfileField;

using Key = std::uint64_t;  // 0: none

constexpr Key mixed(Key key) {
  key ^= key >> 30;
  key *= 0xBF58476D1CE4E5B9U;
  key ^= key >> 27;
  key *= 0x94D049BB133111EBU;
  return key ^ key >> 31;
}

// FNV-1a: the same on every machine and in every run.
Key hash(std::string_view text) {
  Key key = 0xCBF29CE484222325U;
  for (const char c : text) key = (key ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return key | 1;
}

// A part of a key that follows from one value; worked out once for each distinct value.
class Derived {
 public:
  template <class F>
  Derived(const Table& table, ProfileField field, F f) : column_(&table.columns[at(field)].values) {
    const Pool& pool = table.pool(field);
    keys_.reserve(pool.size());
    for (const auto& text : pool) {
      const auto part = f(std::string_view(text));
      keys_.push_back(part.empty() ? 0 : hash(part));
    }
  }

  Key operator()(Row row) const { return keys_[(*column_)[row]]; }

 private:
  const std::vector<Value>* column_;
  std::vector<Key> keys_;
};

using KeyOf = std::function<Key(Row)>;

// Every part, or no key.
template <class... Parts>
Key joined(Parts... parts) {
  if (((parts == 0) || ...)) return 0;
  Key key = 0;
  ((key = mixed(key * 31 + parts)), ...);
  return key | 1;
}

std::string_view local_part(std::string_view mail) {
  const std::string_view local = mail.substr(0, mail.find('@'));
  return local.size() < 4 ? std::string_view() : local;
}

std::string_view beginning(std::string_view text) { return text.substr(0, 6); }
std::string_view whole(std::string_view text) { return text; }

class Passes {
 public:
  explicit Passes(const Table& table) : table_(table) {
    content_.resize(table.rows());
    std::iota(content_.begin(), content_.end(), 0U);
    constexpr std::array kBy = {kFamilyName, kGivenName, kBirthDate, kPostcode, kStreet};
    std::stable_sort(content_.begin(), content_.end(), [&](Row one, Row other) {
      for (const ProfileField field : kBy) {
        const Value left = table_.value(field, one);
        const Value right = table_.value(field, other);
        if (left != right) return left < right;
      }
      return false;
    });
  }

  void add(std::vector<ProfileField> fields, const KeyOf& key_of) {
    Pass pass;
    pass.fields = std::move(fields);
    std::vector<std::pair<Key, std::uint32_t>> keyed;
    for (std::uint32_t rank = 0; rank < content_.size(); ++rank) {
      const Key key = key_of(content_[rank]);
      if (key != 0) keyed.emplace_back(key, rank);
    }
    std::sort(keyed.begin(), keyed.end());
    pass.block_of.assign(table_.rows(), 0);
    pass.place_of.assign(table_.rows(), 0);
    for (std::size_t begin = 0, end = 0; begin < keyed.size(); begin = end) {
      while (end < keyed.size() && keyed[end].first == keyed[begin].first) ++end;
      if (end - begin > 1) append_block(pass, std::span(keyed).subspan(begin, end - begin));
    }
    pass.order.shrink_to_fit();
    if (!pass.blocks.empty()) passes_.push_back(std::move(pass));
  }

  std::vector<Pass> finished() { return std::move(passes_); }

 private:
  void append_block(Pass& pass, std::span<const std::pair<Key, std::uint32_t>> keyed) {
    Block block{static_cast<std::uint32_t>(pass.order.size()), 0, 0};
    for (const auto& [key, rank] : keyed) {
      const Row row = content_[rank];
      pass.block_of[row] = static_cast<std::uint32_t>(pass.blocks.size()) + 1;
      pass.place_of[row] = static_cast<std::uint32_t>(pass.order.size());
      pass.order.push_back(row);
    }
    block.end = static_cast<std::uint32_t>(pass.order.size());
    block.reach = keyed.size() > kBlockMax ? kWindow : block.end - block.begin;
    pass.blocks.push_back(block);
  }

  const Table& table_;
  std::vector<Row> content_;  // rows by names, birth date and address
  std::vector<Pass> passes_;
};

// Either order of the two names.
Key both_names(const Derived& given, const Derived& family, Row row) {
  const Key one = given(row);
  const Key other = family(row);
  return joined(std::min(one, other), std::max(one, other));
}

}  // namespace

std::vector<Pass> passes_over(const Table& table) {
  const Derived identifier(table, kIdentifier, whole), email(table, kEmail, whole),
      phone(table, kPhone, whole), given(table, kGivenName, whole),
      family(table, kFamilyName, whole), birth(table, kBirthDate, whole),
      postcode(table, kPostcode, whole), number(table, kHouseNumber, whole),
      city(table, kCity, whole), local(table, kEmail, local_part),
      street(table, kStreet, beginning), given_sound(table, kGivenName, sound),
      family_sound(table, kFamilyName, sound);
  Passes passes(table);
  passes.add({kIdentifier}, identifier);
  passes.add({kEmail}, email);
  passes.add({kPhone}, phone);
  passes.add({kBirthDate}, birth);
  passes.add({kGivenName, kFamilyName, kNameOrder},
             [&](Row row) { return both_names(given, family, row); });
  passes.add({kBirthDate, kFamilyName},
             [&](Row row) { return joined(birth(row), family_sound(row)); });
  passes.add({kBirthDate, kGivenName},
             [&](Row row) { return joined(birth(row), given_sound(row)); });
  passes.add({kFamilyName, kPostcode},
             [&](Row row) { return joined(family_sound(row), postcode(row)); });
  passes.add({kGivenName, kPostcode},
             [&](Row row) { return joined(given_sound(row), postcode(row)); });
  passes.add({kStreet, kHouseNumber}, [&](Row row) { return joined(street(row), number(row)); });
  passes.add({kEmail}, local);
  passes.add({kGivenName, kFamilyName, kNameOrder},
             [&](Row row) { return both_names(given_sound, family_sound, row); });
  passes.add({kFamilyName, kCity}, [&](Row row) { return joined(family_sound(row), city(row)); });
  passes.add({kGivenName, kCity}, [&](Row row) { return joined(given_sound(row), city(row)); });
  return passes.finished();
}

Pass pass_of_all(const Table& table) {
  Pass pass;
  const auto rows = static_cast<std::uint32_t>(table.rows());
  for (Row row = 0; row < rows; ++row) {
    pass.order.push_back(row);
    pass.place_of.push_back(row);
    pass.block_of.push_back(1);
  }
  pass.blocks.push_back({0, rows, rows});
  return pass;
}

}  // namespace laurel::people
