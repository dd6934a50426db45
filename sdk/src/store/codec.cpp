#include "store/codec.hpp"

#include <charconv>

#include "store/archive.hpp"
#include "store/describe.hpp"

namespace laurel::store::codec {
namespace {

// The first byte of every encoding.
constexpr char kVersion = 1;

Error damaged(const char* what) {
  return {ErrorCode::kStoreFailed, std::string("the stored ") + what + " cannot be read"};
}

std::optional<Decoder> open(std::string_view bytes, Base base) {
  if (bytes.empty() || bytes.front() != kVersion) return std::nullopt;
  return std::optional<Decoder>(std::in_place, bytes.substr(1), base);
}

Base base_of(const ledger::Entry& entry) {
  return {.entry = entry.id.number(), .time = entry.event_time};
}

// A member's ids lie near the number of nothing in particular, so they are written as they are.
constexpr Base kNoBase{};

// Written as a list of strings, and read as one.
struct EvidenceValues {
  const std::vector<Evidence>& evidence;
  bool empty() const { return evidence.empty(); }
};

// What a valuation was told of the person.
struct ToldOfPerson {
  std::optional<Date> born;
  std::string language;
  std::vector<std::string> segments;
  friend bool operator==(const ToldOfPerson&, const ToldOfPerson&) = default;
};

const ledger::PersonFacts* person_of(const ledger::Entry& entry) {
  return entry.valuation && entry.valuation->person ? &*entry.valuation->person : nullptr;
}

}  // namespace

template <class Archive>
void describe(Archive& archive, Part<Archive, ToldOfPerson>& told) {
  archive.fields(told.born, told.language, told.segments);
}

void describe(Encoder& encoder, const EvidenceValues& values) {
  encoder.number(values.evidence.size());
  for (const Evidence& item : values.evidence) encoder.put(item.value);
}

namespace {

void encode_evidence(const ledger::Entry& entry, std::string& evidence) {
  evidence.clear();
  const bool given = entry.document && !entry.document->identifiers.empty();
  const bool seen = entry.attribution && !entry.attribution->evidence.empty();
  const auto* person = person_of(entry);
  std::optional<ToldOfPerson> told;
  if (person != nullptr && person->tells())
    told = {person->born, person->language, person->segments};
  if (!given && !seen && !told) return;
  Encoder encoder(evidence, base_of(entry));
  encoder.byte(kVersion);
  static const std::vector<Identifier> kNone;
  static const std::vector<Evidence> kUnseen;
  encoder.fields(given ? entry.document->identifiers : kNone,
                 EvidenceValues{seen ? entry.attribution->evidence : kUnseen}, told);
  encoder.finish();
}

}  // namespace

void encode(const ledger::Entry& entry, std::string& body, std::string& evidence) {
  Encoder encoder(body, base_of(entry));
  encoder.byte(kVersion);
  encoder.know(entry.key.source);  // repeated by the document, and often by the actor
  describe(encoder, entry);
  encoder.finish();
  encode_evidence(entry, evidence);
}

namespace {

Result<void> decode_evidence(std::string_view bytes, ledger::Entry& entry) {
  auto decoder = open(bytes, base_of(entry));
  std::vector<Identifier> given;
  std::vector<std::string> values;
  std::optional<ToldOfPerson> told;
  if (decoder) decoder->fields(given, values, told);
  if (!decoder || !decoder->finished()) return damaged("evidence");
  const std::size_t seen = entry.attribution ? entry.attribution->evidence.size() : 0;
  if ((!entry.document && !given.empty()) || values.size() != seen) return damaged("evidence");
  if (told) {
    if (person_of(entry) == nullptr) return damaged("evidence");
    auto& person = *entry.valuation->person;
    person = {person.enrolled_at, told->born, std::move(told->language), std::move(told->segments)};
  }
  if (entry.document) entry.document->identifiers = std::move(given);
  for (std::size_t i = 0; i < seen; ++i) {
    entry.attribution->evidence[i].value = std::move(values[i]);
  }
  return {};
}

}  // namespace

Result<void> decode(std::string_view body, std::optional<std::string_view> evidence,
                    ledger::Entry& entry) {
  auto decoder = open(body, base_of(entry));
  const std::string source = entry.key.source;
  if (decoder) {
    decoder->know(source);
    describe(*decoder, entry);
  }
  if (!decoder || !decoder->finished()) return damaged("entry");
  if (evidence) return decode_evidence(*evidence, entry);
  return {};
}

void encode(const ledger::MemberRecord& record, std::string& bytes) {
  Encoder encoder(bytes, kNoBase);
  encoder.byte(kVersion);
  describe(encoder, record);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, ledger::MemberRecord& record) {
  auto decoder = open(bytes, kNoBase);
  if (decoder) describe(*decoder, record);
  if (!decoder || !decoder->finished()) return damaged("member");
  return {};
}

void encode_balances(const std::vector<ledger::WalletState>& wallets, std::string& text) {
  text.clear();
  const auto add = [&text](Points points, char after) {
    char digits[24];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, points.units()).ptr);
    text.push_back(after);
  };
  for (const ledger::WalletState& wallet : wallets) {
    add(wallet.available, ' ');
    add(wallet.pending, ' ');
    add(wallet.held, ' ');
    add(wallet.debt, '|');
  }
  if (!text.empty()) text.pop_back();
}

