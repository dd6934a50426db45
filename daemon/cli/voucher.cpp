// `laurel voucher`: codes made and imported in bulk, and one looked at.

#include <algorithm>
#include <istream>
#include <ostream>

#include "app/voucher_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr std::int64_t kCodesPerOrder = 1'000;
constexpr std::size_t kOrdersAtOnce = 16;

VoucherOrder order_of(const VoucherCommand& command, std::int64_t part) {
  VoucherOrder order;
  order.key = {"command-line", command.id + "#" + std::to_string(part)};
  order.actor = command.by;
  order.reason = command.reason;
  order.reward = command.reward;
  order.pool = command.pool;
  order.waits = command.waits || command.partner;
  order.partner = command.partner;
  return order;
}

// "7KQW2M8T", {"code":"7KQW2M8T"}, or the first column of a line of CSV.
std::string code_in(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  const auto name = line.find("\"code\"");
  if (line.starts_with('{') && name != std::string::npos) {
    const auto from = line.find('"', line.find(':', name));
    const auto until = from == std::string::npos ? from : line.find('"', from + 1);
    return until == std::string::npos ? std::string() : line.substr(from + 1, until - from - 1);
  }
  line = line.substr(0, line.find_first_of(",;\t"));
  std::erase(line, '"');
  return line == "code" ? std::string() : line;
}

// Orders are carried out some at a time; what was ordered before is only told again.
class Orders {
 public:
  Orders(const VoucherCommand& command, Terminal& terminal, Engine& engine, std::int64_t all)
      : command_(command),
        terminal_(terminal),
        engine_(engine),
        progress_(terminal, command.action == VoucherAction::kImport ? "importing" : "generating",
                  "codes", all) {}

  Result<void> add(VoucherOrder order) {
    orders_.push_back(std::move(order));
    return orders_.size() < kOrdersAtOnce ? Result<void>{} : flush();
  }

  Result<void> flush() {
    for (const auto& issued : engine_.vouchers().issue(orders_)) {
      if (!issued) return issued.error();
      done_ += static_cast<std::int64_t>(issued->codes.size());
      if (issued->replayed) known_ += static_cast<std::int64_t>(issued->codes.size());
      if (command_.action != VoucherAction::kGenerate) continue;
      for (const auto& code : issued->codes) terminal_.out << code << "\n";
    }
    orders_.clear();
    progress_.show(done_);
    return {};
  }

  std::int64_t next() { return ++parts_; }
  std::int64_t done() const { return done_; }
  std::int64_t known() const { return known_; }

 private:
  const VoucherCommand& command_;
  Terminal& terminal_;
  Engine& engine_;
  ProgressBar progress_;
  std::vector<VoucherOrder> orders_;
  std::int64_t parts_ = 0, done_ = 0, known_ = 0;
};

Result<void> generate(const VoucherCommand& command, Orders& orders) {
  for (std::int64_t left = command.count; left > 0; left -= kCodesPerOrder) {
    auto order = order_of(command, orders.next());
    order.count = std::min(left, kCodesPerOrder);
    if (auto added = orders.add(std::move(order)); !added) return added;
  }
  return orders.flush();
}

Result<void> import(const VoucherCommand& command, std::istream& input, Orders& orders) {
  std::string line;
  std::vector<std::string> codes;
  const auto send = [&]() -> Result<void> {
    if (codes.empty()) return {};
    auto order = order_of(command, orders.next());
    order.codes = std::move(codes);
    codes.clear();
    return orders.add(std::move(order));
  };
  while (std::getline(input, line)) {
    auto code = code_in(std::move(line));
    if (!code.empty()) codes.push_back(std::move(code));
    if (std::ssize(codes) < kCodesPerOrder) continue;
    if (auto sent = send(); !sent) return sent;
  }
  if (auto sent = send(); !sent) return sent;
  return orders.flush();
}

int show(const VoucherCommand& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto voucher = session->engine->vouchers().show(command.code);
  if (!voucher) return answer_no(terminal, voucher.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer writer(text);
    write_voucher(writer, *voucher);
    terminal.out << text << "\n";
    return kFine;
  }
  const std::string worth = voucher->kind == "money"
                                ? voucher->left + " of " + voucher->amount + " " + voucher->currency
                            : voucher->kind == "percent" ? voucher->percent + "%"
                                                         : voucher->item;
  terminal.out << table(
      {{"voucher", voucher->readable},
       {"state", voucher->state},
       {"worth", voucher->kind + " " + worth},
       {"reward", voucher->reward},
       {"pool", voucher->pool},
       {"owner", voucher->owner ? voucher->owner.text() : "whoever shows it"},
       {"uses left", std::to_string(voucher->uses_left)},
       {"until", voucher->valid_until == kNever ? "for good" : to_text(voucher->valid_until)},
       {"issued by entry", std::to_string(voucher->issued_by.number())}},
      "ll");
  return kFine;
}

}  // namespace

int run(const VoucherCommand& command, Terminal& terminal) {
  if (command.action == VoucherAction::kShow) return show(command, terminal);
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  std::int64_t done = 0, known = 0;
  {
    Orders orders(command, terminal, *session->engine, command.count);
    Result<void> result;
    if (command.action == VoucherAction::kGenerate) {
      result = generate(command, orders);
    } else {
      auto input = open_input(command.file);
      if (!input) return fail(terminal, input.error());
      result = import(command, *input->stream, orders);
    }
    if (!result) return answer_no(terminal, result.error());
    done = orders.done();
    known = orders.known();
  }
  terminal.err << grouped(done) << " codes"
               << (known > 0 ? ", " + grouped(known) + " of them were there already" : "") << "\n";
  return kFine;
}

}  // namespace laurel::daemon::cli
