// How long what says who somebody is is kept.

#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

std::optional<Period> period_of(const Block& retain, std::string_view key) {
  const auto text = retain.text(key);
  const auto period = text ? parse_period(*text) : Result<Period>(Period{});
  return text && period ? std::optional(*period) : std::nullopt;
}

}  // namespace

void read_privacy(const ProgrammeReader& reader, Draft& draft) {
  const auto privacy = reader.top().map("privacy");
  if (!privacy) return;
  const auto retain = privacy->map("retain");
  if (!retain) return;
  auto& policy = draft.retention;
  policy.unattributed = period_of(*retain, "unattributed");
  policy.closed_members = period_of(*retain, "closed_members");
  policy.inactive_members = period_of(*retain, "inactive_members");
  if (!policy.unattributed) return;
  // Any day will do: no period in months is shorter than its days from the end of January.
  const Date day{std::chrono::year{2026} / 1 / 31};
  if (add(day, *policy.unattributed) >= add_days(day, draft.identity.claim_within_days)) return;
  reader.faults().add(retain->place_of("unattributed"), "contradiction",
                      "they would be gone while they can still be claimed",
                      "keep them at least as long as `claim_within`");
}

}  // namespace laurel::programme
