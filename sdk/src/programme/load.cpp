// Files to a programme: read, check, resolve, compile; all faults of all files in one go.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "base/sha256.hpp"
#include "laurel/programme.hpp"
#include "programme/checker.hpp"
#include "programme/compiled.hpp"
#include "programme/compiler.hpp"
#include "programme/reader.hpp"
#include "programme/yaml.hpp"

namespace laurel {
namespace {

using programme::Compiled;
using programme::Draft;
using programme::Faults;

constexpr std::size_t kMaxFolderBytes = 64'000'000;
constexpr std::size_t kMaxFiles = 10'000;

// Over names and texts with their lengths, so that no two sets of files read alike.
std::string digest_of(std::span<const SourceFile> files) {
  Sha256 sha;
  const auto add = [&sha](std::string_view bytes) {
    sha.update(std::to_string(bytes.size()) + ":");
    sha.update(bytes);
  };
  for (const SourceFile& file : files) {
    add(file.name);
    add(file.text);
  }
  return "sha256:" + to_hex(sha.finish());
}

std::vector<programme::Node> read_files(std::span<const SourceFile> files, Faults& faults) {
  std::vector<programme::Node> roots;
  for (std::uint32_t i = 0; i < files.size(); ++i) {
    auto root = programme::read_yaml(files[i].text, i, faults);
    if (!root) continue;
    programme::check_file(*root, faults);
    roots.push_back(*std::move(root));
  }
  return roots;
}

Draft read_draft(std::span<const programme::Node> roots, Faults& faults) {
  const programme::ProgrammeReader reader(roots, faults);
  Draft draft;
  read_frame(reader, draft);
  read_wallets(reader, draft);
  read_wallet_limits(reader, draft);
  read_eligible(reader, draft);
  read_tiers(reader, draft);
  read_identity(reader, draft);
  read_catalogue(reader, draft);
  read_rules(reader, draft);
  check_catalogue(reader, draft);
  read_cases(reader, draft);
  read_publishing(reader, draft);
  read_privacy(reader, draft);
  read_adjustments(reader, draft);
  read_guards(reader, draft);
  read_paying(reader, draft);
  return draft;
}

std::shared_ptr<Compiled> finished(const Draft& draft, programme::Past past,
                                   std::unique_ptr<const programme::Tables> tables,
                                   std::vector<SourceFile> files) {
  auto compiled = std::make_shared<Compiled>(*draft.currency, *draft.zone);
  compiled->id = draft.id;
  compiled->digest = digest_of(files);
  compiled->zone_name = draft.zone->name();
  compiled->effective_from = draft.effective_from;
  compiled->tiers = draft.tiers;
  compiled->wallets = draft.wallets;
  compiled->lots = draft.lots;
  compiled->identity = draft.identity;
  compiled->arrivals = draft.arrivals;
  compiled->notices = draft.notices;
  compiled->publishing = draft.publishing;
  compiled->retention = draft.retention;
  compiled->adjustments = draft.adjustments;
  compiled->guards = draft.guards;
  compiled->catalogue = draft.catalogue;
  compiled->paying = draft.paying;
  compiled->departments = draft.departments;
  compiled->channels = draft.channels;
  compiled->languages = draft.languages;
  for (const programme::RuleDraft& rule : draft.rules) {
    compiled->rules.push_back({rule.id, rule.names});
  }
  compiled->cases = draft.cases;
  compiled->files = std::move(files);
  compiled->tables = std::move(tables);
  compiled->questions = std::move(past.questions);
  compiled->limits = std::move(past.limits);
  compiled->asks_member = past.asks_member;
  return compiled;
}

}  // namespace

LoadedProgramme load_programme(std::span<const SourceFile> given) {
  std::vector<SourceFile> files(given.begin(), given.end());
  std::ranges::sort(files, {},
                    [](const SourceFile& file) { return std::tie(file.name, file.text); });
  Faults faults(files);
  if (files.empty()) {
    faults.add({}, "missing_key", "the programme has no files",
               "its words stand in files whose names end in .yaml or .yml");
  }
  const auto roots = read_files(files, faults);
  // What is missing may stand in a file that could not be read.
  if (roots.size() < files.size()) faults.set_partial();
  if (!files.empty() && !faults.is_partial()) programme::check_required(roots, faults);
  const Draft draft = read_draft(roots, faults);
  programme::analyse(draft, faults);
  LoadedProgramme loaded;
  programme::Past past;
  auto tables = faults.any_error() ? nullptr : programme::compile(draft, past, faults);
  if (!faults.any_error()) {
    const auto compiled = finished(draft, std::move(past), std::move(tables), files);
    programme::check_coverage(*compiled, draft, faults);
    loaded.programme.emplace(compiled);
  }
  loaded.faults = faults.take();
  return loaded;
}

Result<std::vector<SourceFile>> read_programme_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Error{ErrorCode::kNotFound, "there is no folder " + folder};
  }
  std::vector<fs::path> paths;
  auto at = fs::recursive_directory_iterator(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string extension = at->path().extension().string();
    std::error_code unreadable;
    if (extension != ".yaml" && extension != ".yml") continue;
    if (at->path().filename().string().starts_with('.')) continue;  // an editor's, no one's words
    if (at->is_regular_file(unreadable)) paths.push_back(at->path());
    if (paths.size() > kMaxFiles) return Error{ErrorCode::kTooLarge, "more than 10,000 files"};
  }
  if (error) return Error{ErrorCode::kNotFound, folder + ": " + error.message()};
  std::vector<SourceFile> files;
  std::size_t bytes = 0;
  for (const fs::path& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    // One byte too many is a fault of the file, told with those of the others.
    std::string text(programme::kMaxFileBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || !stream.is_open()) {
      return Error{ErrorCode::kNotFound, "cannot read " + path.string()};
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    bytes += text.size();
    if (bytes > kMaxFolderBytes) {
      return Error{ErrorCode::kTooLarge, path.string() + " makes the programme too large"};
    }
    files.push_back({fs::path(path).lexically_relative(folder).generic_string(), std::move(text)});
  }
  std::ranges::sort(files, {}, &SourceFile::name);
  return files;
}

Programme::Programme(std::shared_ptr<const programme::Compiled> compiled)
    : compiled_(std::move(compiled)) {}

const std::string& Programme::id() const { return compiled_->id; }
const std::string& Programme::digest() const { return compiled_->digest; }
Instant Programme::effective_from() const { return compiled_->effective_from; }
Currency Programme::currency() const { return compiled_->currency; }
Date Programme::local_date(Instant instant) const { return compiled_->zone.local_date(instant); }
const std::string& Programme::time_zone() const { return compiled_->zone_name; }
const TierPolicy& Programme::tiers() const { return compiled_->tiers; }
const std::vector<WalletPolicy>& Programme::wallets() const { return compiled_->wallets; }
const IdentityPolicy& Programme::identity() const { return compiled_->identity; }
const std::vector<SourceFile>& Programme::files() const { return compiled_->files; }
std::size_t Programme::case_count() const { return compiled_->cases.size(); }

}  // namespace laurel
