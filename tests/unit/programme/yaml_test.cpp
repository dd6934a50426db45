#include "programme/yaml.hpp"

#include <gtest/gtest.h>

namespace laurel::programme {
namespace {

struct Read {
  std::vector<SourceFile> files;
  std::optional<Node> root;
  std::vector<ProgrammeFault> faults;
};

Read read(std::string text) {
  Read out{.files = {{"a.yaml", std::move(text)}}, .root = {}, .faults = {}};
  Faults faults(out.files);
  out.root = read_yaml(out.files[0].text, 0, faults);
  out.faults = faults.take();
  return out;
}

std::string first_fault(const std::string& text) {
  const auto out = read(text);
  if (out.faults.empty()) return "none";
  const auto& fault = out.faults.front();
  return std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " + fault.code;
}

TEST(Yaml, remembers_where_every_key_and_value_stands) {
  const auto out = read("a: 1\nb:\n  - x\n  - { c: \"y\" }\n");
  ASSERT_TRUE(out.root);
  EXPECT_EQ(out.root->keys[1].place, (Place{0, 2, 1}));
  const Node& list = out.root->items[1];
  EXPECT_EQ(list.items[0].place, (Place{0, 3, 5}));
  EXPECT_EQ(list.items[1].keys[0].place, (Place{0, 4, 7}));
  EXPECT_EQ(list.items[1].items[0].place, (Place{0, 4, 10}));
}

TEST(Yaml, counts_columns_in_characters) {
  const auto out = read("{ ポイント: x, a: y }\n");
  ASSERT_TRUE(out.root);
  EXPECT_EQ(out.root->keys[1].place.column, 12);
}

TEST(Yaml, keeps_scalars_as_text_and_knows_which_were_quoted) {
  const auto out = read("[ 010, NO, \"010\", 1e3, ~ ]\n");
  ASSERT_TRUE(out.root);
  EXPECT_EQ(out.root->items[0].text, "010");
  EXPECT_EQ(out.root->items[1].text, "NO");
  EXPECT_FALSE(out.root->items[0].quoted);
  EXPECT_TRUE(out.root->items[2].quoted);
  EXPECT_EQ(out.root->items[4].kind, Node::Kind::kEmpty);
}

TEST(Yaml, reports_a_repeated_key_and_goes_on) {
  const auto out = read("a: 1\nb: 2\na: 3\nb: 4\n");
  ASSERT_EQ(out.faults.size(), 2U);
  EXPECT_EQ(out.faults[0].line, 3);
  EXPECT_EQ(out.faults[1].line, 4);
  EXPECT_EQ(out.root->find("a")->text, "1");
}

TEST(Yaml, G9_refuses_what_is_no_tree) {
  const std::pair<std::string, std::string> rows[] = {
      {"a: &x [1]\nb: *x\n", "alias"},
      {"b: *x\n", "not_yaml"},
      {"a: &x 1\n", "alias"},
      {"&x [1, *x]\n", "alias"},
      {"a: { <<: { b: 1 } }\n", "alias"},
      {"a: !!int 1\n", "alias"},
      {"a: 1\n---\nb: 2\n", "several_documents"},
      {"[a]: 1\n", "wrong_kind"},
      {"a: [1\n", "not_yaml"},
      {"a:\n\t- b\n", "not_yaml"},
  };
  for (const auto& [text, expected] : rows) {
    const auto faults = read(text).faults;
    ASSERT_FALSE(faults.empty()) << text;
    EXPECT_EQ(faults.front().code, expected) << text;
  }
}

TEST(Yaml, G9_alias_bomb_ends_at_its_first_anchor) {
  std::string bomb = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'l'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [*" + before + ", *" + before + "]\n";
  }
  EXPECT_EQ(first_fault(bomb), "1:4 alias");
}

TEST(Yaml, bounds_depth_and_size) {
  EXPECT_EQ(first_fault(std::string(40, '[') + std::string(40, ']')), "1:33 too_large");
  EXPECT_NE(first_fault(std::string(100'000, '[')), "none");
  EXPECT_EQ(first_fault(std::string(kMaxFileBytes + 1, ' ')), "1:1 too_large");
}

TEST(Yaml, refuses_what_is_not_utf8_text) {
  EXPECT_EQ(first_fault("a: \xC3\x28\n"), "1:4 not_utf8");
  EXPECT_EQ(first_fault(std::string("a: b\nc: \0d\n", 11)), "2:4 not_utf8");
  EXPECT_EQ(first_fault("\xFF\xFE"
                        "a"),
            "1:1 not_utf8");
  EXPECT_EQ(first_fault("\xEF\xBB\xBF"
                        "a: 1\n"),
            "none");
}

TEST(Yaml, a_file_of_comments_is_empty) {
  const auto out = read("# nothing yet\n");
  ASSERT_TRUE(out.root);
  EXPECT_EQ(out.root->kind, Node::Kind::kEmpty);
  EXPECT_TRUE(out.faults.empty());
}

}  // namespace
}  // namespace laurel::programme
