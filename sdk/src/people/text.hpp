#pragma once
// Text as it is compared: lower case, accents taken off Latin letters, nothing but letters and
// digits. Letters of other scripts stay as they are.

#include <string>
#include <string_view>

namespace laurel::people {

std::string folded(std::string_view text);

// Digits of a day as "yyyymmdd"; of what is no day, its digits as they stand, so that slips can
// still be seen; empty where there are fewer than six.
std::string folded_date(std::string_view text);
// Lower case, no spaces.
std::string folded_email(std::string_view text);
// Digits, without what dials abroad ("+", "00") and a leading zero.
std::string folded_phone(std::string_view text);

// "6 Tullaroop Street" and "Tullaroop Street 6b" in two, each folded. No number: the whole street.
struct Street {
  std::string number;
  std::string name;
};
Street folded_street(std::string_view text);

// What sounds alike begins alike: the first letter and the next three consonants, doubles and
// vowels left out. Of other scripts the first two characters.
std::string sound(std::string_view folded);

}  // namespace laurel::people
