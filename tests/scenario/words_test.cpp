// Every word of the rule language does something: taken out of a programme that uses it, the
// programme no longer loads, or its cases go another way.

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "programme/language.hpp"
#include "programme/yaml.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

using programme::Node;
using programme::Word;

// Words that no case can see; what shows them instead.
const std::map<std::string, std::string> kSeenElsewhere = {
    {"programme.effective_from", "tests/scenario/arrival_test.cpp"},
    {"programme.time_zone", "tests/unit/programme/conditions_test.cpp"},
    {"programme.departments", "tests/unit/programme/faults_test.cpp"},
    {"programme.channels", "tests/unit/programme/faults_test.cpp"},
    {"programme.cases", "tests/scenario/shipped_programmes_test.cpp"},
    {"wallet.on_shortfall", "tests/scenario/return_test.cpp"},
    {"wallet.restore", "tests/scenario/return_test.cpp"},
    {"basket.threshold_base", "tests/unit/programme/conditions_test.cpp"},
    {"programme.privacy", "tests/scenario/retention_test.cpp"},
    {"privacy.retain", "tests/scenario/retention_test.cpp"},
    {"retain.unattributed", "tests/scenario/retention_test.cpp"},
    {"retain.closed_members", "tests/scenario/retention_test.cpp"},
    {"retain.inactive_members", "tests/scenario/retention_test.cpp"},
    {"programme.notices", "tests/scenario/lots_test.cpp"},
    {"notices.expiry", "tests/scenario/lots_test.cpp"},
    {"notices.tier_loss", "tests/scenario/lots_test.cpp"},
    {"arrivals.return_rate", "tests/scenario/exchange_test.cpp"},
    {"wallet.withhold_at", "tests/scenario/exchange_test.cpp"},
    {"limit.per", "Limits.of_all_members_is_used_up_by_the_first"},
    {"tiers.window", "tests/unit/ledger"},
    {"tiers.valid_until", "tests/unit/ledger"},
    {"tiers.downgrade", "tests/unit/ledger"},
    {"tiers.grace", "tests/unit/ledger"},
    {"then.points", "Words.each_expectation_can_fail"},
    {"then.awards", "Words.each_expectation_can_fail"},
    {"then.reversed", "Words.each_expectation_can_fail"},
    {"then.available", "Words.each_expectation_can_fail"},
    {"then.pending", "Words.each_expectation_can_fail"},
    {"then.debt", "Words.each_expectation_can_fail"},
    {"then.tier", "Words.each_expectation_can_fail"},
    {"then.error", "Words.each_expectation_can_fail"},
    {"points by rule.*", "Words.each_expectation_can_fail"},
    {"points by wallet.*", "Words.each_expectation_can_fail"},
    {"step.then", "Words.each_expectation_can_fail"},
    {"programme.languages", "tests/unit/programme/faults_test.cpp"},
    {"programme.max_lateness", "tests/scenario/arrival_test.cpp"},
    {"programme.late", "tests/scenario/arrival_test.cpp"},
    {"programme.arrivals", "tests/scenario/arrival_test.cpp"},
    {"arrivals.too_late", "tests/scenario/arrival_test.cpp"},
    {"arrivals.from_future", "tests/scenario/arrival_test.cpp"},
    {"arrivals.clock_tolerance", "tests/scenario/arrival_test.cpp"},
    {"arrivals.return_without_sale", "tests/scenario/arrival_test.cpp"},
    {"programme.rewards", "tests/scenario/paying_test.cpp"},
    {"rewards.pay_with_points", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.wallet", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.points", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.worth", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.minimum", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.step", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.at_most", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.exclude", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.currencies", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.hold", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.longest_hold", "tests/scenario/paying_test.cpp"},
    {"pay_with_points.offline", "tests/scenario/paying_test.cpp"},
    {"paid at most.share", "tests/scenario/paying_test.cpp"},
    {"paid at most.amount", "tests/scenario/paying_test.cpp"},
    {"offline.floor_limit", "tests/scenario/paying_test.cpp"},
    {"rewards.shipping_tags", "tests/scenario/voucher_test.cpp"},
    {"rewards.worst_case", "tests/unit/programme/catalogue_test.cpp"},
    {"reward.name", "tests/scenario/reward_test.cpp"},
    {"reward.terms", "tests/scenario/reward_test.cpp"},
    {"reward.minimum_basket", "tests/scenario/voucher_test.cpp"},
    {"reward.threshold_base", "tests/scenario/voucher_test.cpp"},
    {"reward.approved_by", "tests/unit/programme/catalogue_test.cpp"},
    {"gives.money_off", "tests/scenario/voucher_test.cpp"},
    {"gives.percent_off", "tests/scenario/voucher_test.cpp"},
    {"gives.at_most", "RewardWords.bound_a_percentage"},
    {"gives.codes", "tests/scenario/voucher_test.cpp"},
    {"reward.voucher", "tests/scenario/voucher_test.cpp"},
    {"reward voucher.valid", "tests/scenario/reward_test.cpp"},
    {"reward voucher.until", "RewardWords.end_a_voucher_on_a_day"},
    {"reward voucher.uses", "RewardWords.allow_several_uses"},
    {"reward voucher.held_by", "RewardWords.let_a_bearer_use_it"},
    {"reward voucher.remainder", "RewardWords.keep_the_remainder"},
    {"reward voucher.covers_shipping", "tests/scenario/voucher_test.cpp"},
    {"reward voucher.on_return", "RewardWords.keep_a_voucher_used"},
    {"case take.at", "Words.each_expectation_can_fail"},
    {"then.vouchers", "RewardWords.expected_vouchers_can_fail"},
    {"programme.publishing", "tests/scenario/publishing_test.cpp"},
    {"publishing.approvals", "tests/scenario/publishing_test.cpp"},
    {"publishing.simulate", "tests/scenario/publishing_test.cpp"},
    {"publishing.at_most", "tests/scenario/publishing_test.cpp"},
    {"publishing limits.cost", "tests/scenario/publishing_test.cpp"},
    {"publishing limits.more_points", "tests/scenario/publishing_test.cpp"},
    {"publishing limits.largest_receipt", "tests/scenario/publishing_test.cpp"},
    {"publishing limits.members_down", "tests/scenario/publishing_test.cpp"},
    {"programme.adjustments", "tests/scenario/adjusting_test.cpp"},
    {"adjustments.at_most", "tests/scenario/adjusting_test.cpp"},
    {"adjustments.then", "tests/scenario/adjusting_test.cpp"},
    {"adjustments.per_agent", "tests/scenario/adjusting_test.cpp"},
    {"adjustments.points_per_agent", "tests/scenario/adjusting_test.cpp"},
    {"adjustments.batch", "tests/scenario/batch_test.cpp"},
    {"batch limits.per_member", "tests/scenario/batch_test.cpp"},
    {"batch limits.total", "tests/scenario/batch_test.cpp"},
    {"batch limits.members", "tests/scenario/batch_test.cpp"},
    {"programme.guards", "tests/scenario/guard_test.cpp"},
    {"guard.id", "tests/scenario/guard_test.cpp"},
    {"guard.sales", "tests/scenario/guard_test.cpp"},
    {"guard.redemptions", "tests/scenario/guard_test.cpp"},
    {"guard.own_sale", "tests/scenario/guard_test.cpp"},
    {"guard.then", "tests/scenario/guard_test.cpp"},
    {"guard count.at_most", "tests/scenario/guard_test.cpp"},
    {"guard count.same", "tests/scenario/guard_test.cpp"},
    {"guard count.within", "tests/scenario/guard_test.cpp"},
    {"wallet.name", "Names.are_kept_as_they_are_written"},
    {"names.*", "Names.are_kept_as_they_are_written"},
    {"level.name", "Names.are_kept_as_they_are_written"},
    {"level.benefits", "Names.are_kept_as_they_are_written"},
    {"rule.name", "Names.are_kept_as_they_are_written"},
    {"grant.reason", "Grants.are_explained_with_their_reason"},
    {"programme.identity", "tests/scenario/identity_test.cpp"},
    {"identity.types", "tests/scenario/identity_test.cpp"},
    {"identity.precedence", "tests/scenario/identity_test.cpp"},
    {"identity.on_conflict", "tests/scenario/identity_test.cpp"},
    {"identity.unknown", "tests/scenario/identity_test.cpp"},
    {"identity.claim_within", "tests/scenario/identity_test.cpp"},
    {"identity.redeem_after_change", "tests/scenario/redemption_test.cpp"},
    {"identity.placeholders", "tests/scenario/identity_test.cpp"},
    {"identity.shared_by_more_than", "tests/scenario/role_test.cpp"},
    {"identifier types.*", "tests/scenario/identity_test.cpp"},
    {"identifier type.strength", "tests/scenario/identity_test.cpp"},
    {"identifier type.may", "tests/scenario/identity_test.cpp"},
    {"identifier type.check", "tests/scenario/identity_test.cpp"},
    {"identifier type.normalise", "tests/scenario/identity_test.cpp"},
    {"identifier type.region", "tests/scenario/identity_test.cpp"},
    {"identifier type.within", "tests/scenario/role_test.cpp"},
    {"identifier type.keep", "tests/scenario/role_test.cpp"},
    {"identity.earns", "tests/scenario/role_test.cpp"},
};

