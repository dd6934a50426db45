#include "cli/import/thousandths.hpp"

#include "cli/terminal.hpp"

namespace laurel::daemon::cli {

Result<std::int64_t> parse_thousandths(std::string_view text) {
  const bool negative = text.starts_with('-');
  // A quantity is the SDK's count of thousandths.
  const auto size = Quantity::parse(negative ? text.substr(1) : text);
  if (!size) return size.error();
  return negative ? -size->thousandths() : size->thousandths();
}

std::int64_t line_hundredths(std::int64_t quantity, std::int64_t price_thousandths) {
  const std::int64_t product = quantity * price_thousandths;
  std::int64_t hundredths = product / 10;
  const std::int64_t rest = product % 10;
  const std::int64_t away = product < 0 ? -1 : 1;
  if (rest * away > 5 || (rest * away == 5 && hundredths % 2 != 0)) hundredths += away;
  return hundredths;
}

std::string thousandths_text(std::int64_t thousandths) {
  const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
  const std::string digits = std::to_string(1000 + size % 1000).substr(1);
  return (thousandths < 0 ? "-" : "") + grouped(size / 1000) + "." + digits;
}

}  // namespace laurel::daemon::cli
