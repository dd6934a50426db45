#include "store/store.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace laurel::store {

bool Change::empty() const {
  return entries.empty() && members.empty() && lots.empty() && links.empty() && unlinks.empty() &&
         transactions.empty() && usage.empty() && programmes.empty() && directives.empty() &&
         reviews.empty() && vouchers.empty() && secret.empty() && unclaimed.empty() &&
         claimed.empty() && sightings.empty() && former_links.empty() && erased.empty() &&
         profiles.empty() && matching_keys.empty() && webhooks_removed.empty() && webhooks.empty();
}

bool Change::forgets() const {
  if (!erased.empty() || !webhooks_removed.empty()) return true;
  return std::any_of(profiles.begin(), profiles.end(),
                     [](const ProfileRow& row) { return row.profile.empty(); });
}

Result<EntryId> last_entry(const View& view) {
  std::int64_t low = 0, high = 1;
  const auto exists = [&](std::int64_t number) -> Result<bool> {
    LAUREL_TRY(const auto entries, view.entries(EntryId(number - 1), 1));
    return !entries.empty();
  };
  for (;;) {
    LAUREL_TRY(const bool more, exists(high));
    if (!more) break;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    LAUREL_TRY(const bool more, exists(middle));
    (more ? low : high) = middle;
  }
  return EntryId(low);
}

Result<void> write(Store& store, const UnitOfWork& unit) {
  return std::move(store.write({&unit, 1}).front());
}

}  // namespace laurel::store
