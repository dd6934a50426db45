#pragma once
// Reads typed fields out of a JSON tree and collects every fault with its JSON pointer (RFC 6901),
// so that one answer lists all that is wrong with a request:
//
//   json::Reader reader;
//   auto sale = reader.object(document.root());
//   auto id = sale.string("id", kRequired, {.bytes_max = 128});
//   auto lines = sale.array("lines", kRequired, {.size_min = 1, .size_max = 10'000});
//   for (std::size_t i = 0; i < lines.size(); ++i) {
//     auto line = lines.object(i);
//     auto amount = line.decimal_text("amount", kRequired);  // "1950.00" or 1950.00
//     if (amount && !Money::parse(*amount, gbp)) line.fault("amount", "not_money", "…");
//     line.reject_unknown();
//   }
//   sale.reject_unknown();
//   if (!reader.ok()) return reader.take_error();
//
// A getter gives nothing if the field is absent, null or faulty; what is faulty is already noted.
// null counts as absent. Field names must outlive the reader (use literals). An ObjectReader and an
// ArrayReader must not outlive the one they were taken from, nor the document.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "laurel/error.hpp"

namespace laurel::daemon::json {

enum class Presence : std::uint8_t { kOptional, kRequired };
inline constexpr Presence kOptional = Presence::kOptional;
inline constexpr Presence kRequired = Presence::kRequired;

struct StringLimits {
  std::size_t bytes_max = 256;
  std::size_t bytes_min = 1;
  bool controls = false;  // whether U+0000–U+001F and U+007F–U+009F are accepted
};
struct IntegerLimits {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};
struct ArrayLimits {
  std::size_t size_max = 1'000;
  std::size_t size_min = 0;
};

// Where a value stands: a chain of steps up to the root, spelt out only when a fault needs it.
struct Place {
  const Place* parent = nullptr;
  std::string_view name;  // of an object's field; the root's own pointer if there is no parent
  std::size_t index = 0;  // of an array's element
  bool is_index = false;
  std::string pointer() const;
};

class Reader;
class ArrayReader;

class ObjectReader {
 public:
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  // Whether there is an object here; if not, every getter is silent.
  explicit operator bool() const { return present_; }
  // Whether the field is there, be it null; counts as having asked for it.
  bool has(std::string_view name) { return take(name) != nullptr; }

  std::optional<std::string_view> string(std::string_view name, Presence presence,
                                         const StringLimits& limits = {});
  // Plain decimal digits, from a string or a number literal: "-12.50". Never an exponent, a "+", a
  // leading zero before a digit, or a bare point. At most 40 bytes.
  std::optional<std::string_view> decimal_text(std::string_view name, Presence presence);
  std::optional<std::int64_t> integer(std::string_view name, Presence presence,
                                      const IntegerLimits& limits = {});
  std::optional<bool> boolean(std::string_view name, Presence presence);
  // The position of the field's text in `choices`.
  std::optional<std::size_t> choice(std::string_view name, Presence presence,
                                    std::span<const std::string_view> choices);
  ObjectReader object(std::string_view name, Presence presence);
  ArrayReader array(std::string_view name, Presence presence, const ArrayLimits& limits = {});
  // The field as it is; null pointer if absent. For maps with free names and for values of any
  // kind.
  const Value* any(std::string_view name) { return take(name); }

  // Notes a fault of the caller's own at a field, or at this object.
  void fault(std::string_view name, std::string_view code, std::string detail);
  void fault_here(std::string_view code, std::string detail);
  std::string pointer(std::string_view name) const;
  // Every field that was not asked for is a fault `unknown_field`, with the nearest name asked for.
  // Call it last.
  void reject_unknown();
  // The same for those fields only whose name is so near to one asked for that it was probably
  // meant ("ammount"); the others are ignored. Call it last.
  void reject_misspelt();

 private:
  friend class Reader;
  friend class ArrayReader;
  static constexpr std::size_t kNamesMax = 40;  // asked names remembered for the hint

  ObjectReader(Reader& reader, const Place& place, const Value* value);
  const Value* take(std::string_view name);
  // The field if it has the kind; notes `required` and `wrong_type`.
  const Value* take(std::string_view name, Presence presence, Kind kind);
  const Value* take_present(std::string_view name, Presence presence);
  void remember(std::string_view name);
  bool was_taken(std::size_t index) const;
  std::string_view nearest(std::string_view name) const;

  Reader& reader_;
  Place place_;
  std::span<const Member> members_;
  bool present_ = false;
  std::size_t next_ = 0;     // fields are mostly asked for in the order they come in
  std::uint64_t taken_ = 0;  // one bit for each of the first 64 members
  std::vector<std::size_t> taken_beyond_;
  std::size_t names_count_ = 0;
  std::array<std::string_view, kNamesMax> names_;
};

class ArrayReader {
 public:
  ArrayReader(const ArrayReader&) = delete;
  ArrayReader& operator=(const ArrayReader&) = delete;

  explicit operator bool() const { return present_; }
  std::size_t size() const {
    return elements_.size();
  }  // 0 where there is no array, or a faulty one
  ObjectReader object(std::size_t index);
  std::optional<std::string_view> string(std::size_t index, const StringLimits& limits = {});
  const Value& at(std::size_t index) const { return elements_[index]; }
  void fault(std::size_t index, std::string_view code, std::string detail);

 private:
  friend class ObjectReader;
  friend class Reader;
  ArrayReader(Reader& reader, const Place& place, std::span<const Value> elements, bool present)
      : reader_(reader), place_(place), elements_(elements), present_(present) {}

  Reader& reader_;
  Place place_;
  std::span<const Value> elements_;
  bool present_;
};

class Reader {
 public:
  // Faults beyond `faults_max` are counted but not listed.
  explicit Reader(std::size_t faults_max = 1'000) : faults_max_(faults_max) {}

  // `pointer` is that of the value itself, already escaped; "" is the document. It must outlive the
  // reader of the object.
  ObjectReader object(const Value& value, std::string_view pointer = "");
  ArrayReader array(const Value& value, std::string_view pointer = "",
                    const ArrayLimits& limits = {});

  void fault(std::string pointer, std::string_view code, std::string detail);
  bool ok() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  // kInvalid with every fault, in the order of the pointers' appearance. Only if !ok().
  Error take_error();

 private:
  std::size_t faults_max_;
  std::size_t count_ = 0;
  std::vector<FieldFault> faults_;
};

// One reference token of a JSON pointer: "~" becomes "~0", "/" becomes "~1".
std::string escape_pointer(std::string_view token);

}  // namespace laurel::daemon::json
