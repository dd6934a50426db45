// Programmes put in force: versions, proposals, and going back. The gates are in gates.cpp.

#include <algorithm>

#include "base/text.hpp"
#include "engine/engine_state.hpp"
#include "engine/gates.hpp"
#include "engine/simulation.hpp"
#include "programme/compiled.hpp"

namespace laurel {

using namespace engine;

namespace {

using Kind = store::Directive::Kind;

Publication publication_of(const Version& version, const Versions& versions) {
  Publication made{version.number,         version.programme.id(), version.programme.digest(),
                   version.effective_from, version.published_at,   version.published_by};
  if (!versions.decided()) return made;
  const auto& stories = versions.decided()->stories;
  if (const auto story = stories.find(version.number); story != stories.end()) {
    made.reason = story->second.reason;
    made.restores = story->second.restores;
    made.proposal = story->second.proposal;
    made.approvals = story->second.approvals;
  }
  return made;
}

Publication publication_of(const Proposal& proposal) {
  Publication made{0,
                   proposal.programme,
                   proposal.digest,
                   proposal.effective_from,
                   proposal.proposed_at,
                   proposal.by};
  made.proposal = proposal.number;
  made.reason = proposal.reason;
  made.restores = proposal.restores;
  made.approvals = proposal.approvals;
  return made;
}

store::Directive directive(Kind kind, Instant at, const std::string& by,
                           const std::string& reason) {
  store::Directive made;
  made.kind = kind;
  made.at = at;
  made.by = by;
  made.reason = reason;
  return made;
}

Error missing(const char* field, const char* what) {
  return {ErrorCode::kInvalid,
          "one or more fields are wrong",
          {{std::string("/") + field, "required", what}}};
}

// Blanks are no name and no reason.
bool is_blank(const std::string& text) { return !text.empty() && trimmed(text).empty(); }

using Plan = PublishingPlan;

void add_version(store::Change& change, const Versions& versions, const Plan& plan, Instant now) {
  store::ProgrammeVersion version;
  version.number = versions.last_number() + 1;
  version.digest = plan.programme.digest();
  version.programme = plan.programme.id();
  version.effective_from = plan.effective_from;
  version.published_at = now;
  version.published_by = plan.by;
  for (const auto& file : plan.programme.files()) version.files.emplace_back(file.name, file.text);
  if (!plan.reason.empty() || plan.restores != 0 || plan.proposal != 0) {
    auto story = directive(Kind::kPublish, now, plan.by, plan.reason);
    story.subject = version.digest;
    story.from = plan.effective_from;
    story.about = plan.proposal;
    story.version = version.number;
    story.restores = plan.restores;
    change.directives.push_back(std::move(story));
  }
  change.programmes.push_back(std::move(version));
}

void add_proposal(store::Change& change, const Plan& plan, std::int64_t needs, Instant now) {
  auto proposal = directive(Kind::kPropose, now, plan.by, plan.reason);
  proposal.subject = plan.programme.digest();
  proposal.from = plan.effective_from;
  proposal.restores = plan.restores;
  proposal.needs = needs;
  proposal.programme = plan.programme.id();
  for (const auto& file : plan.programme.files()) proposal.files.emplace_back(file.name, file.text);
  change.directives.push_back(std::move(proposal));
}

const Proposal* open_proposal(const Versions& versions, const std::string& digest) {
  if (!versions.decided()) return nullptr;
  for (const auto& proposal : versions.decided()->proposals) {
    if (proposal.is_open() && proposal.digest == digest) return &proposal;
  }
  return nullptr;
}

Result<Proposal> find_open(const Versions& versions, std::int64_t number) {
  if (versions.decided()) {
    for (const auto& proposal : versions.decided()->proposals) {
      if (proposal.number != number) continue;
      if (proposal.is_open()) return proposal;
      return Error{ErrorCode::kNotApproved,
                   proposal.withdrawn ? "the proposal was withdrawn" : "the proposal is in force"};
    }
  }
  return Error{ErrorCode::kUnknownVersion, "no proposal has the number " + std::to_string(number)};
}

// Names differ by more than case and spaces.
bool same_person(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (text.empty()) return '\0';
    const char c = text.front();
    text.remove_prefix(1);
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (;;) {
    const char left = next(a);
    if (left != next(b)) return false;
    if (left == '\0') return true;
  }
}

Result<Programme> compile_proposal(const store::View& view, std::int64_t number) {
  LAUREL_TRY(const auto directives, view.directives(number - 1));
  LAUREL_CHECK(!directives.empty() && directives.front().kind == Kind::kPropose,
               "a proposal is stored under its number");
  std::vector<SourceFile> files;
  for (const auto& [name, text] : directives.front().files) files.push_back({name, text});
  auto loaded = load_programme(files);
  if (loaded.programme) return *std::move(loaded.programme);
  return Error{ErrorCode::kInvalidProgramme, render(loaded.faults)};
}

}  // namespace

Result<std::shared_ptr<const Versions>> Engine::State::known_versions() const {
  std::shared_ptr<const Versions> versions;
  LAUREL_TRY_VOID(store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(versions, catalogue.refresh(view));
    return {};
  }));
  return versions;
}

