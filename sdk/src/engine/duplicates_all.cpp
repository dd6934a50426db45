// All members compared with each other, and what is likely put into the review queue.

#include <algorithm>
#include <map>

#include "base/try.hpp"
#include "engine/duplicates.hpp"
#include "engine/engine_state.hpp"
#include "engine/person.hpp"

namespace laurel {
namespace engine {
namespace {

constexpr std::size_t kPage = 500;   // members that are read at once
constexpr std::size_t kChunk = 100;  // suggestions that share a unit of work

struct Likely {
  MemberId one, other;
  std::string text;
};

bool takes_part(const ledger::MemberRecord& record) {
  return record.status == MemberStatus::kActive || record.status == MemberStatus::kFrozen;
}

template <class State>
class Everybody {
 public:
  Everybody(const State& state, const MatchSettings& settings)
      : state_(state), settings_(settings) {}

  Result<Suggestions> run() {
    LAUREL_TRY_VOID(read_all());
    LAUREL_TRY(const auto matcher, Matcher::over(profiles_, settings_));
    std::vector<Likely> likely;
    for (const auto& pair : matcher.suggestions()) likely.push_back(likely_of(matcher, pair));
    note_strangers(matcher, likely);
    done_.members = static_cast<std::int64_t>(profiles_.size());
    done_.compared = matcher.compared();
    done_.likely = static_cast<std::int64_t>(likely.size());
    for (std::size_t begin = 0; begin < likely.size(); begin += kChunk) {
      const auto chunk = std::span(likely).subspan(begin, std::min(kChunk, likely.size() - begin));
      LAUREL_TRY_VOID(suggest(chunk));
      report("suggesting", begin + chunk.size(), likely.size());
    }
    return done_;
  }

 private:
  void report(std::string_view step, std::size_t done, std::size_t all) const {
    if (!settings_.progress) return;
    settings_.progress({step, static_cast<std::int64_t>(done), static_cast<std::int64_t>(all)});
  }

  // Members who came before there were keys get theirs.
  Result<void> read_all() {
    for (MemberId after;;) {
      std::vector<store::MatchingKeys> renewed;
      std::size_t count = 0;
      const auto read = state_.store().read([&](const store::View& view) -> Result<void> {
        LAUREL_TRY(const auto versions, state_.refresh(view));
        const auto& compiled = versions->in_force(state_.now()).compiled();
        LAUREL_TRY(const auto members, view.members(after, kPage));
        count = members.size();
        for (const auto& record : members) {
          LAUREL_TRY_VOID(read_one(view, compiled, record, renewed));
        }
        if (count > 0) after = members.back().id;
        return {};
      });
      if (!read) return read.error();
      if (count == 0) return {};
      if (!renewed.empty()) LAUREL_TRY_VOID(renew(renewed));
      report("reading", profiles_.size(), profiles_.size());
    }
  }

  Result<void> read_one(const store::View& view, const programme::Compiled& compiled,
                        const ledger::MemberRecord& record,
                        std::vector<store::MatchingKeys>& renewed) {
    if (record.status == MemberStatus::kClosed) return {};
    LAUREL_TRY(const auto own, known_profile(view, compiled, record.id));
    LAUREL_TRY(const auto before, view.matching_keys(record.id));
    auto keys = people::matching_keys(own);
    if (keys != before) renewed.push_back({record.id, std::move(keys)});
    if (!takes_part(record)) return {};
    LAUREL_TRY(const auto all, known_of_all(view, compiled, record));
    Profile profile = all.profile;
    if (!all.emails.empty()) profile.email = all.emails.front();
    if (!all.phones.empty()) profile.phone = all.phones.front();
    profiles_.push_back(std::move(profile));
    ids_.push_back(record.id);
    return {};
  }

  Result<void> renew(const std::vector<store::MatchingKeys>& renewed) const {
    return state_.write_one([&](Unit& unit) -> Result<void> {
      for (const auto& row : renewed) {
        LAUREL_TRY(const auto known, known_profile(unit.view, unit.in_force(unit.now), row.member));
        unit.change.matching_keys.push_back({row.member, people::matching_keys(known)});
      }
      return {};
    });
  }

  Likely likely_of(const Matcher& matcher, const ProfilePair& pair) const {
    const auto explained = matcher.explain(pair.left, pair.right);
    return {ids_[pair.left], ids_[pair.right], people::in_words(explained)};
  }

  void note_strangers(const Matcher& matcher, std::vector<Likely>& likely) const {
    std::map<std::pair<MemberId, MemberId>, const HeldPair*> held;
    for (const auto& each : matcher.held()) {
      held[{ids_[each.pair.left], ids_[each.pair.right]}] = &each;
    }
    for (auto& each : likely) {
      const auto found = held.find({each.one, each.other});
      if (found == held.end()) continue;
      each.text += "; beware: with others it would make one of " + ids_[found->second->one].text() +
                   " and " + ids_[found->second->other].text() + ", who have nothing in common";
    }
  }

  // As things stand by now.
  Result<void> suggest(std::span<const Likely> chunk) {
    std::int64_t opened = 0;
    const auto wrote = state_.write_one([&](Unit& unit) -> Result<void> {
      opened = 0;
      for (const auto& each : chunk) {
        LAUREL_TRY(const auto one, existing_now(unit.view, each.one));
        LAUREL_TRY(const auto other, existing_now(unit.view, each.other));
        if (one.id == other.id || !takes_part(one) || !takes_part(other)) continue;
        LAUREL_TRY(const bool known, were_suggested(unit.view, one, other));
        if (known) continue;
        suggest_merge(unit, one.id, other.id, {}, each.text);
        ++opened;
      }
      return {};
    });
    if (wrote) done_.opened += opened;
    return wrote;
  }

  const State& state_;
  const MatchSettings& settings_;
  std::vector<Profile> profiles_;
  std::vector<MemberId> ids_;  // of them
  Suggestions done_;
};

}  // namespace
}  // namespace engine

Result<Suggestions> Merging::suggest(const MatchSettings& settings) {
  return engine::Everybody(*engine_->state_, settings).run();
}

Result<std::vector<Candidate>> Merging::candidates(MemberId member) const {
  const auto& state = *engine_->state_;
  return state.read<std::vector<Candidate>>(
      [&](const store::View& view, const engine::Versions& versions) {
        return engine::candidates_of(view, versions.in_force(state.now()).compiled(), member);
      });
}

}  // namespace laurel
