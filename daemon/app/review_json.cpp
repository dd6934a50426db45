#include "app/review_json.hpp"

#include <array>

namespace laurel::daemon {

namespace {

constexpr std::array<std::string_view, 7> kKinds = {
    "transaction", "conflict", "merge", "duplicate", "anomaly", "adjustment", "orphan"};
constexpr std::array<std::string_view, 3> kStates = {"open", "accepted", "rejected"};

template <class E, std::size_t size>
std::optional<E> find(const std::array<std::string_view, size>& words, std::string_view word) {
  for (std::size_t i = 0; i < size; ++i) {
    if (words[i] == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view text_of(ReviewKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view text_of(ReviewState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<ReviewKind> review_kind_of(std::string_view word) {
  return find<ReviewKind>(kKinds, word);
}
std::optional<ReviewState> review_state_of(std::string_view word) {
  return find<ReviewState>(kStates, word);
}

void write_review_item(json::Writer& writer, const ReviewItem& item) {
  writer.begin_object().field("id", item.number).field("kind", text_of(item.kind));
  writer.field("subject", item.subject).field_array("members");
  for (const MemberId member : item.members) writer.value(member.text());
  writer.end_array().field("entry", item.entry.number()).field("text", item.text);
  writer.field("opened_at", to_text(item.opened_at)).field("state", text_of(item.state));
  if (item.state != ReviewState::kOpen) {
    writer.field("decided_at", to_text(item.decided_at)).field("decided_by", item.decided_by);
    writer.field("reason", item.reason);
    if (item.settled_by) writer.field("settled_by", item.settled_by.number());
  }
  writer.end_object();
}

void write_review_page(json::Writer& writer, const ReviewPage& page) {
  writer.begin_object().field_array("items");
  for (const ReviewItem& item : page.items) write_review_item(writer, item);
  writer.end_array().key("next");
  if (page.next != 0) {
    writer.value(page.next);
  } else {
    writer.null();
  }
  writer.end_object();
}

}  // namespace laurel::daemon
