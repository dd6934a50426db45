#include "people/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace laurel::people {

namespace {

constexpr std::size_t kSampleMax = 500'000;  // pairs
constexpr std::size_t kPassMax = 50'000;     // pairs of one pass
constexpr int kRoundsMax = 60;
constexpr double kSettled = 1e-4;  // the largest change of an m at which it stops
// What is expected beforehand counts as this many pairs.
constexpr double kPriorMatches = 5;
constexpr double kPriorStrangers = 200;

class Tally {
 public:
  void add(Pattern pattern) {
    const auto [found, is_new] = places_.emplace(pattern, counts_.size());
    if (is_new) counts_.push_back({pattern, 0});
    counts_[found->second].count += 1;
  }

  std::vector<PatternCount> sorted() {
    std::sort(counts_.begin(), counts_.end(),
              [](const auto& one, const auto& other) { return one.pattern < other.pattern; });
    return std::move(counts_);
  }

 private:
  std::unordered_map<Pattern, std::size_t> places_;
  std::vector<PatternCount> counts_;
};

// Every pair, or, of too many, pairs spread evenly over them.
std::vector<PatternCount> sample_of(const Table& table) {
  Tally tally;
  const std::uint64_t rows = table.rows();
  if (compares_all(rows)) {
    for (Row i = 0; i < rows; ++i) {
      for (Row j = i + 1; j < rows; ++j) tally.add(compare(table, i, j));
    }
    return tally.sorted();
  }
  // Each row with others at distances that step through the table in golden sections.
  const std::uint64_t per_row = std::max<std::uint64_t>(1, kSampleMax / rows);
  const std::uint64_t step = std::max<std::uint64_t>(1, rows * per_row / kSampleMax);
  std::uint64_t turn = 0;
  for (std::uint64_t i = 0; i < rows; i += step) {
    for (std::uint64_t k = 0; k < per_row; ++k) {
      turn += 0x9E3779B97F4A7C15U;
      const std::uint64_t far = 1 + (turn >> 32) * (rows - 1) / (std::uint64_t{1} << 32);
      tally.add(compare(table, static_cast<Row>(i), static_cast<Row>((i + far) % rows)));
    }
  }
  return tally.sorted();
}

std::vector<PatternCount> patterns_of(const Table& table, const Pass& pass) {
  std::uint64_t pairs = 0;
  for (const Block& block : pass.blocks) pairs += block.pairs();
  const auto step = static_cast<std::size_t>(pairs / kPassMax + 1);
  Tally tally;
  for (std::size_t i = 0; i < pass.blocks.size(); i += step) {
    pass.each_pair(pass.blocks[i],
                   [&](Row one, Row other) { tally.add(compare(table, one, other)); });
  }
  return tally.sorted();
}

void add_to(PerLevel& counts, Pattern pattern, double count, const std::vector<bool>& spared) {
  for (Slot slot = 0; slot < kSlots; ++slot) {
    if (!spared[slot]) counts[slot][level_of(pattern, slot)] += count;
  }
}

class Learner {
 public:
  explicit Learner(const Evidence& evidence)
      : evidence_(evidence), parameters_(Parameters::expected()) {
    shares_.assign(evidence.passes.size(), 0.1);
    for (const auto& fields : evidence.fields) {
      std::vector<bool> spared(kSlots, false);
      for (Slot slot = 0; slot < kSlots; ++slot) {
        spared[slot] = std::find(fields.begin(), fields.end(), field_of(slot)) != fields.end();
      }
      spared_.push_back(std::move(spared));
    }
    learn_u();
  }

  Parameters run() {
    for (int round = 0; round < kRoundsMax; ++round) {
      const double change = learn_m();
      learn_u();
      if (change < kSettled) break;
    }
    return parameters_;
  }

 private:
  double evidence_in(Pattern pattern, const std::vector<bool>& spared) const {
    double weight = 0;
    for (Slot slot = 0; slot < kSlots; ++slot) {
      if (!spared[slot]) weight += parameters_.weights[slot][level_of(pattern, slot)];
    }
    return weight;
  }

