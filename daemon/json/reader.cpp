#include "json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "json/utf8.hpp"

namespace laurel::daemon::json {

namespace {

constexpr std::size_t kDecimalBytesMax = 40;
constexpr std::size_t kHintDistanceMax = 2;
constexpr std::size_t kHintBytesMax = 64;
constexpr std::size_t kSlipBytesMin = 3;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                  text.begin());
}

bool is_decimal(std::string_view text) {
  if (text.empty() || text.size() > kDecimalBytesMax) return false;
  if (text.front() == '-') text.remove_prefix(1);
  const std::size_t whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.empty()) return true;
  return text.front() == '.' && text.size() > 1 && count_digits(text.substr(1)) == text.size() - 1;
}

// How many letters must be changed, added or left out to get from one to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::size_t, kHintBytesMax + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

// The name nearest to `name`, or "" if none is near.
std::string_view nearest_of(std::string_view name, std::span<const std::string_view> names) {
  std::string_view best;
  std::size_t best_distance = kHintDistanceMax + 1;
  for (const std::string_view candidate : names) {
    if (candidate.size() > kHintBytesMax || name.size() > kHintBytesMax) continue;
    const std::size_t far = distance(name, candidate);
    if (far < best_distance && far < candidate.size()) {
      best = candidate;
      best_distance = far;
    }
  }
  return best;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The name that `name` is a slip of, or "" where it is more likely a word of its own: short names
// must be the same but for case, longer ones may differ in one letter of three.
std::string_view meant_by(std::string_view name, std::span<const std::string_view> names) {
  for (const std::string_view candidate : names) {
    if (equal_but_for_case(name, candidate)) return candidate;
  }
  const std::string_view near = nearest_of(name, names);
  if (near.size() < kSlipBytesMin || name.size() < kSlipBytesMin) return {};
  return distance(name, near) <= std::max<std::size_t>(1, name.size() / 3) ? near
                                                                           : std::string_view();
}

std::string range_text(const IntegerLimits& limits) {
  return "from " + std::to_string(limits.min) + " to " + std::to_string(limits.max);
}

struct Fault {
  std::string_view code;
  std::string detail;
};

std::optional<Fault> check_text(std::string_view text, const StringLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Fault{"too_long", "at most " + std::to_string(limits.bytes_max) + " bytes"};
  }
  if (text.size() < limits.bytes_min) {
    return Fault{"too_short", limits.bytes_min == 1
                                  ? std::string("must not be empty")
                                  : "at least " + std::to_string(limits.bytes_min) + " bytes"};
  }
  if (!limits.controls && has_control(text)) {
    return Fault{"control_character", "must not contain control characters"};
  }
  return std::nullopt;
}

std::optional<Fault> check_size(std::size_t size, const ArrayLimits& limits) {
  if (size > limits.size_max) {
    return Fault{"too_many", "at most " + std::to_string(limits.size_max) + " elements"};
  }
  if (size < limits.size_min) {
    return Fault{"too_few", "at least " + std::to_string(limits.size_min) + " elements"};
  }
  return std::nullopt;
}

std::string wrong_kind_text(Kind wanted, Kind found) {
  return "must be " + std::string(name_of(wanted)) + ", not " + std::string(name_of(found));
}

}  // namespace

std::string escape_pointer(std::string_view token) {
  std::string escaped;
  escaped.reserve(token.size());
  for (const char character : token) {
    if (character == '~') {
      escaped += "~0";
    } else if (character == '/') {
      escaped += "~1";
    } else {
      escaped.push_back(character);
    }
  }
  return escaped;
}

std::string Place::pointer() const {
  if (parent == nullptr) return std::string(name);
  return parent->pointer() + "/" + (is_index ? std::to_string(index) : escape_pointer(name));
}

ObjectReader::ObjectReader(Reader& reader, const Place& place, const Value* value)
    : reader_(reader), place_(place) {
  if (value == nullptr) return;
  members_ = value->members();
  present_ = true;
}

std::string ObjectReader::pointer(std::string_view name) const {
  return Place{&place_, name}.pointer();
}

