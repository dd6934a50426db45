#pragma once
// A second opinion, as plain as can be: what customers kept of what they bought, and what that is
// worth. It shares no code with the engine, rounds once, and knows nothing of lots or entries.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/time.hpp"

namespace laurel::simulation {

// A programme version: points per 1.00, and how many times as many at the spa.
struct Version {
  std::int64_t rate = 1;
  std::int64_t spa = 1;
};

// Euro cents for one minor unit; all of them exact.
inline std::int64_t cents_of(const std::string& currency) {
  if (currency == "GBP") return 2;
  return currency == "JPY" ? 100 : 1;  // the dinar has three digits and is ten euros
}

struct SoldLine {
  bool spa = false;
  bool excluded = false;
  std::int64_t minor = 0;
  std::int64_t pieces = 1;
};

// How the customer gives things back; one way for each sale.
enum class Style : std::uint8_t { kLines, kPieces, kAmount };

// A return, or a void of the sale.
struct Document {
  std::string id;
  Instant at;
  bool all = false;
  std::size_t line = 0;     // kLines, kPieces
  std::int64_t pieces = 0;  // kPieces
  std::int64_t minor = 0;   // kAmount
  bool stands = false;      // false: it waits for its sale, or was voided
  bool voided = false;
  bool of_exchange = false;  // undone with the exchange only
};

class Sale {
 public:
  std::string id;
  std::string currency;
  Instant at;
  MemberId member;
  bool arrived = false;
  Version version;
  Style style = Style::kLines;
  std::vector<SoldLine> lines;
  std::vector<Document> documents;  // in order of arrival
  Sale* brought_back = nullptr;     // an exchange: what its return is of

  std::int64_t kept_minor() const {
    std::int64_t sum = 0;
    for (const auto minor : kept()) sum += minor;
    return sum;
  }

  // Whether the document can be taken on top of those that stand.
  bool can_take(const Document& document) const {
    if (nothing_left()) return false;
    if (document.all) return true;
    switch (style) {
      case Style::kLines: return pieces_left(document.line) > 0;
      case Style::kPieces: return pieces_left(document.line) >= document.pieces;
      case Style::kAmount: return kept_minor() >= document.minor;
    }
    return false;
  }

  // Or whether it could have been at its own time, with those that stand before and after it. A
  // void of the sale stands before all of them.
  bool could_take(const Document& document) const {
    if (can_take(document)) return true;
    std::vector<Document> in_time{document};
    for (const auto& other : documents) {
      if (other.stands) in_time.push_back(other);
    }
    const auto is_void = [](const Document& each) { return each.id.starts_with("V-"); };
    if (std::ranges::any_of(in_time, is_void)) return false;
    std::ranges::sort(in_time, {}, &Document::at);
    Sale again = *this;
    again.documents.clear();
    for (auto& each : in_time) {
      if (!again.can_take(each)) return false;
      each.stands = true;
      again.documents.push_back(each);
    }
    return true;
  }

  // The sale has come: what waited for it takes effect, in the order of its own time.
  void arrive() {
    arrived = true;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (!documents[i].voided) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      return documents[a].at < documents[b].at;
    });
    for (const auto i : order) documents[i].stands = can_take(documents[i]);
  }

  std::int64_t points() const {
    if (!arrived) return 0;
    std::int64_t weighted = 0;
    const auto left = kept();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].excluded) continue;
      weighted += left[i] * version.rate * (lines[i].spa ? version.spa : 1);
    }
    return weighted * cents_of(currency) / 100;
  }

  std::int64_t spend_cents() const {
    if (!arrived) return 0;
    std::int64_t sum = 0;
    const auto left = kept();
    for (std::size_t i = 0; i < lines.size(); ++i) sum += lines[i].excluded ? 0 : left[i];
    return sum * cents_of(currency);
  }

 private:
  // Minor units kept of each line.
  std::vector<std::int64_t> kept() const {
    std::vector<std::int64_t> left;
    for (std::size_t i = 0; i < lines.size(); ++i) left.push_back(kept_of(i));
    if (style != Style::kAmount) return left;
    // All lines earn alike where amounts are returned, so that it may be taken from any.
    std::int64_t gone = 0;
    for (const auto& document : documents) gone += document.stands ? document.minor : 0;
    for (auto& minor : left) {
      const auto part = std::min(minor, gone);
      minor -= part;
      gone -= part;
    }
    return left;
  }

  bool all_gone() const {
    return std::any_of(documents.begin(), documents.end(),
                       [](const Document& document) { return document.stands && document.all; });
  }

  std::int64_t pieces_left(std::size_t line) const {
    if (all_gone()) return 0;
    std::int64_t left = lines[line].pieces;
    for (const auto& document : documents) {
      if (!document.stands || document.line != line || style == Style::kAmount) continue;
      left -= style == Style::kLines ? lines[line].pieces : document.pieces;
    }
    return left;
  }

  // The first pieces are worth the cents that are left over.
  std::int64_t kept_of(std::size_t line) const {
    const auto& sold = lines[line];
    const std::int64_t gone = sold.pieces - pieces_left(line);
    std::int64_t minor = sold.minor;
    for (std::int64_t piece = 0; piece < gone; ++piece) {
      minor -= sold.minor / sold.pieces + (piece < sold.minor % sold.pieces ? 1 : 0);
    }
    return minor;
  }

  bool nothing_left() const {
    if (style == Style::kAmount) return all_gone() || kept_minor() == 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (pieces_left(i) > 0) return false;
    }
    return true;
  }
};

// The local year in Rome, whose clock is an hour ahead in winter.
inline int year_of(Instant at) {
  const std::chrono::year_month_day day =
      std::chrono::floor<std::chrono::days>(at + std::chrono::hours(1));
  return static_cast<int>(day.year());
}

}  // namespace laurel::simulation
