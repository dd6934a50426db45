// The facet of vouchers: looked at, reserved, redeemed, let go; issued by hand and imported.

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/engine_state.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"
#include "engine/voucher_desk.hpp"
#include "engine/voucher_use.hpp"
#include "ledger/voucher_code.hpp"

namespace laurel {

using namespace engine;

namespace {

using ledger::Entry;
using ledger::EntryKind;
using ledger::Voucher;
using ledger::VoucherKind;
using ledger::VoucherMove;
using ledger::VoucherMoveKind;

constexpr std::size_t kCodesMax = 1'000;
constexpr std::size_t kImportedMin = 12;  // of a code that is worth something here

Entry alone(Unit& unit) {
  Entry entry;
  entry.id = unit.next_entry();
  entry.event_time = entry.booked_at = unit.now;
  return entry;
}

// Books an entry that only changes vouchers; of the member, where there is one.
template <class Work>
Result<EntryId> book(Unit& unit, std::optional<ledger::MemberRecord> member, Work work) {
  const auto& compiled = unit.in_force(unit.now);
  if (!member) {
    Entry entry = alone(unit);
    entry.programme = compiled.digest;
    LAUREL_TRY_VOID(work(entry));
    unit.change.transactions.push_back({entry.key, entry.id, {}});
    unit.change.entries.push_back(std::move(entry));
    return unit.change.entries.back().id;
  }
  MemberSession session(unit, *std::move(member));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(EntryKind::kIssue, unit.now);
  entry.member = session.record().id;
  entry.programme = compiled.digest;
  LAUREL_TRY_VOID(work(entry));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  unit.change.transactions.push_back({session.last().key, id, {}});
  LAUREL_TRY_VOID(session.close());
  return id;
}

enum class Deal : std::uint8_t { kLook, kReserve, kRedeem };

// One request about one voucher, within a unit of work.
class Desk {
 public:
  Desk(Unit& unit, const VoucherRequest& request) : unit_(unit), request_(request) {}

  Result<VoucherAnswer> answer(Deal deal) {
    LAUREL_TRY_VOID(read(deal != Deal::kLook));
    LAUREL_TRY(basket_, price(request_.basket, unit_.in_force(unit_.now).currency));
    LAUREL_TRY(auto member,
               who_asks(unit_, {request_.member, request_.identifiers, request_.key.source, true}));
    const MemberId by = member ? member->id : MemberId{};
    if (deal != Deal::kLook) {
      LAUREL_TRY(auto stored, first_answer(unit_.view, key_of(deal)));
      if (stored) return again(*stored, deal);
    }
    LAUREL_TRY(const Voucher voucher, usable(unit_, {code_, by, unit_.now, basket_.id}));
    LAUREL_TRY(const auto worth, worth_on(unit_, voucher, basket_));
    VoucherAnswer answer;
    if (deal != Deal::kLook) {
      if (!voucher.owner) member.reset();
      auto move = move_for(deal, voucher, worth);
      LAUREL_TRY(answer.entry, book(unit_, std::move(member), [&](Entry& entry) {
                   entry.kind = deal == Deal::kReserve ? EntryKind::kHold : EntryKind::kCapture;
                   entry.key = key_of(deal);
                   entry.actor = request_.key.source;
                   return move_voucher(unit_, entry, std::move(move));
                 }));
    }
    return tell(std::move(answer), worth, deal);
  }

