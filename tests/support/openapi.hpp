#pragma once
// Holds answers against docs/reference/openapi.yaml: the part of JSON Schema that it uses.

#include <yaml-cpp/yaml.h>

#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json_expect.hpp"

namespace laurel::test {

class Openapi {
 public:
  explicit Openapi(const std::string& file) : root_(YAML::LoadFile(file)) {}

  // "GET /v1/members/{id}" for every operation.
  std::set<std::string> operations() const {
    std::set<std::string> all;
    for (const auto& path : root_["paths"]) {
      for (const auto& operation : path.second) {
        const auto name = operation.first.as<std::string>();
        if (name == "parameters") continue;
        std::string method;
        for (const char each : name) method.push_back(static_cast<char>(each - 'a' + 'A'));
        all.insert(method + " " + path.first.as<std::string>());
      }
    }
    return all;
  }

  // What is wrong with an answer; "" if nothing is. A body is looked at if its media type is JSON.
  std::string check(std::string_view method, std::string_view path, int status,
                    const std::string& body) const {
    const YAML::Node operation = find_operation(method, path);
    if (!operation) return "no such operation";
    const YAML::Node responses = operation["responses"];
    const YAML::Node exact = responses[std::to_string(status)];
    const YAML::Node response = exact ? exact : responses["default"];
    if (!response) return "status " + std::to_string(status) + " is not described";
    const YAML::Node content = resolved(response)["content"];
    for (const auto& media : content) {
      const auto type = media.first.as<std::string>();
      if (type.find("json") == std::string::npos) return "";
      if (type == "application/x-ndjson") return check_lines(media.second["schema"], body);
      return check_text(media.second["schema"], body);
    }
    return "";
  }

 private:
  static bool matches(std::string_view pattern, std::string_view path) {
    while (!pattern.empty() && !path.empty()) {
      const std::size_t a = std::min(pattern.find('/', 1), pattern.size());
      const std::size_t b = std::min(path.find('/', 1), path.size());
      if (!pattern.starts_with("/{") && pattern.substr(0, a) != path.substr(0, b)) return false;
      pattern.remove_prefix(a);
      path.remove_prefix(b);
    }
    return pattern.empty() && path.empty();
  }

  YAML::Node find_operation(std::string_view method, std::string_view path) const {
    std::string name;
    for (const char each : method) name.push_back(static_cast<char>(each - 'A' + 'a'));
    YAML::Node found(YAML::NodeType::Undefined);
    for (const auto& each : root_["paths"]) {
      const auto pattern = each.first.as<std::string>();
      if (!matches(pattern, path) || !each.second[name]) continue;
      if (pattern.find('{') == std::string::npos) return each.second[name];
      if (!found.IsDefined()) found.reset(each.second[name]);
    }
    return found;
  }

  YAML::Node resolved(const YAML::Node& node) const {
    if (!node["$ref"]) return node;
    std::string reference = node["$ref"].as<std::string>().substr(2);
    YAML::Node current;
    current.reset(root_);
    while (!reference.empty()) {
      const std::size_t end = std::min(reference.find('/'), reference.size());
      const YAML::Node next = current[reference.substr(0, end)];
      current.reset(next);
      reference.erase(0, end + (end < reference.size() ? 1 : 0));
    }
    return current;
  }

  std::string check_text(const YAML::Node& schema, std::string_view text) const {
    const auto document = Document::parse(text);
    if (!document) return "not JSON: " + document.error().detail;
    return check_value(schema, document->root(), "");
  }

  std::string check_lines(const YAML::Node& schema, std::string_view text) const {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (auto wrong = check_text(schema, text.substr(0, end)); !wrong.empty()) return wrong;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return "";
  }

  static bool is_type(const std::string& type, const Value& value) {
    switch (value.kind()) {
      case Kind::kNull: return type == "null";
      case Kind::kBoolean: return type == "boolean";
      case Kind::kString: return type == "string";
      case Kind::kArray: return type == "array";
      case Kind::kObject: return type == "object";
      case Kind::kNumber:
        return type == "number" ||
               (type == "integer" && value.text().find_first_of(".eE") == std::string_view::npos);
    }
    return false;
  }

  static bool is_any_type(const YAML::Node& type, const Value& value) {
    if (!type) return true;
    if (type.IsScalar()) return is_type(type.as<std::string>(), value);
    for (const auto& each : type) {
      if (is_type(each.IsNull() ? "null" : each.as<std::string>(), value)) return true;
    }
    return false;
  }

  static std::string check_scalar(const YAML::Node& schema, const Value& value,
                                  const std::string& place) {
    if (const YAML::Node choices = schema["enum"]) {
      bool listed = false;
      for (const auto& each : choices) {
        listed =
            listed || (each.IsNull() ? value.is_null() : each.as<std::string>() == shown(value));
      }
      if (!listed) return place + ": " + shown(value) + " is not among the values listed";
    }
    if (value.kind() == Kind::kString && schema["pattern"]) {
      const std::regex pattern(schema["pattern"].as<std::string>());
      if (!std::regex_search(std::string(value.text()), pattern)) {
        return place + ": " + shown(value) + " does not match the pattern";
      }
    }
    return "";
  }

  static YAML::Node field_of(const YAML::Node& schema, const std::string& name) {
    const YAML::Node properties = schema["properties"];
    if (properties) {
      const YAML::Node field = properties[name];
      if (field) return field;
    }
    return schema["additionalProperties"];
  }

  std::string check_object(const YAML::Node& schema, const Value& value,
                           const std::string& place) const {
    for (const auto& name : schema["required"]) {
      const auto text = name.as<std::string>();
      if (value.find(text) == nullptr) return place + "/" + text + " is required";
    }
    for (const auto& member : value.members()) {
      const std::string name(member.name);
      const YAML::Node field = field_of(schema, name);
      if (!field) continue;
      if (auto wrong = check_value(field, member.value, place + "/" + name); !wrong.empty()) {
        return wrong;
      }
    }
    return "";
  }

  std::string check_value(const YAML::Node& given, const Value& value,
                          const std::string& place) const {
    const YAML::Node schema = resolved(given);
    for (const auto& part : schema["allOf"]) {
      if (auto wrong = check_value(part, value, place); !wrong.empty()) return wrong;
    }
    if (!is_any_type(schema["type"], value)) {
      return place + ": " + shown(value) + " has the wrong type";
    }
    if (auto wrong = check_scalar(schema, value, place); !wrong.empty()) return wrong;
    if (value.kind() == Kind::kObject) return check_object(schema, value, place);
    if (value.kind() != Kind::kArray || !schema["items"]) return "";
    for (std::size_t i = 0; i < value.elements().size(); ++i) {
      const auto wrong =
          check_value(schema["items"], value.elements()[i], place + "/" + std::to_string(i));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  YAML::Node root_;
};

}  // namespace laurel::test
