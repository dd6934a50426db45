#include "engine/check.hpp"

std::size_t lines_of(const laurel::Transaction& given) {
#ifdef MISUSE
  const laurel::engine::CheckedTransaction checked;
  return checked.line_minor().size() + given.lines.size();
#else
  const auto checked = laurel::engine::check(given, {});
  return checked ? checked->line_minor().size() : 0;
#endif
}
