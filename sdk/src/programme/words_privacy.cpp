#include "programme/words.hpp"

namespace laurel::programme {
namespace {

constexpr Word kWords[] = {
    {.section = "programme",
     .key = "privacy",
     .shapes = kMap,
     .text = "What is done by itself so that nothing is known of people for longer than needed.",
     .mapping = "privacy"},
    {.section = "privacy",
     .key = "retain",
     .shapes = kMap,
     .text = "How long what says who somebody is is kept. What was booked stays, without a name.",
     .mapping = "retain"},
    {.section = "retain",
     .key = "unattributed",
     .shapes = kOne,
     .scalar = Scalar::kPeriod,
     .text = "The identifiers of transactions that are still nobody's, from the day they came. Not "
             "less than `claim_within`."},
    {.section = "retain",
     .key = "closed_members",
     .shapes = kOne,
     .scalar = Scalar::kPeriod,
     .text = "Members whose account was closed, from that day. Then they are forgotten, as if they "
             "had asked for it."},
    {.section = "retain",
     .key = "inactive_members",
     .shapes = kOne,
     .scalar = Scalar::kPeriod,
     .text = "Members for whom nothing came and nobody did anything, from the last day on which "
             "there was. Then they are forgotten, and their points are written off."},
};

}  // namespace

std::span<const Word> words_of_privacy() { return kWords; }

}  // namespace laurel::programme
