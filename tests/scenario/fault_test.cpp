// The store fails at every call in turn. Afterwards the whole of a request is there or nothing of
// it, the ledger proves itself, and asking again does it exactly once.

#include <functional>

#include "laurel/merging.hpp"
#include "laurel/pool.hpp"
#include "laurel/privacy.hpp"
#include "redeeming.hpp"
#include "reward_kit.hpp"
#include "store/fault_store.hpp"

namespace laurel::test {
namespace {

using store::FaultPoint;
using store::FaultStore;

std::string state_of(const Engine& engine) {
  std::string text;
  const auto page = engine.entries({}, 1'000);
  if (!page) return "unreadable";
  for (const auto& entry : page->entries) {
    text += std::to_string(entry.id.number()) + " " + entry.kind + " " + entry.key.id;
    for (const auto& balance : entry.balances_after) {
      text += " " + std::to_string(balance.available.units()) + " " +
              std::to_string(balance.debt.units());
    }
    text += "\n";
  }
  return text;
}

// The rules of the house give something too.
constexpr const char* kGiving = R"(  automatic:
    - { id: birthday, on: birthday, gives: coffee }
rules:
  - id: coffee-on-top
    when: { basket: { at_least: 25.00 } }
    voucher: coffee
)";

// With points that pay, too.
std::string everything() {
  std::string text = with_catalogue(kGiving);
  const std::string section = "rewards:\n";
  text.insert(text.find(section) + section.size(),
              "  pay_with_points: { points: 100, worth: 1.00 }\n");
  return text;
}

// A shop whose past is written; then its store is put behind one that fails.
class FaultyShop {
 public:
  FaultyShop() : clock_(at("2025-03-01T10:00:00Z")) {
    const auto inner = *open_store("memory:");
    faulty_ = std::make_shared<FaultStore>(inner);
    reopen();
    EXPECT_TRUE(engine_->publish(programme_of(everything()), {"test", {}, true}).ok());
    EXPECT_TRUE(engine_->enrol({TransactionKey{"web", "carla"}, {{"card", "carla"}}}).ok());
    EXPECT_TRUE(engine_->enrol({TransactionKey{"web", "anna"}, {{"card", "anna"}}}).ok());
    EXPECT_TRUE(engine_->post(sale("R-1", {"500.00", "300.00"})).ok());
    EXPECT_TRUE(engine_->adjust(taking("A-0", -500)).ok());
    EXPECT_TRUE(engine_->post(return_of_amount("X-0", "R-1", "50.00")).ok());
    EXPECT_TRUE(engine_->post(return_of_amount("early", "R-late", "10.00")).ok());
    EXPECT_TRUE(engine_->post(sale("R-nobody", {"80.00"}, "")).ok());
    berta_ = engine_->enrol({TransactionKey{"web", "bea"}, {{"card", "bea"}}})->member.id;
    EXPECT_TRUE(engine_->enrol({TransactionKey{"web", "cora"}, {{"card", "cora"}}}).ok());
    EXPECT_TRUE(engine_->post(sale("R-cora", {"20.00"}, "cora")).ok());
    const auto cora = engine_->lookup(std::vector<Identifier>{{"card", "cora"}})->member.id;
    EXPECT_TRUE(
        engine_->merging().merge({{"desk", "M-0"}, berta(), cora, "clerk", "one person"}).ok());
    EXPECT_TRUE(engine_->redemptions().hold(asking("RD-held", 20)).ok());
    EXPECT_TRUE(engine_->redemptions().hold(asking("RD-captured", 10)).ok());
    EXPECT_TRUE(engine_->redemptions().capture({{"web", "RD-captured"}}).ok());
    EXPECT_TRUE(engine_->post(paid_with("R-paid", "25.00", "0.05")).ok());
    code_ = voucher();
    open_pool();
    EXPECT_TRUE(engine_->redemptions().hold(of_pool("RD-pool", 12)).ok());
    EXPECT_TRUE(engine_->redemptions().hold(of_reward("RD-reward")).ok());
  }

  // Of two who have ten points each.
  static RedemptionRequest of_pool(const std::string& id, std::int64_t points) {
    return {.key = {"web", id},
            .identifiers = {{"card", "dora"}},
            .points = Points(points),
            .pool = true};
  }
  static RedemptionRequest of_reward(const std::string& id) {
    return {.key = {"web", id}, .identifiers = {{"card", "anna"}}, .reward = "ten-off"};
  }
  PoolId pool() const { return pool_; }

