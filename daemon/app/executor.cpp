#include "app/executor.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace laurel::daemon {

Executor on_threads() {
  return [](std::span<const std::function<void()>> tasks) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < tasks.size(); ++i) threads.emplace_back(tasks[i]);
    if (!tasks.empty()) tasks.front()();
  };
}

std::size_t worthwhile_threads(std::size_t wanted) {
  constexpr std::size_t kMax = 64;
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  return std::min(kMax, wanted == 0 ? processors : wanted);
}

}  // namespace laurel::daemon
