#pragma once
// Files against the language: which words may stand where, and what they may say. Whatever this
// reports, the steps after it pass over in silence, so that each fault is told once.

#include <span>
#include <string>
#include <string_view>

#include "programme/faults.hpp"
#include "programme/language.hpp"
#include "programme/yaml.hpp"

namespace laurel::programme {

// One file.
void check_file(const Node& root, Faults& faults);
// The keys that must stand in some file; `roots` are all of them.
void check_required(std::span<const Node> roots, Faults& faults);

}  // namespace laurel::programme
