#pragma once
// Writes JSON at the end of a string. The caller keeps the shape right (a key before each value of
// an object, every begin with its end); the writer sets commas and escapes. Bytes that are not
// UTF-8 are written as U+FFFD, so what comes out is always valid JSON if the shape is.

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace laurel::daemon::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
  Writer& value(std::integral auto number) requires(!std::same_as<decltype(number), bool> &&
                                                    !std::same_as<decltype(number), char>) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  Writer& null() { return raw("null"); }
  // A number literal, or any finished JSON text, as it is.
  Writer& raw(std::string_view json);

  // A field of an object: key and value. Amounts are strings: field("amount", money.text()).
  template <class T>
  Writer& field(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  Writer& field_raw(std::string_view name, std::string_view json) { return key(name).raw(json); }
  Writer& field_object(std::string_view name) { return key(name).begin_object(); }
  Writer& field_array(std::string_view name) { return key(name).begin_array(); }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  void comma() {
    if (comma_due_) out_.push_back(',');
    comma_due_ = true;
  }

  std::string& out_;
  bool comma_due_ = false;
};

// Appends the text in quotes, escaped.
void append_string(std::string& out, std::string_view text);

}  // namespace laurel::daemon::json
