#include "json/document.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <type_traits>

#include "json/reader.hpp"
#include "json/utf8.hpp"

namespace laurel::daemon::json {

namespace {

constexpr std::size_t kRepeatedNamesMax = 100;  // listed; more are not looked for
constexpr std::size_t kPairwiseMax = 16;        // members compared each with each
constexpr std::size_t kDepthMax = 512;          // whatever the caller allows
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

static_assert(sizeof(Value) == 16 && sizeof(Member) == 32);
static_assert(std::is_trivially_copyable_v<Member> && std::is_trivially_destructible_v<Member>);

// Line and column of a byte, both from 1; the column counts bytes.
std::string describe_place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " + std::to_string(offset - line_begin + 1) +
         " (byte " + std::to_string(offset + 1) + ")";
}

Error malformed_at(std::string_view text, std::size_t offset, std::string_view what) {
  return {ErrorCode::kMalformed, describe_place(text, offset) + ": " + std::string(what)};
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBoolean: return "true or false";
    case Kind::kNumber: return "a number";
    case Kind::kString: return "a string";
    case Kind::kArray: return "an array";
    case Kind::kObject: return "an object";
  }
  return "";
}

Value Value::of_array(std::span<const Value> elements) {
  return {Kind::kArray, static_cast<std::uint32_t>(elements.size()), elements.data()};
}

Value Value::of_object(std::span<const Member> members) {
  return {Kind::kObject, static_cast<std::uint32_t>(members.size()), members.data()};
}

std::string_view Value::text() const {
  if (kind_ != Kind::kString && kind_ != Kind::kNumber) return {};
  return {static_cast<const char*>(data_), size_};
}

std::span<const Value> Value::elements() const {
  if (kind_ != Kind::kArray) return {};
  return {static_cast<const Value*>(data_), size_};
}

std::span<const Member> Value::members() const {
  if (kind_ != Kind::kObject) return {};
  return {static_cast<const Member*>(data_), size_};
}

const Value* Value::find(std::string_view name) const {
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

// Receives RapidJSON's events and builds the tree bottom up: the members of the arrays and objects
// still open lie one behind the other in `entries_`, and move to the document's memory when theirs
// closes. The method names are RapidJSON's.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const ParseLimits& limits)
      : text_(text),
        limits_{limits.bytes_max, std::min(limits.depth_max, kDepthMax)},
        has_unicode_escapes_(text.find("\\u") != std::string_view::npos) {
    entries_.reserve(64);
    frames_.reserve(16);
  }

  Result<Document> build();

  bool Null() { return add({}); }
  bool Bool(bool value) { return add(Value::of_boolean(value)); }
  bool RawNumber(const char* digits, rapidjson::SizeType size, bool) {
    return add(Value::of_number({digits, size}));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return is_whole({text, size}) && add(Value::of_string({text, size}));
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool Key(const char* name, rapidjson::SizeType size, bool) {
    entries_.push_back({{name, size}, {}});
    return is_whole({name, size});
  }
  bool EndObject(rapidjson::SizeType);
  bool EndArray(rapidjson::SizeType);
  // Numbers come as their digits, so these are never called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  struct Frame {
    std::size_t begin;  // of its members in entries_
    bool is_object;
  };

  // RapidJSON lets the second half of a surrogate pair stand alone ("\udc00"), which has no UTF-8.
  // The text itself has been checked, so that only escapes can bring one in.
  bool is_whole(std::string_view decoded) {
    half_surrogate_ = has_unicode_escapes_ && !is_utf8(decoded);
    return !half_surrogate_;
  }
  bool open(bool is_object);
  bool close(Value value);
  bool add(Value value);
  void note_repeated_names(std::span<const Member> members);
  void note_repeated(std::string_view name);
  std::string pointer_of(std::size_t depth) const;
  Error error_of(const rapidjson::ParseResult& result) const;
  char* copy_text();
  void* allocate(std::size_t bytes);

  std::string_view text_;
  ParseLimits limits_;
  Document document_;
  std::byte* free_ = nullptr;
  std::size_t free_bytes_ = 0;
  std::vector<Member> entries_;
  std::vector<Frame> frames_;
  std::vector<FieldFault> repeated_;
  bool has_unicode_escapes_;
  bool half_surrogate_ = false;
  bool too_deep_ = false;
};

Result<Document> TreeBuilder::build() {
  // The text is decoded in place in the document's own copy; numbers and strings point into it. The
  // parser recurses, but only as deep as open() lets it.
  rapidjson::InsituStringStream stream(copy_text());
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, *this);
  if (result.IsError()) return error_of(result);
  if (!repeated_.empty()) {
    return Error{ErrorCode::kMalformed, "a name stands more than once in an object",
                 std::move(repeated_)};
  }
  return std::move(document_);
}

Error TreeBuilder::error_of(const rapidjson::ParseResult& result) const {
  std::string what = rapidjson::GetParseError_En(result.Code());
  std::string code = "malformed";
  if (too_deep_) {
    what = "Nested deeper than " + std::to_string(limits_.depth_max) + " levels.";
    code = "too_deep";
  } else if (half_surrogate_) {
    what = "Half of a surrogate pair.";
  } else if (result.Code() == rapidjson::kParseErrorNumberTooBig) {
    what = "No number here can be that large.";
    code = "number_too_large";
  }
  Error error = malformed_at(text_, result.Offset(), what);
  error.faults.push_back({pointer_of(frames_.size()), std::move(code), std::move(what)});
  return error;
}

