// `laurel member merge`, `unmerge`, `erase`, `export` and `profile`.

#include <array>
#include <ostream>

#include "app/person_json.hpp"
#include "app/profile_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

// That of the same commands over HTTP, so that one can undo what the other did.
constexpr const char* kSource = "manual";

struct Field {
  std::string_view name;
  std::optional<std::string> ProfileChange::*value;
};
constexpr std::array kFields = {
    Field{"given_name", &ProfileChange::given_name},
    Field{"family_name", &ProfileChange::family_name},
    Field{"street", &ProfileChange::street},
    Field{"city", &ProfileChange::city},
    Field{"postcode", &ProfileChange::postcode},
    Field{"country", &ProfileChange::country},
};

Result<void> set(MemberChange& change, const std::string& word) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  if (equals == std::string::npos) {
    return Error{ErrorCode::kInvalid, "\"" + word + "\" is not FIELD=VALUE"};
  }
  std::string value = word.substr(equals + 1);
  if (name == "birth_date") {
    change.forget_born = value.empty();
    if (value.empty()) return {};
    const auto day = parse_date(value);
    if (!day) return day.error();
    change.born = *day;
    return {};
  }
  for (const Field& field : kFields) {
    if (field.name != name) continue;
    change.profile.*field.value = std::move(value);
    return {};
  }
  return Error{ErrorCode::kInvalid, "a profile has no field \"" + name + "\""};
}

Result<MemberChange> change_of(const MemberCommand& command) {
  MemberChange change{.actor = command.by, .reason = command.reason};
  for (const std::string& word : command.set) {
    if (auto done = set(change, word); !done) return done.error();
  }
  auto& consents = change.profile.consents;
  for (const auto& purpose : command.grant) consents.push_back({purpose, true});
  for (const auto& purpose : command.refuse) consents.push_back({purpose, false});
  for (const auto& purpose : command.forget) consents.push_back({purpose});
  return change;
}

void write_profile_text(const Member& member, Terminal& terminal) {
  const MemberProfile& profile = member.profile;
  std::vector<std::vector<std::string>> rows{{"member", member.id.text()}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) rows.push_back({name, value});
  };
  add("given name", profile.given_name);
  add("family name", profile.family_name);
  add("birth date", member.born ? to_text(*member.born) : std::string());
  add("street", profile.street);
  add("city", profile.city);
  add("postcode", profile.postcode);
  add("country", profile.country);
  for (const Consent& consent : profile.consents) {
    rows.push_back({consent.purpose, std::string(consent.granted ? "granted" : "refused") + " " +
                                         to_text(consent.at) +
                                         (consent.by.empty() ? "" : " by " + consent.by)});
  }
  terminal.out << table(rows, "ll");
}

class Deed {
 public:
  Deed(const MemberCommand& command, Terminal& terminal, Engine& engine, MemberId member)
      : command_(command), terminal_(terminal), engine_(engine), member_(member) {}

  int merge(MemberId from) {
    const Merge order{{kSource, command_.id}, member_, from, command_.by, command_.reason};
    return show_merge(engine_.merging().merge(order), "merge", order.key, " is now ");
  }

  int unmerge() {
    const Unmerge order{
        {kSource, command_.id}, {kSource, command_.merge}, member_, command_.by, command_.reason};
    return show_merge(engine_.merging().unmerge(order), "unmerge", order.key,
                      " is somebody else again than ");
  }

  int erase() {
    const Erasure order{{kSource, command_.id}, member_, command_.by, command_.reason};
    const auto receipt = engine_.privacy().erase(order);
    if (!receipt) return answer_no(terminal_, receipt.error());
    if (command_.format == Format::kJson) {
      return show(
          [&](json::Writer& writer) { write_erasure(writer, order.key, *receipt, display()); });
    }
    terminal_.out << receipt->member.text() << " is forgotten: " << receipt->identifiers
                  << " identifiers, and what " << receipt->entries << " entries knew her by\n";
    return kFine;
  }

  int export_all() {
    const auto data = engine_.privacy().everything(member_);
    if (!data) return answer_no(terminal_, data.error());
    return show([&](json::Writer& writer) { write_personal_data(writer, *data, display()); });
  }

  int profile() {
    const auto change = change_of(command_);
    if (!change) return answer_no(terminal_, change.error());
    const bool changes = !change->profile.empty() || change->born || change->forget_born;
    const auto member = changes ? engine_.change(member_, *change) : engine_.member(member_);
    if (!member) return answer_no(terminal_, member.error());
    if (command_.format == Format::kText) {
      write_profile_text(*member, terminal_);
      return kFine;
    }
    return show([&](json::Writer& writer) {
      writer.begin_object().field("id", member->id.text());
      write_profile(writer, *member);
      writer.end_object();
    });
  }

 private:
  Display display() const {
    const auto versions = engine_.versions();
    if (!versions || versions->empty()) return {};
    auto programme = engine_.version(versions->back().version);
    return programme ? Display(*std::move(programme)) : Display();
  }

  template <class Write>
  int show(Write write) {
    std::string text;
    json::Writer writer(text);
    write(writer);
    terminal_.out << text << "\n";
    return kFine;
  }

  int show_merge(const Result<MergeReceipt>& receipt, std::string_view what,
                 const TransactionKey& key, const char* how) {
    if (!receipt) return answer_no(terminal_, receipt.error());
    if (command_.format == Format::kJson) {
      return show([&](json::Writer& writer) { write_merge(writer, what, key, *receipt); });
    }
    terminal_.out << receipt->other.text() << how << receipt->member.text()
                  << (receipt->replayed ? " (as before)" : "") << "\n";
    return kFine;
  }

  const MemberCommand& command_;
  Terminal& terminal_;
  Engine& engine_;
  const MemberId member_;
};

bool only_reads(const MemberCommand& command) {
  const bool changes = !command.set.empty() || !command.grant.empty() || !command.refuse.empty() ||
                       !command.forget.empty();
  return command.action == MemberAction::kExport ||
         (command.action == MemberAction::kProfile && !changes);
}

}  // namespace

int run(const MemberCommand& command, Terminal& terminal) {
  const auto member = MemberId::parse(command.member);
  if (!member) return answer_no(terminal, member.error());
  const auto session =
      open_session(command.store, only_reads(command) ? Access::kRead : Access::kWrite);
  if (!session) return fail(terminal, session.error());
  Deed deed(command, terminal, *session->engine, *member);
  switch (command.action) {
    case MemberAction::kMerge: {
      const auto from = MemberId::parse(command.from);
      return from ? deed.merge(*from) : answer_no(terminal, from.error());
    }
    case MemberAction::kUnmerge: return deed.unmerge();
    case MemberAction::kErase: return deed.erase();
    case MemberAction::kExport: return deed.export_all();
    case MemberAction::kProfile: return deed.profile();
  }
  return kUsage;
}

}  // namespace laurel::daemon::cli
