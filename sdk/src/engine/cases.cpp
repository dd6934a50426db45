// A programme's own test cases: each runs on an empty store with a standing clock, through the very
// steps a till's transactions go through.

#include <algorithm>

#include "base/try.hpp"
#include "engine/automatic.hpp"
#include "engine/lots.hpp"
#include "engine/members.hpp"
#include "engine/posting.hpp"
#include "engine/receipt.hpp"
#include "engine/reward_offer.hpp"
#include "laurel/engine.hpp"
#include "store/store.hpp"

namespace laurel {
namespace {

using namespace engine;
using programme::Case;
using programme::CaseStep;
using PointsList = std::vector<std::pair<std::string, Points>>;

class CaseRun {
 public:
  CaseRun(const Programme& programme, const Case& wanted)
      : compiled_(programme.compiled()), case_(wanted), store_(*open_store("memory:")) {
    identity::Recogniser recogniser(programme.identity());
    std::vector<Version> versions{
        {1, programme.effective_from(), programme.effective_from(), "case", programme,
         std::make_shared<const identity::Recogniser>(std::move(recogniser))}};
    versions_ = std::make_shared<const Versions>(std::move(versions));
  }

  CaseOutcome run() {
    outcome_ = {case_.name, case_.file, case_.line, {}};
    if (case_.steps.empty()) return outcome_;
    now_ = case_.steps.front().at;
    if (const auto begun = write([this](Unit& unit) { return begin(unit); }); !begun) {
      differ("given: " + begun.error().detail);
      return outcome_;
    }
    for (step_ = 0; step_ < case_.steps.size(); ++step_) take(case_.steps[step_]);
    return outcome_;
  }

 private:
  template <class Work>
  Result<void> write(Work work) {
    return store::write(
        *store_, [&](const store::View& view, const store::NextIds& ids) -> Result<store::Change> {
          Unit unit{view, ids, now_, versions_, member_};
          LAUREL_TRY_VOID(work(unit));
          return std::move(unit.change);
        });
  }

  // The member as the case is given her: her tier, her spend so far, her points.
  Result<void> begin(Unit& unit) {
    const auto& given = case_.given_member;
    auto session = MemberSession::enrol(
        unit, given.language, std::min(case_.given_enrolled.value_or(now_), now_), compiled_);
    session.books().record.born = given.born;
    session.books().record.segments = given.segments;
    member_ = session.record().id;
    auto entry = session.begin(ledger::EntryKind::kAdjustment, now_);
    entry.key = {"@case", "given"};
    entry.actor = "case";
    entry.programme = compiled_.digest;
    entry.spend_delta_minor = case_.given_spend_minor;
    entry.spend_at = now_;
    entry.tier_granted = case_.given_tier;
    ledger::EntryWriter writer(session.books(), entry);
    for (const auto& [wallet, points] : case_.given_points) {
      const auto index = *compiled_.wallet_index(wallet);
      const bool counts =
          compiled_.tiers.metric == TierMetric::kPoints && compiled_.tiers.metric_of == wallet;
      if (counts) entry.spend_delta_minor += points.units();
      const auto terms = terms_at_once(compiled_, index, now_);
      note_use(compiled_, index, session.books(), writer, now_, programme::kEarns, true);
      LAUREL_TRY_VOID(writer.earn(wallet, points, terms, entry.id, ledger::Account::kAdjusted));
    }
    LAUREL_TRY_VOID(session.fold(entry, compiled_));
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled_));
    return session.close();
  }

  void take(const CaseStep& step) {
    now_ = step.at;
    give_what_is_due();
    std::string error;
    Result<Receipt> receipt = Error{};
    Result<void> done;
    if (step.post) done = post_step(*step.post, receipt);
    if (!step.take.empty()) done = take_step(step);
    if (!done) {
      error = done.error().name();
      if (!step.expect.error) differ(std::string(error) + ": " + detail_of(done.error()));
    } else if (step.post) {
      compare_receipt(step, *receipt);
    }
    compare_vouchers(step);
    if (step.expect.error && *step.expect.error != error) {
      differ("error: expected " + *step.expect.error + ", got " + (error.empty() ? "none" : error));
    }
    compare_member(step);
  }

  Result<void> post_step(const Transaction& document, Result<Receipt>& receipt) {
    LAUREL_TRY(const auto checked, check(document, compiled_.currency));
    return write([&](Unit& unit) -> Result<void> {
      LAUREL_TRY(const auto posted, engine::post(unit, checked));
      receipt = receipt_of(posted.entry(unit), compiled_);
      return {};
    });
  }

  // As the job would have done by now.
  void give_what_is_due() {
    for (std::size_t i = 0; i < compiled_.catalogue.automatic.size(); ++i) {
      std::int64_t given = 0;
      const auto done = write([&](Unit& unit) { return give_due(unit, member_, given); });
      if (!done) differ("what is given by itself: " + done.error().detail);
    }
  }

  Result<void> take_step(const CaseStep& step) {
    return write([&](Unit& unit) -> Result<void> {
      RewardRequest request{{"case", "take-" + std::to_string(step_)}, step.take, member_};
      request.department = step.take_department;
      request.channel = step.take_channel;
      LAUREL_TRY([[maybe_unused]] const auto taken, take_reward(unit, request));
      return {};
    });
  }