  // Strangers of the sample, for some of its pairs are one person.
  void learn_u() {
    parameters_.weigh();
    PerLevel counts{};
    const std::vector<bool> none(kSlots, false);
    double matches = 0, pairs = 0;
    for (const auto& [pattern, count] : evidence_.sample) {
      const double match =
          is_first_ ? 0 : probability_of(evidence_in(pattern, none) + weight_of(sample_share_));
      matches += match * count;
      pairs += count;
      add_to(counts, pattern, (1 - match) * count, none);
    }
    sample_share_ = std::clamp(matches / std::max(pairs, 1.0), 1e-9, 0.5);
    is_first_ = false;
    for (Slot slot = 0; slot < kSlots; ++slot) {
      learn(slot, counts[slot], kPriorStrangers, &LevelShape::u, parameters_.u[slot]);
    }
    parameters_.weigh();
  }

  double learn_m() {
    PerLevel counts{};
    for (std::size_t i = 0; i < evidence_.passes.size(); ++i) {
      double matches = 0, pairs = 0;
      const double before = weight_of(shares_[i]);
      for (const auto& [pattern, count] : evidence_.passes[i]) {
        const double match = probability_of(evidence_in(pattern, spared_[i]) + before);
        matches += match * count;
        pairs += count;
        add_to(counts, pattern, match * count, spared_[i]);
      }
      shares_[i] = std::clamp(matches / std::max(pairs, 1.0), 1e-6, 1 - 1e-6);
    }
    double change = 0;
    for (Slot slot = 0; slot < kSlots; ++slot) {
      change = std::max(
          change, learn(slot, counts[slot], kPriorMatches, &LevelShape::m, parameters_.m[slot]));
    }
    return change;
  }

  using Levels = std::array<double, kLevelsMax>;

  // The share of each level in `counts` and what was expected; how far one moved.
  static double learn(Slot slot, const Levels& counts, double prior, double LevelShape::*expected,
                      Levels& shares) {
    const auto shapes = levels_of(slot);
    double all = prior, change = 0;
    for (std::size_t level = 1; level < shapes.size(); ++level) all += counts[level];
    for (std::size_t level = 1; level < shapes.size(); ++level) {
      const double share = (counts[level] + prior * shapes[level].*expected) / all;
      change = std::max(change, std::abs(share - shares[level]));
      shares[level] = share;
    }
    return change;
  }

  const Evidence& evidence_;
  Parameters parameters_;
  std::vector<double> shares_;  // of matches among the pairs of each pass
  std::vector<std::vector<bool>> spared_;
  double sample_share_ = 1e-3;
  bool is_first_ = true;
};

}  // namespace

double probability_of(double weight) { return 1 / (1 + std::exp2(-weight)); }
double weight_of(double probability) { return std::log2(probability / (1 - probability)); }

Parameters Parameters::expected() {
  Parameters parameters;
  for (Slot slot = 0; slot < kSlots; ++slot) {
    const auto shapes = levels_of(slot);
    for (std::size_t level = 1; level < shapes.size(); ++level) {
      parameters.m[slot][level] = shapes[level].m;
      parameters.u[slot][level] = shapes[level].u;
    }
  }
  parameters.weigh();
  return parameters;
}

void Parameters::weigh() {
  struct Run {  // of levels weighed as one
    double m, u;
    std::size_t begin;
    double weight() const { return std::log2(m / u); }
  };
  for (Slot slot = 0; slot < kSlots; ++slot) {
    const std::size_t levels = levels_of(slot).size();
    std::vector<Run> runs;
    for (std::size_t level = 1; level < levels; ++level) {
      runs.push_back({m[slot][level], u[slot][level], level});
      while (runs.size() > 1 && runs.back().weight() < runs[runs.size() - 2].weight()) {
        const Run last = runs.back();
        runs.pop_back();
        runs.back().m += last.m;
        runs.back().u += last.u;
      }
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::size_t end = i + 1 < runs.size() ? runs[i + 1].begin : levels;
      for (std::size_t level = runs[i].begin; level < end; ++level) {
        weights[slot][level] = runs[i].weight();
      }
    }
  }
}

Evidence evidence_of(const Table& table, const std::vector<Pass>& passes) {
  Evidence evidence;
  evidence.sample = sample_of(table);
  for (const Pass& pass : passes) {
    evidence.passes.push_back(patterns_of(table, pass));
    evidence.fields.push_back(pass.fields);
  }
  return evidence;
}

Parameters learn(const Evidence& evidence) { return Learner(evidence).run(); }

}  // namespace laurel::people
