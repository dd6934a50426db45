// What the embedded store knows of people beside their points.

#include "base/try.hpp"
#include "store/codec.hpp"
#include "store/sqlite_view.hpp"

namespace laurel::store {

Result<std::vector<Unclaimed>> SqliteView::unclaimed(const std::string& type,
                                                     const std::string& value) const {
  std::vector<Unclaimed> found;
  Run run(unclaimed_);
  run.bind(type).bind(value);
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return found;
    found.push_back({type, value, EntryId(run.integer(0))});
  }
}

Result<std::vector<Unclaimed>> SqliteView::oldest_unclaimed(std::size_t limit) const {
  std::vector<Unclaimed> found;
  Run run(oldest_unclaimed_);
  run.bind(static_cast<std::int64_t>(limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return found;
    found.push_back({run.text(0), run.text(1), EntryId(run.integer(2))});
  }
}

Result<std::vector<MemberId>> SqliteView::seen_with(const std::string& mark,
                                                    std::size_t limit) const {
  std::vector<MemberId> members;
  Run run(seen_with_);
  run.bind(mark).bind(static_cast<std::int64_t>(limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return members;
    members.push_back(MemberId(run.integer(0)));
  }
}

Result<std::vector<FormerLink>> SqliteView::former_links(const std::string& mark) const {
  std::vector<FormerLink> found;
  Run run(former_links_);
  run.bind(mark);
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return found;
    found.push_back({mark, Instant(Duration(run.integer(0))), MemberId(run.integer(1)),
                     Instant(Duration(run.integer(2)))});
  }
}

Result<std::optional<MemberProfile>> SqliteView::profile(MemberId id) const {
  Run run(profile_);
  run.bind(id.number());
  LAUREL_TRY(const bool found, run.next());
  std::optional<MemberProfile> profile;
  if (found) LAUREL_TRY_VOID(codec::decode(run.bytes(0), profile.emplace()));
  return profile;
}

Result<std::vector<MemberId>> SqliteView::sharing(std::int64_t key, std::size_t limit) const {
  std::vector<MemberId> members;
  Run run(sharing_);
  run.bind(key).bind(static_cast<std::int64_t>(limit));
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return members;
    members.push_back(MemberId(run.integer(0)));
  }
}

Result<std::vector<std::int64_t>> SqliteView::matching_keys(MemberId id) const {
  std::vector<std::int64_t> keys;
  Run run(matching_keys_);
  run.bind(id.number());
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return keys;
    keys.push_back(run.integer(0));
  }
}

}  // namespace laurel::store
