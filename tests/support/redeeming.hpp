#pragma once
// A counter at which points are spent:
//
//   Counter shop;
//   shop.gives(500);
//   shop.holds("RD-1", 400);

#include "shop.hpp"

namespace laurel::test {

// The reference programme, in which points are worth something.
inline std::string with_paying(const std::string& words) {
  return std::string(kReference) + "rewards:\n  pay_with_points: { " + words + " }\n";
}
inline const std::string kPaying = with_paying("points: 100, worth: 1.00");

inline RedemptionRequest asking(const std::string& id, std::int64_t points,
                                const std::string& card = "anna") {
  RedemptionRequest request;
  request.key = {"web", id};
  request.identifiers = {{"card", card}};
  request.points = Points(points);
  return request;
}

// A sale of one line, paid in part with points.
inline Transaction paid_with(const std::string& id, const std::string& amount,
                             const std::string& points, const std::string& redemption = "") {
  auto made = sale(id, {amount});
  made.tenders = {{"points", points, {}, redemption}};
  return made;
}

class Counter : public Shop {
 public:
  explicit Counter(const std::string& yaml = kPaying, const std::string& store = "memory:")
      : Shop(yaml, store) {}

  Redemptions redemptions() { return engine().redemptions(); }
  std::int64_t held(const std::string& card = "anna") { return balance(card).held.units(); }

  void gives(std::int64_t points, const std::string& card = "anna") {
    posts(sale("gives-" + card, {std::to_string(points) + ".00"}, card));
  }
  void sells_at(std::string_view when, const std::string& amount) {
    posts(sale("R-" + std::string(when), {amount}, "anna", at(when)));
  }
  Redemption holds(const std::string& id, std::int64_t points, const std::string& card = "anna") {
    const auto held = redemptions().hold(asking(id, points, card));
    EXPECT_TRUE(held.ok()) << describe(held.error());
    return held ? *held : Redemption{};
  }
};

}  // namespace laurel::test
