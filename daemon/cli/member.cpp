// `laurel member show` and `laurel member lookup`.

#include <ostream>

#include "app/answer_json.hpp"
#include "cli/commands.hpp"
#include "cli/member_text.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string_view name_of(LotState state) {
  return state == LotState::kPending ? "pending" : "available";
}

std::string count_text(const Member& member, std::int64_t minor) {
  const TierStanding& tier = member.tier;
  if (tier.metric == TierMetric::kSpend) return Money(minor, member.programme_currency).text();
  return Points(minor).text(tier.metric_scale) + " " + tier.metric_of;
}

std::string by_text(const std::optional<Date>& day) {
  return day ? " by " + to_text(*day) : std::string();
}

// "gold until 2026-12-31, spend 7035.00; 2965.00 more by 2026-12-31 to become black; …"
std::string tier_text(const Member& member) {
  const TierStanding& tier = member.tier;
  std::string text = tier.id.empty() ? "-" : tier.id;
  if (tier.until) text += " until " + to_text(*tier.until);
  if (!tier.id.empty() || !tier.next_id.empty()) {
    text += tier.metric == TierMetric::kSpend ? ", spend " : ", ";
    text += count_text(member, tier.spend_minor);
  }
  if (!tier.upcoming_id.empty()) {
    text += "; " + tier.upcoming_id + " from " + to_text(tier.upcoming_from);
  }
  if (!tier.next_id.empty()) {
    text += "; " + count_text(member, tier.next_needs_minor) + " more" + by_text(tier.next_by) +
            " to become " + tier.next_id;
  }
  if (tier.keep_by && tier.keep_needs_minor > 0) {
    text += "; " + count_text(member, tier.keep_needs_minor) + " more" + by_text(tier.keep_by) +
            " to keep " + tier.id;
  }
  return text;
}

void write_head(const Member& member, Terminal& terminal) {
  Rows rows = {{"member", member.id.text()},
               {"status", std::string(text_of(member.status))},
               {"enrolled", to_text(member.enrolled_at)},
               {"tier", tier_text(member)}};
  for (const MemberIdentifier& identifier : member.identifiers) {
    rows.push_back({identifier.type, identifier.value + " (" +
                                         std::string(to_text(identifier.strength)) +
                                         (identifier.verified ? "" : ", not verified") + ")"});
  }
  terminal.out << table(rows, "ll");
}

void write_wallet(const WalletView& wallet, Terminal& terminal) {
  const WalletBalance& balance = wallet.balance;
  terminal.out << painted(balance.wallet, Style::kStrong, terminal.out_colour) << ": "
               << balance.available.text(balance.scale) << " available, "
               << balance.pending.text(balance.scale) << " pending";
  if (balance.held != Points()) terminal.out << ", " << balance.held.text(balance.scale) << " held";
  if (balance.debt != Points()) terminal.out << ", " << balance.debt.text(balance.scale) << " owed";
  terminal.out << "\n";
  Rows rows;
  for (const LotView& lot : wallet.lots) {
    rows.push_back({"  " + lot.points.text(balance.scale), std::string(name_of(lot.state)),
                    lot.available_from == kNever ? std::string("waits")
                                                 : "from " + to_text(lot.available_from),
                    lot.expires_at == kNever
                        ? "for ever"
                        : "to " + to_text(lot.expires_at - std::chrono::seconds(1))});
  }
  terminal.out << table(rows, "rlll");
}

void write_evidence(const Lookup& lookup, Terminal& terminal) {
  Rows rows;
  for (const Evidence& evidence : lookup.evidence) {
    rows.push_back({evidence.type, evidence.value, evidence.verdict});
  }
  terminal.out << "found by " << lookup.by << "\n" << table(rows, "lll");
}

void write_json(const Member& member, const Lookup* lookup, Terminal& terminal) {
  std::string text;
  json::Writer json(text);
  if (lookup != nullptr) json.begin_object().key("member");
  write_member(json, member);
  if (lookup != nullptr) {
    json.field("by", lookup->by);
    daemon::write_evidence(json, lookup->evidence);
    json.end_object();
  }
  terminal.out << text << "\n";
}

}  // namespace

void write_text(const Member& member, Terminal& terminal) {
  write_head(member, terminal);
  for (const WalletView& wallet : member.wallets) write_wallet(wallet, terminal);
}

Result<std::vector<Identifier>> identifiers_of(const std::vector<std::string>& words) {
  std::vector<Identifier> identifiers;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorCode::kInvalid, "\"" + word + "\" is not TYPE=VALUE"};
    }
    identifiers.push_back({word.substr(0, equals), word.substr(equals + 1)});
  }
  return identifiers;
}

int run(const MemberShow& command, Terminal& terminal) {
  const auto identifiers = identifiers_of(command.identifiers);
  if (!identifiers) {
    show_error(terminal, identifiers.error());
    return kUsage;
  }
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  if (identifiers->empty()) {
    const auto id = MemberId::parse(command.member);
    const auto member = id ? session->engine->member(*id) : Result<Member>(id.error());
    if (!member) return answer_no(terminal, member.error());
    if (command.format == Format::kJson) {
      write_json(*member, nullptr, terminal);
    } else {
      write_text(*member, terminal);
    }
    return kFine;
  }
  const auto lookup = session->engine->lookup(*identifiers);
  if (!lookup) return answer_no(terminal, lookup.error());
  if (command.format == Format::kJson) {
    write_json(lookup->member, &*lookup, terminal);
  } else {
    write_evidence(*lookup, terminal);
    write_text(lookup->member, terminal);
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
