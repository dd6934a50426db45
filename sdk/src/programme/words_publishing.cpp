#include "programme/words.hpp"

namespace laurel::programme {
namespace {

constexpr Word kWords[] = {
    {.section = "programme",
     .key = "publishing",
     .shapes = kMap,
     .text = "What a new version must pass before it is in force. What the version in force asks "
             "for is asked as well, so that nobody can lower the bar and jump it at once.",
     .mapping = "publishing"},
    {.section = "publishing",
     .key = "approvals",
     .shapes = kOne,
     .scalar = Scalar::kWhole,
     .text = "How many people must agree, the one who publishes it included.",
     .initial = "1"},
    {.section = "publishing",
     .key = "simulate",
     .shapes = kOne,
     .scalar = Scalar::kPhrase,
     .text = "Run the sales of the days before publication under the new version, for `at_most`.",
     .phrases = "none|N days",
     .initial = "none"},
    {.section = "publishing",
     .key = "at_most",
     .shapes = kMap,
     .text = "What that simulation may show at most.",
     .mapping = "publishing limits"},
    {.section = "publishing limits",
     .key = "cost",
     .shapes = kOne,
     .scalar = Scalar::kAmount,
     .text = "What the points of those days cost under the new version, by the `unit_cost` of "
             "their wallets."},
    {.section = "publishing limits",
     .key = "more_points",
     .shapes = kOne,
     .scalar = Scalar::kPercent,
     .text = "How many more points than were given, in any wallet."},
    {.section = "publishing limits",
     .key = "largest_receipt",
     .shapes = kOne,
     .scalar = Scalar::kPhrase,
     .text = "What a single transaction earns, in the first wallet.",
     .phrases = "N points"},
    {.section = "publishing limits",
     .key = "members_down",
     .shapes = kOne,
     .scalar = Scalar::kWhole,
     .text = "How many members end those days at a lower level than they did."},
};

}  // namespace

std::span<const Word> words_of_publishing() { return kWords; }

}  // namespace laurel::programme
