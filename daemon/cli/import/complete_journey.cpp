#include "cli/import/complete_journey.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "cli/csv.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr std::array<std::string_view, 4> kProductColumns = {"product_id", "department", "brand",
                                                             "product_category"};
enum Column : std::size_t { kHousehold, kStore, kBasket, kProduct, kQuantity, kValue, kTime };
constexpr std::array<std::string_view, 7> kColumns = {
    "household_id",         "store_id", "basket_id", "product_id", "quantity", "sales_value",
    "transaction_timestamp"};
constexpr std::size_t kReferenceMax = 64;

Error fault(std::int64_t line, std::string_view column, std::string_view seen) {
  return Error{ErrorCode::kInvalid, "line " + std::to_string(line) + ": " + std::string(column) +
                                        " cannot be \"" + std::string(seen.substr(0, 40)) + "\""};
}

// The data set writes NA where it knows nothing.
std::string known(std::string_view text) { return text == "NA" ? "" : std::string(text); }

Transaction basket_of(std::string_view id, std::string_view store, std::string_view household,
                      Instant at) {
  Transaction basket;
  basket.key = {std::string(kCompleteJourneySource), std::string(id)};
  basket.at = at;
  basket.store = store;
  basket.channel = "store";
  basket.currency = "USD";
  basket.identifiers = {{"household", std::string(household)}};
  return basket;
}

}  // namespace

Result<CompleteJourney> CompleteJourney::read(std::istream& transactions, std::istream& products,
                                              std::string_view time_zone) {
  const auto local_time = local_time_reader(time_zone);
  if (!local_time) return local_time.error();
  CompleteJourney journey;
  if (auto read = journey.read_products(products); !read) return std::move(read).error();
  if (auto read = journey.read_lines(transactions, *local_time); !read) {
    return std::move(read).error();
  }
  std::erase_if(journey.baskets_, [](const Transaction& basket) { return basket.lines.empty(); });
  std::stable_sort(journey.baskets_.begin(), journey.baskets_.end(),
                   [](const Transaction& a, const Transaction& b) { return *a.at < *b.at; });
  return journey;
}

Result<void> CompleteJourney::read_products(std::istream& input) {
  auto reader = CsvReader::open(input, kProductColumns);
  if (!reader) {
    Error error = std::move(reader).error();
    error.detail = "the products: " + error.detail;
    return error;
  }
  std::set<std::string> departments;
  while (true) {
    const auto more = reader->next();
    if (!more) return Error{more.error().code, "the products: " + more.error().detail};
    if (!*more) break;
    Product product{known(reader->field(1)), known(reader->field(3)), known(reader->field(2))};
    if (!product.department.empty()) departments.insert(product.department);
    products_.insert_or_assign(std::string(reader->field(0)), std::move(product));
  }
  facts_.products = static_cast<std::int64_t>(products_.size());
  facts_.departments = static_cast<std::int64_t>(departments.size());
  return {};
}

Line CompleteJourney::line_of(std::string_view product, std::string_view quantity) const {
  Line line;
  line.sku = product;
  // Things sold by weight are counted as none: they are one.
  const auto count = Quantity::parse(quantity);
  line.quantity = count && *count > Quantity() ? *count : Quantity::of(1);
  if (const auto product_known = products_.find(line.sku); product_known != products_.end()) {
    line.department = product_known->second.department;
    line.category = product_known->second.category;
    line.brand = product_known->second.brand;
  }
  return line;
}

Result<void> CompleteJourney::read_lines(std::istream& input, const LocalTimeReader& local_time) {
  auto reader = CsvReader::open(input, kColumns);
  if (!reader) return std::move(reader).error();
  const Currency usd = *Currency::of("USD");
  std::unordered_map<std::string, std::size_t> places;
  std::set<std::string> households, stores;
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) break;
    ++facts_.lines;
    const std::string_view id = reader->field(kBasket), household = reader->field(kHousehold);
    if (id.empty() || id.size() > kReferenceMax) return fault(reader->line(), "basket_id", id);
    if (household.empty() || household.size() > kReferenceMax) {
      return fault(reader->line(), "household_id", household);
    }
    const auto at = local_time(reader->field(kTime));
    if (!at) return fault(reader->line(), "transaction_timestamp", reader->field(kTime));
    if (!Quantity::parse(reader->field(kQuantity))) {
      return fault(reader->line(), "quantity", reader->field(kQuantity));
    }
    const auto [place, added] = places.try_emplace(std::string(id), baskets_.size());
    if (added) baskets_.push_back(basket_of(id, reader->field(kStore), household, *at));
    households.emplace(household);
    stores.emplace(reader->field(kStore));
    const auto amount = Money::parse(reader->field(kValue), usd);
    if (!amount) {
      ++facts_.not_money;
      continue;
    }
    facts_.value_cents += amount->minor();
    if (amount->minor() <= 0) {
      ++facts_.nothing_charged;
      continue;
    }
    Line line = line_of(reader->field(kProduct), reader->field(kQuantity));
    if (!products_.contains(line.sku)) ++facts_.unknown_products;
    Transaction& basket = baskets_[place->second];
    line.id = std::to_string(basket.lines.size() + 1);
    line.amount = amount->text();
    basket.lines.push_back(std::move(line));
  }
  facts_.baskets = static_cast<std::int64_t>(baskets_.size());
  facts_.households = static_cast<std::int64_t>(households.size());
  facts_.stores = static_cast<std::int64_t>(stores.size());
  return {};
}

}  // namespace laurel::daemon::cli
