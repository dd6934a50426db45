#include "app/service.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/executor.hpp"
#include "app/routes.hpp"
#include "laurel/privacy.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kMembersPerStep = 1'000;
constexpr int kStepsPerTick = 10;  // so that a stop never waits long for the due work of a new year
constexpr std::string_view kSqlite = "sqlite:";

// One line that says enough to find the place; `laurel rules check` shows them all.
std::string first_fault(std::span<const ProgrammeFault> faults) {
  const auto first = std::ranges::find(faults, Severity::kError, &ProgrammeFault::severity);
  if (first == faults.end()) return "the programme has faults";
  std::string place = first->file;
  if (first->line > 0) {
    place += ":" + std::to_string(first->line) + ":" + std::to_string(first->column);
  }
  const auto errors = std::ranges::count(faults, Severity::kError, &ProgrammeFault::severity);
  return (place.empty() ? "" : place + ": ") + first->message +
         (errors > 1 ? " (and " + std::to_string(errors - 1) + " more)" : "");
}

constexpr const char* kFolder = "programme folder";

// Whether the folder says nothing new: it is in force, it has not changed since it was published,
// or somebody went back from it.
bool is_settled(std::span<const Publication> versions, const std::string& digest) {
  if (versions.empty()) return false;
  if (versions.back().digest == digest) return true;
  const auto of_folder =
      std::find_if(versions.rbegin(), versions.rend(),
                   [](const Publication& version) { return version.by == kFolder; });
  if (of_folder != versions.rend() && of_folder->digest == digest) return true;
  for (std::size_t i = versions.size(); i-- > 1;) {
    if (versions[i - 1].digest == digest) return versions[i].restores != 0;
  }
  return false;
}

Result<Programme> load_folder(const std::string& folder) {
  const auto files = read_programme_folder(folder);
  if (!files) return files.error();
  auto loaded = load_programme(*files);
  if (loaded.programme) return *std::move(loaded.programme);
  return Error{ErrorCode::kInvalidProgramme, first_fault(loaded.faults)};
}

}  // namespace

Service::Service(const ServeOptions& options, Log& log)
    : options_(options),
      log_(log),
      metrics_(std::make_unique<Metrics>(route_names())),
      keys_(options.keys.empty() ? default_keys_file(options.store) : options.keys),
      rate_limit_(options.rate_limit_per_second) {}

const Clock& Service::clock() const {
  if (options_.sandbox) return sandbox_clock_;
  return machine_clock_;
}

Result<std::unique_ptr<Service>> Service::open(const ServeOptions& options, Log& log) {
  std::unique_ptr<Service> service(new Service(options, log));
  if (auto opened = service->open_engine(); !opened) return opened.error();
  if (auto read = service->keys_.refresh(); !read && !options.sandbox) return read.error();
  if (auto published = service->reload_programme(); !published) {
    const auto versions = service->engine_->versions();
    if (!versions) return versions.error();
    if (versions->empty() && !options.sandbox) return published.error();
  }
  return service;
}

Result<void> Service::open_engine() {
  auto store = open_store(options_.store);
  if (!store) return store.error();
  auto engine = Engine::open({.store = *std::move(store), .clock = &clock(), .log = &log_});
  if (!engine) return engine.error();
  engine_ = *std::move(engine);
  return {};
}

std::shared_ptr<Engine> Service::engine() const {
  const std::lock_guard lock(engine_mutex_);
  return engine_;
}

Display Service::display() const {
  const std::lock_guard lock(programme_mutex_);
  return in_force_ ? Display(*in_force_) : Display();
}

std::string text_of(const std::optional<Stale>& stale) {
  if (!stale) return "current";
  return "stale since " + to_text(stale->since) + " reason " + stale->reason;
}

std::optional<Stale> Service::stale() const {
  const std::lock_guard lock(programme_mutex_);
  return stale_;
}

void Service::refresh_programme() {
  const auto current = engine()->programme(now());
  if (!current) return;
  const std::lock_guard lock(programme_mutex_);
  in_force_ = *current;
}