std::string text_of(const Node& node, const std::string& indent);

// As it was written, quotes or none, so that it is read as it was.
std::string scalar(const Node& node) {
  if (!node.quoted) return node.text;
  std::string out = "\"";
  for (const char c : node.text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string map_text(const Node& node, const std::string& indent, bool after_dash) {
  if (node.keys.empty()) return " {}\n";
  std::string out;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    out += (i == 0 && after_dash ? "" : indent) + scalar(node.keys[i]) + ":" +
           text_of(node.items[i], indent + "  ");
  }
  return out;
}

std::string text_of(const Node& node, const std::string& indent) {
  std::string out = "\n";
  switch (node.kind) {
    case Node::Kind::kEmpty: return out;
    case Node::Kind::kScalar: return " " + scalar(node) + "\n";
    case Node::Kind::kMap: return node.keys.empty() ? " {}\n" : out + map_text(node, indent, false);
    case Node::Kind::kList: break;
  }
  for (const Node& item : node.items) {
    const bool map = item.kind == Node::Kind::kMap && !item.keys.empty();
    out += indent + "-" +
           (map ? " " + map_text(item, indent + "  ", true) : text_of(item, indent + "  "));
  }
  return out;
}

// Takes out what is empty now, and what is empty then; or else it would be a fault of form only.
void take_out_empty(Node& node) {
  for (std::size_t i = 0; i < node.items.size();) {
    Node& item = node.items[i];
    take_out_empty(item);
    const bool leaf = item.kind == Node::Kind::kScalar || item.kind == Node::Kind::kEmpty;
    if (leaf || !item.items.empty()) {
      ++i;
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(i);
    node.items.erase(node.items.begin() + at);
    if (node.kind == Node::Kind::kMap) node.keys.erase(node.keys.begin() + at);
  }
}

// Calls with each word of the tree and the mapping it stands in.
template <class Visit>
void each_word(Node& map, std::string_view section, Visit visit) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    const Word* word = programme::word_at(section, map.keys[i].text);
    if (word == nullptr) continue;
    visit(*word, map, i);
    if (i >= map.keys.size()) return;
    Node& value = map.items[i];
    if (value.kind == Node::Kind::kMap) each_word(value, word->mapping, visit);
    if (value.kind != Node::Kind::kList) continue;
    for (Node& item : value.items) {
      if (item.kind == Node::Kind::kMap) each_word(item, word->mapping, visit);
    }
  }
}

