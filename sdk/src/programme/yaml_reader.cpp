// The only file that knows yaml-cpp, and the only one in this room that catches exceptions.
// It listens to the parser's events instead of loading its tree: there the first of two equal keys
// wins in silence, and an alias can make the tree endless.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "programme/yaml.hpp"

namespace laurel::programme {
namespace {

// Ends the reading of a file; the fault is already listed.
struct Stopped {};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, std::uint32_t file, Faults& faults)
      : file_(file), faults_(faults) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
    text_ = text;
  }

  std::optional<Node> take() { return std::move(root_); }

  Place place(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    const auto bytes = static_cast<std::size_t>(std::max(mark.column, 0));
    std::string_view before =
        line < line_starts_.size() ? text_.substr(line_starts_[line]) : std::string_view();
    before = before.substr(0, std::min(bytes, before.find('\n')));
    int column = 1;
    for (const char c : before) column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return {file_, static_cast<int>(line) + 1, column};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      stop(mark, "several_documents", "a second document begins here", "use one file for each");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(Node{.kind = Node::Kind::kEmpty, .place = place(mark)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(mark, "alias", "aliases are no part of the language", "write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    add(Node{
        .kind = Node::Kind::kScalar, .quoted = tag == "!", .text = value, .place = place(mark)});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map that is still open.
  struct Open {
    Node node;
    std::optional<Node> key = {};                     // of the value that comes next
    std::unordered_map<std::string, int> lines = {};  // of the keys seen
  };

  [[noreturn]] void stop(const YAML::Mark& mark, std::string_view code, std::string message,
                         std::string hint = {}) {
    faults_.add(place(mark), code, std::move(message), std::move(hint));
    throw Stopped{};
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    stop(mark, "alias", "anchors are no part of the language", "remove `&…`");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    stop(mark, "alias", "tags are no part of the language", "remove `!…`");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (open_.size() >= kMaxDepth) {
      stop(mark, "too_large", "lists and mappings stand too deep in each other",
           "at most " + std::to_string(kMaxDepth) + " levels");
    }
    if (!open_.empty() && open_.back().node.kind == Node::Kind::kMap && !open_.back().key) {
      stop(mark, "wrong_kind", "a key must be plain text");
    }
    open_.push_back({.node = Node{.kind = kind, .place = place(mark)}});
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (++nodes_ > kMaxNodes) {
      faults_.add(node.place, "too_large", "the file has too many parts");
      throw Stopped{};
    }
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::kList) {
      open_.back().node.items.push_back(std::move(node));
    } else if (!open_.back().key) {
      add_key(open_.back(), std::move(node));
    } else {
      add_value(open_.back(), std::move(node));
    }
  }

  void add_key(Open& map, Node key) {
    if (key.kind != Node::Kind::kScalar) {
      faults_.add(key.place, "wrong_kind", "a key is missing before the colon");
    } else if (key.text == "<<" && !key.quoted) {
      faults_.add(key.place, "alias", "merge keys are no part of the language",
                  "write the keys out");
    }
    map.key = std::move(key);
  }

  void add_value(Open& map, Node value) {
    Node key = *std::move(map.key);
    map.key.reset();
    if (key.kind != Node::Kind::kScalar) return;
    const auto [first, added] = map.lines.try_emplace(key.text, key.place.line);
    if (!added) {
      faults_.add(key.place, "repeated_key", in_quotes(key.text) + " stands here a second time",
                  "it stands already in line " + std::to_string(first->second));
      return;
    }
    map.node.keys.push_back(std::move(key));
    map.node.items.push_back(std::move(value));
  }

  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  std::uint32_t file_;
  Faults& faults_;
  std::vector<Open> open_;
  std::optional<Node> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// The first tab in the indentation of the lines up to `last`; what yaml-cpp says of it is dark.
std::optional<Place> tab_in_indentation(std::string_view text, std::uint32_t file, int last) {
  for (int line = 1; line <= last && !text.empty(); ++line) {
    const std::size_t tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
    if (tab != std::string_view::npos) return Place{file, line, static_cast<int>(tab) + 1};
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::nullopt;
}

std::string hint_for(const std::string& message) {
  if (message.find("flow") != std::string::npos)
    return "a `[` or `{` is not closed, or a comma lacks";
  if (message.find("EOF") != std::string::npos) return "a quote is not closed";
  if (message.find("anchor") != std::string::npos) return "aliases are no part of the language";
  return "look for a colon, a dash or a quote too few or too many, and whether the lines around it "
         "begin in one column";
}

// yaml-cpp takes other encodings and NUL bytes as they come; a programme is UTF-8 text.
bool is_readable(std::string_view text, std::uint32_t file, Faults& faults) {
  if (text.size() > kMaxFileBytes) {
    faults.add({file, 1, 1}, "too_large", "the file is larger than 4 MB");
    return false;
  }
  int line = 1;
  int column = 1;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    const bool control =
        static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
    if (length == 0 || control || c == '\x7f') {
      faults.add({file, line, column}, "not_utf8",
                 length == 0 ? "this is not UTF-8" : "a control character stands here");
      return false;
    }
    line += c == '\n' ? 1 : 0;
    column = c == '\n' ? 1 : column + 1;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

std::optional<Node> read_yaml(std::string_view text, std::uint32_t file, Faults& faults) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!is_readable(text, file, faults)) return std::nullopt;
  TreeBuilder tree(text, file, faults);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const Stopped&) {
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    const Place place = tree.place(exception.mark);
    if (const auto tab = tab_in_indentation(text, file, place.line)) {
      faults.add(*tab, "not_yaml", "a tab stands in the indentation", "indent with spaces");
    } else {
      faults.add(place, "not_yaml", "this is not YAML: " + exception.msg, hint_for(exception.msg));
    }
    return std::nullopt;
  } catch (const std::exception& exception) {
    faults.add({file, 1, 1}, "not_yaml", exception.what());
    return std::nullopt;
  }
  std::optional<Node> root = tree.take();
  return root ? std::move(root) : Node{.place = {file, 1, 1}};
}

}  // namespace laurel::programme