  // Of a voucher that was issued before.
  const std::string& code() const { return code_; }
  void reopen() { engine_ = *Engine::open({faulty_, &clock_, nullptr}); }
  Engine& engine() { return *engine_; }
  FaultStore& store() { return *faulty_; }

  MemberId berta() const { return berta_; }
  std::string voucher() {
    VoucherOrder order{{"desk", "V-0"}, "clerk", "by hand", "card-100"};
    const auto issued = engine_->vouchers().issue({&order, 1}).front();
    return issued ? issued->codes.front() : "";
  }
  VoucherRequest using_voucher(const std::string& code) {
    return RewardShop::request(code, "U-1", {{"1", "60.00"}});
  }

  MemberId anna() { return engine_->lookup(std::vector<Identifier>{{"card", "anna"}})->member.id; }
  Adjustment taking(const std::string& id, std::int64_t points) {
    return {{"desk", id}, anna(), "", Points(points), "clerk", "at the desk", {}};
  }
  void adds_up() {
    const auto report = engine_->verify({});
    ASSERT_TRUE(report.ok());
    for (const auto& drift : report->drift) {
      ADD_FAILURE() << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt;
    }
  }

 private:
  void open_pool() {
    std::vector<MemberId> two;
    for (const char* card : {"dora", "dina"}) {
      two.push_back(engine_->enrol({TransactionKey{"web", card}, {{"card", card}}})->member.id);
      EXPECT_TRUE(engine_->post(sale(std::string("R-") + card, {"10.00"}, card)).ok());
    }
    const auto opened = engine_->pools().open({{"desk", "P-0"}, two[0], "clerk", "asked"});
    ASSERT_TRUE(opened.ok());
    pool_ = opened->id;
    EXPECT_TRUE(engine_->pools()
                    .join({{"desk", "J-0"}, pool_, two[1], false, true, "clerk", "asked"})
                    .ok());
  }

