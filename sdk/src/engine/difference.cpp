#include <algorithm>

#include "base/decimal.hpp"
#include "engine/check.hpp"

namespace laurel::engine {
namespace {

using Difference = std::optional<std::string>;

// Amounts of returns are compared by value: their currency is the sale's, which may not be known.
bool same_decimal(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto left = parse_decimal(a);
  const auto right = parse_decimal(b);
  if (!left || !right) return false;
  return shortest_scaled_text(left->mantissa, left->scale) ==
         shortest_scaled_text(right->mantissa, right->scale);
}

template <class T>
bool same_set(std::vector<T> a, std::vector<T> b) {
  if (a == b) return true;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

using Given = std::tuple<std::string, std::string, IdentifierRole>;
std::vector<Given> all_of(const std::vector<Identifier>& identifiers) {
  std::vector<Given> out;
  out.reserve(identifiers.size());
  for (const auto& each : identifiers) out.emplace_back(each.type, each.value, each.role);
  return out;
}

Difference line_difference(const Line& a, const Line& b, const std::string& pointer) {
  if (a.sku != b.sku) return pointer + "/sku";
  if (a.department != b.department) return pointer + "/department";
  if (a.category != b.category) return pointer + "/category";
  if (a.brand != b.brand) return pointer + "/brand";
  if (a.quantity != b.quantity) return pointer + "/quantity";
  if (a.amount != b.amount) return pointer + "/amount";
  if (a.tax != b.tax) return pointer + "/tax";
  if (a.associate != b.associate) return pointer + "/associate";
  if (!same_set(a.tags, b.tags)) return pointer + "/tags";
  if (!same_set(a.attributes, b.attributes)) return pointer + "/attributes";
  if (a.origin != b.origin) return pointer + "/origin";
  return std::nullopt;
}

Difference lines_difference(const std::vector<Line>& stored, const std::vector<Line>& given) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string pointer = "/lines/" + std::to_string(i);
    // Almost always the same place; otherwise wherever the line of that id stands.
    auto same = i < stored.size() && stored[i].id == given[i].id
                    ? stored.begin() + static_cast<std::ptrdiff_t>(i)
                    : std::find_if(stored.begin(), stored.end(),
                                   [&](const Line& line) { return line.id == given[i].id; });
    if (same == stored.end()) return pointer + "/id";
    if (auto difference = line_difference(*same, given[i], pointer)) return difference;
  }
  if (stored.size() != given.size()) return "/lines";
  return std::nullopt;
}

Difference return_lines_difference(const std::vector<ReturnLine>& stored,
                                   const std::vector<ReturnLine>& given,
                                   const std::string& where = "/lines") {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string pointer = where + "/" + std::to_string(i);
    const auto same = std::find_if(stored.begin(), stored.end(), [&](const ReturnLine& line) {
      return line.original_line == given[i].original_line;
    });
    if (same == stored.end()) return pointer + "/original_line";
    if (same->quantity != given[i].quantity) return pointer + "/quantity";
    if (!same_decimal(same->amount, given[i].amount)) return pointer + "/amount";
  }
  if (stored.size() != given.size()) return where;
  return std::nullopt;
}

Difference parts_difference(const std::vector<ReturnPart>& stored,
                            const std::vector<ReturnPart>& given) {
  if (stored.size() != given.size()) return "/returns";
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string pointer = "/returns/" + std::to_string(i);
    if (stored[i].original != given[i].original) return pointer + "/original";
    if (!same_decimal(stored[i].amount, given[i].amount)) return pointer + "/amount";
    auto difference = return_lines_difference(stored[i].lines, given[i].lines, pointer + "/lines");
    if (difference) return difference;
  }
  return std::nullopt;
}

Difference tenders_difference(const std::vector<Tender>& stored, const std::vector<Tender>& given) {
  const auto key = [](const Tender& tender) {
    return std::tuple(tender.type, tender.amount, tender.voucher + " " + tender.redemption);
  };
  std::vector<std::tuple<std::string, std::string, std::string>> a, b;
  for (const auto& tender : stored) a.push_back(key(tender));
  for (const auto& tender : given) b.push_back(key(tender));
  if (!same_set(std::move(a), std::move(b))) return "/tenders";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> first_difference(const Transaction& stored, const Transaction& given) {
  if (stored.kind != given.kind) return "/kind";
  if (stored.at != given.at) return "/at";
  if (stored.store != given.store) return "/store";
  if (stored.channel != given.channel) return "/channel";
  if (stored.currency != given.currency) return "/currency";
  if (stored.associate != given.associate) return "/associate";
  if (!same_set(all_of(stored.identifiers), all_of(given.identifiers))) return "/identifiers";
  if (!same_set(stored.tags, given.tags)) return "/tags";
  if (auto difference = lines_difference(stored.lines, given.lines)) return difference;
  if (auto difference = tenders_difference(stored.tenders, given.tenders)) return difference;
  if (stored.original != given.original) return "/original";
  if (auto difference = return_lines_difference(stored.return_lines, given.return_lines)) {
    return difference;
  }
  if (auto difference = parts_difference(stored.returns, given.returns)) return difference;
  if (!same_decimal(stored.amount, given.amount)) return "/amount";
  if (stored.event != given.event) return "/event";
  if (stored.department != given.department) return "/department";
  if (stored.discounts != given.discounts) return "/discounts";
  if (stored.basket != given.basket) return "/basket";
  return std::nullopt;
}

}  // namespace laurel::engine