std::string outcome_of(const Node& root) {
  const SourceFile file{"words.yaml", map_text(root, "", false)};
  const auto loaded = load_programme({&file, 1});
  std::string out;
  for (const auto& fault : loaded.faults) {
    if (fault.severity == Severity::kError) out += fault.code + " " + fault.message + "\n";
  }
  if (!loaded.programme) return out;
  for (const auto& outcome : check_cases(*loaded.programme)) {
    for (const auto& difference : outcome.differences)
      out += outcome.name + " " + difference + "\n";
  }
  return out;
}

std::string name_of(const Word& word) {
  return std::string(word.section) + "." + std::string(word.key);
}

Node read(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  const SourceFile file{"words.yaml", text.str()};
  programme::Faults faults({&file, 1});
  auto root = programme::read_yaml(text.str(), 0, faults);
  EXPECT_TRUE(root.has_value() && !faults.any_error()) << path;
  return root.value_or(Node{});
}

class Words : public testing::Test {
 protected:
  // The words of the file that change its outcome.
  void try_all(const std::string& path) {
    Node root = read(path);
    ASSERT_EQ(outcome_of(root), "") << path;
    std::vector<std::pair<Node*, std::size_t>> places;
    std::vector<std::string> names;
    each_word(root, "programme", [&](const Word& word, Node& map, std::size_t index) {
      places.emplace_back(&map, index);
      names.push_back(name_of(word));
    });
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (effective_.contains(names[i]) || kSeenElsewhere.contains(names[i])) continue;
      if (changes(root, *places[i].first, places[i].second)) effective_.insert(names[i]);
    }
  }

  std::set<std::string> effective_;

 private:
  static bool changes(const Node& root, Node& map, std::size_t index) {
    const auto at = static_cast<std::ptrdiff_t>(index);
    Node key = std::move(map.keys[index]);  // moved, so that what is within them stays put
    Node value = std::move(map.items[index]);
    map.keys.erase(map.keys.begin() + at);
    map.items.erase(map.items.begin() + at);
    Node rest = root;
    take_out_empty(rest);
    const bool changed = !outcome_of(rest).empty();
    map.keys.insert(map.keys.begin() + at, std::move(key));
    map.items.insert(map.items.begin() + at, std::move(value));
    return changed;
  }
};

