// `laurel backup`: a copy of a store that is a store.

#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli {

int run(const Backup& command, Terminal& terminal) {
  StoreOptions options;
  options.read_only = true;
  const auto store = open_store(command.store, options);
  if (!store) return fail(terminal, store.error());
  std::int64_t pages = 0;
  std::unique_ptr<ProgressBar> bar;
  const auto copied = backup(*store, command.to, [&](BackupProgress progress) {
    pages = progress.pages_all;
    if (!bar) bar = std::make_unique<ProgressBar>(terminal, "copying", "pages", pages);
    bar->show(progress.pages_done);
  });
  bar.reset();
  if (!copied) return fail(terminal, copied.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer(text).begin_object().field("to", command.to).field("pages", pages).end_object();
    terminal.out << text << "\n";
  } else {
    terminal.out << grouped(pages) << " pages were copied to " << command.to << "\n";
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
