#include "programme/reference.hpp"

#include <algorithm>

#include "programme/faults.hpp"
#include "programme/language.hpp"
#include "programme/values.hpp"

namespace laurel::programme {
namespace {

constexpr std::string_view kIntroduction = R"(# The rule language

Every word that a programme may use, where it may stand, and what holds where it is left out. This
page is written from the table that the loader checks files against; editors get the same from
[`rules/schema/programme.schema.json`](../../rules/schema/programme.schema.json) by a first line

```yaml
# yaml-language-server: $schema=../schema/programme.schema.json
```

A programme is a folder. All its `*.yaml` and `*.yml` files are read together, in no order:
`rules`, `cases`, `departments`, `channels`, `languages`, `wallets`, `lanes` and `exchange` may be
spread over files, any other word stands in one of them. `laurel rules check FOLDER` reports
everything that is wrong in one run, with file, line, column and a hint, and runs the programme's
own cases.

## How values are read

- A value means what its place says, never what it looks like. Where a text is meant, `NO`, `0123`,
  `1:30` and `1e3` are texts of two to four characters; where a number is meant they are refused,
  and so are `010`, `0x10`, `1_000`, `+5` and `.5`. No value is changed in silence.
- Amounts are in the programme's currency, with no more digits than it has: `300.00`.
- Days and times are local, in the programme's time zone. An end date includes its whole last day.
- A key that the language does not have is a fault, and so is one that stands twice, an empty value,
  an anchor, an alias or a tag.

## How a transaction is valued

1. **What counts.** Each line's amount after discounts; less its tax, if so declared; nothing for
   excluded lines; less its share of what was paid with tenders that do not earn.
2. **One rate a line** in each wallet: of the rules with a `rate` that match, the one with the
   smallest `rank`; else the rate of the member's level.
3. **Multipliers** add (m - 1) times what the rate gives, each of them, or the best of its lane.
4. **Bonuses** add points to a line, or to the transaction if any of its lines matches.
5. **Rounding.** All sums are exact. Each wallet rounds once, at its stage and in its mode, and the
   points are split back over lines and rules by largest remainder, so that they always add up.
6. **Limits.** A rule of which nothing is left does not apply, and does not compete. What a rule
   gives beyond its limits is cut off, in proportion over its lines; then what all rules and rates
   give beyond the limit of the wallet. In a lane `best` a rule counts for what it can really give.

Conditions see the member, her level and her points as they were before the transaction; only facts
of history count it too. What a rule gives, a level (`grant`) included, is seen by the transactions
after it. So no rule can set off another, or itself, within one transaction.

Full steps (`5 points per full 2.50`) are counted where the wallet rounds: in each line, or in the
sum of the lines that have this rate. The order in which rules are written never matters.

A condition on a fact that is missing is not met, and neither is its opposite: without a brand,
`brand: acme` and `brand: { not: acme }` both fail, and the reason is `missing_fact`. Only
`exists: false` asks for what is missing. Where nobody is known, everything about the member and
her past is missing. A group (`all`, `any`, `none`) that hangs on a missing
fact is not met either.

## A member and her points

Points earned on 21 November that wait 14 days are available from the start of 5 December. Lots live
to the end of their last local day: 12 months after 21 November is the end of the next 21 November,
and a month after 31 January ends on the last day of February.

)";

std::string with_escapes(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string anchor_of(std::string_view title) {
  std::string anchor;
  for (const char c : title) {
    if (c == ' ') {
      anchor += '-';
    } else if (c != ':' && c != ',' && c != '\'') {
      anchor += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return anchor;
}

std::string link_to(std::string_view section) {
  for (const Section& candidate : all_sections()) {
    if (candidate.name != section) continue;
    return "[" + std::string(candidate.title) + "](#" + anchor_of(candidate.title) + ")";
  }
  return {};
}

// A section all of whose words are reserved.
bool is_reserved(std::string_view section) {
  return std::ranges::all_of(words_of(section),
                             [](const Word& word) { return word.presence == Presence::kReserved; });
}

std::string phrases_text(const Word& word) {
  std::string text;
  for (const std::string_view phrase : phrases_of(word)) {
    if (phrase.starts_with('~')) continue;
    text += (text.empty() ? "`" : ", `") + std::string(phrase) + "`";
  }
  return text;
}

std::string values_text(const Word& word) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    text += (text.empty() ? "" : "; or ") + part;
  };
  std::string one = word.scalar == Scalar::kPhrase ? phrases_text(word)
                                                   : std::string(description_of(word.scalar));
  if (word.scalar == Scalar::kDate && !word.phrases.empty()) one += ", " + phrases_text(word);
  if ((word.shapes & kOne) != 0) add(one);
  if ((word.shapes & kList) != 0) {
    add((word.shapes & kOne) != 0 ? "a list of such" : "a list: " + one);
  }
  if ((word.shapes & kMap) != 0 && !is_reserved(word.mapping)) {
    add("a mapping: " + link_to(word.mapping));
  }
  if ((word.shapes & kListOfMaps) != 0) add("a list of mappings: " + link_to(word.mapping));
  return text;
}

std::string initial_text(const Word& word) {
  if (word.presence == Presence::kRequired) return "must be there";
  const std::string initial = word.initial.empty() ? "" : "`" + std::string(word.initial) + "`";
  if (word.presence == Presence::kAdvised) return initial.empty() ? "say it" : initial + "; say it";
  return initial;
}

void append_section(const Section& section, std::string& out) {
  out += "### " + std::string(section.title) + "\n\n";
  if (!section.text.empty()) out += std::string(section.text) + "\n\n";
  std::string reserved;
  bool any = false;
  for (const Word& word : words_of(section.name)) {
    if (word.presence == Presence::kReserved) {
      reserved += (reserved.empty() ? "`" : ", `") + std::string(word.key) + "`";
      continue;
    }
    if (!any) out += "| word | what may stand there | meaning | left out |\n|---|---|---|---|\n";
    any = true;
    const std::string key = word.key == "*" ? "*" + std::string(description_of(word.key_kind)) + "*"
                                            : "`" + std::string(word.key) + "`";
    out += "| " + key + " | " + with_escapes(values_text(word)) + " | " + with_escapes(word.text) +
           " | " + with_escapes(initial_text(word)) + " |\n";
  }
  if (any) out += "\n";
  if (!reserved.empty()) {
    out += "Reserved, and refused with `not_supported`: " + reserved + ".\n\n";
  }
}

}  // namespace

std::string reference_page() {
  std::string out(kIntroduction);
  out += "## Words\n\n";
  for (const Section& section : all_sections()) append_section(section, out);
  out += "## Faults\n\nErrors keep a programme from being used; warnings do not.\n\n";
  out += "| code | | meaning |\n|---|---|---|\n";
  for (const FaultInfo& fault : all_faults()) {
    out += "| `" + std::string(fault.code) + "` | " +
           (fault.severity == Severity::kError ? "error" : "warning") + " | " +
           std::string(fault.text) + " |\n";
  }
  return out;
}

}  // namespace laurel::programme
