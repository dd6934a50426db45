#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace laurel::identity {

// The number in E.164, or nullopt. A number counts when its country has numbers of its length: the
// list of ranges in use ages, and a customer's new number must not be refused for that.
std::optional<std::string> to_e164(std::string_view raw, std::string_view region);

}  // namespace laurel::identity
