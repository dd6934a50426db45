#include "cli/people/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <ostream>

#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

std::string decimal(double number, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, number);
  return text;
}

std::string with_sign(double weight) { return (weight < 0 ? "" : "+") + decimal(weight, 1); }

// 0.999 and 0.999999 are worlds apart: as many nines as there are, and one more.
std::string probability_text(double probability) {
  const double rest = 1 - probability;
  if (rest < 1e-9) return "1.000000000";
  const int nines = rest < 0.1 ? static_cast<int>(-std::log10(rest)) : 0;
  return decimal(probability, std::max(3, nines + 1));
}

// The fields that said most for the pair, the loudest first.
std::string because(const PairExplanation& explained) {
  std::vector<const FieldWeight*> steps;
  for (const FieldWeight& step : explained.fields) {
    if (step.weight > 0.05) steps.push_back(&step);
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](auto* one, auto* other) { return one->weight > other->weight; });
  std::string text;
  for (const FieldWeight* step : steps) {
    text += (text.empty() ? "" : ", ") + std::string(to_text(step->field)) + " " +
            std::string(step->level) + " " + with_sign(step->weight);
  }
  return text;
}

// Where the sum was and where it goes, on a line of `kCells` cells.
class Scale {
 public:
  explicit Scale(const PairExplanation& explained) : least_(0), most_(0) {
    double sum = explained.prior;
    see(sum);
    for (const FieldWeight& step : explained.fields) see(sum += step.weight);
  }

  std::string bar(double from, double to) const {
    const std::size_t begin = cell(std::min(from, to)), end = cell(std::max(from, to));
    std::string line(kCells + 1, ' ');
    line[cell(0)] = '|';
    for (std::size_t i = begin; i < std::max(end, begin + 1); ++i) line[i] = to < from ? '-' : '#';
    return line;
  }

 private:
  static constexpr std::size_t kCells = 40;

  void see(double sum) {
    least_ = std::min(least_, sum);
    most_ = std::max(most_, sum);
  }
  std::size_t cell(double sum) const {
    const double width = std::max(most_ - least_, 1.0);
    return static_cast<std::size_t>(std::lround((sum - least_) / width * kCells));
  }

  double least_, most_;
};

void write_fields(json::Writer& json, const PairExplanation& explained) {
  json.field_raw("prior", decimal(explained.prior, 4)).field_array("fields");
  for (const FieldWeight& step : explained.fields) {
    if (step.level == "missing") continue;
    json.begin_object().field("field", to_text(step.field)).field("level", step.level);
    json.field_raw("weight", decimal(step.weight, 4));
    json.field_raw("frequency", decimal(step.frequency, 4));
    json.field_raw("m", decimal(step.m, 8)).field_raw("u", decimal(step.u, 8));
    json.field("left", step.left).field("right", step.right).end_object();
  }
  json.end_array();
}

// The profiles of each person who has several.
std::map<std::string, std::vector<std::string>> people_of(const MatchReport& report) {
  std::map<std::string, std::vector<std::string>> people;
  for (const Profile& profile : report.profiles) {
    people[report.ids.person_of.find(profile.id)->second].push_back(profile.id);
  }
  std::erase_if(people, [](const auto& person) { return person.second.size() < 2; });
  return people;
}

}  // namespace

void write_match_text(const MatchReport& report, std::size_t top, Terminal& terminal) {
  const Matcher& matcher = report.matcher;
  const auto suggestions = matcher.suggestions();
  terminal.out << grouped(static_cast<std::int64_t>(report.profiles.size())) << " profiles, "
               << grouped(matcher.compared()) << " pairs compared\n"
               << grouped(static_cast<std::int64_t>(suggestions.size()))
               << " suggested, from a probability of " << decimal(report.from, 3) << " on\n"
               << grouped(matcher.cluster_count()) << " people, "
               << grouped(static_cast<std::int64_t>(people_of(report).size()))
               << " of them with several profiles\n"
               << grouped(static_cast<std::int64_t>(matcher.held().size()))
               << " suggestions not followed: they would chain strangers\n";
  std::vector<std::vector<std::string>> rows{{"one", "other", "weight", "probability", "because"}};
  for (const ProfilePair& pair : suggestions.first(std::min(top, suggestions.size()))) {
    rows.push_back({report.profiles[pair.left].id, report.profiles[pair.right].id,
                    decimal(pair.weight, 1), probability_text(pair.probability),
                    because(matcher.explain(pair.left, pair.right))});
  }
  if (rows.size() > 1) terminal.out << "\n" << table(rows, "llrrl");
  if (suggestions.size() > top) {
    terminal.out << "… and " << grouped(static_cast<std::int64_t>(suggestions.size() - top))
                 << " more (--top, --format json)\n";
  }
}

std::string match_json(const MatchReport& report) {
  std::string text;
  json::Writer json(text);
  json.begin_object().field("profiles", report.profiles.size());
  json.field("compared", report.matcher.compared());
  json.field_raw("threshold", decimal(report.from, 9)).field_array("suggestions");
  for (const ProfilePair& pair : report.matcher.suggestions()) {
    json.begin_object().field("one", report.profiles[pair.left].id);
    json.field("other", report.profiles[pair.right].id);
    json.field_raw("weight", decimal(pair.weight, 4));
    json.field_raw("probability", decimal(pair.probability, 9));
    write_fields(json, report.matcher.explain(pair.left, pair.right));
    json.end_object();
  }
  json.end_array().field_array("not_followed");
  for (const HeldPair& held : report.matcher.held()) {
    json.begin_object().field("one", report.profiles[held.pair.left].id);
    json.field("other", report.profiles[held.pair.right].id).field_array("strangers");
    json.value(report.profiles[held.one].id).value(report.profiles[held.other].id);
    json.end_array().end_object();
  }
  json.end_array().field_array("people");
  for (const auto& [person, profiles] : people_of(report)) {
    json.begin_object().field("id", person).field_array("profiles");
    for (const std::string& profile : profiles) json.value(profile);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return text;
}

void write_waterfall(const PairExplanation& explained, const std::string& one,
                     const std::string& other, Terminal& terminal) {
  const Scale scale(explained);
  double sum = explained.prior;
  std::vector<std::vector<std::string>> rows{{"field", "level", one, other, "weight", "sum", ""}};
  rows.push_back({"(before)", "", "", "", with_sign(sum), decimal(sum, 1), scale.bar(0, sum)});
  for (const FieldWeight& step : explained.fields) {
    if (step.level == "missing") continue;
    const double before = sum;
    sum += step.weight;
    rows.push_back({std::string(to_text(step.field)), std::string(step.level), step.left,
                    step.right, with_sign(step.weight), decimal(sum, 1), scale.bar(before, sum)});
  }
  terminal.out << table(rows, "llllrrl") << "weight " << decimal(explained.weight, 1)
               << ": probability " << probability_text(explained.probability) << "\n";
}

std::string waterfall_json(const PairExplanation& explained, const std::string& one,
                           const std::string& other) {
  std::string text;
  json::Writer json(text);
  json.begin_object().field("one", one).field("other", other);
  json.field_raw("weight", decimal(explained.weight, 4));
  json.field_raw("probability", decimal(explained.probability, 9));
  write_fields(json, explained);
  json.end_object();
  return text;
}

}  // namespace laurel::daemon::cli
