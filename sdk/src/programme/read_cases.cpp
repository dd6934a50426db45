// The programme's own test cases, as transactions and what is expected of them.

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::string_view kSource = "case";
constexpr Date kLastDay = std::chrono::year(9999) / std::chrono::December / 31;

class CaseReader {
 public:
  CaseReader(const ProgrammeReader& reader, const Draft& draft)
      : draft_(draft), faults_(reader.faults()) {}

  Case read(const Block& block) {
    Case out{.name = block.text("name").value_or(""),
             .file = faults_.file_name(block.place().file),
             .line = block.place().line};
    now_.reset();
    sales_.clear();
    if (const auto given = block.map("given")) {
      if (const auto member = given->map("member")) read_given(*member, out);
    }
    step_ = 0;
    for (const Block& step : block.maps("when")) read_step(step, out);
    return out;
  }

 private:
  using PointsList = std::vector<std::pair<std::string, Points>>;

  void read_given(const Block& member, Case& out) {
    if (const auto tier = member.text("tier")) {
      out.given_tier = *tier;
      check_tier(*member.node().find("tier"));
    }
    if (const Node* spend = member.node().find("spend"); spend != nullptr) {
      const auto text = member.text("spend");
      const auto minor =
          text ? units_of(*spend, *text, draft_.currency->exponent(), faults_) : std::nullopt;
      out.given_spend_minor = minor.value_or(0);
      if (draft_.tiers.metric != TierMetric::kSpend) {
        faults_.add(spend->place, "no_effect", "it is not spend that counts for the tiers here",
                    "give the points, or let the events happen in the case");
      }
    }
    out.given_points = read_points(member, "points");
    if (const auto born = member.text("born")) out.given_member.born = *parse_date(*born);
    if (const auto enrolled = member.text("enrolled")) {
      out.given_enrolled = draft_.zone->start_of_day(*parse_date(*enrolled));
    }
    out.given_member.language = member.text("language").value_or("");
    out.given_member.segments = member.texts("segments");
    std::ranges::sort(out.given_member.segments);
  }

  void check_tier(const Node& node) {
    std::vector<std::string> ids;
    for (const TierLevel& level : draft_.tiers.levels) ids.push_back(level.id);
    is_known(node, "tier", ids, faults_);
  }

  PointsList read_points(const Block& block, std::string_view key) {
    PointsList out;
    if (const auto by_wallet = block.map(key)) {
      for (const Entry& entry : by_wallet->entries()) {
        const auto wallet = std::ranges::find(draft_.wallets, entry.key->text, &WalletPolicy::id);
        if (wallet == draft_.wallets.end()) {
          faults_.add(entry.key->place, "unknown_name",
                      "the programme has no wallet " + in_quotes(entry.key->text));
        } else {
          add_points(*entry.value, *wallet, out);
        }
      }
    } else if (!draft_.wallets.empty() && block.has(key)) {
      add_points(*block.node().find(key), draft_.wallets.front(), out);
    }
    return out;
  }

  void add_points(const Node& node, const WalletPolicy& wallet, PointsList& out) {
    if (node.kind != Node::Kind::kScalar || number_fault(node.text)) return;
    if (const auto units = units_of(node, node.text, wallet.scale, faults_)) {
      out.emplace_back(wallet.id, Points(*units));
    }
  }

  void read_step(const Block& step, Case& out) {
    constexpr std::string_view kActions[] = {"sale", "return", "void", "event",
                                             "take", "look",   "wait"};
    ++step_;
    const auto given =
        std::ranges::count_if(kActions, [&](std::string_view key) { return step.has(key); });
    if (given != 1) {
      faults_.add(step.place(), given == 0 ? "missing_key" : "contradiction",
                  "a step is one of `sale`, `return`, `void`, `event`, `take`, `look` and `wait`");
      return;
    }
    CaseStep next;
    next.line = step.place().line;
    if (const auto wait = step.text("wait")) {
      pass(*parse_period(*wait), step);
      if (!step.has("then")) return;
    }
    if (const auto sale = step.map("sale")) next.post = read_sale(*sale);
    if (const auto back = step.map("return")) next.post = read_return(*back);
    if (const auto taken = step.map("void")) next.post = read_void(*taken);
    if (const auto event = step.map("event")) next.post = read_event(*event);
    if (const auto take = step.map("take")) read_take(*take, next);
    if (const auto look = step.map("look")) set_time(*look);
    if (next.post) next.post->at = time();
    next.at = time();
    if (const auto then = step.map("then")) read_expected(*then, next.expect);
    out.steps.push_back(std::move(next));
  }

