// `laurel lots`: points that live longer, or again.

#include <ostream>

#include "app/lots_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

void write_text(const LotsChanged& changed, Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const LotChange& change : changed.first) {
    rows.push_back({change.member.text(), change.points.text(changed.scale), to_text(change.was),
                    to_text(change.becomes)});
  }
  terminal.out << table(rows, "lrll");
  terminal.out << (changed.dry_run ? "would change " : "changed ") << changed.lots << " lots of "
               << changed.members << " members, " << changed.points.text(changed.scale) << " "
               << changed.wallet << "\n";
}

// "SOURCE/ID"
TransactionKey key_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    return TransactionKey{text.substr(0, slash), text.substr(slash + 1)};
  }
  return TransactionKey{"cli", text};
}

Result<LotOrder> order_of(const LotsCommand& command) {
  LotOrder order;
  order.key = key_of(command.id);
  order.wallet = command.wallet;
  order.actor = command.by;
  order.reason = command.reason;
  order.dry_run = command.dry_run;
  if (!command.member.empty()) {
    if (const auto read = MemberId::parse(command.member); read) {
      order.member = *read;
    } else {
      return read.error();
    }
  }
  if (!command.until.empty()) {
    if (const auto read = parse_date(command.until); read) {
      order.until = *read;
    } else {
      return read.error();
    }
  }
  if (!command.since.empty()) {
    if (const auto read = parse_instant(command.since); read) {
      order.since = *read;
    } else {
      return read.error();
    }
  }
  return order;
}

Result<LotsChanged> carry_out(Lots lots, const LotOrder& order, const LotsCommand& command) {
  switch (command.action) {
    case LotsAction::kExtend: return lots.extend(order);
    case LotsAction::kUnexpire: return lots.unexpire(order);
    case LotsAction::kUndo: break;
  }
  return lots.undo(order, key_of(command.undone));
}

}  // namespace

int run(const LotsCommand& command, Terminal& terminal) {
  const auto order = order_of(command);
  if (!order) {
    show_error(terminal, order.error());
    return kUsage;
  }
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  const auto changed = carry_out(session->engine->lots(), *order, command);
  if (!changed) return answer_no(terminal, changed.error());
  if (command.format == Format::kText) {
    write_text(*changed, terminal);
    return kFine;
  }
  std::string text;
  json::Writer writer(text);
  write_lots_changed(writer, *changed);
  terminal.out << text << "\n";
  return kFine;
}

}  // namespace laurel::daemon::cli
