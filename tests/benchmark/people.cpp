// A house of profiles with duplicates in it, from 10,000 to 1,000,000: how long they take to match
// on two threads, how much memory, and how many of the duplicates are found.
//
//   benchmark_people --benchmark_filter=1000000

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "laurel/people.hpp"

namespace {

using laurel::Profile;

// The same profiles in every run.
class Dice {
 public:
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool one_in(std::size_t of) { return below(of) == 0; }
  // Few names are frequent, most are rare.
  std::size_t uneven(std::size_t end) {
    const double share = static_cast<double>(next() >> 11) / 9007199254740992.0;
    return static_cast<std::size_t>(std::pow(static_cast<double>(end), share)) - 1;
  }

 private:
  std::uint64_t state_ = 7;
};

std::string word(std::size_t number, std::size_t syllables) {
  constexpr std::array kStarts = {"b", "d", "f", "g", "h", "j",  "k",  "l",  "m",  "n",
                                  "p", "r", "s", "t", "v", "ch", "st", "th", "br", "w"};
  constexpr std::array kVowels = {"a", "e", "i", "o", "u", "ai", "ea", "an", "er", "el"};
  std::uint64_t mixed = (number + 1) * 0x9E3779B97F4A7C15U;
  std::string text;
  for (std::size_t i = 0; i < syllables; ++i) {
    text += kStarts[(mixed >> 8) % kStarts.size()];
    text += kVowels[(mixed >> 24) % kVowels.size()];
    mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9U;
  }
  return text;
}

std::string digits(std::size_t number, std::size_t length) {
  std::string text = std::to_string(number);
  return std::string(length - std::min(length, text.size()), '0') + text;
}

Profile person(Dice& dice) {
  Profile one;
  one.given_name = word(dice.uneven(4'000), 2 + dice.below(2));
  one.family_name = word(10'000 + dice.uneven(60'000), 3);
  one.birth_date = std::to_string(1935 + dice.below(72)) + "-" + digits(1 + dice.below(12), 2) +
                   "-" + digits(1 + dice.below(28), 2);
  const std::size_t city = dice.uneven(900);
  one.city = word(100'000 + city, 3);
  one.postcode = digits(city * 11 + dice.below(11), 5);
  one.street =
      std::to_string(1 + dice.below(200)) + " " + word(200'000 + dice.below(20'000), 3) + " street";
  if (!dice.one_in(4)) {
    one.email = one.given_name + "." + one.family_name + std::to_string(dice.below(100)) + "@" +
                word(300'000 + dice.uneven(50), 2) + ".com";
  }
  if (!dice.one_in(5)) one.phone = "+44 7" + digits(dice.below(1'000'000'000), 9);
  return one;
}

void slip(std::string& text, Dice& dice) {
  if (text.size() < 3) return;
  const std::size_t place = dice.below(text.size() - 1);
  switch (dice.below(4)) {
    case 0: text.erase(place, 1); break;
    case 1: text.insert(place, 1, static_cast<char>('a' + dice.below(26))); break;
    case 2: std::swap(text[place], text[place + 1]); break;
    default: text[place] = static_cast<char>('a' + dice.below(26));
  }
}

// The same person at another counter: up to four things differ.
Profile again(const Profile& first, Dice& dice) {
  Profile copy = first;
  const std::size_t changes = 1 + dice.below(4);
  for (std::size_t i = 0; i < changes; ++i) {
    switch (dice.below(9)) {
      case 0: slip(copy.given_name, dice); break;
      case 1: slip(copy.family_name, dice); break;
      case 2: copy.birth_date.clear(); break;
      case 3: copy.street = person(dice).street; break;
      case 4: copy.email.clear(); break;
      case 5: copy.phone = person(dice).phone; break;
      case 6: std::swap(copy.given_name, copy.family_name); break;
      case 7: slip(copy.email, dice); break;
      default: slip(copy.street, dice);
    }
  }
  return copy;
}

struct Town {
  std::vector<Profile> profiles;
  std::vector<std::size_t> people;  // of each profile
  std::int64_t pairs = 0;           // of profiles that are one person
};

Town town_of(std::size_t size) {
  Dice dice;
  Town town;
  std::size_t people = 0;
  while (town.profiles.size() < size) {
    const Profile first = person(dice);
    const std::size_t copies = dice.one_in(4) ? 1 + dice.below(2) : 0;
    town.pairs += static_cast<std::int64_t>(copies * (copies + 1) / 2);
    for (std::size_t i = 0; i <= copies; ++i) {
      town.profiles.push_back(i == 0 ? first : again(first, dice));
      town.profiles.back().id = std::to_string(town.profiles.size());
      town.people.push_back(people);
    }
    ++people;
  }
  return town;
}

void on_two_threads(std::span<const std::function<void()>> tasks) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < tasks.size(); ++i) threads.emplace_back(tasks[i]);
  if (!tasks.empty()) tasks.front()();
}

double peak_gigabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kilobytes = 0;
    status >> kilobytes;
    return kilobytes / 1'048'576;
  }
  return 0;
}

void match(benchmark::State& state) {
  const Town town = town_of(static_cast<std::size_t>(state.range(0)));
  laurel::MatchSettings settings;
  settings.parts = 2;
  settings.executor = on_two_threads;
  for ([[maybe_unused]] auto round : state) {
    const auto matcher = laurel::Matcher::over(town.profiles, settings);
    if (!matcher) return state.SkipWithError(matcher.error().detail.c_str());
    double right = 0;
    for (const auto& pair : matcher->suggestions()) {
      right += town.people[pair.left] == town.people[pair.right] ? 1 : 0;
    }
    state.counters["compared"] = static_cast<double>(matcher->compared());
    state.counters["precision"] = right / static_cast<double>(matcher->suggestions().size());
    state.counters["recall"] = right / static_cast<double>(town.pairs);
    state.counters["gigabytes"] = peak_gigabytes();
  }
}

BENCHMARK(match)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Iterations(1)->UseRealTime()->Unit(
    benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
