#pragma once
// What can go wrong, grouped by what the caller does next. The list is closed: every code has one
// number for ever (numbers are stored and logged), one class, and one entry in
// docs/reference/errors.md; a test provokes each. Where several faults apply, the code that stands
// first in the list is the one reported.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace laurel {

// Decides the HTTP status and whether a retry can help.
enum class ErrorClass : std::uint8_t {
  kInvalid,       // 400: can never succeed; every faulty field is listed
  kUnauthorised,  // 401: no key, or not one we know
  kForbidden,     // 403: a known key that may not do this
  kNotFound,      // 404
  kConflict,      // 409: the key is already used for other content
  kRefused,       // 422: the state of the ledger says no
  kTooMany,       // 429: slow down, then retry with the same key
  kBusy,          // 503: retry with the same key
  kBroken,        // 500: a bug or a damaged store; nothing was written
};

// X(identifier, number, class, name as it travels, one line for people)
#define LAUREL_ERROR_CODES(X)                                                                      \
  X(kMalformed, 100, kInvalid, "malformed", "the request cannot be read")                          \
  X(kInvalid, 101, kInvalid, "invalid", "one or more fields are wrong")                            \
  X(kInvalidProgramme, 102, kInvalid, "invalid_programme", "the programme has faults")             \
  X(kTooLarge, 103, kInvalid, "too_large", "the request is larger than the limit")                 \
  X(kUnauthorised, 200, kUnauthorised, "unauthorised", "no valid API key was given")               \
  X(kForbidden, 210, kForbidden, "forbidden", "the API key may not do this")                       \
  X(kNotFound, 300, kNotFound, "not_found", "there is no such thing")                              \
  X(kUnknownMember, 301, kNotFound, "unknown_member", "no member has this id or identifier")       \
  X(kUnknownTransaction, 302, kNotFound, "unknown_transaction", "no such transaction is stored")   \
  X(kUnknownRedemption, 310, kNotFound, "unknown_redemption", "no redemption has this id")         \
  X(kUnknownVersion, 330, kNotFound, "unknown_version",                                            \
    "no version or proposal of the programme has this number")                                     \
  X(kUnknownRule, 331, kNotFound, "unknown_rule", "no version of the programme has this rule")     \
  X(kUnknownReviewItem, 340, kNotFound, "unknown_review_item",                                     \
    "no item of the review queue has this number")                                                 \
  X(kUnknownAdjustment, 341, kNotFound, "unknown_adjustment",                                      \
    "no adjustment or batch has this id")                                                          \
  X(kUnknownReward, 370, kNotFound, "unknown_reward", "the catalogue has no reward of this id")    \
  X(kConflict, 400, kConflict, "idempotency_conflict",                                             \
    "the key is already used for other content")                                                   \
  X(kIdentifierTaken, 401, kConflict, "identifier_taken",                                          \
    "the identifier belongs to another member")                                                    \
  X(kAlreadyReversed, 500, kRefused, "already_reversed", "it has been taken back in full already") \
  X(kExceedsOriginal, 501, kRefused, "exceeds_original", "more is taken back than was sold")       \
  X(kAlreadyAttributed, 502, kRefused, "already_attributed",                                       \
    "the transaction has a member already")                                                        \
  X(kClaimWindowClosed, 503, kRefused, "claim_window_closed", "the time to claim it has passed")   \
  X(kInsufficientPoints, 504, kRefused, "insufficient_points", "fewer points are available")       \
  X(kMemberNotActive, 505, kRefused, "member_not_active",                                          \
    "the member is frozen, closed or merged")                                                      \
  X(kOutOfRange, 506, kRefused, "out_of_range", "the result would exceed what can be counted")     \
  X(kNoProgramme, 507, kRefused, "no_programme", "no programme is in force at that time")          \
  X(kCasesFailed, 508, kRefused, "cases_failed", "the programme's own test cases fail")            \
  X(kReturnWithoutSale, 509, kRefused, "return_without_sale",                                      \
    "the programme takes no return without its sale")                                              \
  X(kNotReversible, 510, kRefused, "not_reversible",                                               \
    "this kind of transaction cannot be taken back")                                               \
  X(kHoldExpired, 511, kRefused, "hold_expired", "the time of the hold has run out")               \
  X(kInvalidState, 512, kRefused, "invalid_state", "it has ended already, in another way")         \
  X(kNotRedeemable, 513, kRefused, "not_redeemable", "points are not taken for this")              \
  X(kIdentifierTooWeak, 514, kRefused, "identifier_too_weak",                                      \
    "the identifier may earn points, but not spend them")                                          \
  X(kStepUpRequired, 515, kRefused, "step_up_required",                                            \
    "an identifier was changed lately; make sure of the person a second time")                     \
  X(kBelowMinimum, 516, kRefused, "below_minimum", "fewer points than the programme takes")        \
  X(kInReview, 520, kRefused, "in_review", "a person has to decide on it, or has refused it")      \
  X(kAlreadyDecided, 521, kRefused, "already_decided", "it has been decided otherwise")            \
  X(kAmbiguousMember, 522, kRefused, "ambiguous_member",                                           \
    "its identifiers name several members; say whose it is")                                       \
  X(kLimitsExceeded, 540, kRefused, "limits_exceeded",                                             \
    "the programme exceeds its declared limits")                                                   \
  X(kNotApproved, 541, kRefused, "not_approved", "this person cannot decide on the proposal")      \
  X(kCannotSimulate, 542, kRefused, "cannot_simulate",                                             \
    "what is stored does not say what would be")                                                   \
  X(kVoucherNotValid, 570, kRefused, "voucher_not_valid", "the voucher cannot be used here")       \
  X(kLimitReached, 571, kRefused, "limit_reached", "there is none left")                           \
  X(kNotAvailable, 572, kRefused, "not_available", "the member cannot have it now")                \
  X(kBasketTooSmall, 573, kRefused, "basket_too_small", "the voucher asks for a larger basket")    \
  X(kAdjustmentLimit, 580, kRefused, "adjustment_limit",                                           \
    "it is more than this person may give or take by hand")                                        \
  X(kRefusedByGuard, 581, kRefused, "refused_by_guard", "a guard of the programme refuses it")     \
  X(kTooManyRequests, 600, kTooMany, "too_many_requests", "the rate limit of the key is reached")  \
  X(kBusy, 610, kBusy, "busy", "the store or the daemon is busy")                                  \
  X(kStopping, 611, kBusy, "stopping", "the daemon is shutting down")                              \
  X(kReadOnly, 612, kBusy, "read_only", "writing is stopped until a restart")                      \
  X(kBroken, 900, kBroken, "broken", "an internal fault; nothing was written")                     \
  X(kStoreFailed, 901, kBroken, "store_failed", "the store failed; nothing was written")           \
  X(kOutcomeUnknown, 902, kBroken, "outcome_unknown",                                              \
    "the store failed while committing; ask again after the restart")                              \
  X(kInvariantBroken, 903, kBroken, "invariant_broken", "the ledger refused an unbalanced change") \
  X(kDrift, 904, kBroken, "drift", "stored state does not follow from the entries")

enum class ErrorCode : std::uint16_t {
#define LAUREL_ENUMERATOR(id, number, cls, name, text) id = number,
  LAUREL_ERROR_CODES(LAUREL_ENUMERATOR)
#undef LAUREL_ENUMERATOR
};

struct ErrorInfo {
  ErrorCode code;
  ErrorClass error_class;
  std::string_view name;   // stable; travels in JSON as `code`
  std::string_view title;  // for people
};

// All codes, by descending precedence.
std::span<const ErrorInfo> all_errors();
const ErrorInfo& info(ErrorCode code);

// One faulty field of the input.
struct FieldFault {
  std::string pointer;  // RFC 6901, e.g. "/lines/0/amount"
  std::string code;     // e.g. "unknown_currency"
  std::string detail;   // what is wrong and what would be right
};

struct Error {
  ErrorCode code = ErrorCode::kBroken;
  std::string detail;
  std::vector<FieldFault> faults =
      {};  // kInvalid: every one of them; kConflict: the first that differs

  ErrorClass error_class() const { return info(code).error_class; }
  std::string_view name() const { return info(code).name; }
};

}  // namespace laurel
