#pragma once
// Hands transactions to the engine in chunks, in the order in which they come, and counts what
// became of them. Sending the same file again posts nothing twice: what stands already is counted
// as replayed.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "laurel/engine.hpp"

namespace laurel::daemon::cli {

// Points of one wallet that this run moved; what was replayed moved them long ago.
struct PointsMoved {
  int scale = 0;
  Points earned, reversed;
};

struct Tally {
  std::int64_t posted = 0;
  std::int64_t replayed = 0;
  std::int64_t refused = 0;
  // Of those posted and replayed.
  std::int64_t sales = 0, returns = 0, others = 0;
  std::int64_t unattributed = 0;       // sales of nobody we know
  std::int64_t returns_unmatched = 0;  // kept without their sale
  std::int64_t waiting = 0;            // their original has not come yet
  std::int64_t for_review = 0;
  std::map<std::string, std::int64_t> refused_why = {};  // by error code
  std::vector<std::string> refused_first = {};           // "R-7: too old …", the first few
  std::map<std::string, PointsMoved> points = {};        // by wallet
};

class Poster {
 public:
  Poster(Engine& engine, std::size_t chunk) : engine_(engine), chunk_(chunk) {}

  // A refusal is counted. An error that another try could cure is tried again for a while, and then
  // returned, as is one that nothing cures: the store is broken.
  Result<void> add(Transaction transaction);
  Result<void> finish();  // what waits for its chunk
  const Tally& tally() const { return tally_; }
  std::int64_t done() const { return tally_.posted + tally_.replayed + tally_.refused; }

 private:
  Result<void> flush();
  void count(const Receipt& receipt);
  void count_refusal(const TransactionKey& key, const Error& error);

  Engine& engine_;
  std::size_t chunk_;
  std::vector<Transaction> waiting_ = {};
  Tally tally_ = {};
};

}  // namespace laurel::daemon::cli
