#pragma once
// Vouchers and rewards as JSON.

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "laurel/reward.hpp"
#include "laurel/voucher.hpp"

namespace laurel::daemon {

// Without the code, which stands in the address. Faults are noted in the object's reader.
VoucherRequest read_voucher_request(json::ObjectReader& object);
VoucherOrder read_voucher_order(json::ObjectReader& object);
RewardRequest read_reward_request(json::ObjectReader& object);

void write_voucher(json::Writer& writer, const VoucherView& voucher);
void write_voucher_answer(json::Writer& writer, const VoucherAnswer& answer);
void write_offer(json::Writer& writer, const RewardOffer& offer);
void write_taken(json::Writer& writer, const RewardTaken& taken, const TransactionKey& key);

}  // namespace laurel::daemon