  Result<VoucherAnswer> release() {
    LAUREL_TRY_VOID(read(true));
    const auto key = request_key("voucher-release", request_.key);
    LAUREL_TRY(const auto done, first_answer(unit_.view, key));
    VoucherAnswer answer;
    if (done) {
      answer.entry = done->id;
      answer.replayed = true;
      if (done->voucher_moves.front().code != code_) return used_for_other_content("/code");
      return show(std::move(answer));
    }
    LAUREL_TRY(auto first, first_answer(unit_.view, key_of(Deal::kRedeem)));
    if (!first) {
      LAUREL_TRY(first, first_answer(unit_.view, key_of(Deal::kReserve)));
    }
    if (!first || first->voucher_moves.front().code != code_) return nothing_to_release();
    auto move = first->voucher_moves.front();
    move.kind =
        move.kind == VoucherMoveKind::kUse ? VoucherMoveKind::kRestore : VoucherMoveKind::kLetGo;
    std::optional<ledger::MemberRecord> member;
    if (first->member) {
      LAUREL_TRY(member, unit_.view.member(first->member));
    }
    LAUREL_TRY(answer.entry, book(unit_, std::move(member), [&](Entry& entry) {
                 entry.kind = EntryKind::kRelease;
                 entry.key = key;
                 entry.actor = request_.key.source;
                 entry.about = first->id;
                 return move_voucher(unit_, entry, std::move(move));
               }));
    return show(std::move(answer));
  }

 private:
  TransactionKey key_of(Deal deal) const {
    return request_key(deal == Deal::kReserve ? "voucher-hold" : "voucher", request_.key);
  }

  Result<void> read(bool with_key) {
    constexpr Duration kLongest = std::chrono::hours(24);
    std::vector<FieldFault> faults;
    if (with_key) check_key(request_.key, "", faults);
    check_text(request_.basket.id, 128, "/basket/id", faults);
    if (request_.hold <= Duration{} || request_.hold > kLongest) {
      faults.push_back({"/hold", "out_of_range", "up to 24 hours"});
    }
    if (!faults.empty()) return faulty_fields(std::move(faults));
    code_ = ledger::normal_code(request_.code).value_or("?");
    return {};
  }

  VoucherMove move_for(Deal deal, const Voucher& voucher, const Worth& worth) const {
    VoucherMove move{.code = code_, .basket = basket_.id};
    if (voucher.terms.kind == VoucherKind::kMoney) move.minor = worth.off;
    move.kind = deal == Deal::kReserve ? VoucherMoveKind::kHold : VoucherMoveKind::kUse;
    if (deal == Deal::kReserve) {
      move.until = unit_.now + request_.hold;
    } else {
      move.uses = uses_for(voucher, basket_.id);
    }
    return move;
  }

  Result<VoucherAnswer> again(const Entry& stored, Deal deal) {
    const auto& move = stored.voucher_moves.front();
    if (move.code != code_) return used_for_other_content("/code");
    if (move.basket != basket_.id) return used_for_other_content("/basket/id");
    LAUREL_TRY(const Voucher* const voucher, voucher_in_change(unit_, code_));
    LAUREL_CHECK(voucher != nullptr, "an entry names a voucher that is not stored");
    Voucher as_it_was = *voucher;
    as_it_was.left_minor = move.minor;
    as_it_was.holds.clear();
    LAUREL_TRY(const auto worth, worth_on(unit_, as_it_was, basket_));
    VoucherAnswer answer;
    answer.entry = stored.id;
    answer.replayed = true;
    if (deal == Deal::kReserve) answer.held_until = move.until;
    auto told = tell(std::move(answer), worth, deal);
    unit_.change = {};
    return told;
  }

  Result<VoucherAnswer> tell(VoucherAnswer answer, const Worth& worth, Deal deal) {
    LAUREL_TRY(const Voucher* const voucher, voucher_in_change(unit_, code_));
    LAUREL_CHECK(voucher != nullptr, "a voucher that was used is stored");
    const bool taken = deal == Deal::kRedeem;
    answer.voucher = view_of(*voucher, unit_.now);
    const std::int64_t after = voucher->left_minor - (taken ? 0 : worth.off);
    answer.worth =
        worth_text(*voucher, basket_, worth,
                   voucher->terms.keeps_remainder ? std::max<std::int64_t>(0, after) : 0);
    if (deal == Deal::kReserve && !answer.replayed) answer.held_until = unit_.now + request_.hold;
    if (deal == Deal::kLook) unit_.change = {};
    return answer;
  }

  Result<VoucherAnswer> show(VoucherAnswer answer) {
    LAUREL_TRY(const Voucher* const voucher, voucher_in_change(unit_, code_));
    LAUREL_CHECK(voucher != nullptr, "a voucher that was released is stored");
    answer.voucher = view_of(*voucher, unit_.now);
    if (answer.replayed) unit_.change = {};
    return answer;
  }

