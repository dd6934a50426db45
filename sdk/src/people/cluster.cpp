#include "people/cluster.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace laurel::people {

namespace {

class Groups {
 public:
  explicit Groups(std::size_t rows) : group_of_(rows), members_(rows) {
    std::iota(group_of_.begin(), group_of_.end(), 0U);
    for (Row row = 0; row < rows; ++row) members_[row] = {row};
  }

  const std::vector<Row>& members(Row row) const { return members_[group_of_[row]]; }
  bool together(Row one, Row other) const { return group_of_[one] == group_of_[other]; }

  void join(Row one, Row other) {
    std::uint32_t into = group_of_[one];
    std::uint32_t from = group_of_[other];
    if (members_[into].size() < members_[from].size()) std::swap(into, from);
    for (const Row row : members_[from]) group_of_[row] = into;
    members_[into].insert(members_[into].end(), members_[from].begin(), members_[from].end());
    members_[from] = {};
  }

  std::vector<std::uint32_t> numbered() const {
    constexpr auto kNone = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> numbers(members_.size(), kNone), out;
    std::uint32_t next = 0;
    for (const std::uint32_t group : group_of_) {
      if (numbers[group] == kNone) numbers[group] = next++;
      out.push_back(numbers[group]);
    }
    return out;
  }

 private:
  std::vector<std::uint32_t> group_of_;
  std::vector<std::vector<Row>> members_;  // of each group that has any
};

// The first two, of either side, that cannot be one person.
std::optional<std::pair<Row, Row>> strangers(const std::vector<Row>& left,
                                             const std::vector<Row>& right, const Link& link,
                                             const std::function<bool(Row, Row)>& goes_with) {
  if (left.size() + right.size() > kGroupMax) return std::pair(link.one, link.other);
  for (const Row one : left) {
    for (const Row other : right) {
      const bool is_link =
          (one == link.one && other == link.other) || (one == link.other && other == link.one);
      const auto pair = std::minmax(one, other);
      if (!is_link && !goes_with(pair.first, pair.second)) {
        return std::pair<Row, Row>(pair.first, pair.second);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Grouping grouped(std::size_t rows, std::span<const Link> links,
                 const std::function<bool(Row, Row)>& goes_with) {
  Groups groups(rows);
  Grouping grouping;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    if (groups.together(link.one, link.other)) continue;
    const auto apart =
        strangers(groups.members(link.one), groups.members(link.other), link, goes_with);
    if (apart) {
      grouping.held.push_back({i, apart->first, apart->second});
    } else {
      groups.join(link.one, link.other);
    }
  }
  grouping.group_of = groups.numbered();
  return grouping;
}

}  // namespace laurel::people
