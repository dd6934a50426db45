#include <algorithm>

#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::string_view kPaymentToken = "payment_token";

// ISO 3166-1 alpha-2, and XK, whose numbers are as common.
constexpr std::string_view kRegions =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA "
    "ZM ZW ";

bool is_region(std::string_view text) {
  if (text.size() != 2 || text.find(' ') != std::string_view::npos) return false;
  return kRegions.find(std::string(text) + " ") != std::string_view::npos;
}

IdentifierType read_type(const Block& block, const std::string& name, Faults& faults) {
  IdentifierType type{.name = name};
  if (const auto strength = block.phrase("strength")) {
    type.strength = static_cast<Strength>(strength->which);
  }
  const auto may = block.texts("may");
  type.may_earn = !block.has("may") || std::ranges::find(may, "earn") != may.end();
  type.may_redeem = std::ranges::find(may, "redeem") != may.end();
  if (const auto check = block.phrase("check")) {
    type.check = static_cast<IdentifierCheck>(check->which);
  }
  constexpr IdentifierForm kForms[] = {IdentifierForm::kText, IdentifierForm::kEmail,
                                       IdentifierForm::kPhone, IdentifierForm::kDigits};
  if (const auto form = block.phrase("normalise")) type.form = kForms[form->which];
  if (type.check == IdentifierCheck::kLuhn) {
    if (block.has("normalise") && type.form != IdentifierForm::kDigits) {
      faults.add(block.place_of("normalise"), "contradiction",
                 "a value with `check: luhn` is digits");
    }
    type.form = IdentifierForm::kDigits;
  }
  type.region = block.text("region").value_or("");
  type.within = block.texts("within");
  const auto keep = block.phrase("keep");
  type.hashed = keep ? keep->which == 1 : name == kPaymentToken;
  if (block.has("region") && !is_region(type.region)) {
    faults.add(
        block.place_of("region"), "wrong_value",
        in_quotes(type.region) + " is no country (ISO 3166) such as GB",
        type.region == "UK" ? "did you mean `GB`?" : "two capital letters: `GB`, `IT`, `JP`");
  }
  if (block.has("region") != (type.form == IdentifierForm::kPhone)) {
    faults.add(block.place(), type.region.empty() ? "missing_key" : "contradiction",
               "`normalise: phone` and `region` need each other");
  }
  return type;
}

void read_precedence(const Block& identity, IdentityPolicy& policy, Faults& faults) {
  if (!identity.has("precedence")) return;  // then the stronger type decides
  std::vector<std::string> known;
  for (const IdentifierType& type : policy.types) known.push_back(type.name);
  for (const Node* node : identity.values("precedence")) {
    if (is_known(*node, "type of identifier", known, faults)) {
      policy.precedence.push_back(node->text);
    }
  }
  for (const std::string& name : known) {
    if (std::ranges::find(policy.precedence, name) == policy.precedence.end()) {
      faults.add(identity.place_of("precedence"), "missing_key",
                 "`precedence` does not say where " + in_quotes(name) + " stands");
    }
  }
}

}  // namespace

void read_identity(const ProgrammeReader& reader, Draft& draft) {
  const auto identity = reader.top().map("identity");
  if (!identity) return;
  IdentityPolicy& policy = draft.identity;
  if (const auto types = identity->map("types")) {
    for (const Entry& entry : types->entries()) {
      if (entry.value->kind != Node::Kind::kMap) continue;
      policy.types.push_back(
          read_type(Block(*entry.value, "identifier type"), entry.key->text, reader.faults()));
    }
  }
  std::ranges::sort(policy.types, {}, &IdentifierType::name);
  read_precedence(*identity, policy, reader.faults());
  if (const auto conflict = identity->phrase("on_conflict")) {
    policy.on_conflict = static_cast<OnConflict>(conflict->which);
  }
  if (const auto unknown = identity->phrase("unknown")) {
    policy.unknown = static_cast<UnknownMember>(unknown->which);
  }
  if (const auto within = identity->phrase("claim_within")) {
    policy.claim_within_days = within->number;
  }
  if (const auto wait = identity->phrase("redeem_after_change")) {
    policy.redeem_after_change = std::chrono::hours(wait->number * (wait->which == 2 ? 24 : 1));
  }
  if (identity->has("earns")) {
    policy.earns.clear();
    for (const std::string& role : identity->texts("earns")) {
      policy.earns.push_back(role == "payer"   ? IdentifierRole::kPayer
                             : role == "guest" ? IdentifierRole::kGuest
                                               : IdentifierRole::kBuyer);
    }
  }
  policy.placeholders = identity->texts("placeholders");
  std::ranges::sort(policy.placeholders);
  if (const auto shared = identity->phrase("shared_by_more_than")) {
    policy.shared_by_more_than = shared->number;
  }
}

}  // namespace laurel::programme