  Error nothing_to_release() {
    unit_.whisper = "a voucher was refused: nothing is reserved or redeemed under this key";
    return {ErrorCode::kVoucherNotValid, "the voucher cannot be used here"};
  }

  Unit& unit_;
  const VoucherRequest& request_;
  std::string code_;
  PricedBasket basket_;
};

void check_order(const VoucherOrder& order, const programme::Compiled& compiled,
                 std::vector<FieldFault>& faults) {
  check_key(order.key, "", faults);
  if (trimmed(order.actor).empty()) faults.push_back({"/actor", "required", "who does this"});
  check_text(order.actor, 128, "/actor", faults);
  check_text(order.reason, 512, "/reason", faults);
  check_text(order.pool, 64, "/pool", faults);
  const bool known = compiled.catalogue.find(order.reward) != nullptr;
  if (!known && (!order.partner || !order.reward.empty())) {
    faults.push_back({"/reward", "unknown_reward", "a reward of the catalogue"});
  }
  if (known && compiled.catalogue.find(order.reward)->gives == programme::Gives::kCodes) {
    faults.push_back({"/reward", "not_allowed", "its vouchers are the codes of a pool"});
  }
  const auto most = static_cast<std::int64_t>(kCodesMax);
  if (order.count < 1 || order.count > most || order.codes.size() > kCodesMax) {
    faults.push_back({"/count", "out_of_range", "from 1 to 1000 in one order"});
  }
  if (order.partner && order.codes.empty()) {
    faults.push_back({"/codes", "required", "the partner's codes"});
  }
  if (order.waits && (order.pool.empty() || order.member)) {
    faults.push_back({"/pool", "required", "where they wait; they are nobody's yet"});
  }
  if (order.partner && !order.waits) {
    faults.push_back({"/waits", "required", "a partner's codes wait to be given"});
  }
}

std::vector<std::string> normal_codes(const VoucherOrder& order, std::vector<FieldFault>& faults) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < order.codes.size(); ++i) {
    auto code = ledger::normal_code(order.codes[i]);
    if (!code || (!order.partner && code->size() < kImportedMin)) {
      faults.push_back({"/codes/" + std::to_string(i), "not_a_code",
                        "12 letters and digits or more, 6 for a partner's; at most 64"});
      continue;
    }
    codes.push_back(*std::move(code));
  }
  return codes;
}

Result<void> ordered_before(const Entry& stored, const VoucherOrder& order, VoucherOrdered& out) {
  const auto& issue = stored.vouchers_issued.front();
  out = {stored.id, true, issue.codes};
  if (issue.terms.reward != order.reward) return used_for_other_content("/reward");
  if (issue.terms.pool != order.pool) return used_for_other_content("/pool");
  if (stored.member != order.member) return used_for_other_content("/member");
  const std::size_t count =
      order.codes.empty() ? static_cast<std::size_t>(order.count) : order.codes.size();
  if (issue.codes.size() != count) return used_for_other_content("/count");
  std::vector<FieldFault> faults;
  if (!order.codes.empty() && normal_codes(order, faults) != issue.codes) {
    return used_for_other_content("/codes");
  }
  return {};
}

Result<void> carry_out(Unit& unit, const VoucherOrder& order, VoucherOrdered& out) {
  const auto& compiled = unit.in_force(unit.now);
  std::vector<FieldFault> faults;
  check_order(order, compiled, faults);
  ledger::VoucherIssue issue;
  issue.codes = normal_codes(order, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  const auto key = request_key("vouchers", order.key);
  LAUREL_TRY(const auto stored, first_answer(unit.view, key));
  if (stored) return ordered_before(*stored, order, out);
  std::optional<ledger::MemberRecord> member;
  if (order.member) {
    LAUREL_TRY(member, who_asks(unit, {order.member, {}, order.key.source}));
  }
  if (order.partner) {
    issue.terms.kind = VoucherKind::kForeign;
  } else {
    issue.terms = terms_of(compiled, *compiled.catalogue.find(order.reward), unit.now);
  }
  issue.terms.pool = order.pool;
  issue.terms.bearer = !order.member;
  issue.owner = order.member;
  issue.given = !order.waits;
  LAUREL_TRY(out.entry, book(unit, std::move(member), [&](Entry& entry) {
               entry.kind = EntryKind::kIssue;
               entry.key = key;
               entry.actor = order.actor;
               entry.reason = order.reason;
               return issue_vouchers(unit, entry, std::move(issue),
                                     static_cast<std::size_t>(order.count));
             }));
  out.codes = unit.entry(out.entry).vouchers_issued.front().codes;
  return {};
}

}  // namespace

