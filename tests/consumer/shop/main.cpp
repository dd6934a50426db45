// Opens a store, publishes a programme, posts a sale and looks the customer up. That takes every
// room and every package behind the archive, so a missing header, symbol or library shows at once.
#include <iostream>

#include "laurel/laurel.hpp"

namespace {

template <class T>
bool went_well(const laurel::Result<T>& result) {
  if (!result) std::cerr << result.error().name() << ": " << result.error().detail << '\n';
  return result.ok();
}

laurel::Transaction sale() {
  laurel::Transaction sale;
  sale.key = {"till-7", "R-1001"};
  sale.at = *laurel::parse_instant("2026-11-21T10:15:00Z");
  sale.currency = "GBP";
  sale.identifiers = {{"phone", "020 7946 0958"}};
  sale.lines = {{.id = "1", .department = "handbags", .amount = "1950.00"}};
  return sale;
}

int sell(laurel::Engine& engine, const laurel::Programme& programme) {
  if (!went_well(engine.publish(programme, {.by = "anna"}))) return 1;
  const auto receipt = engine.post(sale());
  const auto again = engine.post(sale());
  if (!went_well(receipt) || !went_well(again)) return 1;
  const auto found = engine.lookup(sale().identifiers);
  if (!went_well(found)) return 1;

  std::cout << "earned " << receipt->points.at(0).earned.text(0) << '\n';
  std::cout << "again " << (again->replayed ? "replayed" : "counted twice") << '\n';
  std::cout << "tier " << found->member.tier.id << '\n';
  return 0;
}

}  // namespace

int main() {
  const auto files = laurel::read_programme_folder("shop/programme");
  if (!went_well(files)) return 1;
  const auto loaded = laurel::load_programme(*files);
  std::cerr << laurel::render(loaded.faults);
  if (!loaded.programme) return 1;

  const auto store = laurel::open_store("sqlite:shop.db");
  if (!went_well(store)) return 1;
  const laurel::ManualClock clock(*laurel::parse_instant("2026-11-21T10:15:03Z"));
  const auto engine = laurel::Engine::open({.store = *store, .clock = &clock});
  return went_well(engine) ? sell(**engine, *loaded.programme) : 1;
}