  MemberId berta_;
  PoolId pool_;
  ManualClock clock_;
  std::shared_ptr<FaultStore> faulty_;
  std::unique_ptr<Engine> engine_;
  std::string code_;
};

// What the caller learns: whether it was done before, or the error.
struct Answer {
  bool replayed = false;
  std::optional<ErrorCode> error = {};
};

template <class T>
Answer answer_of(const Result<T>& result) {
  if (!result) return {false, result.error().code};
  return {result->replayed, {}};
}

struct Request {
  const char* name;
  Answer (*make)(FaultyShop&, MemberId anna);
};

constexpr Request kRequests[] = {
    {"sale", [](FaultyShop& shop,
                MemberId) { return answer_of(shop.engine().post(sale("R-2", {"25.00"}))); }},
    {"sale_that_enrols",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(sale("R-2", {"25.00"}, "new")));
     }},
    {"sale_whose_return_waits",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(sale("R-late", {"25.00"})));
     }},
    {"return",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(return_of_line("X-1", "R-1", "2")));
     }},
    {"void", [](FaultyShop& shop,
                MemberId) { return answer_of(shop.engine().post(void_of("V-1", "R-1"))); }},
    {"void_of_a_return",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(void_of("V-1", "X-0")));
     }},
    {"claim",
     [](FaultyShop& shop, MemberId anna) {
       return answer_of(shop.engine().claim({"till-1", "R-nobody"}, anna, "clerk"));
     }},
    {"adjustment",
     [](FaultyShop& shop, MemberId anna) {
       return answer_of(shop.engine().adjust(
           {{"desk", "A-1"}, anna, "", Points(40), "clerk", "for the trouble", {}}));
     }},
    {"merge",
     [](FaultyShop& shop, MemberId anna) {
       return answer_of(shop.engine().merging().merge(
           {{"desk", "M-1"}, anna, shop.berta(), "clerk", "one person"}));
     }},
    {"unmerge",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().merging().unmerge(
           {{"desk", "U-1"}, {"desk", "M-0"}, {}, "clerk", "two people"}));
     }},
    {"erasure",
     [](FaultyShop& shop, MemberId) {
       return answer_of(
           shop.engine().privacy().erase({{"desk", "D-1"}, shop.berta(), "clerk", "by letter"}));
     }},
    {"hold",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().hold(asking("RD-1", 10)));
     }},
    {"capture_of_a_part",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().capture({{"web", "RD-held"}, "", Points(15)}));
     }},
    {"release",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().release({{"web", "RD-held"}}));
     }},
    {"release_of_a_part",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().release({{"web", "RD-held"}, "", Points(5)}));
     }},
    {"extension",
     [](FaultyShop& shop, MemberId) {
       return answer_of(
           shop.engine().redemptions().extend({{"web", "RD-held"}, "E", std::chrono::hours(1)}));
     }},
    {"reversal",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().reverse({{"web", "RD-captured"}}));
     }},
    {"sale_paid_with_points",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(paid_with("R-2", "25.00", "0.10")));
     }},
    {"void_of_a_sale_paid_with_points",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(void_of("V-1", "R-paid")));
     }},
    {"transfer",
     [](FaultyShop& shop, MemberId anna) {
       return answer_of(shop.engine().transfers().move({.key = {"desk", "T"},
                                                        .from = anna,
                                                        .to = MemberId(1),  // carla, who came first
                                                        .points = Points(10),
                                                        .actor = "clerk",
                                                        .reason = "a present"}));
     }},
    {"reward",
     [](FaultyShop& shop, MemberId anna) {
       return answer_of(shop.engine().rewards().take({{"web", "T-1"}, "ten-off", anna}));
     }},
    {"vouchers_ordered",
     [](FaultyShop& shop, MemberId) {
       VoucherOrder order{{"desk", "V-1"}, "clerk", "by hand", "card-100"};
       order.count = 3;
       return answer_of(shop.engine().vouchers().issue({&order, 1}).front());
     }},
    {"hold_of_a_reward",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().hold(FaultyShop::of_reward("RD-2")));
     }},
    {"capture_of_a_reward",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().capture({{"web", "RD-reward"}}));
     }},
    {"hold_of_a_pool",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().hold(FaultyShop::of_pool("RD-2", 7)));
     }},
    {"capture_of_a_pool",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().capture({{"web", "RD-pool"}}));
     }},
    {"release_of_a_pool",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().redemptions().release({{"web", "RD-pool"}}));
     }},
    {"joining_a_pool",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().pools().join(
           {{"desk", "J-1"}, shop.pool(), shop.berta(), false, true, "clerk", "asked"}));
     }},
    {"voucher_reserved",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().vouchers().reserve(shop.using_voucher(shop.code())));
     }},
    {"voucher_redeemed",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().vouchers().redeem(shop.using_voucher(shop.code())));
     }},
    {"sale_paid_with_a_voucher",
     [](FaultyShop& shop, MemberId) {
       return answer_of(
           shop.engine().post(paid_with(sale("R-2", {"60.00"}), shop.code(), "20.00")));
     }},
    {"return_of_a_sale_that_gave_a_voucher",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().post(return_of("X-1", "R-1")));
     }},
    {"enrolment",
     [](FaultyShop& shop, MemberId) {
       return answer_of(shop.engine().enrol({TransactionKey{"web", "E"}, {{"card", "berta"}}}));
     }},
};

// Fails the `call`-th call that passes `point`. False: the request ended before that call.
bool survives(const Request& request, FaultPoint point, int call, const std::string& whole) {
  SCOPED_TRACE(std::to_string(static_cast<int>(point)) + " call " + std::to_string(call));
  FaultyShop shop;
  const auto anna = shop.anna();
  const auto before = state_of(shop.engine());
  shop.store().fail(point, call);
  const auto first = request.make(shop, anna);
  const bool failed = shop.store().failed();
  shop.store().fail(FaultPoint::kNone, 0);
  const auto after = state_of(shop.engine());
  EXPECT_TRUE(after == before || after == whole) << after;
  EXPECT_TRUE(first.error || after == whole) << "acknowledged, and not there";
  EXPECT_TRUE(failed || !first.error);
  if (point == FaultPoint::kAfterCommit && failed) {
    EXPECT_EQ(first.error, ErrorCode::kOutcomeUnknown);
    EXPECT_FALSE(shop.engine().writable());
  }
  shop.reopen();
  shop.adds_up();
  const auto again = request.make(shop, anna);
  EXPECT_FALSE(again.error.has_value());
  EXPECT_EQ(again.replayed, after == whole);
  EXPECT_EQ(state_of(shop.engine()), whole);
  shop.adds_up();
  return failed;
}

