// Who is told of what was booked.

#include "base/try.hpp"
#include "store/codec.hpp"
#include "store/sqlite_view.hpp"

namespace laurel::store {
namespace {

Result<void> read(Run& run, Webhook& webhook) {
  webhook.id = run.text(0);
  webhook.created_at = Instant(Duration(run.integer(1)));
  webhook.progress.cursor = EntryId(run.integer(2));
  return codec::decode(run.bytes(3), webhook);
}

}  // namespace

Result<std::vector<Webhook>> SqliteView::webhooks() const {
  std::vector<Webhook> all;
  Run run(webhooks_);
  while (true) {
    LAUREL_TRY(const bool more, run.next());
    if (!more) return all;
    LAUREL_TRY_VOID(read(run, all.emplace_back()));
  }
}

Result<std::optional<Webhook>> SqliteView::webhook(const std::string& id) const {
  Run run(webhook_);
  run.bind(id);
  LAUREL_TRY(const bool found, run.next());
  std::optional<Webhook> webhook;
  if (found) LAUREL_TRY_VOID(read(run, webhook.emplace()));
  return webhook;
}

}  // namespace laurel::store
