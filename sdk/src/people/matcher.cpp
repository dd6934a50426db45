// The order of steps: table, passes, learning, comparing, grouping.

#include <algorithm>
#include <optional>
#include <tuple>

#include "people/blocking.hpp"
#include "people/cluster.hpp"
#include "people/estimate.hpp"
#include "people/score.hpp"

namespace laurel {

namespace people {
namespace {

constexpr std::size_t kProfilesMax = 50'000'000;
constexpr std::uint64_t kChunkPairs = 100'000;  // that one task compares in one go
constexpr double kGoesWith = 0.5;               // below this probability two are strangers

// A stretch of blocks of one pass.
struct Chunk {
  std::size_t pass = 0, begin = 0, end = 0;
  std::uint64_t pairs = 0;
};

std::vector<Chunk> chunks_of(const std::vector<Pass>& passes) {
  std::vector<Chunk> chunks;
  for (std::size_t pass = 0; pass < passes.size(); ++pass) {
    Chunk chunk{pass, 0, 0, 0};
    for (std::size_t block = 0; block < passes[pass].blocks.size(); ++block) {
      chunk.pairs += passes[pass].blocks[block].pairs();
      chunk.end = block + 1;
      if (chunk.pairs < kChunkPairs && chunk.end < passes[pass].blocks.size()) continue;
      chunks.push_back(chunk);
      chunk = {pass, chunk.end, chunk.end, 0};
    }
  }
  return chunks;
}

struct Found {
  std::vector<Link> links;
  std::int64_t compared = 0;
};

class Comparison {
 public:
  Comparison(const std::vector<Pass>& passes, const Scorer& scorer, double least)
      : passes_(passes), scorer_(scorer), least_(least) {}

  // Every pair that is worth it, `settings.parts` chunks at a time.
  Found run(const MatchSettings& settings) const {
    const std::vector<Chunk> chunks = chunks_of(passes_);
    const std::size_t parts = std::max<std::size_t>(settings.parts, 1);
    MatchProgress progress{"comparing", 0, 0};
    for (const Chunk& chunk : chunks) progress.all += static_cast<std::int64_t>(chunk.pairs);
    Found all;
    for (std::size_t begin = 0; begin < chunks.size(); begin += parts) {
      const std::size_t end = std::min(chunks.size(), begin + parts);
      std::vector<Found> found(end - begin);
      std::vector<std::function<void()>> tasks;
      for (std::size_t i = begin; i < end; ++i) {
        tasks.emplace_back([this, &found, &chunks, begin, i] { found[i - begin] = in(chunks[i]); });
      }
      if (settings.executor) {
        settings.executor(tasks);
      } else {
        for (const auto& task : tasks) task();
      }
      for (std::size_t i = begin; i < end; ++i) {
        const Found& part = found[i - begin];
        all.links.insert(all.links.end(), part.links.begin(), part.links.end());
        all.compared += part.compared;
        progress.done += static_cast<std::int64_t>(chunks[i].pairs);
      }
      if (settings.progress) settings.progress(progress);
    }
    return all;
  }

 private:
  Found in(const Chunk& chunk) const {
    Found found;
    const Pass& pass = passes_[chunk.pass];
    for (std::size_t block = chunk.begin; block < chunk.end; ++block) {
      pass.each_pair(pass.blocks[block], [&](Row left, Row right) {
        const auto [one, other] = std::minmax(left, right);
        if (seen_before(chunk.pass, one, other)) return;
        ++found.compared;
        const double weight = scorer_.weight(one, other, least_);
        if (weight >= least_) found.links.push_back({one, other, weight});
      });
    }
    return found;
  }

  bool seen_before(std::size_t pass, Row one, Row other) const {
    for (std::size_t i = 0; i < pass; ++i) {
      if (passes_[i].has(one, other)) return true;
    }
    return false;
  }

  const std::vector<Pass>& passes_;
  const Scorer& scorer_;
  double least_;
};

// The share of all pairs that are one person, such that the probabilities of the links add up to
// it.
double share_of(const std::vector<Link>& links, std::size_t rows) {
  const double pairs = std::max(1.0, static_cast<double>(rows) * static_cast<double>(rows - 1) / 2);
  double share = std::min(0.5, 1 / static_cast<double>(rows));
  for (int round = 0; round < 20; ++round) {
    const double prior = weight_of(share);
    double matches = 0;
    for (const Link& link : links) matches += probability_of(link.weight + prior);
    share = std::clamp(matches / pairs, 0.5 / pairs, 0.5);
  }
  return share;
}

// A share higher than any that is likely: what is too light for it is too light.
double highest_prior(std::size_t rows) {
  constexpr double kPairsPerRow = 8;
  return weight_of(std::min(0.5, 2 * kPairsPerRow / static_cast<double>(rows)));
}

}  // namespace
}  // namespace people

struct Matcher::State {
  explicit State(people::Table built) : table(std::move(built)) {}

  people::Table table;
  std::vector<people::Row> rows;  // of each profile
  std::optional<people::Scorer> scorer;
  double prior = 0;
  std::int64_t compared = 0;
  std::vector<ProfilePair> pairs;
  std::size_t suggested = 0;
  std::vector<HeldPair> held;
  std::vector<std::uint32_t> clusters;
  std::uint32_t cluster_count = 0;

