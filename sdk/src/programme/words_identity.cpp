#include "programme/words.hpp"

namespace laurel::programme {
namespace {

constexpr Presence kRequired = Presence::kRequired;

constexpr Word kWords[] = {
    {.section = "identity", .key = "types", .shapes = kMap, .mapping = "identifier types",
     .text = "The types of identifier that are taken.", .presence = kRequired},
    {.section = "identity", .key = "precedence", .shapes = kList, .scalar = Scalar::kId,
     .text = "Every type once; where identifiers name different members, the first of them "
             "decides.",
     .presence = kRequired},
    {.section = "identity", .key = "on_conflict", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "Identifiers name two members: the one that stands first in `precedence` decides, "
             "or the transaction is kept for review.",
     .phrases = "strongest|review", .initial = "strongest"},
    {.section = "identity", .key = "unknown", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "Identifiers that name nobody: the transaction is kept and may be claimed, or a "
             "member is enrolled.",
     .phrases = "keep|enrol", .initial = "keep"},
    {.section = "identity", .key = "claim_within", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "How long a kept transaction may be claimed.", .phrases = "N days",
     .initial = "30 days"},
    {.section = "identity", .key = "placeholders", .shapes = kList, .scalar = Scalar::kText,
     .text = "Values that never name anybody, such as the shop's own number."},
    {.section = "identity", .key = "shared_by_more_than", .shapes = kOne,
     .scalar = Scalar::kPhrase,
     .text = "A value seen on more members than this names nobody. Left out: not watched.",
     .phrases = "N members"},

    {.section = "identifier types", .key = "*", .shapes = kMap, .text = "A type of identifier.",
     .mapping = "identifier type", .key_kind = Scalar::kId},
    {.section = "identifier type", .key = "strength", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "How surely it names its member.", .phrases = "weak|medium|strong",
     .presence = kRequired},
    {.section = "identifier type", .key = "may", .shapes = kList, .scalar = Scalar::kPhrase,
     .text = "What it is good for.", .phrases = "earn|redeem", .presence = kRequired},
    {.section = "identifier type", .key = "check", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "A check digit that values must have.", .phrases = "none|luhn", .initial = "none"},
    {.section = "identifier type", .key = "normalise", .shapes = kOne, .scalar = Scalar::kPhrase,
     .text = "How two ways of writing a value become one. A `check: luhn` means digits.",
     .phrases = "text|email|phone|digits", .initial = "text"},
    {.section = "identifier type", .key = "region", .shapes = kOne, .scalar = Scalar::kText,
     .text = "With `normalise: phone`: the country (ISO 3166) of numbers written without one."},
    {.section = "identifier type", .key = "within", .shapes = kOne, .scalar = Scalar::kText,
     .text = "The source or department in which the value is unique. Left out: everywhere."},
};

}  // namespace

std::span<const Word> words_of_identity() { return kWords; }

}  // namespace laurel::programme