class Fault : public testing::TestWithParam<Request> {};

TEST_P(Fault, at_every_call_of_the_store_leaves_all_or_nothing) {
  FaultyShop undisturbed;
  const auto answered = GetParam().make(undisturbed, undisturbed.anna());
  ASSERT_FALSE(answered.error.has_value());
  const auto whole = state_of(undisturbed.engine());
  for (const auto point : {FaultPoint::kView, FaultPoint::kRead, FaultPoint::kBeforeCommit,
                           FaultPoint::kAfterCommit}) {
    int call = 1;
    while (survives(GetParam(), point, call, whole) && call < 200) {
      ++call;
    }
    const bool reads = point != FaultPoint::kRead;
    EXPECT_GE(call, reads ? 2 : 1) << "no call was made to fail";
    EXPECT_LT(call, 200);
  }
}

INSTANTIATE_TEST_SUITE_P(Requests, Fault, testing::ValuesIn(kRequests),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Fault, B13_a_failing_store_is_never_told_as_a_refusal) {
  FaultyShop shop;
  for (int call = 1; call <= 20; ++call) {
    shop.store().fail(FaultPoint::kView, call);
    const auto adjusted = shop.engine().adjust(
        {{"desk", "A-" + std::to_string(call)}, MemberId(1), "", Points(-1), "clerk", "x", {}});
    if (!shop.store().failed()) break;
    ASSERT_FALSE(adjusted.ok());
    EXPECT_EQ(adjusted.error().code, ErrorCode::kStoreFailed);
  }
}

TEST(Fault, F8_a_job_that_dies_at_any_member_books_the_rest_later) {
  for (int call = 1; call <= 3; ++call) {
    ManualClock clock(at("2025-03-01T10:00:00Z"));
    const auto faulty = std::make_shared<FaultStore>(*open_store("memory:"));
    const auto engine = *Engine::open({faulty, &clock, nullptr});
    ASSERT_TRUE(engine->publish(programme_of(kReference), {"test", {}, true}).ok());
    for (const auto* card : {"anna", "berta", "carla"}) {
      ASSERT_TRUE(engine->post(sale(card, {"10.00"}, card)).ok());
    }
    clock.set(at("2026-06-01T10:00:00Z"));
    faulty->fail(FaultPoint::kBeforeCommit, call);
    EXPECT_FALSE(engine->settle_due(10).ok());
    EXPECT_EQ(engine->settle_due(10)->expired_lots, 1);
    EXPECT_EQ(engine->settle_due(10)->members, 0);
    EXPECT_EQ(engine->entries({}, 100)->entries.size(), 6u);
  }
}

TEST(Fault, rewards_given_by_a_job_that_dies_anywhere_are_given_once) {
  for (int call = 1; call <= 60; ++call) {
    ManualClock clock(at("2025-03-01T10:00:00Z"));
    const auto faulty = std::make_shared<FaultStore>(*open_store("memory:"));
    const auto engine = *Engine::open({faulty, &clock, nullptr});
    ASSERT_TRUE(engine->publish(programme_of(with_catalogue(kGiving)), {"test", {}, true}).ok());
    for (const auto* card : {"anna", "berta", "carla"}) {
      Enrolment enrolment{TransactionKey{"web", card}, {{"card", card}}};
      enrolment.born = *parse_date("1980-03-02");
      ASSERT_TRUE(engine->enrol(enrolment).ok());
    }
    clock.set(at("2025-03-02T10:00:00Z"));
    faulty->fail(call % 3 == 0 ? FaultPoint::kBeforeCommit : FaultPoint::kView, call);
    static_cast<void>(engine->rewards().settle(10));
    faulty->fail(FaultPoint::kNone, 0);
    while (engine->rewards().settle(10)->more) continue;
    // Nobody had to wait for the next round, and it gives nothing again.
    for (int member = 1; member <= 3; ++member) {
      EXPECT_EQ(engine->vouchers().of_member(MemberId(member), "", 9)->size(), 1u) << call;
    }
    clock.advance(std::chrono::hours(1));
    EXPECT_EQ(engine->rewards().settle(10)->vouchers, 0);
    for (int member = 1; member <= 3; ++member) {
      EXPECT_EQ(engine->vouchers().of_member(MemberId(member), "", 9)->size(), 1u) << call;
    }
  }
}

}  // namespace
}  // namespace laurel::test