Result<VoucherAnswer> Vouchers::look(const VoucherRequest& request) const {
  const auto& state = *engine_->state_;
  return state.read<VoucherAnswer>(
      [&](const store::View& view, const Versions& versions) -> Result<VoucherAnswer> {
        Unit unit{view, {}, state.now(), std::make_shared<const Versions>(versions)};
        auto answer = Desk(unit, request).answer(Deal::kLook);
        state.whisper(unit);
        return answer;
      });
}

Result<VoucherAnswer> Vouchers::reserve(const VoucherRequest& request) const {
  VoucherAnswer answer;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(answer, Desk(unit, request).answer(Deal::kReserve));
    return {};
  }));
  return answer;
}

Result<VoucherAnswer> Vouchers::redeem(const VoucherRequest& request) const {
  VoucherAnswer answer;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(answer, Desk(unit, request).answer(Deal::kRedeem));
    return {};
  }));
  return answer;
}

Result<VoucherAnswer> Vouchers::release(const VoucherRequest& request) const {
  VoucherAnswer answer;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(answer, Desk(unit, request).release());
    return {};
  }));
  return answer;
}

Result<VoucherView> Vouchers::show(const std::string& code) const {
  const auto& state = *engine_->state_;
  return state.read<VoucherView>([&](const store::View& view,
                                     const Versions&) -> Result<VoucherView> {
    LAUREL_TRY(const auto voucher, view.voucher(ledger::normal_code(code).value_or(std::string())));
    if (voucher) return view_of(*voucher, state.now());
    return Error{ErrorCode::kVoucherNotValid, "the voucher cannot be used here"};
  });
}

Result<std::vector<VoucherView>> Vouchers::of_member(MemberId member, const std::string& after,
                                                     std::size_t limit) const {
  const auto& state = *engine_->state_;
  return state.read<std::vector<VoucherView>>(
      [&](const store::View& view, const Versions&) -> Result<std::vector<VoucherView>> {
        std::vector<MemberId> ids{member};
        LAUREL_TRY(const auto now, member_now(view, member));
        if (now) {
          LAUREL_TRY(ids, known_as(view, *now));
        }
        std::vector<ledger::Voucher> vouchers;
        for (const MemberId id : ids) {
          LAUREL_TRY(auto hers, view.vouchers_of(id, after, limit));
          std::ranges::move(hers, std::back_inserter(vouchers));
        }
        std::ranges::sort(vouchers, {}, &ledger::Voucher::code);
        if (vouchers.size() > limit) vouchers.resize(limit);
        std::vector<VoucherView> views;
        for (const auto& voucher : vouchers) views.push_back(view_of(voucher, state.now()));
        return views;
      });
}

std::vector<Result<VoucherOrdered>> Vouchers::issue(std::span<const VoucherOrder> orders) const {
  const auto& state = *engine_->state_;
  std::vector<Result<VoucherOrdered>> out(orders.size(), VoucherOrdered{});
  std::vector<store::UnitOfWork> units;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    units.push_back(state.unit_of([&order = orders[i], &ordered = *out[i]](Unit& unit) {
      ordered = {};
      return carry_out(unit, order, ordered);
    }));
  }
  const auto done = state.write(units);
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) out[i] = done[i].error();
  }
  return out;
}

Vouchers Engine::vouchers() const { return Vouchers(*this); }

}  // namespace laurel