TEST_F(Words, each_changes_an_outcome_or_is_seen_elsewhere) {
  for (const char* file : {"earning", "past", "members", "levels_by_points", "levels_by_visits",
                           "waiting", "rewards"}) {
    try_all(std::string(LAUREL_SOURCE_DIR "/tests/scenario/words/") + file + ".yaml");
  }
  for (const Word& word : programme::all_words()) {
    if (word.presence == programme::Presence::kReserved) continue;
    const std::string name = name_of(word);
    if (!kSeenElsewhere.contains(name)) {
      EXPECT_TRUE(effective_.contains(name)) << name;
    }
  }
}

// What is expected is no word that a programme does anything by; but it must be able to fail.
TEST_F(Words, each_expectation_can_fail) {
  for (const char* wrong :
       {"points: 9", "points: { points: 9 }", "awards: { base: 9 }", "reversed: 9", "available: 9",
        "pending: 9", "debt: 9", "tier: gold", "error: conflict"}) {
    const auto programme = programme_of(replaced(
        kReference, "identity:",
        "rules: [ { id: base, rate: 1 point per 1.00 } ]\ncases:\n  - name: one\n    when:\n"
        "      - sale: { at: 2026-02-02 11:00, lines: [ { amount: 1.00 } ] }\n        then: { " +
            std::string(wrong) + " }\nidentity:"));
    const auto outcomes = check_cases(programme);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].differences.size(), 1u) << wrong;
  }
}

}  // namespace
}  // namespace laurel::test
