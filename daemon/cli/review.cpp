// `laurel review`: what waits for a person.

#include <ostream>

#include "app/review_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

void write_json(const ReviewItem& item, Terminal& terminal) {
  std::string text;
  json::Writer writer(text);
  write_review_item(writer, item);
  terminal.out << text << "\n";
}

void write_text(const ReviewPage& page, Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const ReviewItem& item : page.items) {
    rows.push_back({std::to_string(item.number), std::string(text_of(item.state)),
                    std::string(text_of(item.kind)), item.subject, item.text});
  }
  terminal.out << table(rows, "rllll");
  if (page.items.empty()) terminal.out << "nothing waits\n";
}

// Everything, page after page.
Result<ReviewPage> all_of(const Review& review, ReviewFilter filter) {
  ReviewPage all;
  for (;;) {
    auto page = review.list(filter);
    if (!page) return page;
    all.items.insert(all.items.end(), page->items.begin(), page->items.end());
    if (page->next == 0) return all;
    filter.after = page->next;
  }
}

int list(const ReviewCommand& command, Terminal& terminal) {
  ReviewFilter filter;
  filter.state = review_state_of(command.state);  // "any": none
  if (!command.kind.empty()) filter.kind = review_kind_of(command.kind);
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto page = all_of(session->engine->review(), filter);
  if (!page) return fail(terminal, page.error());
  if (command.format == Format::kText) {
    write_text(*page, terminal);
    return kFine;
  }
  std::string text;
  json::Writer writer(text);
  write_review_page(writer, *page);
  terminal.out << text << "\n";
  return kFine;
}

}  // namespace

int run(const ReviewCommand& command, Terminal& terminal) {
  if (command.action == ReviewAction::kList) return list(command, terminal);
  ReviewDecision decision{command.item, command.by, command.reason, {}};
  if (!command.member.empty()) {
    const auto member = MemberId::parse(command.member);
    if (!member) return answer_no(terminal, member.error());
    decision.member = *member;
  }
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  auto review = session->engine->review();
  const auto item =
      command.action == ReviewAction::kAccept ? review.accept(decision) : review.reject(decision);
  if (!item) return answer_no(terminal, item.error());
  if (command.format == Format::kJson) {
    write_json(*item, terminal);
  } else {
    terminal.out << item->number << " " << text_of(item->kind) << " " << item->subject << ": "
                 << text_of(item->state) << " by " << item->decided_by << "\n";
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
