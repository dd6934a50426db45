#pragma once
// The language's table, written out for people and for editors. docs/reference/rules.md and
// rules/schema/programme.schema.json are these texts; a test says so.

#include <string>

namespace laurel::programme {

std::string reference_page();  // Markdown
std::string json_schema();     // JSON Schema, draft 2020-12, of one file of a programme

}  // namespace laurel::programme
