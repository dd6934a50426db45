#include "programme/reader.hpp"

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"

namespace laurel::programme {
namespace {

bool is_scalar(const Node& node) { return node.kind == Node::Kind::kScalar; }

bool is_right(const Node& node, const Word& word) {
  return is_scalar(node) && !value_fault(node.text, node.quoted, word);
}

}  // namespace

bool Block::has_strange_keys() const {
  return std::ranges::any_of(node_->keys, [this](const Node& key) {
    const Word* word = word_at(section_, key.text);
    return word == nullptr || word->presence == Presence::kReserved;
  });
}

Place Block::place_of(std::string_view key) const {
  const Node* value = node_->find(key);
  return value == nullptr ? node_->place : value->place;
}

std::optional<std::string> Block::text(std::string_view key) const {
  const Word* word = word_at(section_, key);
  LAUREL_ASSERT(word != nullptr, "a word that the language does not have");
  const Node* value = node_->find(key);
  if (value != nullptr) return is_right(*value, *word) ? std::optional(value->text) : std::nullopt;
  return word->initial.empty() ? std::nullopt : std::optional(std::string(word->initial));
}

std::optional<Phrase> Block::phrase(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_phrase(*value, *word_at(section_, key));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<std::int64_t> Block::whole(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_scaled(*value, 0);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<Block> Block::map(std::string_view key) const {
  const Node* value = node_->find(key);
  if (value == nullptr || value->kind != Node::Kind::kMap) return std::nullopt;
  const Word* word = word_at(section_, key);
  LAUREL_ASSERT(word != nullptr, "a word that the language does not have");
  if ((word->shapes & kMap) == 0) return std::nullopt;
  return Block(*value, word->mapping);
}

std::vector<Block> Block::maps(std::string_view key) const {
  std::vector<Block> blocks;
  const Node* value = node_->find(key);
  if (value == nullptr || value->kind != Node::Kind::kList) return blocks;
  const Word* word = word_at(section_, key);
  for (const Node& item : value->items) {
    if (item.kind == Node::Kind::kMap) blocks.emplace_back(item, word->mapping);
  }
  return blocks;
}

std::vector<const Node*> Block::values(std::string_view key) const {
  std::vector<const Node*> nodes;
  const Node* value = node_->find(key);
  if (value == nullptr) return nodes;
  const Word& word = *word_at(section_, key);
  if (is_right(*value, word)) nodes.push_back(value);
  if (value->kind == Node::Kind::kList) {
    for (const Node& item : value->items) {
      if (is_right(item, word)) nodes.push_back(&item);
    }
  }
  return nodes;
}

std::vector<std::string> Block::texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const Node* node : values(key)) texts.push_back(node->text);
  return texts;
}

std::vector<Entry> Block::entries() const {
  std::vector<Entry> entries;
  const Word& word = *word_at(section_, "*");
  for (std::size_t i = 0; i < node_->keys.size(); ++i) {
    if (!key_fault(node_->keys[i].text, word.key_kind)) {
      entries.push_back({&node_->keys[i], &node_->items[i]});
    }
  }
  return entries;
}

std::vector<std::pair<std::string, std::string>> Block::names(std::string_view key) const {
  std::vector<std::pair<std::string, std::string>> names;
  if (const auto by_language = map(key)) {
    for (const Entry& entry : by_language->entries()) {
      if (is_scalar(*entry.value)) names.emplace_back(entry.key->text, entry.value->text);
    }
    std::ranges::sort(names);
  } else if (const auto name = text(key)) {
    names.emplace_back("", *name);
  }
  return names;
}

ProgrammeReader::ProgrammeReader(std::span<const Node> roots, Faults& faults) : faults_(faults) {
  merged_.kind = Node::Kind::kMap;
  for (const Node& root : roots) {
    for (std::size_t i = 0; i < root.keys.size(); ++i) merge(root.keys[i], root.items[i]);
  }
}

// Lists of things and mappings by id grow from file to file; anything else stands in one file.
void ProgrammeReader::merge(const Node& key, const Node& value) {
  if (value.kind == Node::Kind::kEmpty) return;  // said already
  const auto seen = std::ranges::find(merged_.keys, key.text, &Node::text);
  if (seen == merged_.keys.end()) {
    merged_.keys.push_back(key);
    merged_.items.push_back(value);
    return;
  }
  Node& all = merged_.items[static_cast<std::size_t>(seen - merged_.keys.begin())];
  const Word* word = word_at("programme", key.text);
  const bool by_id = word != nullptr && word_at(word->mapping, "*") != nullptr;
  if (value.kind == Node::Kind::kList && all.kind == value.kind) {
    all.items.insert(all.items.end(), value.items.begin(), value.items.end());
  } else if (value.kind == Node::Kind::kMap && all.kind == value.kind && by_id) {
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      if (all.find(value.keys[i].text) != nullptr) {
        faults_.add(value.keys[i].place, "repeated_name",
                    in_quotes(value.keys[i].text) + " is declared in another file too");
        continue;
      }
      all.keys.push_back(value.keys[i]);
      all.items.push_back(value.items[i]);
    }
  } else {
    faults_.add(key.place, "repeated_key", in_quotes(key.text) + " stands in another file too",
                "it may stand once in the whole programme");
  }
}

void check_languages(const Block& block, std::string_view key, const Draft& draft, Faults& faults) {
  const auto names = block.map(key);
  if (!names || draft.languages.empty()) return;
  for (const Entry& entry : names->entries()) {
    is_known(*entry.key, "language", draft.languages, faults);
  }
}

std::optional<std::int64_t> units_of(const Node& node, std::string_view text, int scale,
                                     Faults& faults) {
  const auto units = parse_scaled(text, scale);
  if (units) return *units;
  faults.add(node.place, "out_of_range", units.error().detail);
  return std::nullopt;
}

std::vector<std::string> currencies_of(const Draft& draft) {
  std::vector<std::string> codes;
  if (!draft.currency) return codes;
  codes.emplace_back(draft.currency->code());
  for (const auto& [code, rates] : draft.exchange) codes.push_back(code);
  return codes;
}

bool is_known(const Node& node, std::string_view what, std::span<const std::string> names,
              Faults& faults) {
  if (std::ranges::find(names, node.text) != names.end()) return true;
  if (names.empty() && faults.is_partial()) return false;
  constexpr std::size_t kMany = 1000;  // among so many the nearest is hard to find, and no help
  std::vector<std::string_view> views;
  if (names.size() < kMany && !faults.is_full()) views.assign(names.begin(), names.end());
  std::string hint = did_you_mean(node.text, views);
  constexpr std::size_t kFew = 8;
  if (hint.empty() && !views.empty() && views.size() <= kFew) hint = listed(views);
  faults.add(node.place, "unknown_name",
             "the programme has no " + std::string(what) + " " + in_quotes(node.text),
             std::move(hint));
  return false;
}

}  // namespace laurel::programme
