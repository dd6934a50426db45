#include "programme/checker.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "programme/values.hpp"

namespace laurel::programme {
namespace {

std::string unsaid(const Word& word) {
  const std::string key = "`" + std::string(word.key) + "` is not said";
  return word.initial.empty() ? key : key + "; " + std::string(word.initial) + " is taken";
}

// Whether one of the unknown keys of the mapping was meant to be the word.
bool is_misspelt_in(const Node& map, std::string_view section, const Word& word) {
  std::vector<std::string_view> names;
  for (const Word& one : words_of(section)) names.push_back(one.key);
  return std::ranges::any_of(map.keys, [&](const Node& key) {
    return word_at(section, key.text) == nullptr && nearest_name(key.text, names) == word.key;
  });
}

class Checker {
 public:
  explicit Checker(Faults& faults) : faults_(faults) {}

  void check_map(const Node& map, std::string_view section, bool top) {
    for (std::size_t i = 0; i < map.keys.size(); ++i) check_entry(map, i, section);
    if (!top) check_required_keys(map, section);
  }

 private:
  void check_entry(const Node& map, std::size_t index, std::string_view section) {
    const Node& key = map.keys[index];
    const Word* word = word_at(section, key.text);
    if (word == nullptr) return unknown_key(key, section);
    if (word->presence == Presence::kReserved) {
      faults_.add(
          key.place, "not_supported",
          "`" + key.text + "` is a word of the language that this version cannot carry out");
      return;
    }
    if (word->key == "*") {
      if (auto wrong = key_fault(key.text, word->key_kind)) add(key.place, *std::move(wrong));
    }
    check_value(map.items[index], *word, key);
  }

  void check_value(const Node& value, const Word& word, const Node& key) {
    switch (value.kind) {
      case Node::Kind::kEmpty:
        return faults_.add(key.place, "wrong_kind", "nothing stands after `" + key.text + ":`",
                           "take the key out, or give it a value");
      case Node::Kind::kScalar:
        if ((word.shapes & kOne) == 0) return wrong_kind(value, word, key);
        return check_scalar(value, word);
      case Node::Kind::kMap:
        if ((word.shapes & kMap) == 0) return wrong_kind(value, word, key);
        // `look: {}` and `return: {}` say enough.
        if (value.keys.empty() && !word.mapping.starts_with("case ")) return empty(value, key);
        return check_map(value, word.mapping, false);
      case Node::Kind::kList: return check_list(value, word, key);
    }
  }

  void check_list(const Node& list, const Word& word, const Node& key) {
    const bool of_maps = (word.shapes & kListOfMaps) != 0;
    if (!of_maps && (word.shapes & kList) == 0) return wrong_kind(list, word, key);
    if (list.items.empty()) return empty(list, key);
    for (const Node& item : list.items) {
      if (item.kind != (of_maps ? Node::Kind::kMap : Node::Kind::kScalar)) {
        faults_.add(item.place, "wrong_kind",
                    of_maps ? "each entry of `" + key.text + "` is a mapping"
                            : "each entry of `" + key.text + "` is a single value");
      } else if (of_maps) {
        check_map(item, word.mapping, false);
      } else {
        check_scalar(item, word);
      }
    }
    if (!of_maps) check_repeats(list);
  }

  void check_repeats(const Node& list) {
    std::unordered_set<std::string_view> seen;
    for (const Node& item : list.items) {
      if (item.kind != Node::Kind::kScalar || seen.insert(item.text).second) continue;
      faults_.add(item.place, "repeated_name", in_quotes(item.text) + " stands twice in one list");
    }
  }

  void check_scalar(const Node& value, const Word& word) {
    auto wrong = value_fault(value.text, value.quoted, word);
    if (!wrong) return;
    if ((word.shapes & kMap) != 0 && !wrong->hint.starts_with("did you mean")) {
      offer_mapping(word, wrong->hint);
    }
    add(value.place, *std::move(wrong));
  }

