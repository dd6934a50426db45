#pragma once
// A shop with a catalogue.

#include <algorithm>

#include "shop.hpp"

namespace laurel::test {

inline constexpr const char* kCatalogue = R"(rewards:
  shipping_tags: [delivery]
  catalogue:
    - id: ten-off
      name: { en: Ten off, fr: Dix de moins }
      cost: 100 points
      gives: { money_off: 10.00 }
      voucher: { valid: 90 days }
    - id: tea
      name: { en: Afternoon tea for two }
      terms: { en: Not on Sundays }
      cost: 400 points
      gives: { experience: afternoon-tea }
      stock: 1000
      limit: { times: 1, per: member, every: year }
    - id: gold-tea
      cost: { gold: 10 points }
      gives: { experience: gold-tea }
      tiers: [gold]
    - id: card-100
      gives: { gift_card: 100.00 }
    - id: card-shipping
      gives: { gift_card: 100.00 }
      voucher: { covers_shipping: true }
    - id: fifteen
      gives: { percent_off: 15% }
    - id: everything
      gives: { percent_off: 100% }
      approved_by: the director
    - id: fifth
      gives: { percent_off: 20% }
      minimum_basket: 100.00
      threshold_base: before_rewards
    - id: partner
      cost: 50 points
      gives: { codes: opera }
    - id: coffee
      gives: { product: coffee }
      voucher: { valid: 30 days }
)";

inline std::string with_catalogue(const std::string& rules = "") {
  return std::string(kReference) + "languages: [en, fr]\n" + kCatalogue + rules;
}

class RewardShop : public Shop {
 public:
  explicit RewardShop(const std::string& rules = "", const std::string& store = "memory:")
      : Shop(with_catalogue(rules), store) {}

  // Someone with so many points; one person may give 5,000 at once.
  MemberId has(const std::string& card, std::int64_t points) {
    EXPECT_TRUE(engine().enrol({TransactionKey{"web", card}, {{"card", card}}}).ok());
    const auto id = member(card).id;
    for (int part = 0; points > 0; points -= 5000) {
      const Adjustment gift{{"desk", "P-" + card + "-" + std::to_string(++part)},
                            id,
                            "",
                            Points(std::min<std::int64_t>(points, 5000)),
                            "clerk",
                            "gift",
                            {}};
      EXPECT_TRUE(engine().adjust(gift).ok());
    }
    return id;
  }

  Result<RewardTaken> takes(const std::string& id, const std::string& reward,
                            const std::string& card = "anna") {
    RewardRequest request{{"web", id}, reward};
    request.identifiers = {{"card", card}};
    return engine().rewards().take(request);
  }

  // A voucher by hand; none: for bearers.
  std::string voucher(const std::string& reward, MemberId owner = {}) {
    VoucherOrder order{{"desk", "V-" + std::to_string(++orders_)}, "clerk", "by hand", reward};
    order.member = owner;
    const auto issued = engine().vouchers().issue({&order, 1}).front();
    EXPECT_TRUE(issued.ok()) << (issued.ok() ? "" : describe(issued.error()));
    return issued ? issued->codes.front() : "";
  }

  static VoucherRequest request(const std::string& code, const std::string& id,
                                const std::vector<VoucherBasketLine>& lines,
                                const std::string& card = "") {
    VoucherRequest made{{"web", id}, code};
    made.basket = {"basket-" + id, "", lines};
    if (!card.empty()) made.identifiers = {{"card", card}};
    return made;
  }

 private:
  int orders_ = 0;
};

inline Transaction paid_with(Transaction sale, const std::string& code, const std::string& amount) {
  sale.tenders = {{"voucher", amount, code}};
  return sale;
}

}  // namespace laurel::test