// What every way of putting a programme in force has in common.
Result<Publication> Service::published(Result<Publication> publication) {
  if (!publication) return publication;
  refresh_programme();
  if (publication->unchanged) return publication;
  log_.event(LogLevel::kInfo,
             publication->version == 0 ? "programme proposed" : "programme published",
             {{"programme", publication->programme},
              {"digest", publication->digest},
              {"version", std::to_string(publication->version)},
              {"effective_from", to_text(publication->effective_from)}});
  return publication;
}

Result<Publication> Service::publish(const Programme& programme, const Publish& how) {
  Publish wanted = how;
  wanted.parts = worthwhile_threads(0);
  wanted.executor = on_threads();
  return published(engine()->publish(programme, wanted));
}

Result<Publication> Service::rollback(const Rollback& back) {
  return published(engine()->rollback(back));
}

Result<Publication> Service::approve(const Judgement& judgement) {
  return published(engine()->approve(judgement));
}

Result<Publication> Service::publish_at_once(const Programme& programme, Publish how) {
  how.skip_cases = true;
  const auto versions = engine()->versions();
  if (!versions) return versions.error();
  const auto from = how.effective_from.value_or(programme.effective_from());
  const auto last = std::ranges::max_element(*versions, {}, &Publication::effective_from);
  if (last != versions->end() && from < last->effective_from) {
    const auto entries = engine()->entries(EntryId(), 1);
    if (!entries) return entries.error();
    if (!entries->entries.empty()) {
      how.effective_from = last->effective_from;
    } else if (auto emptied = empty_store({}); !emptied) {
      return emptied.error();
    }
  }
  return publish(programme, how);
}

// What is stored already stays in force for all that happened until now.
Result<void> Service::publish_folder() {
  const auto programme = load_folder(options_.programme);
  if (!programme) return programme.error();
  const auto versions = engine()->versions();
  if (!versions) return versions.error();
  if (is_settled(*versions, programme->digest())) return {};
  Publish how{.by = kFolder};
  how.first_alone = true;
  auto publication = publish(*programme, how);
  if (!publication) return publication.error();
  if (publication->version != 0) return {};
  return Error{ErrorCode::kNotApproved,
               "the folder's programme waits for another person as proposal " +
                   std::to_string(publication->proposal)};
}

Result<void> Service::reload_programme() {
  Result<void> outcome;
  if (!options_.programme.empty()) outcome = publish_folder();
  refresh_programme();
  const std::lock_guard lock(programme_mutex_);
  if (options_.programme.empty() && !in_force_ && !options_.sandbox) {
    return Error{ErrorCode::kNoProgramme, "no programme folder was given and none is stored"};
  }
  if (outcome) {
    stale_.reset();
  } else if (!stale_ || stale_->reason != outcome.error().detail) {
    stale_ = Stale{stale_ ? stale_->since : now(), outcome.error().detail};
    log_.event(LogLevel::kError, "programme folder not taken; the version before stays in force",
               {{"reason", stale_->reason}});
  }
  return outcome;
}

void Service::tick() {
  if (auto read = keys_.refresh(); !read) {
    log_.event(LogLevel::kError, "keys not read", {{"reason", read.error().detail}});
  }
  refresh_programme();
  const auto engine = this->engine();
  if (!engine->writable()) return;
  for (int step = 0; step < kStepsPerTick; ++step) {
    const auto done = engine->settle_due(kMembersPerStep);
    if (!done) {
      metrics_->count_error(done.error().code);
      log_.event(LogLevel::kError, "due work not booked", {{"reason", done.error().detail}});
      return;
    }
    if (!done->more) break;
  }
  static_cast<void>(give_what_is_due(*engine, kStepsPerTick));  // logged
  static_cast<void>(retain(*engine, kStepsPerTick));            // logged
}