  void read_expected(const Block& then, CaseStep::Expect& expect) {
    expect.earned = read_points(then, "points");
    expect.reversed = read_points(then, "reversed");
    expect.available = read_points(then, "available");
    expect.pending = read_points(then, "pending");
    expect.debt = read_points(then, "debt");
    expect.awards = read_awards(then);
    if (then.has("vouchers")) expect.vouchers = read_vouchers(then);
    expect.tier = then.text("tier");
    expect.error = then.text("error");
    if (expect.tier) check_tier(*then.node().find("tier"));
  }

  std::vector<std::string> reward_ids() const {
    std::vector<std::string> ids;
    for (const Reward& reward : draft_.catalogue.rewards) ids.push_back(reward.id);
    return ids;
  }

  void read_take(const Block& take, CaseStep& next) {
    set_time(take);
    next.take = take.text("reward").value_or("");
    next.take_department = declared(take, "department", draft_.departments);
    next.take_channel = declared(take, "channel", draft_.channels);
    if (!next.take.empty()) is_known(*take.node().find("reward"), "reward", reward_ids(), faults_);
  }

  std::vector<std::string> read_vouchers(const Block& then) {
    std::vector<std::string> given;
    for (const Node* node : then.values("vouchers")) {
      if (node->text == "none") continue;
      if (is_known(*node, "reward", reward_ids(), faults_)) given.push_back(node->text);
    }
    std::ranges::sort(given);
    return given;
  }

  PointsList read_awards(const Block& then) {
    PointsList out;
    const auto awards = then.map("awards");
    if (!awards) return out;
    for (const Entry& entry : awards->entries()) {
      const auto rule = std::ranges::find(draft_.rules, entry.key->text, &RuleDraft::id);
      if (rule == draft_.rules.end()) {
        faults_.add(entry.key->place, "unknown_name",
                    "the programme has no rule " + in_quotes(entry.key->text));
      } else {
        const std::size_t before = out.size();
        add_points(*entry.value, draft_.wallets[rule->wallet], out);
        if (out.size() > before) out.back().first = rule->id;
      }
    }
    return out;
  }

  // ---- Time

  Instant time() const {
    return now_ && draft_.zone ? draft_.zone->instant(*now_) : draft_.effective_from;
  }

  void set_time(const Block& block) {
    const auto text = block.text("at");
    if (!text) {
      if (!block.has("at") && !now_ && !block.has_strange_keys()) {
        faults_.add(block.place(), "missing_key", "the first step says when: `at` is missing");
      }
      return;
    }
    const LocalTime at = *parse_local_time(*text);
    if (now_ && at < *now_) {
      faults_.add(block.place_of("at"), "contradiction", "it lies before the step before it");
    }
    now_ = at;
  }

  void pass(Period period, const Block& step) {
    if (!now_) {
      faults_.add(step.place(), "missing_key", "nothing has happened yet from which to wait");
      return;
    }
    const Date then = add(now_->date, period);
    if (then > kLastDay) {
      faults_.add(step.place(), "out_of_range", "no year after 9999 is reached");
    } else {
      now_->date = then;
    }
  }

  // ---- Transactions

  Transaction transaction(const Block& block, TransactionKind kind, std::string_view name) {
    set_time(block);
    Transaction out;
    out.kind = kind;
    out.key = {std::string(kSource),
               block.text("id").value_or(std::string(name) + "-" + std::to_string(step_))};
    return out;
  }

  // The value of `key`, which must be one that the programme declares, if it declares any.
  std::string declared(const Block& block, std::string_view key,
                       const std::vector<std::string>& names) {
    const auto value = block.text(key);
    if (value && !names.empty()) is_known(*block.node().find(key), key, names, faults_);
    return value.value_or("");
  }

