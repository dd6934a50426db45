#pragma once
// Every command of the executable: what it was asked to do, and the function that does it and
// returns the exit code.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "app/serve.hpp"
#include "cli/terminal.hpp"

namespace laurel::daemon::cli {

// The exit codes are a contract with scripts.
enum ExitCode : int {
  kFine = 0,
  kNo = 1,         // the answer is no: faults, failing cases, drift, refused lines
  kUsage = 2,      // used wrongly
  kCouldNotDo = 3  // a file, a store or a daemon said no
};

enum class Format : std::uint8_t { kText, kJson, kSarif, kCsv };

struct Serve {
  ServeOptions options;
};

struct RulesCheck {
  std::string folder;
  Format format = Format::kText;
};

struct RulesPublish {
  std::string folder;
  std::string store;
  std::string by;
  std::string reason;
  std::string effective_from;  // a moment, or a day in the programme's zone; empty: as it says
  Format format = Format::kText;
};

struct RulesVersions {
  std::string store;
  Format format = Format::kText;
};

struct RulesRollback {
  std::string store;
  std::int64_t to = 0;
  std::string by;
  std::string reason;
  std::string effective_from;
  Format format = Format::kText;
};

// On a proposal: that it be put in force, or not.
struct RulesJudge {
  bool approve = true;
  std::string store;
  std::int64_t proposal = 0;
  std::string by;
  std::string reason;
  Format format = Format::kText;
};

struct RulesDiff {
  std::string was, becomes;  // folders; with a store also numbers or digests of its versions
  std::string store;
  Format format = Format::kText;
};

struct RulesSimulate {
  std::string folder;
  std::string store;
  std::string from, to;  // moments, or days in the programme's zone
  std::uint32_t top = 10;
  std::uint32_t threads = 0;  // 0: as many as the machine has
  Format format = Format::kText;
};

struct RulesStop {
  bool stop = true;  // else: resume
  std::string rule;
  std::string store;
  std::string by;
  std::string reason;
  std::string from;
  Format format = Format::kText;
};

struct Explain {
  std::string what;       // "SOURCE/ID", or a file with a transaction as JSON; "-": standard input
  std::string store;      // with SOURCE/ID
  std::string programme;  // with a file
  Format format = Format::kText;
};

enum class ImportKind : std::uint8_t {
  kOnlineRetail,
  kCompleteJourney,
  kSales,
  kMembers,
  kBalances
};

struct Import {
  ImportKind kind = ImportKind::kSales;
  std::string file;      // "-": standard input
  std::string products;  // complete-journey only
  std::string store;
  std::string programme;  // published first where it differs; empty: what is in force
  std::uint32_t chunk = 2'048;
  Format format = Format::kText;
};

struct Verify {
  std::string store;
  Format format = Format::kText;
  std::uint32_t threads = 0;  // 0: as many as the machine has
};

struct Backup {
  std::string store;
  std::string to;
  Format format = Format::kText;
};

struct MemberShow {
  std::string store;
  std::string member;                    // show: an id
  std::vector<std::string> identifiers;  // lookup: TYPE=VALUE; view: instead of an id
  Format format = Format::kText;
};

// All that whoever serves a member needs of her.
struct MemberPage {
  std::string store;
  std::vector<std::string> who;  // an id, or TYPE=VALUE …
  std::string at;                // a moment, or a day in the programme's zone; empty: now
  std::uint32_t limit = 10;      // purchases
  Format format = Format::kText;
};

enum class MemberAction : std::uint8_t { kMerge, kUnmerge, kErase, kExport, kProfile };

struct MemberCommand {
  MemberAction action = MemberAction::kProfile;
  std::string store;
  std::string member;
  std::string id;                                  // makes it safe to call again
  std::string from;                                // merge: who goes
  std::string merge;                               // unmerge: the id of the merge
  std::vector<std::string> set;                    // profile: FIELD=VALUE
  std::vector<std::string> grant, refuse, forget;  // profile: purposes
  std::string by, reason;
  Format format = Format::kText;
};

struct Due {
  std::string store;
  Format format = Format::kText;
};

enum class ReviewAction : std::uint8_t { kList, kAccept, kReject };

struct ReviewCommand {
  ReviewAction action = ReviewAction::kList;
  std::string store;
  std::string state = "open";  // list
  std::string kind;            // list; empty: all
  std::int64_t item = 0;
  std::string by, reason, member;
  Format format = Format::kText;
};

enum class VoucherAction : std::uint8_t { kGenerate, kImport, kShow };

struct VoucherCommand {
  VoucherAction action = VoucherAction::kShow;
  std::string store;
  std::string code;                          // show
  std::string file;                          // import
  std::string id, reward, pool, by, reason;  // generate, import
  std::int64_t count = 0;                    // generate
  bool waits = false, partner = false;
  Format format = Format::kText;
};

enum class LotsAction : std::uint8_t { kExtend, kUnexpire, kUndo };

struct LotsCommand {
  LotsAction action = LotsAction::kExtend;
  std::string store;
  std::string id;  // makes it safe to call again
  std::string member, wallet, until, since, by, reason;
  std::string undone;  // undo: the id of what is taken back
  bool dry_run = false;
  Format format = Format::kText;
};

enum class BatchAction : std::uint8_t { kAdjust, kShow, kResume, kReverse };

struct BatchCommand {
  BatchAction action = BatchAction::kAdjust;
  std::string store;
  std::string id;    // its own number
  std::string file;  // adjust; "-": standard input
  std::string by, reason;
  bool skip_unknown = false, dry_run = false;  // adjust
  Format format = Format::kText;
};

enum class ReportOf : std::uint8_t { kLiability, kTiers, kDepartments, kStaff };

struct ReportCommand {
  ReportOf of = ReportOf::kLiability;
  std::string store;
  std::string as_of;  // empty: now
  std::string basis = "booking";
  std::string from;         // staff; empty: from the first sale on
  std::int64_t share = 20;  // staff: percent
  Format format = Format::kText;
};

enum class KeyAction : std::uint8_t { kCreate, kList, kRotate, kRevoke };

struct ManageKeys {
  KeyAction action = KeyAction::kList;
  std::string file;  // of the keys; empty: beside the store
  std::string store;
  std::string name;
  std::vector<std::string> sources;
  std::vector<std::string> scopes;
  bool is_signed = false;       // create: it has to sign its requests
  std::string overlap = "24h";  // rotate: how long the old secret stays valid
  Format format = Format::kText;
};

struct Bench {
  bool quick = false;
  std::vector<std::string> only;  // names of measurements; empty: all
  std::string folder;             // where the stores are made; empty: the system's temporary folder
  std::string floor;              // the program that measures bare statements; empty: left out
  Format format = Format::kText;
};

struct PeopleMatch {
  std::string file;                  // "-": standard input
  std::string store;                 // instead of a file: its members, into the review queue
  std::vector<std::string> explain;  // two ids: the waterfall of that pair alone
  std::string known;                 // a file as --format csv writes it: ids of people to keep
  double from = 0.999;               // probability from which a pair is suggested
  std::uint32_t top = 20;            // suggestions shown as text
  std::uint32_t threads = 0;         // 0: as many as the machine has
  Format format = Format::kText;
};

// Text made while the command line was read: --help, --version, completion.
struct Show {
  std::string text;
};

using Command =
    std::variant<Serve, RulesCheck, RulesPublish, RulesVersions, RulesRollback, RulesJudge,
                 RulesDiff, RulesSimulate, RulesStop, Explain, Import, Verify, Backup, MemberShow,
                 MemberPage, MemberCommand, ReviewCommand, VoucherCommand, ReportCommand,
                 LotsCommand, BatchCommand, Due, ManageKeys, Bench, PeopleMatch, Show>;

int run(const Serve& command, Terminal& terminal);
int run(const RulesCheck& command, Terminal& terminal);
int run(const RulesPublish& command, Terminal& terminal);
int run(const RulesVersions& command, Terminal& terminal);
int run(const RulesRollback& command, Terminal& terminal);
int run(const RulesJudge& command, Terminal& terminal);
int run(const RulesDiff& command, Terminal& terminal);
int run(const RulesSimulate& command, Terminal& terminal);
int run(const RulesStop& command, Terminal& terminal);
int run(const Explain& command, Terminal& terminal);
int run(const Import& command, Terminal& terminal);
int run(const Verify& command, Terminal& terminal);
int run(const Backup& command, Terminal& terminal);
int run(const MemberShow& command, Terminal& terminal);
int run(const MemberCommand& command, Terminal& terminal);
int run(const MemberPage& command, Terminal& terminal);
int run(const ReviewCommand& command, Terminal& terminal);
int run(const VoucherCommand& command, Terminal& terminal);
int run(const ReportCommand& command, Terminal& terminal);
int run(const LotsCommand& command, Terminal& terminal);
int run(const BatchCommand& command, Terminal& terminal);
int run(const Due& command, Terminal& terminal);
int run(const ManageKeys& command, Terminal& terminal);
int run(const Bench& command, Terminal& terminal);
int run(const PeopleMatch& command, Terminal& terminal);
int run(const Show& command, Terminal& terminal);

// The whole executable. Never throws.
int run_command_line(int argument_count, const char* const* arguments);

}  // namespace laurel::daemon::cli
