#pragma once
// A house full of tills: random requests to an engine, and the plain model told of each. What the
// engine answers is held against what the model expects. Now and then the store fails and the house
// starts again: whoever got no answer asks once more, as a till does.

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "laurel/laurel.hpp"
#include "model.hpp"
#include "shop.hpp"
#include "store/fault_store.hpp"

namespace laurel::simulation {

class House {
 public:
  explicit House(std::uint64_t seed, const std::string& store = "memory:");

  void step();
  // Books what is due, rebuilds every figure from the model and the bare postings, and compares.
  void audit();
  // The ledger proves itself.
  void verify();
  std::int64_t accepted() const { return accepted_; }
  std::int64_t refused() const { return refused_; }
  std::int64_t crashes() const { return crashes_; }
  std::int64_t redeemed() const { return redeemed_; }

 private:
  // Requests.
  void publish();
  void enrol();
  void sell();
  void sell_before_its_return();
  void give_back();
  void exchange();
  void undo_exchange(const Sale& sale, const std::string& by);
  void void_sale();
  void void_return();
  void claim();
  void adjust();
  void redeem();
  void send_again();
  void send_again_changed();

  Sale& new_sale();
  Transaction document_of(const Sale& sale, const std::string& card);
  void post_sale(Sale& sale, const std::string& card);
  void took(Sale& sale, const std::string& card);  // the till has answered
  Document new_return(const Sale& sale, bool whole);
  Transaction transaction_of(const Sale& sale, const Document& document, TransactionKind kind);
  Transaction voiding(const Sale& sale, const Document& document);
  void post_document(Sale& sale, Document document, TransactionKind kind);
  bool posts(const Transaction& transaction, bool expected);
  Sale* any_sale();
  std::string any_card() {
    return "c" + std::to_string(below(static_cast<std::uint64_t>(30 + ids_ / 200)));
  }
  const std::pair<const std::string, MemberId>& any_member();

  void start();
  // Asks, and where the store failed meanwhile, starts again and asks once more.
  template <class Ask>
  auto surely(const Ask& ask) {
    if (!once_in(40)) return ask();
    using store::FaultPoint;
    constexpr FaultPoint kPoints[] = {FaultPoint::kRead, FaultPoint::kView,
                                      FaultPoint::kBeforeCommit, FaultPoint::kAfterCommit};
    const auto point = kPoints[below(4)];
    store_->fail(point, point == FaultPoint::kView ? static_cast<std::int64_t>(below(12)) + 1 : 1);
    auto answer = ask();
    const bool failed = store_->failed();
    store_->fail(FaultPoint::kNone, 0);
    if (!failed) return answer;
    EXPECT_FALSE(answer.ok()) << "a failing store was kept quiet about";
    ++crashes_;
    start();
    return ask();
  }

  // Audits.
  std::string sale_of(const EntryView& entry, const std::map<EntryId, std::string>& keys) const;
  void audit_entries();
  void audit_members();
  void audit_statements(const Member& member);

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  Instant some_time_ago();
  std::string next_id(const char* kind) { return kind + std::to_string(++ids_); }
  Version version_at(Instant at) const;

  std::mt19937_64 random_;
  ManualClock clock_;
  std::shared_ptr<store::FaultStore> store_;
  std::unique_ptr<Engine> engine_;
  std::int64_t ids_ = 0, accepted_ = 0, refused_ = 0, crashes_ = 0, redeemed_ = 0;

  std::vector<std::pair<Instant, Version>> versions_;
  std::map<std::string, MemberId> cards_;
  std::vector<std::unique_ptr<Sale>> sales_;
  std::map<std::string, std::string> about_;  // a document's sale, by their ids
  std::map<MemberId, std::int64_t> adjusted_;
  // Sums of the bare postings, by account.
  std::map<MemberId, std::map<std::string, std::int64_t>> accounts_;
  std::vector<std::pair<Transaction, Receipt>> answered_;
};

}  // namespace laurel::simulation
