#pragma once
// The review queue as JSON; the same over HTTP and on the command line.

#include <optional>
#include <string_view>

#include "json/writer.hpp"
#include "laurel/review.hpp"

namespace laurel::daemon {

std::string_view text_of(ReviewKind kind);
std::string_view text_of(ReviewState state);
// Of the words above; none: another word.
std::optional<ReviewKind> review_kind_of(std::string_view word);
std::optional<ReviewState> review_state_of(std::string_view word);

void write_review_item(json::Writer& writer, const ReviewItem& item);
void write_review_page(json::Writer& writer, const ReviewPage& page);

}  // namespace laurel::daemon
