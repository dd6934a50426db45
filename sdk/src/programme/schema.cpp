#include <algorithm>

#include "programme/language.hpp"
#include "programme/reference.hpp"

namespace laurel::programme {
namespace {

constexpr std::string_view kDecimal = "(0|[1-9][0-9]*)(\\\\.[0-9]+)?";

std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string pattern(std::string_view expression) {
  return R"({ "type": "string", "pattern": "^)" + std::string(expression) + R"($" })";
}

// "after N days" as a regular expression.
std::string expression_of(std::string_view phrase) {
  std::string out;
  while (!phrase.empty()) {
    const std::size_t space = phrase.find(' ');
    const std::string_view word = phrase.substr(0, space);
    if (!out.empty()) out += ' ';
    const bool number = word == "N" || word == "N%";
    out += number ? "[1-9][0-9]{0,5}" + std::string(word.substr(1)) : std::string(word);
    if (word.ends_with('s') && out.size() > word.size()) out += '?';
    phrase.remove_prefix(space == std::string_view::npos ? phrase.size() : space + 1);
  }
  return out;
}

std::string phrases_schema(const Word& word) {
  std::string fixed;
  std::string free;
  for (const std::string_view phrase : phrases_of(word)) {
    if (phrase.starts_with('~')) continue;
    if (phrase.find('N') == std::string_view::npos) {
      fixed += (fixed.empty() ? "" : ", ") + quoted_json(phrase);
    } else {
      free += (free.empty() ? "" : "|") + expression_of(phrase);
    }
  }
  fixed = fixed.empty() ? "" : R"({ "enum": [)" + fixed + "] }";
  free = free.empty() ? "" : pattern("(" + free + ")");
  if (fixed.empty() || free.empty()) return fixed + free;
  return R"({ "anyOf": [)" + fixed + ", " + free + "] }";
}

std::string number_schema(std::string_view expression) {
  return R"({ "anyOf": [{ "type": "number", "minimum": 0 }, )" + pattern(expression) + "] }";
}

std::string scalar_schema(const Word& word) {
  const std::string decimal(kDecimal);
  switch (word.scalar) {
    case Scalar::kNone: return "{}";
    case Scalar::kId:
    case Scalar::kText: return R"({ "type": ["string", "number", "boolean"] })";
    case Scalar::kWhole: return R"({ "type": "integer", "minimum": 0 })";
    case Scalar::kDecimal:
    case Scalar::kAmount:
    case Scalar::kPoints: return number_schema(decimal);
    case Scalar::kMoney: return pattern(decimal + " [A-Z]{3}");
    case Scalar::kPercent: return pattern(decimal + "%");
    case Scalar::kDate: {
      const std::string date = pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}");
      if (word.phrases.empty()) return date;
      return R"({ "anyOf": [)" + date + ", " + phrases_schema(word) + "] }";
    }
    case Scalar::kMoment:
      return pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?");
    case Scalar::kLocalTime:
      return pattern("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?");
    case Scalar::kHours: return pattern("[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}");
    case Scalar::kPeriod: return pattern("[1-9][0-9]{0,3} (day|week|month|year)s?");
    case Scalar::kPhrase: return phrases_schema(word);
    case Scalar::kRate: return pattern(decimal + " points? per (full )?" + decimal);
    case Scalar::kBonus: return pattern(decimal + " points?( per (line|unit))?");
    case Scalar::kTrueFalse: return R"({ "type": "boolean" })";
    case Scalar::kCurrency: return pattern("[A-Z]{3}");
    case Scalar::kZone: return R"({ "type": "string" })";
    case Scalar::kLanguage: return pattern("[A-Za-z]{2,3}(-[A-Za-z0-9-]+)?");
    case Scalar::kBudget:
      return pattern("([0-9]{1,3}(,[0-9]{3})+|0|[1-9][0-9]*)(\\\\.[0-9]+)? (points?|[A-Z]{3})");
    case Scalar::kExchangeRate: return number_schema(decimal + "(/" + decimal + ")?");
  }
  return "{}";
}

std::string reference_to(std::string_view section) {
  return R"({ "$ref": )" + quoted_json("#/$defs/" + std::string(section)) + " }";
}

std::string value_schema(const Word& word) {
  std::string out;
  int alternatives = 0;
  const auto add = [&](const std::string& schema) {
    out += (out.empty() ? "" : ", ") + schema;
    ++alternatives;
  };
  if ((word.shapes & kOne) != 0) add(scalar_schema(word));
  if ((word.shapes & kList) != 0) {
    add(R"({ "type": "array", "minItems": 1, "uniqueItems": true, "items": )" +
        scalar_schema(word) + " }");
  }
  if ((word.shapes & kMap) != 0) add(reference_to(word.mapping));
  if ((word.shapes & kListOfMaps) != 0) {
    add(R"({ "type": "array", "minItems": 1, "items": )" + reference_to(word.mapping) + " }");
  }
  return alternatives == 1 ? out : R"({ "anyOf": [)" + out + "] }";
}

// `{ … }` with a description put first.
std::string described(const Word& word) {
  std::string text(word.text);
  if (!word.initial.empty()) text += " Left out: " + std::string(word.initial) + ".";
  return R"({ "description": )" + quoted_json(text) + "," + value_schema(word).substr(1);
}

std::string section_schema(std::string_view section) {
  std::string properties;
  std::string required;
  std::string others = "false";
  for (const Word& word : words_of(section)) {
    if (word.presence == Presence::kReserved) continue;
    if (word.key == "*") {
      others = described(word);
      continue;
    }
    properties += (properties.empty() ? "\n        " : ",\n        ") + quoted_json(word.key) +
                  ": " + described(word);
    // What the whole programme must have need not stand in every file of it.
    if (word.presence == Presence::kRequired && section != "programme") {
      required += (required.empty() ? "" : ", ") + quoted_json(word.key);
    }
  }
  std::string out = "{\n      \"type\": \"object\",\n";
  if (!properties.empty()) out += "      \"properties\": {" + properties + "\n      },\n";
  if (!required.empty()) out += "      \"required\": [" + required + "],\n";
  return out + "      \"additionalProperties\": " + others + "\n    }";
}

}  // namespace

std::string json_schema() {
  std::string out =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
      "  \"title\": \"A file of a Laurel programme\",\n"
      "  \"$ref\": \"#/$defs/programme\",\n  \"$defs\": {";
  bool first = true;
  for (const Section& section : all_sections()) {
    const auto words = words_of(section.name);
    const bool reserved_only = std::ranges::all_of(
        words, [](const Word& word) { return word.presence == Presence::kReserved; });
    out += first ? "\n    " : ",\n    ";
    first = false;
    out += quoted_json(section.name) + ": ";
    out += reserved_only ? "false" : section_schema(section.name);
  }
  return out + "\n  }\n}\n";
}

}  // namespace laurel::programme
