// A programme's own test cases, run through the engine itself: one store in memory, and for each
// case a member of its own who is made what the case says she is.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/session.hpp"
#include "laurel/engine.hpp"

namespace laurel {
namespace {

using engine::MemberSession;
using engine::Unit;
using programme::Case;
using programme::CaseStep;
using programme::Compiled;

constexpr Duration kJustBefore{1};
constexpr std::string_view kDefaultSource = "case";

// A digit that makes `digits` pass the check of cards.
char luhn_digit(std::string_view digits) {
  int sum = 0;
  bool twice = true;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
    const int digit = (*at - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// A type that may earn, everywhere rather than in one place only.
const IdentifierType* earning_type(const IdentityPolicy& policy) {
  const IdentifierType* best = nullptr;
  for (const IdentifierType& type : policy.types) {
    if (!type.may_earn) continue;
    if (best == nullptr || (!best->within.empty() && type.within.empty())) best = &type;
  }
  return best;
}

std::string identifier_value(const IdentifierType& type, std::size_t number) {
  const std::string digits = std::to_string(100'000 + number);
  switch (type.form) {
    case IdentifierForm::kText: return "case-" + digits;
    case IdentifierForm::kEmail: return "case-" + digits + "@example.test";
    case IdentifierForm::kPhone: return "+447911" + digits;  // a British mobile number
    case IdentifierForm::kDigits:
      return type.check == IdentifierCheck::kLuhn ? digits + luhn_digit(digits) : digits;
  }
  return {};
}

// A level that the spend alone is not good for holds as if it had been reached before this year.
Instant granted_until(const Compiled& compiled, std::string_view level, std::int64_t spend_minor,
                      Instant at) {
  const int given = ledger::level_index(compiled.tiers, level);
  if (given <= ledger::qualified_level(compiled.tiers, spend_minor)) return kNever;
  const Date day = compiled.zone.local_date(at);
  switch (compiled.tiers.valid_until) {
    case TierValidity::kEndOfYear:
    case TierValidity::kEndOfNextYear:
      return compiled.zone.start_of_day(
          add_days(end_of(CalendarUnit::kYear, day), 1 + compiled.tiers.grace_days));
    case TierValidity::kMonths:
      return compiled.zone.start_of_day(add_months(day, compiled.tiers.valid_months));
    case TierValidity::kWhileQualified: return kNever;
  }
  return kNever;
}

class CaseRunner {
 public:
  explicit CaseRunner(const Programme& programme)
      : programme_(programme), compiled_(programme.compiled()) {}

  Result<void> open() {
    LAUREL_TRY(auto store, open_store("memory:"));
    store_ = std::move(store);
    EngineOptions options;
    options.store = store_;
    options.clock = &clock_;
    LAUREL_TRY(auto engine, Engine::open(std::move(options)));
    engine_ = std::move(engine);
    Publish how;
    how.by = "cases";
    how.effective_from = Instant{};
    how.skip_cases = true;
    LAUREL_TRY([[maybe_unused]] const auto published, engine_->publish(programme_, how));
    return {};
  }

  CaseOutcome run(const Case& one, std::size_t number) {
    CaseOutcome outcome{.name = one.name, .file = one.file, .line = one.line, .differences = {}};
    number_ = number;
    if (one.steps.empty()) return outcome;
    if (const auto prepared = prepare(one); !prepared) {
      outcome.differences.push_back("given: " + prepared.error().detail);
      return outcome;
    }
    for (std::size_t i = 0; i < one.steps.size(); ++i) {
      step_ = "step " + std::to_string(i + 1) + ": ";
      run_step(one.steps[i], outcome.differences);
    }
    return outcome;
  }

 private:
  // ---- What is given

  Result<void> prepare(const Case& one) {
    const IdentifierType* type = earning_type(compiled_.identity);
    if (type == nullptr) {
      return Error{ErrorCode::kInvalidProgramme, "no type of identifier may earn"};
    }
    identifier_ = {type->name, identifier_value(*type, number_)};
    within_ = type->within;
    clock_.set(one.steps.front().at - kJustBefore);
    Enrolment enrolment;
    enrolment.identifiers = {identifier_};
    LAUREL_TRY(const auto enrolled, engine_->enrol(enrolment));
    member_ = enrolled.member.id;
    if (!compiled_.tiers.levels.empty()) LAUREL_TRY_VOID(give_tier(one));
    for (const auto& [wallet, points] : one.given_points) {
      LAUREL_TRY_VOID(give_points(wallet, points));
    }
    return {};
  }

  Result<void> give_tier(const Case& one) {
    if (one.given_tier.empty() && one.given_spend_minor == 0) return {};
    const int qualified = ledger::qualified_level(compiled_.tiers, one.given_spend_minor);
    const std::string level = !one.given_tier.empty() || qualified < 0
                                  ? one.given_tier
                                  : compiled_.tiers.levels[static_cast<std::size_t>(qualified)].id;
    engine::VersionCatalogue catalogue;
    const store::UnitOfWork unit = [&](const store::View& view,
                                       const store::NextIds& ids) -> Result<store::Change> {
      LAUREL_TRY(auto versions, catalogue.refresh(view));
      Unit work{view, ids, clock_.now(), std::move(versions)};
      LAUREL_TRY(auto record, view.member(member_));
      LAUREL_CHECK(record.has_value(), "the member of the case has been enrolled");
      MemberSession session(work, *std::move(record));
      ledger::Entry entry = session.begin(ledger::EntryKind::kMemberChange, work.now);
      entry.actor = kDefaultSource;
      entry.reason = "given";
      entry.key = {std::string(kDefaultSource), prefixed("given")};
      entry.programme = compiled_.digest;
      entry.tier_granted = level;
      entry.tier_granted_until = granted_until(compiled_, level, one.given_spend_minor, work.now);
      entry.spend_delta_minor = one.given_spend_minor;
      entry.spend_at = work.now;
      LAUREL_TRY_VOID(session.fold(entry, compiled_));
      LAUREL_TRY_VOID(session.end(std::move(entry), compiled_));
      LAUREL_TRY_VOID(session.close());
      return std::move(work.change);
    };
    return std::move(store_->write(std::span(&unit, 1)).front());
  }

  Result<void> give_points(const std::string& wallet, Points points) {
    if (points == Points{}) return {};
    Adjustment adjustment;
    adjustment.key = {std::string(kDefaultSource), prefixed("given-" + wallet)};
    adjustment.member = member_;
    adjustment.wallet = wallet;
    adjustment.points = points;
    adjustment.actor = kDefaultSource;
    adjustment.reason = "given";
    LAUREL_TRY([[maybe_unused]] const auto given, engine_->adjust(adjustment));
    return {};
  }

  // ---- Steps

  // Cases share a store, so their ids are made different.
  std::string prefixed(const std::string& id) const { return std::to_string(number_) + "/" + id; }

  TransactionKey own_key(const TransactionKey& key) const {
    const bool scoped = key.source == kDefaultSource && !within_.empty();
    return {scoped ? within_ : key.source, prefixed(key.id)};
  }

  void run_step(const CaseStep& step, std::vector<std::string>& differences) {
    clock_.set(std::max(clock_.now(), step.at));
    if (!step.post) return compare_state(step.expect, differences);
    Transaction transaction = *step.post;
    transaction.key = own_key(transaction.key);
    if (transaction.original) transaction.original = own_key(*transaction.original);
    transaction.identifiers = {identifier_};
    const auto receipt = engine_->post(transaction);
    if (!receipt) return compare_error(receipt.error(), step.expect, differences);
    if (step.expect.error) {
      differences.push_back(step_ + "error: expected " + *step.expect.error + ", it was accepted");
    }
    compare_receipt(*receipt, step.expect, differences);
    compare_state(step.expect, differences);
  }

  void compare_error(const Error& error, const CaseStep::Expect& expect,
                     std::vector<std::string>& differences) const {
    const bool meant = expect.error && (*expect.error == error.name() ||
                                        std::ranges::find(error.faults, *expect.error,
                                                          &FieldFault::code) != error.faults.end());
    if (meant) return;
    std::string text = step_ + "error: expected " + expect.error.value_or("none") + ", got " +
                       std::string(error.name()) + " (" + error.detail + ")";
    for (const FieldFault& fault : error.faults) {
      text += "; " + fault.pointer + " " + fault.code + ": " + fault.detail;
    }
    differences.push_back(std::move(text));
  }

  void compare_receipt(const Receipt& receipt, const CaseStep::Expect& expect,
                       std::vector<std::string>& differences) const {
    if (receipt.state == TransactionState::kReview) {
      differences.push_back(step_ + "the transaction was kept for review");
    }
    for (const auto& [wallet, expected] : expect.earned) {
      const auto at = std::ranges::find(receipt.points, wallet, &WalletEarning::wallet);
      const Points got = at == receipt.points.end() ? Points{} : at->earned;
      compare("points", wallet, expected, got, differences);
    }
    for (const auto& [wallet, expected] : expect.reversed) {
      const auto at = std::ranges::find(receipt.reversed, wallet, &WalletReversal::wallet);
      const Points got = at == receipt.reversed.end() ? Points{} : at->points;
      compare("reversed", wallet, expected, got, differences);
    }
  }

  void compare_state(const CaseStep::Expect& expect, std::vector<std::string>& differences) const {
    const auto member = engine_->member(member_);
    if (!member) {
      differences.push_back(step_ + member.error().detail);
      return;
    }
    const auto compare_all = [&](std::string_view what, const auto& expectations,
                                 Points WalletBalance::*balance) {
      for (const auto& [wallet, expected] : expectations) {
        Points got;
        for (const WalletView& view : member->wallets) {
          if (view.balance.wallet == wallet) got = view.balance.*balance;
        }
        compare(what, wallet, expected, got, differences);
      }
    };
    compare_all("available", expect.available, &WalletBalance::available);
    compare_all("pending", expect.pending, &WalletBalance::pending);
    compare_all("debt", expect.debt, &WalletBalance::debt);
    if (expect.tier && *expect.tier != member->tier.id) {
      differences.push_back(step_ + "tier: expected " + *expect.tier + ", got " +
                            (member->tier.id.empty() ? "none" : member->tier.id));
    }
  }

  void compare(std::string_view what, const std::string& wallet, Points expected, Points got,
               std::vector<std::string>& differences) const {
    if (expected == got) return;
    const auto index = compiled_.wallet_index(wallet);
    const int scale = index ? compiled_.wallets[*index].scale : 0;
    differences.push_back(step_ + std::string(what) + ": expected " + expected.text(scale) +
                          ", got " + got.text(scale) +
                          (index == std::size_t{0} ? "" : " (" + wallet + ")"));
  }

  const Programme& programme_;
  const Compiled& compiled_;
  ManualClock clock_{Instant{}};
  StoreHandle store_;
  std::unique_ptr<Engine> engine_;
  std::size_t number_ = 0;
  std::string step_;
  Identifier identifier_;
  std::string within_;
  MemberId member_;
};

}  // namespace

std::vector<CaseOutcome> check_cases(const Programme& programme) {
  std::vector<CaseOutcome> outcomes;
  const auto& cases = programme.compiled().cases;
  if (cases.empty()) return outcomes;
  CaseRunner runner(programme);
  const auto opened = runner.open();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (opened) {
      outcomes.push_back(runner.run(cases[i], i));
    } else {
      outcomes.push_back({cases[i].name, cases[i].file, cases[i].line, {opened.error().detail}});
    }
  }
  return outcomes;
}

}  // namespace laurel
