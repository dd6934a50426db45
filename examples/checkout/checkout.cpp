// A shop's checkout that links the SDK. It keeps its points in the same SQLite file as a running
// daemon; both may write at the same time.
//
//   checkout sqlite:shop.db 6301001234567890 R-1001
//
// While the basket fills, a quote says what it would earn: the same calculation as the sale, and
// nothing is stored. At payment the sale is posted under the receipt's own number. If the line to
// the disk or the program itself dies in between, posting again is always right: the key
// ("shop-checkout", "R-1001") counts once, for ever.

#include <iostream>
#include <string>

#include "laurel/laurel.hpp"

namespace {

using laurel::Engine;
using laurel::Error;
using laurel::Receipt;
using laurel::Transaction;

int report(const Error& error) {
  std::cerr << error.name() << ": " << error.detail << "\n";
  for (const auto& fault : error.faults)
    std::cerr << "  " << fault.pointer << " " << fault.detail << "\n";
  return 3;
}

std::string points_of(const Receipt& receipt) {
  std::string text;
  for (const auto& earning : receipt.points) {
    text += earning.earned.text(0) + " " + earning.wallet;
  }
  return text.empty() ? "no points" : text;
}

Transaction new_basket(const std::string& card, const std::string& number) {
  Transaction basket;
  basket.key = {"shop-checkout", number};
  basket.store = "knightsbridge";
  basket.channel = "store";
  basket.currency = "GBP";
  basket.identifiers = {{"card", card}};
  return basket;
}

// Adds an article and says what the basket would earn now.
bool add(Transaction& basket, const Engine& engine, laurel::Line article) {
  article.id = std::to_string(basket.lines.size() + 1);
  std::cout << article.sku << "  " << article.amount << "\n";
  basket.lines.push_back(std::move(article));
  Transaction question = basket;
  question.key.id += "/basket";  // the receipt's own number is for what is paid
  const auto quote = engine.quote(question);
  if (!quote) {
    report(quote.error());
    return false;
  }
  std::cout << "  this basket earns " << points_of(*quote) << "\n";
  return true;
}

int pay(const Transaction& basket, Engine& engine) {
  const auto receipt = engine.post(basket);
  if (!receipt) return report(receipt.error());
  std::cout << (receipt->replayed ? "already paid: " : "paid: ") << basket.key.id << " earned "
            << points_of(*receipt) << "\n";
  for (const auto& wallet : receipt->wallets) {
    std::cout << wallet.wallet << ": " << wallet.available.text(wallet.scale) << " available, "
              << wallet.pending.text(wallet.scale) << " pending\n";
  }
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    std::cerr << "usage: checkout STORE CARD RECEIPT\n";
    return 2;
  }
  const auto store = laurel::open_store(arguments[1]);
  if (!store) return report(store.error());
  const laurel::SystemClock clock;
  const auto engine = Engine::open({.store = *store, .clock = &clock});
  if (!engine) return report(engine.error());

  Transaction basket = new_basket(arguments[2], arguments[3]);
  // The receipt's own time: a sale that is sent again must be the same sale.
  basket.at = laurel::parse_instant("2026-11-21T10:15:00Z").value();
  if (!add(basket, **engine,
           {.id = "",
            .sku = "PR-88",
            .department = "handbags",
            .brand = "Prada",
            .amount = "1950.00"}))
    return 3;
  if (!add(basket, **engine, {.id = "", .sku = "BT-02", .department = "beauty", .amount = "85.50"}))
    return 3;
  return pay(basket, **engine);
}
