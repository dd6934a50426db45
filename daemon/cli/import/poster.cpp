#include "cli/import/poster.hpp"

#include <chrono>
#include <thread>

namespace laurel::daemon::cli {

namespace {

constexpr std::size_t kRefusalsShown = 10;
constexpr int kTries = 8;
constexpr std::chrono::milliseconds kFirstPause{50};  // then twice as long each time

enum class Outcome { kDone, kRefused, kTryAgain, kStop };

Outcome outcome_of(const Result<Receipt>& result) {
  if (result) return Outcome::kDone;
  switch (result.error().error_class()) {
    case ErrorClass::kInvalid:
    case ErrorClass::kUnauthorised:
    case ErrorClass::kForbidden:
    case ErrorClass::kNotFound:
    case ErrorClass::kConflict:
    case ErrorClass::kRefused: return Outcome::kRefused;
    case ErrorClass::kTooMany: return Outcome::kTryAgain;
    case ErrorClass::kBusy:
      return result.error().code == ErrorCode::kReadOnly ? Outcome::kStop : Outcome::kTryAgain;
    case ErrorClass::kBroken: return Outcome::kStop;
  }
  return Outcome::kStop;
}

}  // namespace

Result<void> Poster::add(Transaction transaction) {
  waiting_.push_back(std::move(transaction));
  return waiting_.size() < chunk_ ? Result<void>() : flush();
}

Result<void> Poster::finish() { return flush(); }

Result<void> Poster::flush() {
  auto pause = kFirstPause;
  for (int tries = 1; !waiting_.empty(); ++tries) {
    const auto results = engine_.post_all(waiting_);
    std::vector<Transaction> again;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Outcome outcome = outcome_of(results[i]);
      if (outcome == Outcome::kStop || (outcome == Outcome::kTryAgain && tries == kTries)) {
        return results[i].error();
      }
      if (outcome == Outcome::kDone) count(*results[i]);
      if (outcome == Outcome::kRefused) count_refusal(waiting_[i].key, results[i].error());
      if (outcome == Outcome::kTryAgain) again.push_back(std::move(waiting_[i]));
    }
    waiting_ = std::move(again);
    if (waiting_.empty()) break;
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
  return {};
}

void Poster::count(const Receipt& receipt) {
  ++(receipt.replayed ? tally_.replayed : tally_.posted);
  switch (receipt.kind) {
    case TransactionKind::kSale:
      ++tally_.sales;
      if (!receipt.attribution.member) ++tally_.unattributed;
      break;
    case TransactionKind::kReturn: ++tally_.returns; break;
    case TransactionKind::kVoid:
    case TransactionKind::kEvent: ++tally_.others; break;
  }
  if (receipt.state == TransactionState::kUnmatched) ++tally_.returns_unmatched;
  if (receipt.state == TransactionState::kWaiting) ++tally_.waiting;
  if (receipt.state == TransactionState::kReview) ++tally_.for_review;
  if (receipt.replayed) return;
  for (const WalletBalance& balance : receipt.wallets) {
    tally_.points[balance.wallet].scale = balance.scale;
  }
  for (const WalletEarning& earning : receipt.points) {
    tally_.points[earning.wallet].earned += earning.earned;
  }
  for (const WalletReversal& reversal : receipt.reversed) {
    tally_.points[reversal.wallet].reversed += reversal.points;
  }
}

void Poster::count_refusal(const TransactionKey& key, const Error& error) {
  ++tally_.refused;
  ++tally_.refused_why[std::string(error.name())];
  if (tally_.refused_first.size() >= kRefusalsShown) return;
  std::string text = key.id + ": " + error.detail;
  for (const FieldFault& fault : error.faults) text += "; " + fault.pointer + ": " + fault.detail;
  tally_.refused_first.push_back(std::move(text));
}

}  // namespace laurel::daemon::cli