  // The rewards whose vouchers were given since the last time, sorted.
  Result<std::vector<std::string>> newly_given() {
    std::vector<std::string> given;
    LAUREL_TRY_VOID(store_->read([&](const store::View& view) -> Result<void> {
      constexpr std::size_t kMany = 1'000;
      LAUREL_TRY(const auto entries, view.entries(seen_, kMany));
      for (const auto& entry : entries) {
        for (const auto& issue : entry.vouchers_issued) given.push_back(issue.terms.reward);
        seen_ = entry.id;
      }
      return {};
    }));
    std::sort(given.begin(), given.end());
    return given;
  }

  void compare_vouchers(const CaseStep& step) {
    const auto given = newly_given();
    if (!given) return differ("the entries cannot be read");
    if (!step.expect.vouchers || *step.expect.vouchers == *given) return;
    const auto text = [](const std::vector<std::string>& rewards) {
      std::string out;
      for (const auto& reward : rewards) out += (out.empty() ? "" : ", ") + reward;
      return out.empty() ? std::string("none") : out;
    };
    differ("vouchers: expected " + text(*step.expect.vouchers) + ", got " + text(*given));
  }

  void compare_receipt(const CaseStep& step, const Receipt& receipt) {
    PointsList earned, reversed;
    for (const auto& points : receipt.points) add(earned, points.wallet, points.earned);
    for (const auto& points : receipt.reversed) {
      add(reversed, points.wallet, points.points - points.restored);
    }
    compare("points", step.expect.earned, earned);
    compare("reversed", step.expect.reversed, reversed);
    compare_awards(step, receipt);
  }

  void compare_awards(const CaseStep& step, const Receipt& receipt) {
    for (const auto& [rule, points] : step.expect.awards) {
      Points got;
      std::string wallet = compiled_.wallets.front().id;
      const auto count = [&, &id = rule](const std::vector<AwardedPoints>& awards) {
        for (const auto& award : awards) {
          if (award.rule != id) continue;
          got += award.points;
          wallet = award.wallet;
        }
      };
      count(receipt.transaction_awards);
      for (const auto& line : receipt.lines) count(line.awards);
      if (got == points) continue;
      const int scale = compiled_.wallets[*compiled_.wallet_index(wallet)].scale;
      differ("awards of " + rule + ": expected " + points.text(scale) + ", got " + got.text(scale));
    }
  }

  void compare_member(const CaseStep& step) {
    Result<Member> member = Error{};
    const auto seen = store_->read([&](const store::View& view) -> Result<void> {
      member = member_view(view, versions_->in_force(now_), now_, member_);
      return {};
    });
    if (!seen || !member) return differ("the member cannot be read");
    PointsList available, pending, debt;
    for (const auto& wallet : member->wallets) {
      add(available, wallet.balance.wallet, wallet.balance.available);
      add(pending, wallet.balance.wallet, wallet.balance.pending);
      add(debt, wallet.balance.wallet, wallet.balance.debt);
    }
    compare("available", step.expect.available, available);
    compare("pending", step.expect.pending, pending);
    compare("debt", step.expect.debt, debt);
    if (step.expect.tier && *step.expect.tier != member->tier.id) {
      differ("tier: expected " + *step.expect.tier + ", got " + member->tier.id);
    }
  }

  static void add(PointsList& list, const std::string& wallet, Points points) {
    for (auto& [name, sum] : list) {
      if (name == wallet) {
        sum += points;
        return;
      }
    }
    list.emplace_back(wallet, points);
  }

  void compare(const char* what, const PointsList& expected, const PointsList& seen) {
    for (const auto& [wallet, points] : expected) {
      Points got;
      for (const auto& [name, sum] : seen) {
        if (name == wallet) got = sum;
      }
      if (got == points) continue;
      const int scale = compiled_.wallets[*compiled_.wallet_index(wallet)].scale;
      const std::string of = compiled_.wallets.size() > 1 ? " of " + wallet : "";
      differ(what + of + ": expected " + points.text(scale) + ", got " + got.text(scale));
    }
  }

  static std::string detail_of(const Error& error) {
    std::string text = error.detail;
    for (const auto& fault : error.faults) text += " (" + fault.pointer + ": " + fault.detail + ")";
    return text;
  }

  void differ(std::string text) {
    outcome_.differences.push_back("step " + std::to_string(step_ + 1) + ": " + std::move(text));
  }

  const programme::Compiled& compiled_;
  const Case& case_;
  StoreHandle store_;
  std::shared_ptr<const Versions> versions_;
  Instant now_;
  MemberId member_;
  std::size_t step_ = 0;
  EntryId seen_;
  CaseOutcome outcome_;
};

}  // namespace

std::vector<CaseOutcome> check_cases(const Programme& programme) {
  std::vector<CaseOutcome> outcomes;
  outcomes.reserve(programme.compiled().cases.size());
  for (const auto& wanted : programme.compiled().cases) {
    outcomes.push_back(CaseRun(programme, wanted).run());
  }
  return outcomes;
}

}  // namespace laurel
