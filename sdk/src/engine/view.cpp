// The facet of views: a member in one answer, whatever she has bought.

#include "laurel/view.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/engine_state.hpp"
#include "engine/history.hpp"
#include "engine/members.hpp"
#include "engine/person.hpp"
#include "engine/recent.hpp"
#include "engine/request.hpp"
#include "engine/reward_offer.hpp"
#include "engine/voucher_use.hpp"

namespace laurel {

namespace engine {
namespace {

constexpr std::size_t kLotsMax = 500;  // that are read
constexpr std::size_t kLotsShown = 5;  // of a wallet
constexpr std::size_t kExpiringShown = 5;
constexpr std::size_t kVouchersMax = 200;  // that are read
constexpr std::size_t kShownMax = 50;

// A member's books with no more lots than may be read.
struct BoundedBooks {
  ledger::Books books;
  std::optional<ledger::Lot> oldest;  // where there are more
};

// As long as nothing is due the booked balances are right, whatever the lots.
Result<BoundedBooks> bounded_books(const Unit& unit, ledger::MemberRecord record,
                                   const programme::Compiled& compiled) {
  BoundedBooks bounded;
  if (record.next_due <= unit.now) {
    LAUREL_TRY(bounded.books, books_now(unit.view, std::move(record), unit.now, compiled));
    return bounded;
  }
  std::vector<ledger::Lot> lots;
  ledger::LotId id = record.last_lot;
  for (std::size_t read = 0; id && id >= record.oldest_open_lot; ++read) {
    if (read == kLotsMax) {
      LAUREL_TRY(bounded.oldest, unit.view.lot(record.oldest_open_lot));
      break;
    }
    LAUREL_TRY(auto lot, unit.view.lot(id));
    LAUREL_CHECK(lot.has_value(), "the chain of a member's lots is broken");
    id = lot->previous;
    if (lot->remaining > Points{}) lots.push_back(*std::move(lot));
  }
  bounded.books.record = std::move(record);
  ledger::add_lots(bounded.books, std::move(lots));
  return bounded;
}

void expire(std::vector<Expiring>& expiring, const WalletBalance& balance, Points points,
            Instant at) {
  if (at == kNever || points == Points{}) return;
  const auto same = std::ranges::find_if(expiring, [&](const Expiring& each) {
    return each.wallet == balance.wallet && each.at == at;
  });
  if (same != expiring.end()) {
    same->points += points;
  } else {
    expiring.push_back({balance.wallet, balance.scale, points, at});
  }
}

// What ends soonest. Of a member with too many lots, the oldest one, which mostly does.
void add_expiring(const BoundedBooks& bounded, const ledger::MemberRecord& record,
                  MemberView& view) {
  view.all_expiring = !bounded.oldest;
  for (const auto& wallet : view.member.wallets) {
    if (bounded.oldest && bounded.oldest->wallet == wallet.balance.wallet) {
      expire(view.expiring, wallet.balance, bounded.oldest->remaining,
             ledger::lot_end(record, *bounded.oldest));
    }
    for (const auto& lot : wallet.lots) {
      expire(view.expiring, wallet.balance, lot.points, lot.expires_at);
    }
  }
  std::ranges::stable_sort(view.expiring, {}, &Expiring::at);
  if (view.expiring.size() > kExpiringShown) view.expiring.resize(kExpiringShown);
}

// Whether it can be had, here or where it asks to be had, if nobody said where she is.
bool is_to_be_had(const RewardOffer& offer, const ViewQuestion& question) {
  return std::ranges::all_of(offer.missing, [&](const MissingForReward& missing) {
    return (missing.code == "department" && question.department.empty()) ||
           (missing.code == "channel" && question.channel.empty());
  });
}

Result<void> add_rewards(const Unit& unit, const programme::Compiled& compiled,
                         const ledger::MemberRecord& record, const ViewQuestion& question,
                         MemberView& view) {
  Seeker seeker{.member = &record,
                .level = view.member.tier.id,
                .balances = {},
                .department = question.department,
                .channel = question.channel};
  for (const auto& wallet : view.member.wallets) seeker.balances.push_back(wallet.balance);
  const auto& language = question.language.empty() ? record.language : question.language;
  for (const auto& reward : compiled.catalogue.rewards) {
    LAUREL_TRY(auto offer, offer_of(unit, compiled, reward, seeker, language));
    if (is_to_be_had(offer, question)) view.rewards.push_back(std::move(offer));
  }
  LAUREL_TRY(const auto vouchers, unit.view.vouchers_of(record.id, "", kVouchersMax));
  for (const auto& voucher : vouchers) {
    auto shown = view_of(voucher, unit.now);
    if (shown.state == "valid") view.vouchers.push_back(std::move(shown));
  }
  std::ranges::stable_sort(view.vouchers, {}, &VoucherView::valid_until);
  return {};
}

void add_cautions(const programme::Compiled& compiled, const ledger::MemberRecord& record,
                  MemberView& view) {
  if (record.status == MemberStatus::kFrozen) {
    view.cautions.push_back({"frozen", "she earns, and spends nothing"});
  }
  if (record.status == MemberStatus::kClosed) {
    view.cautions.push_back({"closed", "the account is closed"});
  }
  for (const auto& wallet : view.member.wallets) {
    const auto& balance = wallet.balance;
    if (balance.debt == Points{}) continue;
    view.cautions.push_back(
        {"debt", balance.debt.text(balance.scale) + " " + balance.wallet + " are owed"});
  }
  const Duration wait = compiled.identity.redeem_after_change;
  const bool changed = wait != Duration{} && record.identified_at != Instant::min();
  if (changed && record.identified_at + wait > view.as_of) {
    view.cautions.push_back({"wait", "an identifier was changed; points cannot be spent yet",
                             record.identified_at + wait});
  }
  for (const auto& identifier : view.member.identifiers) {
    if (identifier.verified) continue;
    view.cautions.push_back({"unverified", "her " + identifier.type + " is not verified"});
  }
}

// What she has said no to. What she was never asked is for whoever wants to offer it to ask.
void add_refusals(MemberView& view) {
  for (const auto& consent : view.member.profile.consents) {
    if (consent.granted) continue;
    view.cautions.push_back({"no_consent", "she has refused " + consent.purpose});
  }
}

// As it stood at a moment that has passed.
Result<void> look_back(const Unit& unit, const ledger::MemberRecord& record, MemberView& view) {
  LAUREL_TRY(auto then,
             statement(unit.view, *unit.versions, record.id, view.as_of, TimeBasis::kEvent));
  view.past = true;
  view.member.tier = std::move(then.tier);
  view.member.wallets.clear();
  for (auto& balance : then.wallets) view.member.wallets.push_back({std::move(balance), {}});
  const auto& tiers = unit.in_force(view.as_of).tiers;
  const int level = ledger::level_index(tiers, view.member.tier.id);
  view.member.benefits.clear();
  if (level >= 0) view.member.benefits = tiers.levels[static_cast<std::size_t>(level)].benefits;
  return {};
}

// `unit` is at the moment asked about, or now where that has passed.
Result<MemberView> look(const Unit& unit, ledger::MemberRecord given,
                        const ViewQuestion& question) {
  const Version& version = unit.versions->in_force(unit.now);
  const auto& compiled = version.compiled();
  MemberView view;
  view.as_of = question.at.value_or(unit.now);
  LAUREL_TRY(const auto bounded, bounded_books(unit, std::move(given), compiled));
  const auto& record = bounded.books.record;
  LAUREL_TRY(view.member, member_of(unit.view, version, unit.now, bounded.books));
  if (view.as_of < unit.now) {
    LAUREL_TRY_VOID(look_back(unit, record, view));
  } else {
    add_expiring(bounded, record, view);
    LAUREL_TRY_VOID(add_rewards(unit, compiled, record, question, view));
    for (auto& wallet : view.member.wallets) {
      if (wallet.lots.size() > kLotsShown) wallet.lots.resize(kLotsShown);
    }
  }
  LAUREL_TRY(auto recent, recent_of(unit.view, record, view.as_of,
                                    std::clamp<std::size_t>(question.purchases, 1, kShownMax)));
  view.purchases = std::move(recent.purchases);
  view.touchpoints = std::move(recent.touchpoints);
  view.favourites = std::move(recent.favourites);
  add_cautions(compiled, record, view);
  add_refusals(view);
  return view;
}

}  // namespace
}  // namespace engine

using namespace engine;

Result<MemberView> Views::of(MemberId member, const ViewQuestion& question) const {
  const auto& state = *engine_->state_;
  return state.read<MemberView>(
      [&](const store::View& view, const Versions& versions) -> Result<MemberView> {
        const Instant now = state.now();
        const Unit unit{view,
                        {},
                        std::max(question.at.value_or(now), now),
                        std::make_shared<const Versions>(versions)};
        LAUREL_TRY(auto record, existing_now(view, member));
        return look(unit, std::move(record), question);
      });
}

Result<ViewedLookup> Views::lookup(const ViewQuestion& question) const {
  const auto& state = *engine_->state_;
  if (question.identifiers.empty()) {
    return faulty_field("/identifiers", "required", "at least one identifier");
  }
  return state.read<ViewedLookup>(
      [&](const store::View& view, const Versions& versions) -> Result<ViewedLookup> {
        const Instant now = state.now();
        const Unit unit{view,
                        {},
                        std::max(question.at.value_or(now), now),
                        std::make_shared<const Versions>(versions)};
        const auto& recogniser = *versions.in_force(now).recogniser;
        LAUREL_TRY(const auto given, recognise({recogniser, view}, question.identifiers));
        LAUREL_TRY(auto found, attribute(view, recogniser, given, {}, identity::Purpose::kLookUp));
        if (!found.member) {
          return Error{ErrorCode::kUnknownMember, "no member is known by these identifiers"};
        }
        LAUREL_TRY(auto seen, look(unit, *std::move(found.member), question));
        return ViewedLookup{std::move(seen), std::move(found.attribution.by),
                            std::move(found.attribution.evidence)};
      });
}

Views Engine::views() const { return Views(*this); }

}  // namespace laurel