Result<void> Engine::State::decide(const Decide& work) const {
  const store::UnitOfWork unit = [&](const store::View& view,
                                     const store::NextIds&) -> Result<store::Change> {
    store::Change change;
    LAUREL_TRY(const auto versions, catalogue.refresh(view));
    LAUREL_TRY_VOID(work(view, *versions, change));
    return change;
  };
  LAUREL_TRY_VOID(std::move(write(std::span(&unit, 1)).front()));
  LAUREL_TRY([[maybe_unused]] const auto versions, known_versions());
  return {};
}

Result<void> Engine::State::pass_gates(const Programme& programme, const Versions& versions,
                                       const Publish& how, bool limits_too) const {
  const Programme* in_force = versions.empty() ? nullptr : &versions.in_force(now()).programme;
  const auto policy = policy_of(programme, in_force);
  auto cases = failed_cases(programme);
  std::vector<FieldFault> limits;
  if (limits_too && in_force != nullptr && policy.simulate_days > 0 && policy.at_most.any()) {
    const auto& compiled = in_force->compiled();
    const Date first = add_days(compiled.zone.local_date(now()), -policy.simulate_days);
    Simulate period;
    period.from = compiled.zone.start_of_day(first);
    period.to = now();
    period.parts = how.parts;
    period.executor = how.executor;
    const auto simulation = engine::simulate(store(), versions, programme, period);
    if (simulation) {
      limits = exceeded_limits(*simulation, policy.at_most, programme);
    } else if (simulation.error().code == ErrorCode::kBroken ||
               simulation.error().error_class() == ErrorClass::kBroken) {
      return simulation.error();
    } else if (!nothing_in_period(simulation.error())) {
      limits.push_back({"/publishing/simulate", std::string(simulation.error().name()),
                        simulation.error().detail});
    }
  }
  if (auto refused = refusal(std::move(cases), std::move(limits))) return *std::move(refused);
  return {};
}

Result<Publication> Engine::publish(const Programme& programme, const Publish& how) {
  if (is_blank(how.by)) return missing("by", "who publishes it");
  LAUREL_TRY(const auto before, state_->known_versions());
  const auto unchanged = [&](const Versions& versions) -> std::optional<Publication> {
    if (versions.empty()) return std::nullopt;
    const Version& last = versions.by_number().back();
    if (last.programme.digest() != programme.digest()) return std::nullopt;
    const Instant from = how.effective_from.value_or(how.skip_cases ? programme.effective_from()
                                                                    : last.effective_from);
    if (from != last.effective_from) return std::nullopt;
    auto same = publication_of(last, versions);
    same.unchanged = true;
    return same;
  };
  if (auto same = unchanged(*before)) return *std::move(same);
  if (!how.skip_cases) {
    LAUREL_TRY_VOID(state_->pass_gates(programme, *before, how, true));
  }
  Publication published;
  LAUREL_TRY_VOID(state_->decide(
      [&](const store::View&, const Versions& versions, store::Change& change) -> Result<void> {
        if (auto same = unchanged(versions)) {
          published = *std::move(same);
          return {};
        }
        const Instant now = state_->now();
        const bool first = versions.empty();
        Plan plan{programme, how.by, how.reason, programme.effective_from()};
        if (!first && !how.skip_cases) plan.effective_from = std::max(plan.effective_from, now);
        if (how.effective_from) plan.effective_from = *how.effective_from;
        return state_->put(plan, versions, change, how.skip_cases || (first && how.first_alone),
                           published);
      }));
  return published;
}

