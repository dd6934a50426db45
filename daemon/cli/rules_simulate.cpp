// `laurel rules simulate`: a stored period under old and new rules.

#include <chrono>
#include <ostream>

#include "app/executor.hpp"
#include "app/publishing_json.hpp"
#include "cli/commands.hpp"
#include "cli/moments.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

std::string with_sign(const std::string& number) {
  return number.starts_with('-') || number == "0" ? number : "+" + number;
}

std::vector<std::string> points_row(std::string name, OldAndNew points, int scale) {
  return {std::move(name), points.was.text(scale), points.becomes.text(scale),
          with_sign(points.difference().text(scale))};
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

class Page {
 public:
  Page(const Simulation& simulation, Terminal& terminal)
      : simulation_(simulation), terminal_(terminal) {}

  void write() {
    terminal_.out << simulation_.programme << " from " << to_text(simulation_.from) << " to "
                  << to_text(simulation_.to) << ": " << grouped(simulation_.sales) << " sales, "
                  << grouped(simulation_.returns) << " returns, " << grouped(simulation_.events)
                  << " events of " << grouped(simulation_.members) << " members\n";
    write_wallets();
    write_shares("rules", simulation_.rules);
    write_shares("departments", simulation_.departments);
    write_tiers();
    write_receipts();
    write_members("members who gain most", simulation_.gain_most);
    write_members("members who lose most", simulation_.lose_most);
    for (const auto& note : simulation_.notes) terminal_.out << "note: " << note << "\n";
    if (simulation_.is_same()) terminal_.out << "nothing differs\n";
  }

 private:
  int scale() const { return simulation_.wallets.empty() ? 0 : simulation_.wallets.front().scale; }

  int scale_of(const std::string& wallet) const {
    for (const auto& each : simulation_.wallets) {
      if (each.wallet == wallet) return each.scale;
    }
    return 0;
  }

  void title(std::string_view text) {
    terminal_.out << "\n" << painted(text, Style::kStrong, terminal_.out_colour) << "\n";
  }

  void write_wallets() {
    std::vector<std::vector<std::string>> rows{{"", "was", "becomes", "difference"}};
    for (const auto& wallet : simulation_.wallets) {
      rows.push_back(points_row(wallet.wallet, wallet.points, wallet.scale));
      rows.push_back(points_row("  alive at the end", wallet.alive, wallet.scale));
      if (wallet.cost_becomes.empty() && wallet.cost_was.empty()) continue;
      rows.push_back({"  cost in " + wallet.currency, or_dash(wallet.cost_was),
                      or_dash(wallet.cost_becomes), ""});
      rows.push_back({"  liability in " + wallet.currency, or_dash(wallet.liability_was),
                      or_dash(wallet.liability_becomes), ""});
    }
    title("wallets");
    terminal_.out << table(rows, "lrrr");
  }

  void write_shares(std::string_view name, const std::vector<SimulatedShare>& shares) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& share : shares) {
      const std::string of = share.name.empty() ? "(no single one)" : share.name;
      const bool many = simulation_.wallets.size() > 1;
      rows.push_back(
          points_row(many ? of + ", " + share.wallet : of, share.points, scale_of(share.wallet)));
    }
    if (rows.empty()) return;
    title(name);
    terminal_.out << table(rows, "lrrr");
  }

  void write_tiers() {
    title("tiers");
    terminal_.out << grouped(simulation_.members_up) << " members go up, "
                  << grouped(simulation_.members_down) << " down\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& move : simulation_.tier_moves) {
      rows.push_back({or_dash(move.was) + " -> " + or_dash(move.becomes), grouped(move.members)});
    }
    terminal_.out << table(rows, "lr");
  }

  void write_receipts() {
    if (simulation_.largest.empty()) return;
    std::vector<std::vector<std::string>> rows;
    for (const auto& receipt : simulation_.largest) {
      rows.push_back(points_row(receipt.source + "/" + receipt.id, receipt.points, scale()));
    }
    title("largest receipts");
    terminal_.out << table(rows, "lrrr");
  }

  void write_members(std::string_view name, const std::vector<SimulatedMember>& members) {
    if (members.empty()) return;
    std::vector<std::vector<std::string>> rows;
    for (const auto& member : members) {
      rows.push_back(points_row(member.member.text(), member.points, scale()));
    }
    title(name);
    terminal_.out << table(rows, "lrrr");
  }

  const Simulation& simulation_;
  Terminal& terminal_;
};

}  // namespace

int run(const RulesSimulate& command, Terminal& terminal) {
  ProgrammeRead read = read_programme(command.folder, terminal);
  if (!read.programme) return read.exit_code;
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  Simulate how;
  const auto from = moment_of(command.from, *read.programme);
  if (!from) return answer_no(terminal, from.error());
  how.from = *from;
  how.to = session->clock->now();
  if (!command.to.empty()) {
    const auto to = moment_of(command.to, *read.programme, true);
    if (!to) return answer_no(terminal, to.error());
    how.to = *to;
  }
  how.top = command.top;
  how.parts = worthwhile_threads(command.threads);
  how.executor = on_threads();
  std::unique_ptr<ProgressBar> bar;
  how.progress = [&](SimulationProgress progress) {
    if (!bar) {
      bar = std::make_unique<ProgressBar>(terminal, "simulating", "entries", progress.entries_all);
    }
    bar->show(progress.entries_done);
  };
  const auto begin = std::chrono::steady_clock::now();
  const auto simulation = session->engine->simulate(*read.programme, how);
  bar.reset();
  if (!simulation) return answer_no(terminal, simulation.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer json(text);
    write_simulation(json, *simulation);
    terminal.out << text << "\n";
    return kFine;
  }
  Page(*simulation, terminal).write();
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  terminal.err << grouped(simulation->sales * 1000 / std::max<std::int64_t>(elapsed.count(), 1))
               << " sales/s on " << how.parts << " threads\n";
  return kFine;
}

}  // namespace laurel::daemon::cli
