#pragma once
// The parts of the table, one file for each area of the language.

#include <span>

#include "programme/language.hpp"

namespace laurel::programme {

std::span<const Word> words_of_policies();  // the file itself, wallets, eligible spend, tiers
std::span<const Word> words_of_identity();
std::span<const Word> words_of_rules();
std::span<const Word> words_of_past();  // what rules ask of the member, and limits
std::span<const Word> words_of_cases();
std::span<const Word> words_of_publishing();
std::span<const Word> words_of_privacy();
std::span<const Word> words_of_staff();  // adjustments by hand, guards
std::span<const Word> words_of_catalogue();
std::span<const Word> words_of_paying();

}  // namespace laurel::programme