Result<void> Engine::State::put(const Plan& plan, const Versions& versions, store::Change& change,
                                bool alone, Publication& published) const {
  const Instant at = now();
  const Programme* in_force = versions.empty() ? nullptr : &versions.in_force(at).programme;
  const auto needs = alone ? 1 : policy_of(plan.programme, in_force).approvals;
  if (needs > 1) {
    if (trimmed(plan.by).empty()) return missing("by", "who publishes it, as others must agree");
    if (const auto* open = open_proposal(versions, plan.programme.digest())) {
      published = publication_of(*open);
      published.unchanged = true;
      return {};
    }
    add_proposal(change, plan, needs, at);
    published = {0, plan.programme.id(), plan.programme.digest(), plan.effective_from, at, plan.by};
    published.proposal = versions.last_directive() + 1;
  } else {
    add_version(change, versions, plan, at);
    published = {versions.last_number() + 1,
                 plan.programme.id(),
                 plan.programme.digest(),
                 plan.effective_from,
                 at,
                 plan.by};
  }
  published.reason = plan.reason;
  published.restores = plan.restores;
  return {};
}

Result<Publication> Engine::rollback(const Rollback& back) {
  if (trimmed(back.by).empty()) return missing("by", "who goes back");
  if (is_blank(back.reason)) return missing("reason", "why");
  LAUREL_TRY(const auto programme, version(back.to));
  LAUREL_TRY(const auto before, state_->known_versions());
  LAUREL_TRY_VOID(state_->pass_gates(programme, *before, {}, false));
  Publication published;
  LAUREL_TRY_VOID(state_->decide(
      [&](const store::View&, const Versions& versions, store::Change& change) -> Result<void> {
        const Plan plan{programme, back.by, back.reason,
                        back.effective_from.value_or(state_->now()), back.to};
        return state_->put(plan, versions, change, false, published);
      }));
  return published;
}

Result<Publication> Engine::approve(const Judgement& judgement) {
  if (trimmed(judgement.by).empty()) return missing("by", "who agrees");
  LAUREL_TRY(const auto before, state_->known_versions());
  LAUREL_TRY(const auto proposal, find_open(*before, judgement.proposal));
  std::optional<Programme> programme;
  LAUREL_TRY_VOID(state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(programme, compile_proposal(view, judgement.proposal));
    return {};
  }));
  LAUREL_TRY_VOID(state_->pass_gates(*programme, *before, {}, proposal.restores == 0));
  Publication published;
  LAUREL_TRY_VOID(state_->decide(
      [&](const store::View&, const Versions& versions, store::Change& change) -> Result<void> {
        LAUREL_TRY(auto open, find_open(versions, judgement.proposal));
        const auto said = [&](const Approval& approval) {
          return same_person(approval.by, judgement.by);
        };
        if (same_person(open.by, judgement.by) || std::ranges::any_of(open.approvals, said)) {
          return Error{ErrorCode::kNotApproved, judgement.by + " agreed before; it takes another"};
        }
        const Instant now = state_->now();
        auto agreed = directive(Kind::kApprove, now, judgement.by, judgement.reason);
        agreed.subject = open.digest;
        agreed.about = open.number;
        change.directives.push_back(std::move(agreed));
        open.approvals.push_back({judgement.by, now});
        published = publication_of(open);
        if (static_cast<std::int64_t>(open.approvals.size()) + 1 < open.approvals_needed) return {};
        const Plan plan{*programme,    open.by,    open.reason, std::max(open.effective_from, now),
                        open.restores, open.number};
        add_version(change, versions, plan, now);
        published.version = versions.last_number() + 1;
        published.effective_from = plan.effective_from;
        published.published_at = now;
        return {};
      }));
  return published;
}

