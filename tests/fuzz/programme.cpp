// The loader of programmes over arbitrary text: it never throws, crashes or hangs, names a place in
// the file for every fault it finds there, and what it accepts can be evaluated.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void evaluate(const laurel::Programme& programme) {
  const auto& compiled = programme.compiled();
  laurel::programme::LineFacts line;
  line.id = "1";
  if (!compiled.departments.empty()) line.department = compiled.departments.front();
  line.quantity = laurel::Quantity::of(1);
  line.amount_minor = 12'345;
  laurel::programme::Facts facts;
  facts.at = programme.effective_from();
  facts.currency = programme.currency();
  facts.lines = {&line, 1};
  std::int64_t sum = 0;
  for (const auto& award : compiled.evaluate(facts).awards) {
    require(award.points > laurel::Points{});
    sum += award.points.units();
  }
  std::int64_t told = 0;
  for (const auto& reason : compiled.explain(facts).reasons) told += reason.points.units();
  require(sum == told);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const laurel::SourceFile file{"programme.yaml",
                                std::string(reinterpret_cast<const char*>(data), size)};
  const auto loaded = laurel::load_programme({&file, 1});
  bool any_error = false;
  for (const auto& fault : loaded.faults) {
    any_error = any_error || fault.severity == laurel::Severity::kError;
    require(!fault.code.empty() && !fault.message.empty());
    require(fault.file.empty() == (fault.line == 0) && fault.line >= 0);
    require(fault.line == 0 || fault.column >= 1);
  }
  require(any_error != loaded.programme.has_value());
  static_cast<void>(laurel::render(loaded.faults));
  if (loaded.programme) evaluate(*loaded.programme);
  return 0;
}
