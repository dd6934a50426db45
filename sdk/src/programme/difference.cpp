// Two programmes side by side, word by word of the language's table, so that a word that is added
// to the language is compared from its first day.

#include "laurel/difference.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.hpp"
#include "base/decimal.hpp"
#include "programme/compiled.hpp"
#include "programme/reader.hpp"

namespace laurel {
namespace {

using namespace programme;
using Kind = ProgrammeChange::Kind;

struct Files {
  explicit Files(const Programme& programme) : faults(programme.files()) {
    const auto& files = programme.files();
    for (std::uint32_t i = 0; i < files.size(); ++i) {
      auto root = read_yaml(files[i].text, i, faults);
      LAUREL_ASSERT(root.has_value(), "the files of a programme have been read before");
      roots.push_back(*std::move(root));
    }
  }
  Faults faults;
  std::vector<Node> roots;
};

// 5000.00 as "5,000.00".
std::string grouped(const std::string& amount) {
  const auto point = std::min(amount.find('.'), amount.size());
  std::string text = amount;
  for (std::size_t at = point; at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

bool is_amount(Scalar scalar) { return scalar == Scalar::kAmount; }

// What people call the things of a list or of a mapping by id.
std::string noun_of(std::string_view section) {
  if (section == "level") return "tier";
  if (section == "identifier type") return "identifier";
  return std::string(section);
}

class Comparison {
 public:
  explicit Comparison(Currency currency) : currency_(currency) {}

  std::vector<ProgrammeChange> run(const Node& was, const Node& becomes) {
    compare_map("programme", "", "programme", was, becomes);
    return std::move(changes_);
  }

 private:
  // ---- Values

  std::string amount_text(const std::string& text) const {
    const auto money = Money::parse(text, currency_);
    return money ? grouped(money->text()) : text;
  }

  // Two texts of one value have one key.
  std::string key_of(const Node& node, const Word& word) const {
    if (node.kind != Node::Kind::kScalar) return flow(node, &word);
    switch (word.scalar) {
      case Scalar::kAmount: return amount_text(node.text);
      case Scalar::kWhole:
      case Scalar::kDecimal:
      case Scalar::kPercent:
      case Scalar::kPoints:
      case Scalar::kExchangeRate: {
        const auto number = Fraction::parse(node.text);
        return number ? number->text() : node.text;
      }
      case Scalar::kRate: {
        const auto rate = Rate::parse(node.text, currency_, 0);
        return rate ? rate->text(currency_, 0) : node.text;
      }
      case Scalar::kNone:
      case Scalar::kId:
      case Scalar::kText:
      case Scalar::kMoney:
      case Scalar::kDate:
      case Scalar::kMoment:
      case Scalar::kLocalTime:
      case Scalar::kHours:
      case Scalar::kPeriod:
      case Scalar::kPhrase:
      case Scalar::kBonus:
      case Scalar::kBudget:
      case Scalar::kTrueFalse:
      case Scalar::kCurrency:
      case Scalar::kZone:
      case Scalar::kLanguage: break;
    }
    return node.text;
  }

  // As one line of the language; `word` may be null.
  std::string flow(const Node& node, const Word* word) const {
    switch (node.kind) {
      case Node::Kind::kEmpty: return "";
      case Node::Kind::kScalar:
        return word != nullptr && is_amount(word->scalar) ? amount_text(node.text) : node.text;
      case Node::Kind::kList: {
        std::string text;
        for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + flow(item, word);
        return "[" + text + "]";
      }
      case Node::Kind::kMap: {
        std::string text;
        for (std::size_t i = 0; i < node.keys.size(); ++i) {
          const Word* inner = word == nullptr ? nullptr : word_at(word->mapping, node.keys[i].text);
          text +=
              (text.empty() ? "" : ", ") + node.keys[i].text + ": " + flow(node.items[i], inner);
        }
        return "{ " + text + " }";
      }
    }
    return "";
  }

  // ---- Changes

  void add(Kind kind, const std::string& subject, std::string word, std::string was,
           std::string becomes) {
    changes_.push_back({kind, subject, std::move(word), std::move(was), std::move(becomes)});
  }

  static std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + ": " + std::string(key);
  }

  // The words of a section, and its keys that are not words.
  void compare_map(const std::string& subject, const std::string& path, std::string_view section,
                   const Node& was, const Node& becomes) {
    for (const Word& word : words_of(section)) {
      if (word.key == "*") {
        compare_by_key(subject, path, word, was, becomes);
      } else {
        compare(subject, path, word, was.find(word.key), becomes.find(word.key));
      }
    }
  }

  void compare_by_key(const std::string& subject, const std::string& path, const Word& word,
                      const Node& was, const Node& becomes) {
    std::set<std::string> keys;
    for (const Node* map : {&was, &becomes}) {
      for (const Node& key : map->keys) {
        if (word_at(word.section, key.text) == &word) keys.insert(key.text);
      }
    }
    for (const std::string& key : keys) {
      const Node* a = was.find(key);
      const Node* b = becomes.find(key);
      const bool thing = word.key_kind == Scalar::kId && !word.mapping.empty();
      if (thing) {
        compare_things(noun_of(word.mapping) + " " + key, word.mapping, a, b);
      } else {
        compare_value(subject, joined(path, key), word, a, b);
      }
    }
  }

  // Things that have a name: there, gone, or other than they were.
  void compare_things(const std::string& subject, std::string_view section, const Node* was,
                      const Node* becomes) {
    if (was == nullptr) return add(Kind::kAdded, subject, "", "", flow(*becomes, nullptr));
    if (becomes == nullptr) return add(Kind::kRemoved, subject, "", flow(*was, nullptr), "");
    if (section == "case") {
      if (flow(*was, nullptr) != flow(*becomes, nullptr)) add(Kind::kChanged, subject, "", "", "");
      return;
    }
    if (was->kind == Node::Kind::kMap && becomes->kind == Node::Kind::kMap) {
      compare_map(subject, "", section, *was, *becomes);
    }
  }

  void compare(const std::string& subject, const std::string& path, const Word& word,
               const Node* was, const Node* becomes) {
    if (is_list_of_things(word, was) || is_list_of_things(word, becomes)) {
      return compare_lists(word, was, becomes);
    }
    const bool top = word.section == "programme";
    const bool maps = (was == nullptr || was->kind == Node::Kind::kMap) &&
                      (becomes == nullptr || becomes->kind == Node::Kind::kMap) &&
                      (was != nullptr || becomes != nullptr);
    static const Node kNothing = [] {
      Node nothing;
      nothing.kind = Node::Kind::kMap;
      return nothing;
    }();
    if (top && maps) {
      return compare_map(std::string(word.key), "", word.mapping, was ? *was : kNothing,
                         becomes ? *becomes : kNothing);
    }
    compare_value(subject, joined(path, word.key), word, was, becomes);
  }

  static std::string_view naming_word(std::string_view section) {
    for (const std::string_view key : {"id", "name"}) {
      const Word* word = word_at(section, key);
      if (word != nullptr && word->key == key && word->presence == Presence::kRequired) return key;
    }
    return {};
  }

  static bool is_list_of_things(const Word& word, const Node* node) {
    return node != nullptr && node->kind == Node::Kind::kList && (word.shapes & kListOfMaps) != 0 &&
           !naming_word(word.mapping).empty();
  }

  void compare_lists(const Word& word, const Node* was, const Node* becomes) {
    const auto key = naming_word(word.mapping);
    const auto by_name = [&](const Node* list) {
      std::map<std::string, const Node*> things;
      if (list == nullptr) return things;
      for (const Node& item : list->items) {
        if (const Node* name = item.find(key)) things.emplace(name->text, &item);
      }
      return things;
    };
    const auto a = by_name(was), b = by_name(becomes);
    std::map<std::string, int> names;
    for (const auto& [name, item] : a) names[name];
    for (const auto& [name, item] : b) names[name];
    for (const auto& [name, unused] : names) {
      const auto x = a.find(name), y = b.find(name);
      compare_things(noun_of(word.mapping) + " " + name, word.mapping,
                     x == a.end() ? nullptr : x->second, y == b.end() ? nullptr : y->second);
    }
  }

  // What is left out holds as the language says.
  void compare_value(const std::string& subject, const std::string& path, const Word& word,
                     const Node* was, const Node* becomes) {
    Node initial;
    initial.kind = Node::Kind::kScalar;
    initial.text = word.initial;
    if (!word.initial.empty()) {
      if (was == nullptr) was = &initial;
      if (becomes == nullptr) becomes = &initial;
    }
    if (was == nullptr && becomes == nullptr) return;
    if (was == nullptr) return add(Kind::kAdded, subject, path, "", flow(*becomes, &word));
    if (becomes == nullptr) return add(Kind::kRemoved, subject, path, flow(*was, &word), "");
    const bool both_maps = was->kind == Node::Kind::kMap && becomes->kind == Node::Kind::kMap;
    if (both_maps) return compare_map(subject, path, word.mapping, *was, *becomes);
    const bool lists = (word.shapes & kList) != 0 && was->kind != Node::Kind::kMap &&
                       becomes->kind != Node::Kind::kMap;
    if (lists) return compare_sets(subject, path, word, *was, *becomes);
    if (key_of(*was, word) == key_of(*becomes, word)) return;
    add(Kind::kChanged, subject, path, flow(*was, &word), flow(*becomes, &word));
  }

  std::vector<std::string> items_of(const Node& node, const Word& word) const {
    std::vector<std::string> items;
    if (node.kind != Node::Kind::kList) return {key_of(node, word)};
    for (const Node& item : node.items) items.push_back(key_of(item, word));
    return items;
  }

  // One value is a list of it. Of a short list all is shown, of a long one what differs.
  void compare_sets(const std::string& subject, const std::string& path, const Word& word,
                    const Node& was, const Node& becomes) {
    auto a = items_of(was, word), b = items_of(becomes, word);
    if (a == b) return;
    const bool ordered = word.key == "precedence";
    if (!ordered) {
      std::ranges::sort(a);
      std::ranges::sort(b);
      if (a == b) return;
    }
    constexpr std::size_t kShort = 8;
    if (ordered || std::max(a.size(), b.size()) <= kShort) {
      return add(Kind::kChanged, subject, path, list_text(a), list_text(b));
    }
    std::vector<std::string> gone, come;
    std::ranges::set_difference(a, b, std::back_inserter(gone));
    std::ranges::set_difference(b, a, std::back_inserter(come));
    if (!gone.empty()) add(Kind::kRemoved, subject, path, list_text(gone), "");
    if (!come.empty()) add(Kind::kAdded, subject, path, "", list_text(come));
  }

  static std::string list_text(const std::vector<std::string>& items) {
    if (items.size() == 1) return items.front();
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
    return "[" + text + "]";
  }

  Currency currency_;
  std::vector<ProgrammeChange> changes_;
};

}  // namespace

std::vector<ProgrammeChange> difference(const Programme& was, const Programme& becomes) {
  Files a(was), b(becomes);
  const ProgrammeReader left(a.roots, a.faults), right(b.roots, b.faults);
  return Comparison(becomes.currency()).run(left.top().node(), right.top().node());
}

std::string to_text(const ProgrammeChange& change) {
  std::string text = change.subject;
  if (!change.word.empty()) text += ": " + change.word;
  switch (change.kind) {
    case Kind::kChanged:
      return change.was.empty() && change.becomes.empty()
                 ? text + " changed"
                 : text + " " + change.was + " -> " + change.becomes;
    case Kind::kAdded: return text + " added: " + change.becomes;
    case Kind::kRemoved: return text + " removed: " + change.was;
  }
  return text;
}

}  // namespace laurel