Result<Proposal> Engine::withdraw(const Judgement& judgement) {
  if (trimmed(judgement.by).empty()) return missing("by", "who withdraws it");
  Proposal proposal;
  LAUREL_TRY_VOID(state_->decide(
      [&](const store::View&, const Versions& versions, store::Change& change) -> Result<void> {
        LAUREL_TRY(proposal, find_open(versions, judgement.proposal));
        const Instant now = state_->now();
        auto withdrawn = directive(Kind::kWithdraw, now, judgement.by, judgement.reason);
        withdrawn.about = proposal.number;
        withdrawn.subject = proposal.digest;
        change.directives.push_back(std::move(withdrawn));
        proposal.withdrawn = Approval{judgement.by, now};
        return {};
      }));
  return proposal;
}

Result<std::vector<Proposal>> Engine::proposals() const {
  LAUREL_TRY(const auto versions, state_->known_versions());
  return versions->decided() ? versions->decided()->proposals : std::vector<Proposal>{};
}

Result<std::vector<Publication>> Engine::versions() const {
  LAUREL_TRY(const auto versions, state_->known_versions());
  std::vector<Publication> publications;
  for (const auto& version : versions->by_number()) {
    publications.push_back(publication_of(version, *versions));
  }
  return publications;
}

Result<Programme> Engine::programme(Instant in_force_at) const {
  return state_->read<Programme>(
      [&](const store::View&, const Versions& versions) -> Result<Programme> {
        return versions.in_force(in_force_at).programme;
      });
}

Result<Programme> Engine::version(std::int64_t number) const {
  LAUREL_TRY(const auto versions, state_->known_versions());
  for (const auto& version : versions->by_number()) {
    if (version.number == number) return version.programme;
  }
  return Error{ErrorCode::kUnknownVersion, "no version has the number " + std::to_string(number)};
}

Result<Simulation> Engine::simulate(const Programme& programme, const Simulate& how) const {
  LAUREL_TRY(const auto versions, state_->known_versions());
  return engine::simulate(state_->store(), *versions, programme, how);
}

// ---- Rules stopped

namespace {

Result<void> check_order(const RuleOrder& order, const Versions& versions, Instant now) {
  if (trimmed(order.by).empty()) return missing("by", "who decides it");
  if (is_blank(order.reason)) return missing("reason", "why");
  if (order.from && *order.from < now) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/from", "in_the_past", "what was sold before now keeps what it was promised"}}};
  }
  for (const auto& version : versions.by_number()) {
    const auto& rules = version.compiled().rules;
    if (std::ranges::find(rules, order.rule, &programme::RuleInfo::id) != rules.end()) return {};
  }
  return Error{ErrorCode::kUnknownRule, "no version of the programme has a rule " + order.rule};
}

RuleStop* open_stop(Decided& decided, const std::string& rule) {
  for (auto& stop : decided.stops) {
    if (stop.rule == rule && stop.until == kNever) return &stop;
  }
  return nullptr;
}

}  // namespace

Result<RuleStop> Engine::State::order(const RuleOrder& given, bool stop) const {
  RuleStop out;
  const auto decided = decide(
      [&](const store::View&, const Versions& versions, store::Change& change) -> Result<void> {
        const Instant at = now();
        LAUREL_TRY_VOID(check_order(given, versions, at));
        Decided known = versions.decided() ? *versions.decided() : Decided{};
        if (const auto* open = open_stop(known, given.rule); (open != nullptr) == stop) {
          if (open == nullptr) {
            return Error{ErrorCode::kUnknownRule, "the rule " + given.rule + " is not stopped"};
          }
          out = *open;
          return {};
        }
        auto made = directive(stop ? Kind::kStop : Kind::kResume, at, given.by, given.reason);
        made.number = known.last_number + 1;
        made.subject = given.rule;
        made.from = given.from.value_or(at);
        const auto place = static_cast<std::size_t>(
            stop ? known.stops.size()
                 : static_cast<std::size_t>(open_stop(known, given.rule) - known.stops.data()));
        known.add(made);
        out = known.stops[place];
        change.directives.push_back(std::move(made));
        return {};
      });
  if (!decided) return decided.error();
  return out;
}

Result<RuleStop> Engine::stop_rule(const RuleOrder& order) { return state_->order(order, true); }
Result<RuleStop> Engine::resume_rule(const RuleOrder& order) { return state_->order(order, false); }

Result<std::vector<RuleStop>> Engine::stops() const {
  LAUREL_TRY(const auto versions, state_->known_versions());
  return versions->decided() ? versions->decided()->stops : std::vector<RuleStop>{};
}

}  // namespace laurel
