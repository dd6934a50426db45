#pragma once
// JSON text (RFC 8259) as a tree that keeps every number as its digits, so that no amount passes
// through a binary floating-point number. Stricter than the RFC where it leaves room for trouble: a
// name may stand only once in an object, text must be valid UTF-8, nesting and size are bounded.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "laurel/result.hpp"

namespace laurel::daemon::json {

enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

// "a string", "an object" …, for messages.
std::string_view name_of(Kind kind);

struct Member;

// A view into a Document, valid as long as that lives. Each accessor belongs to the kinds named
// beside it; for any other kind it is false or empty.
class Value {
 public:
  Value() = default;
  static Value of_boolean(bool value) { return {Kind::kBoolean, value ? 1U : 0U, nullptr}; }
  static Value of_number(std::string_view digits) { return of_text(Kind::kNumber, digits); }
  static Value of_string(std::string_view text) { return of_text(Kind::kString, text); }
  static Value of_array(std::span<const Value> elements);
  static Value of_object(std::span<const Member> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool boolean() const { return kind_ == Kind::kBoolean && size_ != 0; }
  std::string_view text() const;            // kString: decoded; kNumber: as it was written
  std::span<const Value> elements() const;  // kArray
  std::span<const Member> members() const;  // kObject, in the order in which they were written
  const Value* find(std::string_view name) const;  // kObject; null: no such member

 private:
  Value(Kind kind, std::uint32_t size, const void* data) : data_(data), size_(size), kind_(kind) {}
  static Value of_text(Kind kind, std::string_view text) {
    return {kind, static_cast<std::uint32_t>(text.size()), text.data()};
  }

  const void* data_ = nullptr;
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kNull;
};

struct Member {
  std::string_view name;
  Value value;
};

struct ParseLimits {
  std::size_t bytes_max = std::size_t{8} << 20;  // of text; below 4 GiB
  std::size_t depth_max = 64;                    // arrays and objects around a value; at most 512
};

// Owns its text and values. Memory is at most about 40 times the text ("[0,0,0…").
class Document {
 public:
  // kTooLarge: longer than the limit. kMalformed: not JSON, or nested too deep; the detail names
  // line, column and byte (all from 1); repeated names are all listed as faults with their
  // pointers.
  static Result<Document> parse(std::string_view text, const ParseLimits& limits = {});

  const Value& root() const { return root_; }

 private:
  friend class TreeBuilder;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  Value root_;
};

}  // namespace laurel::daemon::json
