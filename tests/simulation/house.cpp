#include "house.hpp"

namespace laurel::simulation {
namespace {

using std::chrono::hours;

constexpr Version kVersions[] = {{1, 2}, {2, 1}, {1, 3}, {3, 2}};

std::string yaml_of(const Version& version) {
  const auto rate = "rate: " + std::to_string(version.rate) + " points per 1.00";
  auto yaml = test::replaced(test::kReference, "rate: 1 point per 1.00", rate);
  yaml = test::replaced(yaml, "rate: 1 point per 1.00", rate);
  yaml =
      test::replaced(yaml, "currency: EUR", "currency: EUR\nexchange: { GBP: 2, JPY: 1, KWD: 10 }");
  yaml = test::replaced(yaml, "after_discounts", "after_discounts\n  exclude: { tags: [gift] }");
  yaml = test::replaced(yaml, "pending: none", "pending: 14 days");
  yaml = test::replaced(
      yaml, "identity:", "rewards:\n  pay_with_points: { points: 1, worth: 0.01 }\nidentity:");
  if (version.spa == 1) return yaml;
  return test::replaced(yaml, "identity:",
                        "rules:\n  - { id: spa, when: { department: spa }, multiply: " +
                            std::to_string(version.spa) + " }\nidentity:");
}

std::string amount_text(std::int64_t minor, const std::string& currency) {
  return Money(minor, *Currency::of(currency)).text();
}

// What must be the same whenever the answer is given again.
std::string told(const Receipt& receipt) {
  std::string text = std::to_string(receipt.entry.number()) + " " +
                     std::to_string(static_cast<int>(receipt.state)) + " " +
                     std::to_string(test::earned(receipt)) + " " +
                     std::to_string(test::reversed(receipt)) + " " + to_text(receipt.at) + " " +
                     receipt.tier.id + " " + std::to_string(receipt.tier.spend_minor);
  for (const auto& balance : receipt.wallets) {
    text += " " + std::to_string(balance.available.units()) + " " +
            std::to_string(balance.pending.units()) + " " + std::to_string(balance.debt.units());
  }
  return text;
}

}  // namespace

House::House(std::uint64_t seed, const std::string& uri)
    : random_(seed), clock_(test::at("2023-01-02T08:00:00Z")) {
  store_ = std::make_shared<store::FaultStore>(*open_store(uri));
  start();
  const auto first = engine_->publish(test::programme_of(yaml_of(kVersions[0])),
                                      {"simulation", test::at("2020-01-01T00:00:00Z"), true});
  EXPECT_TRUE(first.ok());
  versions_.emplace_back(test::at("2020-01-01T00:00:00Z"), kVersions[0]);
}

void House::start() {
  auto opened = Engine::open({store_, &clock_, nullptr});
  ASSERT_TRUE(opened.ok());
  engine_ = *std::move(opened);
}

void House::step() {
  clock_.advance(std::chrono::seconds(below(7'200) + 1));
  if (once_in(50)) clock_.advance(hours(24 * (below(20) + 1)));
  const auto dice = below(100);
  if (dice < 40) {
    sell();
  } else if (dice < 62) {
    once_in(5) ? exchange() : give_back();
  } else if (dice < 68) {
    sell_before_its_return();
  } else if (dice < 72) {
    void_sale();
  } else if (dice < 77) {
    void_return();
  } else if (dice < 82) {
    claim();
  } else if (dice < 85) {
    adjust();
  } else if (dice < 88) {
    redeem();
  } else if (dice < 91) {
    enrol();
  } else if (dice < 96) {
    send_again();
  } else if (dice < 99) {
    send_again_changed();
  } else if (once_in(4)) {
    publish();
  }
}

Instant House::some_time_ago() {
  const Instant now = clock_.now();
  return once_in(4) ? now - hours(below(24 * 40)) : now;
}

Version House::version_at(Instant at) const {
  Version found;
  for (const auto& [from, version] : versions_) {
    if (from <= at) found = version;
  }
  return found;
}

void House::publish() {
  const auto& version = kVersions[below(std::size(kVersions))];
  const Instant from = clock_.now();
  const auto published =
      engine_->publish(test::programme_of(yaml_of(version)), {"simulation", from, true});
  EXPECT_TRUE(published.ok());
  versions_.emplace_back(from, version);
}

void House::enrol() {
  Enrolment enrolment;
  const auto card = next_id("card-");
  enrolment.key = TransactionKey{"web", card};
  enrolment.identifiers = {{"card", card}};
  const auto first = engine_->enrol(enrolment);
  const auto again = engine_->enrol(enrolment);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(!first->replayed && again->replayed);
  EXPECT_EQ(first->member.id, again->member.id);
  cards_[card] = first->member.id;
}

Sale& House::new_sale() {
  auto made = std::make_unique<Sale>();
  made->id = next_id("S-");
  made->currency = std::vector<const char*>{"EUR", "EUR", "GBP", "JPY", "KWD"}[below(5)];
  made->at = some_time_ago();
  made->version = version_at(made->at);
  made->style = static_cast<Style>(below(3));
  const bool alike = made->style == Style::kAmount;
  const bool spa = once_in(3);
  for (auto lines = below(4) + 1; lines > 0; --lines) {
    SoldLine line;
    line.spa = alike ? spa : once_in(3);
    line.excluded = !alike && once_in(6);
    line.minor = static_cast<std::int64_t>(below(made->currency == "JPY" ? 300 : 30'000)) + 10;
    line.pieces = made->style == Style::kPieces ? static_cast<std::int64_t>(below(4)) + 1 : 1;
    made->lines.push_back(line);
  }
  sales_.push_back(std::move(made));
  return *sales_.back();
}

Transaction House::document_of(const Sale& sale, const std::string& card) {
  Transaction made;
  made.key = {"till", sale.id};
  made.at = sale.at;
  made.currency = sale.currency;
  if (!card.empty()) made.identifiers = {{"card", card}};
  for (std::size_t i = 0; i < sale.lines.size(); ++i) {
    const auto& sold = sale.lines[i];
    Line line;
    line.id = std::to_string(i);
    line.department = sold.spa ? "spa" : "retail";
    line.quantity = Quantity::of(sold.pieces);
    line.amount = amount_text(sold.minor, sale.currency);
    if (sold.excluded) line.tags = {"gift"};
    made.lines.push_back(std::move(line));
  }
  return made;
}

// Whether it was accepted, which must be what the model expects.
bool House::posts(const Transaction& transaction, bool expected) {
  const std::int64_t crashes = crashes_;
  const auto receipt = surely([&] { return engine_->post(transaction); });
  EXPECT_EQ(receipt.ok(), expected)
      << transaction.key.id << ": "
      << (receipt ? "accepted" : test::Shop::describe(receipt.error()));
  if (!receipt) {
    ++refused_;
    EXPECT_EQ(receipt.error().error_class(), ErrorClass::kRefused);
    return false;
  }
  ++accepted_;
  if (crashes == crashes_) {
    EXPECT_FALSE(receipt->replayed);
  }
  answered_.emplace_back(transaction, *receipt);
  return true;
}

void House::post_sale(Sale& sale, const std::string& card) {
  if (posts(document_of(sale, card), true)) took(sale, card);
}

void House::took(Sale& sale, const std::string& card) {
  sale.arrive();
  if (card.empty()) return;
  sale.member = answered_.back().second.attribution.member;
  const auto [known, inserted] = cards_.emplace(card, sale.member);
  EXPECT_EQ(known->second, sale.member) << "a card changed its member";
}

void House::sell() {
  auto& sale = new_sale();
  post_sale(sale, once_in(8) ? "" : any_card());
}

// Its returns come first, some of them voided again, and then it does.
void House::sell_before_its_return() {
  auto& sale = new_sale();
  for (auto returns = below(3) + 1; returns > 0; --returns) {
    post_document(sale, new_return(sale, once_in(4)), TransactionKind::kReturn);
    auto& document = sale.documents.back();
    if (once_in(4) && posts(voiding(sale, document), true)) document.voided = true;
  }
  post_sale(sale, once_in(3) ? "" : any_card());
}

Document House::new_return(const Sale& sale, bool whole) {
  Document made;
  made.id = next_id("X-");
  made.at = some_time_ago();
  made.all = whole;
  made.line = below(sale.lines.size());
  made.pieces = static_cast<std::int64_t>(below(2)) + 1;
  made.minor = static_cast<std::int64_t>(below(20'000)) + 1;
  if (whole || sale.style != Style::kAmount) made.minor = 0;
  return made;
}

Transaction House::transaction_of(const Sale& sale, const Document& document,
                                  TransactionKind kind) {
  auto made = test::taking_back(kind, document.id, sale.id, document.at);
  made.key.source = "till";
  made.original->source = "till";
  if (document.all) return made;
  switch (sale.style) {
    case Style::kLines: made.return_lines = {{std::to_string(document.line)}}; break;
    case Style::kPieces:
      made.return_lines = {{std::to_string(document.line), Quantity::of(document.pieces)}};
      break;
    case Style::kAmount: made.amount = amount_text(document.minor, sale.currency); break;
  }
  return made;
}

Transaction House::voiding(const Sale& sale, const Document& document) {
  auto made = test::void_of(next_id("V-"), document.id, some_time_ago());
  made.key.source = "till";
  made.original->source = "till";
  about_[made.key.id] = sale.id;
  return made;
}

void House::post_document(Sale& sale, Document document, TransactionKind kind) {
  const bool expected = !sale.arrived || sale.could_take(document);
  about_[document.id] = sale.id;
  const auto before = sale.kept_minor();
  if (!posts(transaction_of(sale, document, kind), expected)) return;
  document.stands = sale.arrived;
  sale.documents.push_back(document);
  const auto& receipt = answered_.back().second;
  if (!sale.arrived) {
    EXPECT_EQ(receipt.state, TransactionState::kWaiting);
    return;
  }
  ASSERT_TRUE(receipt.refund.has_value());
  EXPECT_EQ(receipt.refund->money, amount_text(before - sale.kept_minor(), sale.currency));
}

const std::pair<const std::string, MemberId>& House::any_member() {
  auto card = cards_.begin();
  std::advance(card, static_cast<std::ptrdiff_t>(below(cards_.size())));
  return *card;
}

Sale* House::any_sale() { return sales_.empty() ? nullptr : sales_[below(sales_.size())].get(); }

void House::give_back() {
  if (auto* sale = any_sale()) {
    post_document(*sale, new_return(*sale, once_in(3)), TransactionKind::kReturn);
  }
}

// Something else instead of what was bought, at one till and at once.
void House::exchange() {
  auto* old = any_sale();
  if (old == nullptr || !old->arrived) return;
  auto& bought = new_sale();
  auto document = new_return(*old, once_in(3));
  document.id = bought.id + "/1";
  document.at = bought.at;
  document.of_exchange = true;
  const std::string card = once_in(8) ? "" : any_card();
  const auto back = transaction_of(*old, document, TransactionKind::kReturn);
  auto made = document_of(bought, card);
  made.returns = {{*back.original, back.return_lines, back.amount}};
  about_[document.id] = old->id;
  const auto before = old->kept_minor();
  if (!posts(made, old->could_take(document))) return sales_.pop_back();
  document.stands = true;
  old->documents.push_back(document);
  bought.brought_back = old;
  took(bought, card);
  const auto& receipt = answered_.back().second;
  ASSERT_EQ(receipt.returns.size(), 1u);
  EXPECT_EQ(receipt.returns[0].refund->money,
            amount_text(before - old->kept_minor(), old->currency));
}

// Its void takes back what it brought back, too.
void House::undo_exchange(const Sale& sale, const std::string& by) {
  if (sale.brought_back == nullptr) return;
  about_[by + "/1"] = sale.brought_back->id;
  for (auto& document : sale.brought_back->documents) {
    if (document.id != sale.id + "/1") continue;
    document.stands = false;
    document.voided = true;
  }
}

void House::void_sale() {
  auto* sale = any_sale();
  if (sale == nullptr) return;
  auto document = new_return(*sale, true);
  document.id = next_id("V-");
  document.voided = true;  // a void is for good
  const auto documents = sale->documents.size();
  post_document(*sale, document, TransactionKind::kVoid);
  if (sale->documents.size() > documents) undo_exchange(*sale, document.id);
}

void House::void_return() {
  auto* sale = any_sale();
  if (sale == nullptr || sale->documents.empty()) return;
  auto& document = sale->documents[below(sale->documents.size())];
  if (document.id.starts_with("V-") || document.of_exchange) return;
  if (!posts(voiding(*sale, document), !document.voided)) return;
  document.voided = true;
  document.stands = false;
}

void House::claim() {
  auto* sale = any_sale();
  if (sale == nullptr || cards_.empty()) return;
  const auto member = any_member().second;
  const auto age = clock_.now() - sale->at;
  if (!sale->member && age > hours(24 * 29) && age < hours(24 * 32)) return;  // about the last day
  const bool hers = sale->member == member;
  const bool expected = hers || (!sale->member && age < hours(24 * 31));
  const std::int64_t crashes = crashes_;
  const auto receipt = surely([&] { return engine_->claim({"till", sale->id}, member, "clerk"); });
  EXPECT_EQ(receipt.ok(), expected) << sale->id;
  if (!receipt) {
    EXPECT_EQ(receipt.error().code,
              sale->member ? ErrorCode::kAlreadyAttributed : ErrorCode::kClaimWindowClosed);
    return;
  }
  if (crashes == crashes_) {
    EXPECT_EQ(receipt->replayed, hers);
  }
  sale->member = member;
}

void House::adjust() {
  if (cards_.empty()) return;
  const auto id = any_member().second;
  const auto has = engine_->member(id)->wallets.at(0).balance.available.units();
  auto points = static_cast<std::int64_t>(below(400)) + 1;
  if (!once_in(3)) points = -points;
  const Adjustment adjustment{
      {"desk", next_id("A-")}, id, "", Points(points), "clerk", "asked", {}};
  const auto first = surely([&] { return engine_->adjust(adjustment); });
  EXPECT_EQ(first.ok(), points > 0 || has >= -points);
  if (!first) {
    EXPECT_EQ(first.error().code, ErrorCode::kInsufficientPoints);
    return;
  }
  const auto again = engine_->adjust(adjustment);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entry, first->entry);
  adjusted_[id] += points;
}

// Held, and then taken, taken in part, or given back.
void House::redeem() {
  if (cards_.empty()) return;
  const auto& [card, id] = any_member();
  const auto has = engine_->member(id)->wallets.at(0).balance.available.units();
  const auto wanted = static_cast<std::int64_t>(below(400)) + 1;
  RedemptionRequest request;
  request.key = {"till", next_id("H-")};
  request.identifiers = {{"card", card}};
  request.points = Points(wanted);
  const auto held = surely([&] { return engine_->redemptions().hold(request); });
  ASSERT_EQ(held.ok(), has >= wanted) << request.key.id;
  if (!held) return;
  EXPECT_EQ(held->points, Points(wanted));
  Resolution end{.redemption = request.key};
  const auto taken =
      once_in(4) ? 0 : static_cast<std::int64_t>(below(static_cast<std::uint64_t>(wanted))) + 1;
  if (taken > 0) end.points = Points(taken);
  const auto ended = surely([&] {
    return taken > 0 ? engine_->redemptions().capture(end) : engine_->redemptions().release(end);
  });
  ASSERT_TRUE(ended.ok()) << test::Shop::describe(ended.error());
  const auto balance = engine_->member(id)->wallets.at(0).balance;
  EXPECT_EQ(balance.available, Points(has - taken));
  EXPECT_EQ(balance.held, Points());
  adjusted_[id] -= taken;
  ++redeemed_;
}

void House::send_again() {
  if (answered_.empty()) return;
  const auto& [transaction, first] = answered_[below(answered_.size())];
  const auto again = engine_->post(transaction);
  ASSERT_TRUE(again.ok()) << transaction.key.id << test::Shop::describe(again.error());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(told(*again), told(first)) << transaction.key.id;
}

void House::send_again_changed() {
  if (answered_.empty()) return;
  auto transaction = answered_[below(answered_.size())].first;
  transaction.tags.push_back("changed");
  const auto refused = engine_->post(transaction);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

}  // namespace laurel::simulation
