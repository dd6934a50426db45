// What parses is written back and parses to the same tree; what a reader makes of it is an answer,
// never a crash.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "json/document.hpp"
#include "json/reader.hpp"
#include "json/utf8.hpp"
#include "json/writer.hpp"

namespace {

namespace json = laurel::daemon::json;

void expect(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

void write(json::Writer& writer, const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::kNull: writer.null(); return;
    case json::Kind::kBoolean: writer.value(value.boolean()); return;
    case json::Kind::kNumber: writer.raw(value.text()); return;
    case json::Kind::kString: writer.value(value.text()); return;
    case json::Kind::kArray:
      writer.begin_array();
      for (const json::Value& element : value.elements()) write(writer, element);
      writer.end_array();
      return;
    case json::Kind::kObject:
      writer.begin_object();
      for (const json::Member& member : value.members()) {
        write(writer.key(member.name), member.value);
      }
      writer.end_object();
      return;
  }
}

std::string written(const json::Value& value) {
  std::string text;
  json::Writer writer(text);
  write(writer, value);
  return text;
}

void read_fields(const json::Value& root) {
  json::Reader reader(20);
  auto object = reader.object(root);
  object.string("a", json::kRequired, {.bytes_max = 4});
  object.decimal_text("b", json::kRequired);
  object.integer("c", json::kOptional, {.min = 0, .max = 9});
  auto inner = object.object("d", json::kRequired);
  inner.boolean("a", json::kRequired);
  inner.reject_unknown();
  auto array = object.array("e", json::kRequired, {.size_max = 3, .size_min = 1});
  for (std::size_t i = 0; i < array.size(); ++i) array.object(i).reject_unknown();
  object.reject_unknown();
  if (reader.ok()) return;
  for (const auto& fault : reader.take_error().faults) {
    expect(json::is_utf8(fault.pointer), "a pointer is text");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto document = json::Document::parse(text, {.bytes_max = 100'000, .depth_max = 16});
  if (!document) {
    expect(json::is_utf8(document.error().detail), "a message is text");
    return 0;
  }
  const std::string first = written(document->root());
  const auto again = json::Document::parse(first);
  expect(again.ok(), "what is written parses");
  expect(written(again->root()) == first, "and is the same");
  read_fields(document->root());
  return 0;
}