  void match(const MatchSettings& settings);
  void keep(std::vector<people::Link>& links, const MatchSettings& settings);
  void group(const std::vector<people::Link>& links);
  ProfilePair pair_of(const people::Link& link) const;
};

namespace {

void report(const MatchSettings& settings, std::string_view step) {
  if (settings.progress) settings.progress({step, 0, 0});
}

}  // namespace

ProfilePair Matcher::State::pair_of(const people::Link& link) const {
  const auto [left, right] = std::minmax(table.places[link.one], table.places[link.other]);
  const double weight = link.weight + prior;
  return {left, right, weight, people::probability_of(weight)};
}

void Matcher::State::match(const MatchSettings& settings) {
  rows.resize(table.rows());
  for (people::Row row = 0; row < rows.size(); ++row) rows[table.places[row]] = row;
  report(settings, "learning");
  std::vector<people::Pass> passes = people::passes_over(table);
  scorer.emplace(table, people::learn(people::evidence_of(table, passes)));
  if (people::compares_all(rows.size())) passes = {people::pass_of_all(table)};
  const double least = people::weight_of(settings.keep_from) - people::highest_prior(rows.size());
  people::Found found = people::Comparison(passes, *scorer, least).run(settings);
  compared = found.compared;
  prior = people::weight_of(people::share_of(found.links, rows.size()));
  report(settings, "grouping");
  keep(found.links, settings);
}

void Matcher::State::keep(std::vector<people::Link>& links, const MatchSettings& settings) {
  std::sort(links.begin(), links.end(), [](const people::Link& one, const people::Link& other) {
    if (one.weight != other.weight) return one.weight > other.weight;
    return std::tie(one.one, one.other) < std::tie(other.one, other.other);
  });
  const double least = people::weight_of(settings.keep_from) - prior;
  while (!links.empty() && links.back().weight < least) links.pop_back();
  pairs.reserve(links.size());
  for (const people::Link& link : links) pairs.push_back(pair_of(link));
  const double from = people::weight_of(settings.suggest_from);
  while (suggested < pairs.size() && pairs[suggested].weight >= from) ++suggested;
  links.resize(suggested);
  group(links);
}

void Matcher::State::group(const std::vector<people::Link>& links) {
  const double least = people::weight_of(people::kGoesWith) - prior;
  const people::Grouping grouping =
      people::grouped(rows.size(), links, [&](people::Row one, people::Row other) {
        return scorer->weight(one, other, least) >= least;
      });
  for (const people::Held& each : grouping.held) {
    const auto [one, other] = std::minmax(table.places[each.one], table.places[each.other]);
    held.push_back({pairs[each.link], one, other});
  }
  constexpr auto kNone = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> numbers(rows.size(), kNone);
  for (const people::Row row : rows) {  // in the order of the profiles
    std::uint32_t& number = numbers[grouping.group_of[row]];
    if (number == kNone) number = cluster_count++;
    clusters.push_back(number);
  }
}

Result<Matcher> Matcher::over(std::span<const Profile> profiles, const MatchSettings& settings) {
  if (profiles.size() > people::kProfilesMax) {
    return Error{ErrorCode::kInvalid, "more than 50,000,000 profiles"};
  }
  report(settings, "reading");
  auto table = people::table_of(profiles);
  if (!table) return std::move(table).error();
  auto state = std::make_unique<State>(std::move(*table));
  state->match(settings);
  return Matcher(std::move(state));
}

Matcher::Matcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

std::int64_t Matcher::compared() const { return state_->compared; }
std::span<const ProfilePair> Matcher::pairs() const { return state_->pairs; }
std::span<const ProfilePair> Matcher::suggestions() const {
  return std::span(state_->pairs).first(state_->suggested);
}
std::span<const HeldPair> Matcher::held() const { return state_->held; }
std::span<const std::uint32_t> Matcher::clusters() const { return state_->clusters; }
std::uint32_t Matcher::cluster_count() const { return state_->cluster_count; }

PairExplanation Matcher::explain(std::uint32_t one, std::uint32_t other) const {
  const auto [left, right] = std::minmax(state_->rows[one], state_->rows[other]);
  PairExplanation explanation;
  explanation.prior = explanation.weight = state_->prior;
  explanation.fields = state_->scorer->fields(left, right);
  for (FieldWeight& step : explanation.fields) {
    explanation.weight += step.weight;
    if (left != state_->rows[one]) std::swap(step.left, step.right);
  }
  explanation.probability = people::probability_of(explanation.weight);
  return explanation;
}

std::string_view to_text(ProfileField field) {
  switch (field) {
    case ProfileField::kGivenName: return "given_name";
    case ProfileField::kFamilyName: return "family_name";
    case ProfileField::kNameOrder: return "name_order";
    case ProfileField::kBirthDate: return "birth_date";
    case ProfileField::kHouseNumber: return "house_number";
    case ProfileField::kStreet: return "street";
    case ProfileField::kStreet2: return "street_2";
    case ProfileField::kCity: return "city";
    case ProfileField::kPostcode: return "postcode";
    case ProfileField::kRegion: return "region";
    case ProfileField::kEmail: return "email";
    case ProfileField::kPhone: return "phone";
    case ProfileField::kIdentifier: return "identifier";
  }
  return "";
}

}  // namespace laurel
