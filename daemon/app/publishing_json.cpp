#include "app/publishing_json.hpp"

#include "app/answer_json.hpp"
#include "laurel/ids.hpp"

namespace laurel::daemon {

namespace {

void write_approval(json::Writer& writer, const Approval& approval) {
  writer.begin_object().field("by", approval.by).field("at", to_text(approval.at)).end_object();
}

void write_optional(json::Writer& writer, std::string_view name,
                    const std::optional<Approval>& approval) {
  writer.key(name);
  if (approval) {
    write_approval(writer, *approval);
  } else {
    writer.null();
  }
}

void write_text_or_null(json::Writer& writer, std::string_view name, const std::string& text) {
  if (text.empty()) {
    writer.key(name).null();
  } else {
    writer.field(name, text);
  }
}

void write_points(json::Writer& writer, std::string_view name, OldAndNew points, int scale) {
  writer.field_object(name).field_raw("was", points.was.text(scale));
  writer.field_raw("becomes", points.becomes.text(scale));
  writer.field_raw("difference", points.difference().text(scale)).end_object();
}

void write_money(json::Writer& writer, std::string_view name, const std::string& was,
                 const std::string& becomes) {
  writer.field_object(name);
  write_text_or_null(writer, "was", was);
  write_text_or_null(writer, "becomes", becomes);
  writer.end_object();
}

int scale_of(const Simulation& simulation, std::string_view wallet) {
  for (const auto& each : simulation.wallets) {
    if (each.wallet == wallet) return each.scale;
  }
  return 0;
}

void write_wallets(json::Writer& writer, const Simulation& simulation) {
  writer.field_array("wallets");
  for (const auto& wallet : simulation.wallets) {
    writer.begin_object().field("wallet", wallet.wallet).field("scale", wallet.scale);
    write_points(writer, "points", wallet.points, wallet.scale);
    write_points(writer, "alive", wallet.alive, wallet.scale);
    writer.field("currency", wallet.currency);
    write_money(writer, "cost", wallet.cost_was, wallet.cost_becomes);
    write_money(writer, "liability", wallet.liability_was, wallet.liability_becomes);
    writer.end_object();
  }
  writer.end_array();
}

void write_shares(json::Writer& writer, std::string_view name, std::string_view what,
                  const std::vector<SimulatedShare>& shares, const Simulation& simulation) {
  writer.field_array(name);
  for (const auto& share : shares) {
    writer.begin_object();
    write_text_or_null(writer, what, share.name);
    writer.field("wallet", share.wallet);
    write_points(writer, "points", share.points, scale_of(simulation, share.wallet));
    writer.end_object();
  }
  writer.end_array();
}

void write_tiers(json::Writer& writer, const Simulation& simulation) {
  writer.field_object("tiers").field("up", simulation.members_up);
  writer.field("down", simulation.members_down).field_array("moves");
  for (const auto& move : simulation.tier_moves) {
    writer.begin_object();
    write_text_or_null(writer, "was", move.was);
    write_text_or_null(writer, "becomes", move.becomes);
    writer.field("members", move.members).end_object();
  }
  writer.end_array().end_object();
}

void write_members(json::Writer& writer, std::string_view name,
                   const std::vector<SimulatedMember>& members, int scale) {
  writer.field_array(name);
  for (const auto& member : members) {
    writer.begin_object().field("member", member.member.text());
    write_points(writer, "points", member.points, scale);
    write_text_or_null(writer, "tier_was", member.tier_was);
    write_text_or_null(writer, "tier_becomes", member.tier_becomes);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

void write_approvals(json::Writer& writer, std::string_view name,
                     std::span<const Approval> approvals) {
  writer.field_array(name);
  for (const auto& approval : approvals) write_approval(writer, approval);
  writer.end_array();
}

void write_publication(json::Writer& writer, const Publication& publication,
                       std::span<const ProgrammeFault> warnings) {
  const bool proposed = publication.version == 0;
  writer.begin_object().field("state", proposed ? "proposed" : "published").key("version");
  if (proposed) {
    writer.null();
  } else {
    writer.value(publication.version);
  }
  writer.field("programme", publication.programme).field("digest", publication.digest);
  writer.field("effective_from", to_text(publication.effective_from));
  writer.field("published_at", to_text(publication.published_at));
  writer.field("by", publication.by).field("unchanged", publication.unchanged);
  if (!publication.reason.empty()) writer.field("reason", publication.reason);
  if (publication.restores != 0) writer.field("restores", publication.restores);
  if (publication.proposal != 0) {
    writer.field("proposal", publication.proposal);
    write_approvals(writer, "approvals", publication.approvals);
  }
  if (!warnings.empty()) write_faults(writer, warnings);
  writer.end_object();
}

void write_proposal(json::Writer& writer, const Proposal& proposal) {
  writer.begin_object().field("proposal", proposal.number).field("programme", proposal.programme);
  writer.field("digest", proposal.digest);
  writer.field("effective_from", to_text(proposal.effective_from));
  writer.field("proposed_at", to_text(proposal.proposed_at)).field("by", proposal.by);
  write_text_or_null(writer, "reason", proposal.reason);
  writer.field("approvals_needed", proposal.approvals_needed);
  write_approvals(writer, "approvals", proposal.approvals);
  write_optional(writer, "withdrawn", proposal.withdrawn);
  writer.key("version");
  if (proposal.version == 0) {
    writer.null();
  } else {
    writer.value(proposal.version);
  }
  writer.field("open", proposal.is_open()).end_object();
}

void write_stop(json::Writer& writer, const RuleStop& stop) {
  writer.begin_object().field("rule", stop.rule).field("from", to_text(stop.from));
  writer.key("until");
  if (stop.until == kNever) {
    writer.null();
  } else {
    writer.value(to_text(stop.until));
  }
  writer.field("by", stop.stopped.by).field("at", to_text(stop.stopped.at));
  writer.field("reason", stop.reason);
  write_optional(writer, "resumed", stop.resumed);
  write_text_or_null(writer, "resume_reason", stop.resume_reason);
  writer.end_object();
}

void write_simulation(json::Writer& writer, const Simulation& simulation) {
  const int scale = simulation.wallets.empty() ? 0 : simulation.wallets.front().scale;
  writer.begin_object().field("programme", simulation.programme);
  writer.field("digest", simulation.digest).field("from", to_text(simulation.from));
  writer.field("to", to_text(simulation.to)).field("same", simulation.is_same());
  writer.field("sales", simulation.sales).field("returns", simulation.returns);
  writer.field("events", simulation.events).field("members", simulation.members);
  writer.field("unattributed", simulation.unattributed);
  write_wallets(writer, simulation);
  write_shares(writer, "rules", "rule", simulation.rules, simulation);
  write_shares(writer, "departments", "department", simulation.departments, simulation);
  write_tiers(writer, simulation);
  writer.field_array("largest");
  for (const auto& receipt : simulation.largest) {
    writer.begin_object().field_object("transaction").field("source", receipt.source);
    writer.field("id", receipt.id).end_object().field("member", receipt.member.text());
    writer.field("at", to_text(receipt.at));
    write_points(writer, "points", receipt.points, scale);
    writer.end_object();
  }
  writer.end_array();
  write_members(writer, "gain_most", simulation.gain_most, scale);
  write_members(writer, "lose_most", simulation.lose_most, scale);
  writer.field_array("notes");
  for (const auto& note : simulation.notes) writer.value(note);
  writer.end_array().end_object();
}

void write_changes(json::Writer& writer, std::span<const ProgrammeChange> changes) {
  writer.field_array("changes");
  for (const auto& change : changes) {
    const char* kind = change.kind == ProgrammeChange::Kind::kAdded     ? "added"
                       : change.kind == ProgrammeChange::Kind::kRemoved ? "removed"
                                                                        : "changed";
    writer.begin_object().field("kind", kind).field("subject", change.subject);
    write_text_or_null(writer, "word", change.word);
    write_text_or_null(writer, "was", change.was);
    write_text_or_null(writer, "becomes", change.becomes);
    writer.field("text", to_text(change)).end_object();
  }
  writer.end_array();
}

void write_faults(json::Writer& writer, std::span<const ProgrammeFault> faults) {
  writer.field_array("faults");
  for (const ProgrammeFault& fault : faults) {
    writer.begin_object();
    writer.field("severity", fault.severity == Severity::kError ? "error" : "warning");
    writer.field("file", fault.file).field("line", fault.line).field("column", fault.column);
    writer.field("code", fault.code).field("message", fault.message);
    write_text_or_null(writer, "hint", fault.hint);
    writer.field("excerpt", fault.excerpt).end_object();
  }
  writer.end_array();
}

}  // namespace laurel::daemon