  // `expires: 12 months` means a mapping.
  static void offer_mapping(const Word& word, std::string& hint) {
    const auto names = names_in(word.mapping);
    if (names.empty()) return;
    hint += (hint.empty() ? "or write a mapping of " : ", or a mapping of ") + listed(names);
  }

  static std::vector<std::string_view> names_in(std::string_view section) {
    std::vector<std::string_view> names;
    for (const Word& word : words_of(section)) {
      if (word.key != "*") names.push_back(word.key);
    }
    return names;
  }

  void check_required_keys(const Node& map, std::string_view section) {
    for (const Word& word : words_of(section)) {
      if (word.key == "*" || map.find(word.key) != nullptr) continue;
      if (is_misspelt_in(map, section, word)) continue;
      if (word.presence == Presence::kRequired) {
        faults_.add(map.place, "missing_key", "`" + std::string(word.key) + "` is missing here",
                    std::string(word.text));
      } else if (word.presence == Presence::kAdvised) {
        faults_.add(map.place, "unsaid", unsaid(word), std::string(word.text));
      }
    }
  }

  void unknown_key(const Node& key, std::string_view section) {
    if (faults_.is_full()) return;
    const auto names = names_in(section);
    std::string hint = did_you_mean(key.text, names);
    if (hint.empty()) hint = elsewhere(key.text);
    constexpr std::size_t kFew = 12;
    if (hint.empty() && !names.empty() && names.size() <= kFew) hint = listed(names);
    faults_.add(key.place, "unknown_key", in_quotes(key.text) + " is no word of the language here",
                std::move(hint));
  }

  static std::string elsewhere(std::string_view key) {
    for (const Word& word : all_words()) {
      if (word.key == key) return "it may stand in " + std::string(word.section);
    }
    return {};
  }

  void wrong_kind(const Node& value, const Word& word, const Node& key) {
    std::string meant;
    const auto also = [&meant](std::string_view kind) {
      meant += (meant.empty() ? "" : " or ") + std::string(kind);
    };
    if ((word.shapes & kOne) != 0) also("a single value");
    if ((word.shapes & (kList | kListOfMaps)) != 0) also("a list");
    if ((word.shapes & kMap) != 0) also("a mapping");
    const bool none = value.kind == Node::Kind::kScalar && value.text == "0";
    std::string hint = none ? "if there is none, take the key out" : "";
    if (!none && value.kind == Node::Kind::kScalar && is_list_of_texts(word)) {
      hint = "write `[" + value.text + "]`";
    }
    faults_.add(value.place, "wrong_kind", "`" + key.text + "` takes " + meant, std::move(hint));
  }

  static bool is_list_of_texts(const Word& word) { return (word.shapes & kList) != 0; }

  void empty(const Node& value, const Node& key) {
    faults_.add(value.place, "wrong_kind", "`" + key.text + "` is empty", "take the key out");
  }

  void add(Place place, Wrong wrong) {
    faults_.add(place, wrong.code, std::move(wrong.message), std::move(wrong.hint));
  }

  Faults& faults_;
};

}  // namespace

void check_file(const Node& root, Faults& faults) {
  if (root.kind == Node::Kind::kEmpty) return;  // a file of comments
  if (root.kind != Node::Kind::kMap) {
    faults.add(root.place, "wrong_kind", "a programme's file is a mapping of keys");
    return;
  }
  Checker(faults).check_map(root, "programme", true);
}

void check_required(std::span<const Node> roots, Faults& faults) {
  for (const Word& word : words_of("programme")) {
    const bool found = std::ranges::any_of(roots, [&word](const Node& root) {
      return root.find(word.key) != nullptr || is_misspelt_in(root, "programme", word);
    });
    if (found) continue;
    if (word.presence == Presence::kRequired) {
      faults.add({}, "missing_key", "`" + std::string(word.key) + "` is missing in the programme",
                 std::string(word.text));
    } else if (word.presence == Presence::kAdvised) {
      faults.add({}, "unsaid", unsaid(word), std::string(word.text));
    }
  }
}

}  // namespace laurel::programme
