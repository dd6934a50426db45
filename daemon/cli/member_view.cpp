// `laurel member view`.

#include <ostream>

#include "app/view_json.hpp"
#include "cli/commands.hpp"
#include "cli/member_text.hpp"
#include "cli/moments.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

void write_part(std::string_view title, const Rows& rows, std::string_view alignment,
                Terminal& terminal) {
  if (rows.empty()) return;
  terminal.out << "\n" << painted(title, Style::kStrong, terminal.out_colour) << "\n";
  terminal.out << table(rows, alignment);
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (word.empty()) continue;
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string text_of(const std::vector<Favourite>& favourites) {
  std::vector<std::string> words;
  for (const Favourite& each : favourites) {
    words.push_back(each.id + " (" + std::to_string(each.purchases) + ")");
  }
  return joined(words, ", ");
}

void write_cautions(const MemberView& view, Terminal& terminal) {
  for (const Caution& caution : view.cautions) {
    std::string text = caution.code + ": " + caution.detail;
    if (caution.until) text += " until " + to_text(*caution.until);
    terminal.out << painted(text, Style::kWarning, terminal.out_colour) << "\n";
  }
}

void write_purchases(const MemberView& view, Terminal& terminal) {
  Rows rows;
  for (const Purchase& purchase : view.purchases) {
    rows.push_back({to_text(purchase.at), purchase.amount + " " + purchase.currency,
                    joined({purchase.store, purchase.channel}, ", "),
                    purchase.key.source + "/" + purchase.key.id,
                    purchase.returned_in_part ? "part returned" : ""});
    for (const PurchasedLine& line : purchase.lines) {
      rows.push_back({"", line.amount, joined({line.department, line.category, line.brand}, ", "),
                      line.sku, line.associate.empty() ? "" : "by " + line.associate});
    }
  }
  write_part("purchases", rows, "lrlll", terminal);
}

void write_touchpoints(const MemberView& view, Terminal& terminal) {
  Rows rows;
  for (const Touchpoint& each : view.touchpoints) {
    rows.push_back({to_text(each.at), each.event,
                    joined({each.department, each.store, each.channel}, ", "),
                    each.associate.empty() ? "" : "by " + each.associate});
  }
  write_part("touchpoints", rows, "llll", terminal);
}

void write_favourites(const Favourites& favourites, Terminal& terminal) {
  if (favourites.purchases == 0) return;
  const Rows rows = {
      {"departments", text_of(favourites.departments)},
      {"brands", text_of(favourites.brands)},
      {"associate", favourites.associate ? text_of({*favourites.associate}) : ""},
      {"over", (favourites.all ? "all " : "the latest ") + std::to_string(favourites.purchases) +
                   " purchases since " + to_text(favourites.since)}};
  write_part("favourites", rows, "ll", terminal);
}

void write_offers(const MemberView& view, Terminal& terminal) {
  Rows rewards, vouchers, expiring;
  for (const Expiring& each : view.expiring) {
    expiring.push_back({each.points.text(each.scale), each.wallet,
                        "to " + to_text(each.at - std::chrono::seconds(1))});
  }
  for (const RewardOffer& each : view.rewards) {
    rewards.push_back({each.name, each.worth,
                       (each.cost ? each.cost->text(each.scale) : "") + " " + each.wallet});
  }
  for (const VoucherView& each : view.vouchers) {
    vouchers.push_back({each.readable, each.kind, joined({each.left, each.currency}, " "),
                        each.valid_until == kNever
                            ? std::string("for ever")
                            : "to " + to_text(each.valid_until - std::chrono::seconds(1))});
  }
  write_part(view.all_expiring ? "ends next" : "ends next (of very many)", expiring, "rll",
             terminal);
  write_part("rewards", rewards, "llr", terminal);
  write_part("vouchers", vouchers, "llrl", terminal);
}

void write_page(const MemberView& view, Terminal& terminal) {
  write_cautions(view, terminal);
  write_text(view.member, terminal);
  write_offers(view, terminal);
  write_purchases(view, terminal);
  write_touchpoints(view, terminal);
  write_favourites(view.favourites, terminal);
}

Result<MemberView> look(const Session& session, const MemberPage& command) {
  ViewQuestion question;
  question.purchases = command.limit;
  if (!command.at.empty()) {
    const auto programme = session.engine->programme(session.clock->now());
    if (!programme) return programme.error();
    const auto at = moment_of(command.at, *programme);
    if (!at) return at.error();
    question.at = *at;
  }
  const auto id = MemberId::parse(command.who.front());
  if (command.who.size() == 1 && id) return session.engine->views().of(*id, question);
  auto identifiers = identifiers_of(command.who);
  if (!identifiers) return identifiers.error();
  question.identifiers = *std::move(identifiers);
  auto found = session.engine->views().lookup(question);
  if (!found) return found.error();
  return std::move(found->view);
}

}  // namespace

int run(const MemberPage& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto view = look(*session, command);
  if (!view) return answer_no(terminal, view.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer json(text);
    write_view(json, *view);
    terminal.out << text << "\n";
  } else {
    write_page(*view, terminal);
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