void ObjectReader::fault(std::string_view name, std::string_view code, std::string detail) {
  reader_.fault(pointer(name), code, std::move(detail));
}

void ObjectReader::fault_here(std::string_view code, std::string detail) {
  reader_.fault(place_.pointer(), code, std::move(detail));
}

void ObjectReader::remember(std::string_view name) {
  if (names_count_ < kNamesMax) names_[names_count_++] = name;
}

const Value* ObjectReader::take(std::string_view name) {
  remember(name);
  const std::size_t size = members_.size();
  for (std::size_t step = 0; step < size; ++step) {
    std::size_t index = next_ + step;
    if (index >= size) index -= size;
    if (members_[index].name != name) continue;
    if (index < 64) {
      taken_ |= std::uint64_t{1} << index;
    } else {
      taken_beyond_.push_back(index);
    }
    next_ = index + 1 == size ? 0 : index + 1;
    return &members_[index].value;
  }
  return nullptr;
}

const Value* ObjectReader::take_present(std::string_view name, Presence presence) {
  const Value* value = take(name);
  if (value != nullptr && !value->is_null()) return value;
  if (presence == Presence::kRequired && present_) fault(name, "required", "must be given");
  return nullptr;
}

const Value* ObjectReader::take(std::string_view name, Presence presence, Kind kind) {
  const Value* value = take_present(name, presence);
  if (value == nullptr || value->kind() == kind) return value;
  fault(name, "wrong_type", wrong_kind_text(kind, value->kind()));
  return nullptr;
}

std::optional<std::string_view> ObjectReader::string(std::string_view name, Presence presence,
                                                     const StringLimits& limits) {
  const Value* value = take(name, presence, Kind::kString);
  if (value == nullptr) return std::nullopt;
  if (auto wrong = check_text(value->text(), limits)) {
    fault(name, wrong->code, std::move(wrong->detail));
    return std::nullopt;
  }
  return value->text();
}

std::optional<std::string_view> ObjectReader::decimal_text(std::string_view name,
                                                           Presence presence) {
  const Value* value = take_present(name, presence);
  if (value == nullptr) return std::nullopt;
  if (value->kind() != Kind::kString && value->kind() != Kind::kNumber) {
    fault(name, "wrong_type",
          "must be a decimal such as \"12.50\", not " + std::string(name_of(value->kind())));
    return std::nullopt;
  }
  if (!is_decimal(value->text())) {
    fault(name, "not_a_decimal", "must be plain decimal digits such as \"12.50\"");
    return std::nullopt;
  }
  return value->text();
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, Presence presence,
                                                  const IntegerLimits& limits) {
  const Value* value = take(name, presence, Kind::kNumber);
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value->text();
  if (text.find_first_of(".eE") != std::string_view::npos) {
    fault(name, "not_an_integer", "must be a whole number without point or exponent");
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || number < limits.min || number > limits.max) {
    fault(name, "out_of_range", range_text(limits));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> ObjectReader::boolean(std::string_view name, Presence presence) {
  const Value* value = take(name, presence, Kind::kBoolean);
  return value == nullptr ? std::nullopt : std::optional(value->boolean());
}

std::optional<std::size_t> ObjectReader::choice(std::string_view name, Presence presence,
                                                std::span<const std::string_view> choices) {
  const Value* value = take(name, presence, Kind::kString);
  if (value == nullptr) return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), value->text());
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  std::string detail = "must be one of";
  for (const std::string_view each : choices) detail += " \"" + std::string(each) + "\"";
  const std::string_view near = nearest_of(value->text(), choices);
  if (!near.empty()) detail += "; did you mean \"" + std::string(near) + "\"?";
  fault(name, "unknown_value", std::move(detail));
  return std::nullopt;
}

ObjectReader ObjectReader::object(std::string_view name, Presence presence) {
  return {reader_, Place{&place_, name}, take(name, presence, Kind::kObject)};
}

