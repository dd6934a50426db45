#include <algorithm>

#include "app/handlers.hpp"
#include "app/problem.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kBatchLinesMax = 10'000;
constexpr std::size_t kBatchChunk = 256;

Outcome outcome_of(const Receipt& receipt) {
  if (receipt.replayed) return Outcome::kReplayed;
  switch (receipt.state) {
    case TransactionState::kLinked:
    case TransactionState::kAccepted: return Outcome::kAccepted;
    case TransactionState::kWaiting: return Outcome::kWaiting;
    case TransactionState::kUnmatched: return Outcome::kUnmatched;
    case TransactionState::kReview:
    case TransactionState::kRejected: return Outcome::kReview;
  }
  return Outcome::kAccepted;
}

Outcome outcome_of(const Error& error) {
  switch (error.error_class()) {
    case ErrorClass::kConflict: return Outcome::kConflict;
    case ErrorClass::kRefused: return Outcome::kRefused;
    case ErrorClass::kInvalid:
    case ErrorClass::kUnauthorised:
    case ErrorClass::kForbidden:
    case ErrorClass::kNotFound: return Outcome::kInvalid;
    case ErrorClass::kTooMany:
    case ErrorClass::kBusy:
    case ErrorClass::kBroken: return Outcome::kFailed;
  }
  return Outcome::kFailed;
}

void count(const Call& call, TransactionKind kind, const Result<Receipt>& receipt) {
  call.service.metrics().count_transaction(
      kind, receipt ? outcome_of(*receipt) : outcome_of(receipt.error()));
}

int status_of(const Receipt& receipt) { return receipt.replayed ? 200 : 201; }

Result<Transaction> read_posting(const Call& call, std::string_view text) {
  auto transaction = transaction_from_json(text);
  if (!transaction) return transaction;
  if (auto allowed = check_source(call, transaction->key.source); !allowed) return allowed.error();
  return transaction;
}

// The receipt, with every rule and reason where they are asked for and something was valued.
Result<http::Response> answer_explained(const Call& call, const Receipt& receipt,
                                        const std::function<Result<Explanation>()>& explain) {
  const auto wish = call.request.parameter("explain");
  std::optional<Explanation> explanation;
  if (wish && *wish != "false") {
    auto explained = explain();
    if (explained) {
      explanation = *std::move(explained);
    } else if (explained.error().error_class() != ErrorClass::kRefused) {
      return explained.error();
    }
  }
  return answer(200, [&](json::Writer& writer) {
    write_receipt(writer, receipt, call.service.display(), explanation ? &*explanation : nullptr);
  });
}

// Cuts a batch into its lines; an end of line behind the last is not another line.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool names_voucher(const Transaction& transaction) {
  return !transaction.discounts.empty() ||
         std::ranges::any_of(transaction.tenders,
                             [](const Tender& tender) { return !tender.voucher.empty(); });
}

void write_batch_result(const Call& call, std::string& body, std::size_t number,
                        const Result<Receipt>& receipt, const Display& display) {
  json::Writer writer(body);
  writer.begin_object().field("line", number);
  if (receipt) {
    writer.field("status", status_of(*receipt)).key("receipt");
    write_receipt(writer, *receipt, display);
  } else {
    writer.field("status", http_status_of(receipt.error().code)).key("problem");
    write_problem(writer, receipt.error(), call.request_id);
    call.service.metrics().count_error(receipt.error().code);
  }
  writer.end_object();
  body.push_back('\n');
}

// Lines that can be read are posted together; every line gets its answer in its place.
void post_chunk(const Call& call, std::span<const std::string_view> lines, std::size_t first,
                std::string& body) {
  std::vector<Result<Receipt>> answers;
  std::vector<Transaction> readable;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto transaction = read_posting(call, lines[i]);
    if (transaction && names_voucher(*transaction)) {
      if (auto may = may_guess(call, transaction->key.source); !may) transaction = may.error();
    }
    if (transaction) {
      readable.push_back(*std::move(transaction));
      places.push_back(i);
      answers.emplace_back(Error{});
    } else {
      answers.emplace_back(std::move(transaction).error());
    }
  }
  auto receipts = call.service.engine()->post_all(readable);
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    count(call, readable[i].kind, receipts[i]);
    if (!receipts[i]) note_guess(call, readable[i].key.source, receipts[i].error());
    answers[places[i]] = std::move(receipts[i]);
  }
  const Display display = call.service.display();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    write_batch_result(call, body, first + i + 1, answers[i], display);
  }
}

}  // namespace

Result<http::Response> post_transaction(const Call& call) {
  const auto transaction = read_posting(call, call.request.body);
  if (!transaction) {
    count(call, TransactionKind::kSale, transaction.error());
    return transaction.error();
  }
  const auto post = [&] { return call.service.engine()->post(*transaction); };
  const auto receipt =
      names_voucher(*transaction) ? guess_voucher(call, transaction->key.source, post) : post();
  count(call, transaction->kind, receipt);
  if (!receipt) return receipt.error();
  return answer(status_of(*receipt), [&](json::Writer& writer) {
    write_receipt(writer, *receipt, call.service.display());
  });
}

Result<http::Response> post_batch(const Call& call) {
  const auto lines = lines_of(call.request.body);
  if (lines.size() > kBatchLinesMax) {
    return Error{ErrorCode::kTooLarge,
                 "a batch has at most " + std::to_string(kBatchLinesMax) + " lines"};
  }
  http::Response response;
  response.content_type = "application/x-ndjson";
  const std::span<const std::string_view> all(lines);
  for (std::size_t first = 0; first < all.size(); first += kBatchChunk) {
    post_chunk(call, all.subspan(first, std::min(kBatchChunk, all.size() - first)), first,
               response.body);
  }
  return response;
}

Result<http::Response> get_transaction(const Call& call) {
  const TransactionKey key{call.captures[0], call.captures[1]};
  if (auto allowed = check_source(call, key.source); !allowed) return allowed.error();
  const auto engine = call.service.engine();
  const auto receipt = engine->transaction(key);
  if (!receipt) return receipt.error();
  return answer_explained(call, *receipt, [&] { return engine->explain(key); });
}

Result<http::Response> claim_transaction(const Call& call) {
  struct Input {
    MemberId member;
    std::string actor;
  };
  const auto input = read_body(call.request.body, [&](json::ObjectReader& object) {
    Input claim;
    claim.member = read_member(object, "member", json::kRequired);
    claim.actor = read_text(object, "actor");
    object.reject_misspelt();
    if (claim.actor.empty()) claim.actor = actor_of(call);
    return claim;
  });
  if (!input) return input.error();
  const TransactionKey key{call.captures[0], call.captures[1]};
  if (auto allowed = check_source(call, key.source); !allowed) return allowed.error();
  const auto receipt = call.service.engine()->claim(key, input->member, input->actor);
  if (!receipt) return receipt.error();
  return answer(
      200, [&](json::Writer& writer) { write_receipt(writer, *receipt, call.service.display()); });
}

Result<http::Response> quote_transaction(const Call& call) {
  const auto transaction = read_posting(call, call.request.body);
  if (!transaction) return transaction.error();
  const auto engine = call.service.engine();
  const auto quote = [&] { return engine->quote(*transaction); };
  const auto receipt =
      names_voucher(*transaction) ? guess_voucher(call, transaction->key.source, quote) : quote();
  if (!receipt) return receipt.error();
  return answer_explained(call, *receipt, [&] { return engine->explain(*transaction); });
}

}  // namespace laurel::daemon
