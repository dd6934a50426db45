#pragma once
// The file of API keys: read, and rewritten by one process at a time.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/keys.hpp"

namespace laurel::daemon {

std::string key_to_json(const Key& key);  // one line, without its end
Result<Key> key_from_json(std::string_view line);

// Changes the keys under a lock shared by all processes and replaces the file in one step, on the
// disk before it returns. An error of `change` leaves the file as it was.
Result<void> change_keys(const std::string& file,
                         const std::function<Result<void>(std::vector<Key>&)>& change);

}  // namespace laurel::daemon