bool TreeBuilder::open(bool is_object) {
  too_deep_ = frames_.size() >= limits_.depth_max;
  if (too_deep_) return false;
  frames_.push_back({entries_.size(), is_object});
  return true;
}

bool TreeBuilder::add(Value value) {
  if (frames_.empty()) {
    document_.root_ = value;
  } else if (frames_.back().is_object) {
    entries_.back().value = value;
  } else {
    entries_.push_back({{}, value});
  }
  return true;
}

bool TreeBuilder::EndObject(rapidjson::SizeType) {
  const std::span<const Member> members = std::span(entries_).subspan(frames_.back().begin);
  note_repeated_names(members);
  auto* kept = static_cast<Member*>(allocate(members.size_bytes()));
  std::uninitialized_copy(members.begin(), members.end(), kept);
  return close(Value::of_object({kept, members.size()}));
}

bool TreeBuilder::EndArray(rapidjson::SizeType) {
  const std::span<const Member> members = std::span(entries_).subspan(frames_.back().begin);
  auto* kept = static_cast<Value*>(allocate(members.size() * sizeof(Value)));
  for (std::size_t i = 0; i < members.size(); ++i) std::construct_at(kept + i, members[i].value);
  return close(Value::of_array({kept, members.size()}));
}

bool TreeBuilder::close(Value value) {
  entries_.resize(frames_.back().begin);
  frames_.pop_back();
  return add(value);
}

void TreeBuilder::note_repeated_names(std::span<const Member> members) {
  if (members.size() <= kPairwiseMax) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      const auto same = [&](const Member& other) { return other.name == members[i].name; };
      if (std::any_of(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(i), same)) {
        note_repeated(members[i].name);
      }
    }
    return;
  }
  std::vector<std::string_view> names(members.size());
  std::transform(members.begin(), members.end(), names.begin(),
                 [](const Member& member) { return member.name; });
  std::sort(names.begin(), names.end());
  for (auto at = std::adjacent_find(names.begin(), names.end()); at != names.end();
       at = std::adjacent_find(at + 1, names.end())) {
    note_repeated(*at);
  }
}

void TreeBuilder::note_repeated(std::string_view name) {
  if (repeated_.size() >= kRepeatedNamesMax) return;
  std::string pointer = pointer_of(frames_.size() - 1) + "/" + escape_pointer(name);
  repeated_.push_back({std::move(pointer), "duplicate_field", "the name stands more than once"});
}

// The pointer of what stands in `depth` of the open arrays and objects: with all of them, of the
// value that has just begun.
std::string TreeBuilder::pointer_of(std::size_t depth) const {
  std::string pointer;
  for (std::size_t i = 0; i < depth; ++i) {
    const std::size_t end = i + 1 < frames_.size() ? frames_[i + 1].begin : entries_.size();
    if (frames_[i].is_object) {
      if (end > frames_[i].begin) pointer += "/" + escape_pointer(entries_[end - 1].name);
    } else {
      pointer += "/" + std::to_string(end - frames_[i].begin);
    }
  }
  return pointer;
}

// The copy and, for most requests, all their values share one allocation.
char* TreeBuilder::copy_text() {
  const std::size_t text_bytes = text_.size() + 1;
  const std::size_t total = text_bytes + std::min(text_bytes * 3 + 256, kBlockBytes);
  auto block = std::make_unique_for_overwrite<std::byte[]>(total);
  free_ = block.get();
  free_bytes_ = total;
  document_.blocks_.push_back(std::move(block));
  auto* copy = static_cast<char*>(allocate(text_bytes));
  std::memcpy(copy, text_.data(), text_.size());
  copy[text_.size()] = '\0';
  return copy;
}

void* TreeBuilder::allocate(std::size_t bytes) {
  const std::size_t rounded = (bytes + 15) & ~std::size_t{15};
  if (rounded > free_bytes_) {
    const std::size_t block_bytes = std::max(rounded, kBlockBytes);
    auto block = std::make_unique_for_overwrite<std::byte[]>(block_bytes);
    free_ = block.get();
    free_bytes_ = block_bytes;
    document_.blocks_.push_back(std::move(block));
  }
  void* result = free_;
  free_ += rounded;
  free_bytes_ -= rounded;
  return result;
}

Result<Document> Document::parse(std::string_view text, const ParseLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{ErrorCode::kTooLarge,
                 "the text is longer than " + std::to_string(limits.bytes_max) + " bytes"};
  }
  if (const std::size_t good = utf8_prefix(text); good != text.size()) {
    return malformed_at(text, good, "Not valid UTF-8.");
  }
  // A NUL would end the text for the parser, and what follows it would go unseen.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return malformed_at(text, nul, "A NUL byte.");
  }
  return TreeBuilder(text, limits).build();
}

}  // namespace laurel::daemon::json