ArrayReader ObjectReader::array(std::string_view name, Presence presence,
                                const ArrayLimits& limits) {
  const Value* value = take(name, presence, Kind::kArray);
  std::span<const Value> elements = value == nullptr ? std::span<const Value>() : value->elements();
  if (value != nullptr) {
    if (auto wrong = check_size(elements.size(), limits)) {
      fault(name, wrong->code, std::move(wrong->detail));
      elements = {};
    }
  }
  return {reader_, Place{&place_, name}, elements, value != nullptr};
}

bool ObjectReader::was_taken(std::size_t index) const {
  if (index < 64) return (taken_ >> index & 1U) != 0;
  return std::binary_search(taken_beyond_.begin(), taken_beyond_.end(), index);
}

void ObjectReader::reject_unknown() {
  std::sort(taken_beyond_.begin(), taken_beyond_.end());
  for (std::size_t index = 0; index < members_.size(); ++index) {
    if (was_taken(index)) continue;
    const std::string_view name = members_[index].name;
    const std::string_view near = nearest_of(name, {names_.data(), names_count_});
    fault(name, "unknown_field",
          near.empty() ? "there is no such field"
                       : "there is no such field; did you mean \"" + std::string(near) + "\"?");
  }
}

void ObjectReader::reject_misspelt() {
  std::sort(taken_beyond_.begin(), taken_beyond_.end());
  for (std::size_t index = 0; index < members_.size(); ++index) {
    if (was_taken(index)) continue;
    const std::string_view name = members_[index].name;
    const std::string_view near = meant_by(name, {names_.data(), names_count_});
    if (near.empty()) continue;
    fault(name, "unknown_field",
          "there is no such field; did you mean \"" + std::string(near) + "\"?");
  }
}

ObjectReader ArrayReader::object(std::size_t index) {
  const Value& value = elements_[index];
  const bool fits = value.kind() == Kind::kObject;
  if (!fits) fault(index, "wrong_type", wrong_kind_text(Kind::kObject, value.kind()));
  return {reader_, Place{&place_, {}, index, true}, fits ? &value : nullptr};
}

std::optional<std::string_view> ArrayReader::string(std::size_t index, const StringLimits& limits) {
  const Value& value = elements_[index];
  if (value.kind() != Kind::kString) {
    fault(index, "wrong_type", wrong_kind_text(Kind::kString, value.kind()));
    return std::nullopt;
  }
  if (auto wrong = check_text(value.text(), limits)) {
    fault(index, wrong->code, std::move(wrong->detail));
    return std::nullopt;
  }
  return value.text();
}

void ArrayReader::fault(std::size_t index, std::string_view code, std::string detail) {
  reader_.fault(Place{&place_, {}, index, true}.pointer(), code, std::move(detail));
}

ObjectReader Reader::object(const Value& value, std::string_view pointer) {
  const bool fits = value.kind() == Kind::kObject;
  if (!fits) {
    fault(std::string(pointer), "wrong_type", wrong_kind_text(Kind::kObject, value.kind()));
  }
  return {*this, Place{nullptr, pointer}, fits ? &value : nullptr};
}

ArrayReader Reader::array(const Value& value, std::string_view pointer, const ArrayLimits& limits) {
  const bool fits = value.kind() == Kind::kArray;
  std::span<const Value> elements = value.elements();
  if (!fits) {
    fault(std::string(pointer), "wrong_type", wrong_kind_text(Kind::kArray, value.kind()));
  } else if (auto wrong = check_size(elements.size(), limits)) {
    fault(std::string(pointer), wrong->code, std::move(wrong->detail));
    elements = {};
  }
  return {*this, Place{nullptr, pointer}, elements, fits};
}

void Reader::fault(std::string pointer, std::string_view code, std::string detail) {
  ++count_;
  if (faults_.size() < faults_max_) {
    faults_.push_back({std::move(pointer), std::string(code), std::move(detail)});
  }
}

Error Reader::take_error() {
  std::string detail =
      count_ == 1 ? "one field is wrong" : std::to_string(count_) + " fields are wrong";
  if (count_ > faults_.size()) {
    detail += ", of which the first " + std::to_string(faults_.size()) + " are listed";
  }
  return {ErrorCode::kInvalid, std::move(detail), std::move(faults_)};
}

}  // namespace laurel::daemon::json
