#include "programme/faults.hpp"

#include <algorithm>
#include <tuple>

#include "base/check.hpp"
#include "base/text.hpp"

namespace laurel::programme {
namespace {

constexpr FaultInfo kFaults[] = {
#define LAUREL_FAULT_INFO(code, severity, text) {#code, Severity::severity, text},
    LAUREL_PROGRAMME_FAULTS(LAUREL_FAULT_INFO)
#undef LAUREL_FAULT_INFO
};

constexpr std::size_t kMaxExcerptBytes = 200;

const FaultInfo& info_of(std::string_view code) {
  const auto found = std::ranges::find(kFaults, code, &FaultInfo::code);
  LAUREL_ASSERT(found != std::end(kFaults), "a fault code that is not listed");
  return *found;
}

// Well-formed and printable, so that a terminal shows it as one line. Tabs count as one space.
std::string excerpt_of(std::string_view line) {
  std::string excerpt;
  while (!line.empty() && excerpt.size() < kMaxExcerptBytes) {
    const std::size_t length = std::max<std::size_t>(utf8_length(line), 1);
    const std::string_view character = line.substr(0, length);
    excerpt += is_printable_utf8(character) ? character : (character == "\t" ? " " : "?");
    line.remove_prefix(length);
  }
  return excerpt;
}

auto order_of(const ProgrammeFault& fault) {
  return std::tie(fault.file, fault.line, fault.column, fault.code, fault.message);
}

void append_position(std::string& out, const ProgrammeFault& fault) {
  if (fault.file.empty()) return;
  out += fault.file;
  if (fault.line > 0) {
    out += ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column);
  }
  out += ": ";
}

void append_caret(std::string& out, const ProgrammeFault& fault) {
  if (fault.line == 0 || fault.excerpt.empty()) return;
  const std::string margin = std::to_string(fault.line);
  out += "  " + margin + " | " + fault.excerpt + "\n  ";
  out.append(margin.size(), ' ');
  out += " | ";
  out.append(static_cast<std::size_t>(std::max(fault.column - 1, 0)), ' ');
  out += "^\n";
}

}  // namespace

std::span<const FaultInfo> all_faults() { return kFaults; }

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void Faults::add(Place place, std::string_view code, std::string message, std::string hint) {
  const Severity severity = info_of(code).severity;
  if (severity == Severity::kError) ++errors_;
  if (is_full()) return;
  ProgrammeFault fault{.severity = severity,
                       .file = {},
                       .line = place.line,
                       .column = place.column,
                       .code = std::string(code),
                       .message = std::move(message),
                       .hint = std::move(hint),
                       .excerpt = {}};
  if (place.file < files_.size() && place.line > 0) {
    fault.file = files_[place.file].name;
    fault.excerpt = excerpt_of(line_of(files_[place.file].text, place.line));
  }
  faults_.push_back(std::move(fault));
}

std::vector<ProgrammeFault> Faults::take() {
  std::ranges::sort(faults_, {}, order_of);
  const auto same = [](const ProgrammeFault& a, const ProgrammeFault& b) {
    return order_of(a) == order_of(b);
  };
  faults_.erase(std::unique(faults_.begin(), faults_.end(), same), faults_.end());
  return std::move(faults_);
}

}  // namespace laurel::programme

namespace laurel {

std::string render(std::span<const ProgrammeFault> faults, RenderOptions options) {
  const std::string_view red = options.colour ? "\033[1;31m" : "";
  const std::string_view yellow = options.colour ? "\033[1;33m" : "";
  const std::string_view plain = options.colour ? "\033[0m" : "";
  std::string out;
  for (const ProgrammeFault& fault : faults) {
    const bool error = fault.severity == Severity::kError;
    programme::append_position(out, fault);
    out += error ? red : yellow;
    out += error ? "error" : "warning";
    out += plain;
    out += ": " + fault.message + " [" + fault.code + "]\n";
    programme::append_caret(out, fault);
    if (!fault.hint.empty()) out += "  hint: " + fault.hint + "\n";
  }
  return out;
}

}  // namespace laurel