Result<void> decode_balances(std::string_view text, std::vector<ledger::WalletState>& wallets) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto skip = [&at, end](char expected) {
    if (at == end || *at != expected) return false;
    ++at;
    return true;
  };
  const auto read = [&at, end](Points& points) {
    std::int64_t units = 0;
    const auto [stop, fault] = std::from_chars(at, end, units);
    if (fault != std::errc{}) return false;
    points = Points(units);
    at = stop;
    return true;
  };
  for (std::size_t i = 0; i < wallets.size(); ++i) {
    ledger::WalletState& wallet = wallets[i];
    if ((i > 0 && !skip('|')) || !read(wallet.available) || !skip(' ') || !read(wallet.pending) ||
        !skip(' ') || !read(wallet.held) || !skip(' ') || !read(wallet.debt)) {
      return damaged("balance");
    }
  }
  if (at != end) return damaged("balance");
  return {};
}

void encode(const std::vector<EntryId>& related, std::string& bytes) {
  bytes.clear();
  if (related.empty()) return;
  Encoder encoder(bytes, kNoBase);
  encoder.byte(kVersion);
  std::int64_t before = 0;
  for (const EntryId id : related) {
    encoder.signed_number(difference(id.number(), before));
    before = id.number();
  }
  encoder.finish();
}

Result<void> decode(std::string_view bytes, std::vector<EntryId>& related) {
  related.clear();
  if (bytes.empty()) return {};
  auto decoder = open(bytes, kNoBase);
  std::int64_t before = 0;
  while (decoder && decoder->ok() && !decoder->finished()) {
    before = sum(decoder->signed_number(), before);
    related.push_back(EntryId(before));
  }
  if (!decoder || !decoder->ok()) return damaged("transaction");
  return {};
}

void encode(const Files& files, std::string& bytes) {
  Encoder encoder(bytes, kNoBase);
  encoder.byte(kVersion);
  encoder.put(files);
  encoder.finish();
}

void encode(const Directive& directive, std::string& bytes) {
  Encoder encoder(bytes, {.entry = 0, .time = directive.at});
  encoder.byte(kVersion);
  describe(encoder, directive);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, Directive& directive) {
  auto decoder = open(bytes, {.entry = 0, .time = directive.at});
  if (decoder) describe(*decoder, directive);
  if (!decoder || !decoder->finished()) return damaged("directive");
  return {};
}

void encode(const ReviewItem& item, std::string& bytes) {
  Encoder encoder(bytes, {.entry = 0, .time = item.opened_at});
  encoder.byte(kVersion);
  describe(encoder, item);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, ReviewItem& item) {
  auto decoder = open(bytes, {.entry = 0, .time = item.opened_at});
  if (decoder) describe(*decoder, item);
  if (!decoder || !decoder->finished()) return damaged("review item");
  return {};
}

void encode(const ledger::Voucher& voucher, std::string& bytes) {
  Encoder encoder(bytes, kNoBase);
  encoder.byte(kVersion);
  describe(encoder, voucher);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, ledger::Voucher& voucher) {
  auto decoder = open(bytes, kNoBase);
  if (decoder) describe(*decoder, voucher);
  if (!decoder || !decoder->finished()) return damaged("voucher");
  return {};
}

void encode(const MemberProfile& profile, std::string& bytes) {
  Encoder encoder(bytes, kNoBase);
  encoder.byte(kVersion);
  describe(encoder, profile);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, MemberProfile& profile) {
  auto decoder = open(bytes, kNoBase);
  if (decoder) describe(*decoder, profile);
  if (!decoder || !decoder->finished()) return damaged("profile");
  return {};
}

void encode(const Webhook& webhook, std::string& bytes) {
  Encoder encoder(bytes, {.entry = 0, .time = webhook.created_at});
  encoder.byte(kVersion);
  describe(encoder, webhook);
  encoder.finish();
}

Result<void> decode(std::string_view bytes, Webhook& webhook) {
  auto decoder = open(bytes, {.entry = 0, .time = webhook.created_at});
  if (decoder) describe(*decoder, webhook);
  if (!decoder || !decoder->finished()) return damaged("webhook");
  return {};
}

Result<void> decode(std::string_view bytes, Files& files) {
  auto decoder = open(bytes, kNoBase);
  if (decoder) decoder->get(files);
  if (!decoder || !decoder->finished()) return damaged("programme");
  return {};
}

}  // namespace laurel::store::codec