// What the programme keeps no longer.
Result<void> Service::retain(Engine& engine, int steps) const {
  for (int step = 0; step < steps; ++step) {
    const auto done = engine.privacy().retain(kMembersPerStep);
    if (!done) {
      metrics_->count_error(done.error().code);
      log_.event(LogLevel::kError, "personal data kept too long",
                 {{"reason", done.error().detail}});
      return done.error();
    }
    if (!done->more) break;
  }
  return {};
}

// What the programme gives by itself.
Result<void> Service::give_what_is_due(Engine& engine, int steps) const {
  for (int step = 0; step < steps; ++step) {
    const auto given = engine.rewards().settle(kMembersPerStep);
    if (!given) {
      metrics_->count_error(given.error().code);
      log_.event(LogLevel::kError, "rewards not given", {{"reason", given.error().detail}});
      return given.error();
    }
    if (!given->more) break;
  }
  return {};
}

Result<void> Service::set_clock(Instant now) {
  sandbox_clock_.set(now);
  refresh_programme();
  const auto engine = this->engine();
  for (;;) {
    const auto done = engine->settle_due(kMembersPerStep);
    if (!done) return done.error();
    if (!done->more) break;
  }
  constexpr int kAll = 1'000'000;
  if (auto given = give_what_is_due(*engine, kAll); !given) return given;
  return retain(*engine, kAll);
}

// What was there before the first reset is set aside, never removed.
void Service::drop_store_files() {
  if (!options_.store.starts_with(kSqlite)) return;
  const std::string path = options_.store.substr(kSqlite.size());
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    const std::string file = path + std::string(suffix);
    std::error_code ignored;  // a file that is not there needs nothing done
    if (own_files_) {
      std::filesystem::remove(file, ignored);
    } else {
      std::filesystem::rename(file, path + ".before-reset" + std::string(suffix), ignored);
    }
  }
  own_files_ = true;
}

Result<Service::Programmes> Service::stored_programmes() const {
  Programmes programmes;
  const auto engine = this->engine();
  const auto versions = engine->versions();
  if (!versions) return versions.error();
  for (const Publication& version : *versions) {
    auto programme = engine->programme(version.effective_from);
    if (!programme) return programme.error();
    programmes.emplace_back(
        *std::move(programme),
        Publish{.by = version.by, .effective_from = version.effective_from, .skip_cases = true});
  }
  return programmes;
}

Result<void> Service::empty_store(const Programmes& programmes) {
  const std::lock_guard lock(engine_mutex_);
  // Nobody else takes the engine while the lock is held; those who have it are about to finish.
  while (engine_.use_count() > 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  engine_.reset();
  drop_store_files();
  const auto opened = open_engine();
  if (!opened) {
    // Others count on an engine; this one takes what comes until the store can be opened again.
    log_.event(LogLevel::kError, "store not opened again", {{"reason", opened.error().detail}});
    options_.store = "memory:";
    if (auto spare = open_engine(); !spare) return spare.error();
    return opened.error();
  }
  for (const auto& [programme, how] : programmes) {
    if (auto published = engine_->publish(programme, how); !published) return published.error();
  }
  return {};
}

Result<void> Service::reset() {
  const auto programmes = stored_programmes();
  if (!programmes) return programmes.error();
  if (auto emptied = empty_store(*programmes); !emptied) return emptied;
  attempts_.forget();
  refresh_programme();
  return {};
}

Gauges Service::gauges() const {
  Gauges gauges;
  gauges.server = server_metrics();
  add_webhooks(gauges);
  gauges.version = LAUREL_VERSION;
  const auto engine = this->engine();
  gauges.writable = engine->writable();
  if (const auto versions = engine->versions(); versions && !versions->empty()) {
    gauges.programme_version = versions->back().version;
  }
  gauges.keys = static_cast<std::int64_t>(keys_.size());
  gauges.uptime_seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_)
          .count();
  const std::lock_guard lock(programme_mutex_);
  gauges.programme_stale = stale_.has_value();
  if (in_force_) {
    gauges.programme = in_force_->id();
    gauges.digest = in_force_->digest();
  }
  return gauges;
}

}  // namespace laurel::daemon
