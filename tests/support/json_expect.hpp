#pragma once
// Looks into JSON answers: a value by its pointer, and whether an answer contains all that an
// example shows.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "json/document.hpp"

namespace laurel::test {

using daemon::json::Document;
using daemon::json::Kind;
using daemon::json::Value;

inline std::string shown(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return "null";
    case Kind::kBoolean: return value.boolean() ? "true" : "false";
    case Kind::kNumber:
    case Kind::kString: return std::string(value.text());
    case Kind::kArray: return "[" + std::to_string(value.elements().size()) + "]";
    case Kind::kObject: return "{" + std::to_string(value.members().size()) + "}";
  }
  return "";
}

inline const Value* find_at(const Value& root, std::string_view pointer) {
  const Value* value = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string token(pointer.substr(0, end));
    pointer.remove_prefix(end);
    if (value->kind() == Kind::kArray) {
      const auto index = static_cast<std::size_t>(std::atoi(token.c_str()));
      if (index >= value->elements().size()) return nullptr;
      value = &value->elements()[index];
    } else {
      value = value->find(token);
      if (value == nullptr) return nullptr;
    }
  }
  return value;
}

// The value at a JSON pointer as text ("absent" where there is none); arrays and objects by size.
inline std::string at(std::string_view json, std::string_view pointer) {
  const auto document = Document::parse(json);
  if (!document) return "not JSON: " + document.error().detail;
  const Value* value = find_at(document->root(), pointer);
  return value == nullptr ? "absent" : shown(*value);
}

// The first place at which `actual` lacks something that `example` shows; "" if it has it all.
// Fields may be added; a string that ends in "…" stands for all that begin so.
inline std::string missing(const Value& example, const Value& actual, const std::string& place) {
  const std::string difference = place + ": " + shown(example) + " expected, got " + shown(actual);
  if (example.kind() == Kind::kObject && actual.kind() == Kind::kObject) {
    for (const auto& member : example.members()) {
      const std::string there = place + "/" + std::string(member.name);
      const Value* found = actual.find(member.name);
      if (found == nullptr) return there + " is absent";
      if (const std::string lack = missing(member.value, *found, there); !lack.empty()) return lack;
    }
    return "";
  }
  if (example.kind() == Kind::kArray && actual.kind() == Kind::kArray) {
    if (example.elements().size() != actual.elements().size()) return difference;
    for (std::size_t i = 0; i < example.elements().size(); ++i) {
      const std::string there = place + "/" + std::to_string(i);
      const auto lack = missing(example.elements()[i], actual.elements()[i], there);
      if (!lack.empty()) return lack;
    }
    return "";
  }
  if (example.kind() != actual.kind()) return difference;
  constexpr std::string_view kEllipsis = "…";
  if (example.kind() == Kind::kString && example.text().ends_with(kEllipsis)) {
    const auto beginning = example.text().substr(0, example.text().size() - kEllipsis.size());
    return actual.text().starts_with(beginning) ? "" : difference;
  }
  return shown(example) == shown(actual) ? "" : difference;
}

inline testing::AssertionResult contains(std::string_view actual, std::string_view example) {
  const auto wanted = Document::parse(example);
  const auto found = Document::parse(actual);
  if (!wanted) return testing::AssertionFailure() << "example: " << wanted.error().detail;
  if (!found) return testing::AssertionFailure() << "answer: " << found.error().detail;
  const std::string lack = missing(wanted->root(), found->root(), "");
  if (lack.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << lack << "\nin " << actual;
}

}  // namespace laurel::test
