#include "app/routes.hpp"

#include <array>

#include "app/handlers.hpp"

namespace laurel::daemon {

namespace {

constexpr auto kRoutes = std::to_array<Route>({
    {"POST", "/v1/transactions", Scope::kTransactions, post_transaction,
     "Post a sale, return, void or event"},
    {"POST", "/v1/transactions/batch", Scope::kTransactions, post_batch,
     "Post up to 10,000 transactions, one JSON object a line"},
    {"GET", "/v1/transactions/{source}/{id}", Scope::kTransactions, get_transaction,
     "The stored answer; with explain=true every rule and reason"},
    {"POST", "/v1/transactions/{source}/{id}/claim", Scope::kMembers, claim_transaction,
     "Give an unattributed transaction to a member"},
    {"POST", "/v1/quotes", Scope::kTransactions, quote_transaction,
     "What posting it would answer; nothing is stored"},

    {"POST", "/v1/members", Scope::kMembers, enrol_member, "Enrol a member"},
    {"POST", "/v1/members/lookup", Scope::kMembers, lookup_member, "Who is this?"},
    {"GET", "/v1/members/{id}", Scope::kMembers, get_member, "A member with tier and wallets"},
    {"GET", "/v1/members/{id}/view", Scope::kMembers, view_member,
     "All that whoever serves a member needs of her"},
    {"PATCH", "/v1/members/{id}", Scope::kMembers, change_member,
     "Change status, language, segments, profile or consents"},
    {"GET", "/v1/members/{id}/identifiers", Scope::kMembers, list_identifiers,
     "The identifiers of a member; with history=true who linked and unlinked them"},
    {"PUT", "/v1/members/{id}/identifiers/{type}/{value}", Scope::kMembers, link_identifier,
     "Link an identifier"},
    {"DELETE", "/v1/members/{id}/identifiers/{type}/{value}", Scope::kMembers, unlink_identifier,
     "Unlink an identifier"},
    {"GET", "/v1/members/{id}/ledger", Scope::kMembers, get_ledger,
     "Entries of a member, newest first"},
    {"GET", "/v1/members/{id}/statement", Scope::kMembers, get_statement,
     "Balances and tier at any moment"},
    {"POST", "/v1/members/{id}/adjustments", Scope::kAdmin, adjust_points,
     "Give or take points by hand"},
    {"POST", "/v1/members/{id}/adjustments/{adjustment}/undo", Scope::kAdmin, undo_adjustment,
     "Take an adjustment back, once"},
    {"POST", "/v1/members/{id}/tier", Scope::kAdmin, grant_tier, "Give a level by hand"},
    {"POST", "/v1/members/{id}/merge", Scope::kAdmin, merge_members,
     "Another member is the same person"},
    {"POST", "/v1/members/{id}/unmerge", Scope::kAdmin, unmerge_members,
     "They were two people after all"},
    {"POST", "/v1/members/{id}/erase", Scope::kAdmin, erase_member, "Forget a person"},
    {"GET", "/v1/members/{id}/duplicates", Scope::kMembers, list_duplicates,
     "Who may be the same person, and why"},
    {"GET", "/v1/members/{id}/export", Scope::kAdmin, export_member,
     "All that is held about a person"},

    {"POST", "/v1/batches", Scope::kAdmin, post_adjustment_batch,
     "Give or take points of many members; with dry_run, only what it would come to"},
    {"GET", "/v1/batches/{id}", Scope::kAdmin, get_adjustment_batch, "How far a batch is"},
    {"POST", "/v1/batches/{id}/reverse", Scope::kAdmin, reverse_adjustment_batch,
     "Take all of a batch back, once"},

    {"POST", "/v1/lots/extend", Scope::kAdmin, extend_lots, "Let open lots live longer"},
    {"POST", "/v1/lots/unexpire", Scope::kAdmin, unexpire_lots, "Let points that died live again"},
    {"POST", "/v1/lots/undo", Scope::kAdmin, undo_lots, "Take an extension or un-expiry back"},

    {"GET", "/v1/reports/liability", Scope::kReports, report_liability,
     "What the house owes, as of a moment"},
    {"GET", "/v1/reports/tiers", Scope::kReports, report_tiers,
     "How many members were on each level"},
    {"GET", "/v1/reports/departments", Scope::kReports, report_departments,
     "What was kept, and what it was worth, by department"},
    {"GET", "/v1/reports/staff", Scope::kReports, report_staff,
     "Members who make up much of what an associate or a till sells"},

    {"GET", "/v1/review", Scope::kAdmin, list_review, "What waits for a person to decide"},
    {"POST", "/v1/review/{id}/accept", Scope::kAdmin, accept_review,
     "Let it count, as of its own moment"},
    {"POST", "/v1/review/{id}/reject", Scope::kAdmin, reject_review, "It never counts"},

    {"POST", "/v1/members/{id}/transfers", Scope::kAdmin, transfer_points,
     "Move points to another member"},

    {"POST", "/v1/redemptions", Scope::kRedemptions, hold_points, "Hold points for a redemption"},
    {"POST", "/v1/redemptions/{id}/capture", Scope::kRedemptions, capture_redemption,
     "Take what is held, all or part; the rest is given back"},
    {"POST", "/v1/redemptions/{id}/release", Scope::kRedemptions, release_redemption,
     "Give back what is held, all or part"},
    {"POST", "/v1/redemptions/{id}/extend", Scope::kRedemptions, extend_redemption,
     "Hold it for longer"},
    {"POST", "/v1/redemptions/{id}/reverse", Scope::kRedemptions, reverse_redemption,
     "Give back what was captured and paid no sale"},
    {"GET", "/v1/redemptions/{source}/{id}", Scope::kRedemptions, get_redemption,
     "A redemption as it stands"},
    {"POST", "/v1/pools", Scope::kMembers, open_pool, "Open a pool of members' points"},
    {"POST", "/v1/pools/{id}/join", Scope::kMembers, join_pool, "Let a member join a pool"},
    {"POST", "/v1/pools/{id}/leave", Scope::kMembers, leave_pool, "Let a member leave a pool"},
    {"GET", "/v1/pools/{id}", Scope::kMembers, get_pool, "A pool and who is in it"},

    {"GET", "/v1/rewards", Scope::kRedemptions, list_rewards,
     "What a member can have now, and what is missing for the rest"},
    {"POST", "/v1/rewards/{id}/take", Scope::kRedemptions, take_reward,
     "Take a reward for points; the answer has its voucher"},
    {"GET", "/v1/members/{id}/vouchers", Scope::kMembers, list_vouchers,
     "The vouchers of a member"},
    {"POST", "/v1/vouchers", Scope::kAdmin, issue_vouchers, "Issue vouchers, or import codes"},
    {"POST", "/v1/vouchers/{code}/quote", Scope::kRedemptions, quote_voucher,
     "What it takes off a basket; nothing is stored"},
    {"POST", "/v1/vouchers/{code}/reserve", Scope::kRedemptions, reserve_voucher,
     "Keep it for a basket for a while"},
    {"POST", "/v1/vouchers/{code}/redeem", Scope::kRedemptions, redeem_voucher,
     "Use it for a basket"},
    {"POST", "/v1/vouchers/{code}/release", Scope::kRedemptions, release_voucher,
     "Let go of the reservation or redemption of the same id"},

    {"GET", "/v1/programme", Scope::kProgramme, get_programme, "The programme in force"},
    {"GET", "/v1/programme/versions", Scope::kProgramme, list_versions, "Every published version"},
    {"POST", "/v1/programme/validate", Scope::kProgramme, validate_programme,
     "Check a programme and run its cases"},
    {"POST", "/v1/programme/diff", Scope::kProgramme, diff_programme,
     "What changed, in words of the domain"},
    {"POST", "/v1/programme/simulate", Scope::kProgramme, simulate_programme,
     "A stored period under old and new rules"},
    {"POST", "/v1/programme/publish", Scope::kProgramme, publish_programme,
     "Put a programme in force"},
    {"POST", "/v1/programme/rollback", Scope::kProgramme, rollback_programme,
     "Put the content of an old version in force again"},
    {"GET", "/v1/programme/proposals", Scope::kProgramme, list_proposals,
     "Programmes that wait for another person, and those that did"},
    {"POST", "/v1/programme/proposals/{number}/approve", Scope::kProgramme, approve_proposal,
     "Agree to a proposal"},
    {"POST", "/v1/programme/proposals/{number}/withdraw", Scope::kProgramme, withdraw_proposal,
     "Take a proposal back"},
    {"POST", "/v1/programme/rules/{id}/stop", Scope::kProgramme, stop_rule,
     "Stop a rule at once, in every process on the store"},
    {"POST", "/v1/programme/rules/{id}/resume", Scope::kProgramme, resume_rule,
     "Let a stopped rule go on"},
    {"GET", "/v1/events", Scope::kReports, list_events, "What was booked, in order, by cursor"},
    {"POST", "/v1/webhooks", Scope::kAdmin, add_webhook,
     "Have what is booked posted to an address"},
    {"GET", "/v1/webhooks", Scope::kAdmin, list_webhooks, "All webhooks, and how far they are"},
    {"GET", "/v1/webhooks/{id}", Scope::kAdmin, get_webhook, "A webhook, and how far it is"},
    {"DELETE", "/v1/webhooks/{id}", Scope::kAdmin, remove_webhook, "Post no more to it"},
    {"POST", "/v1/webhooks/{id}/resume", Scope::kAdmin, resume_webhook,
     "Switch it on again, and try at once"},

    {"GET", "/healthz", Scope::kOpen, get_health, "Whether the process answers"},
    {"GET", "/readyz", Scope::kOpen, get_readiness,
     "Whether it takes writes, under which programme"},
    {"GET", "/metrics", Scope::kOpen, get_metrics, "Counters for Prometheus"},
    {"GET", "/openapi.yaml", Scope::kOpen, get_openapi, "This interface as OpenAPI 3.1"},
    {"GET", "/docs", Scope::kOpen, get_docs, "This reference for people"},
    {"GET", "/console", Scope::kOpen, get_console, "Leads to /console/"},
    {"GET", "/console/", Scope::kOpen, get_console_page,
     "The console for associates and the loyalty team"},
    {"GET", "/console/{file}", Scope::kOpen, get_console_file, "What the console is made of"},

    {"GET", "/v1/sandbox/clock", Scope::kOpen, get_sandbox_clock, "What time it is", true},
    {"PUT", "/v1/sandbox/clock", Scope::kOpen, set_sandbox_clock,
     "Stop the clock at a moment and do what is due", true},
    {"POST", "/v1/sandbox/reset", Scope::kOpen, reset_sandbox,
     "An empty store under the same programme", true},
    {"PUT", "/v1/sandbox/programme", Scope::kOpen, put_sandbox_programme,
     "Publish a programme at once", true},
});

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

std::vector<RouteName> route_names() {
  std::vector<RouteName> names;
  for (const Route& route : kRoutes) names.push_back({route.method, route.pattern});
  return names;
}

}  // namespace laurel::daemon