  Transaction read_sale(const Block& sale) {
    Transaction out = transaction(sale, TransactionKind::kSale, "sale");
    out.key.source = sale.text("source").value_or(std::string(kSource));
    out.store = sale.text("store").value_or("");
    out.channel = declared(sale, "channel", draft_.channels);
    out.associate = sale.text("associate").value_or("");
    out.currency =
        sale.text("currency")
            .value_or(draft_.currency ? std::string(draft_.currency->code()) : std::string());
    out.tags = sale.texts("tags");
    for (const Block& line : sale.maps("lines")) {
      out.lines.push_back(read_line(line, out.lines.size() + 1));
    }
    for (const Block& tender : sale.maps("tenders")) {
      out.tenders.push_back({tender.text("type").value_or(""), tender.text("amount").value_or("")});
    }
    sales_.push_back(out.key);
    return out;
  }

  Line read_line(const Block& block, std::size_t number) {
    Line line{.id = block.text("id").value_or(std::to_string(number))};
    line.sku = block.text("sku").value_or("");
    line.department = declared(block, "department", draft_.departments);
    line.category = block.text("category").value_or("");
    line.brand = block.text("brand").value_or("");
    line.amount = block.text("amount").value_or("");
    line.tax = block.text("tax").value_or("");
    line.associate = block.text("associate").value_or("");
    line.tags = block.texts("tags");
    if (const auto quantity = read_quantity(block)) line.quantity = *quantity;
    if (const auto attributes = block.map("attributes")) {
      for (const Entry& entry : attributes->entries()) {
        line.attributes.emplace_back(entry.key->text, entry.value->text);
      }
    }
    return line;
  }

  std::optional<Quantity> read_quantity(const Block& block) {
    const auto text = block.text("quantity");
    if (!text) return std::nullopt;
    const auto quantity = Quantity::parse(*text);
    if (quantity) return *quantity;
    faults_.add(block.place_of("quantity"), "out_of_range", quantity.error().detail);
    return std::nullopt;
  }

  // The sale that a return or void names, or the last one.
  std::optional<TransactionKey> original(const Block& block) {
    const auto id = block.text("of");
    if (!id && !sales_.empty()) return sales_.back();
    for (const TransactionKey& key : sales_) {
      if (id && key.id == *id) return key;
    }
    faults_.add(
        block.place_of("of"), "unknown_name",
        id ? "no sale before it has the id " + in_quotes(*id) : "there is no sale before it");
    return std::nullopt;
  }

  Transaction read_return(const Block& block) {
    Transaction out = transaction(block, TransactionKind::kReturn, "return");
    out.original = original(block);
    out.amount = block.text("amount").value_or("");
    for (const Block& line : block.maps("lines")) {
      ReturnLine back{.original_line = line.text("line").value_or("")};
      back.amount = line.text("amount").value_or("");
      if (line.has("quantity")) back.quantity = read_quantity(line);
      out.return_lines.push_back(std::move(back));
    }
    return out;
  }

  Transaction read_void(const Block& block) {
    Transaction out = transaction(block, TransactionKind::kVoid, "void");
    out.original = original(block);
    return out;
  }

  Transaction read_event(const Block& block) {
    Transaction out = transaction(block, TransactionKind::kEvent, "event");
    out.key.source = block.text("source").value_or(std::string(kSource));
    out.event = block.text("event").value_or("");
    if (block.has("of")) out.original = original(block);
    out.department = declared(block, "department", draft_.departments);
    out.store = block.text("store").value_or("");
    out.channel = declared(block, "channel", draft_.channels);
    out.associate = block.text("associate").value_or("");
    out.tags = block.texts("tags");
    return out;
  }

  const Draft& draft_;
  Faults& faults_;
  int step_ = 0;
  std::optional<LocalTime> now_;
  std::vector<TransactionKey> sales_;
};

}  // namespace

void read_cases(const ProgrammeReader& reader, Draft& draft) {
  if (!draft.currency || !draft.zone) return;
  CaseReader read(reader, draft);
  for (const Block& block : reader.top().maps("cases")) draft.cases.push_back(read.read(block));
  std::ranges::sort(draft.cases, {},
                    [](const Case& one) { return std::tie(one.file, one.line, one.name); });
}

}  // namespace laurel::programme
