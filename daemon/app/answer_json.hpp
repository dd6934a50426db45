#pragma once
// What the engine answers, as JSON. Points are numbers (integers in a wallet of scale 0, decimal
// literals otherwise), money is a decimal string, a moment is RFC 3339 in UTC. `expires_at` is the
// last second at which points live; null where they never expire. A tier's `until` is its last
// local day.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "json/writer.hpp"
#include "laurel/history.hpp"
#include "laurel/member.hpp"
#include "laurel/programme.hpp"
#include "laurel/publishing.hpp"
#include "laurel/receipt.hpp"

namespace laurel::daemon {

// What is needed to show points: the programme in force. Without one, they have no decimals.
class Display {
 public:
  Display() = default;
  explicit Display(Programme programme) : programme_(std::move(programme)) {}
  int scale_of(std::string_view wallet) const;  // empty: the first wallet
  Currency currency() const;
  Date local_date(Instant instant) const;  // in the programme's zone; without one, in UTC

 private:
  std::optional<Programme> programme_;
};

// A field "paid_with_points", where it was.
void write_paid(json::Writer& writer, const Receipt& receipt, const Display& display);
// With a field "explanation" where there is one.
void write_receipt(json::Writer& writer, const Receipt& receipt, const Display& display,
                   const Explanation* explanation = nullptr);
void write_explanation(json::Writer& writer, const Explanation& explanation,
                       const Display& display);
void write_member(json::Writer& writer, const Member& member);
// The member, and whether the enrolment was known already.
void write_enrolled(json::Writer& writer, const Enrolled& enrolled);
void write_evidence(json::Writer& writer, std::span<const Evidence> evidence);
// A field "wallets": an object by wallet.
void write_balances(json::Writer& writer, std::span<const WalletBalance> balances);
void write_tier_gift(json::Writer& writer, const TierGift& gift, const TierGiftReceipt& receipt);
void write_statement(json::Writer& writer, const Statement& statement, const Display& display);

enum class Audience { kStaff, kSubscriber };  // a subscriber sees no actor and no free text
void write_entry(json::Writer& writer, const EntryView& entry, const Display& display,
                 Audience audience);

void write_publication(json::Writer& writer, const Publication& publication,
                       std::span<const ProgrammeFault> warnings = {});
// Without the end of its object, so that more may be said.
void begin_programme(json::Writer& writer, const Programme& programme);
// A field "faults".
void write_faults(json::Writer& writer, std::span<const ProgrammeFault> faults);

std::string_view text_of(TransactionKind kind);
std::string_view text_of(TransactionState state);
std::string_view text_of(MemberStatus status);

}  // namespace laurel::daemon
