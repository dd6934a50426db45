#pragma once
// Redemptions and transfers over the wire.

#include "app/answer_json.hpp"
#include "json/reader.hpp"
#include "laurel/redemption.hpp"
#include "laurel/transfer.hpp"

namespace laurel::daemon {

RedemptionRequest read_redemption_request(json::ObjectReader& object, const Display& display);
Resolution read_resolution(json::ObjectReader& object, const Display& display);
Extension read_extension(json::ObjectReader& object, const Display& display);
Transfer read_transfer(json::ObjectReader& object, const Display& display);

void write_redemption(json::Writer& writer, const Redemption& redemption);
void write_transfer(json::Writer& writer, const TransferReceipt& receipt, const Display& display);

}  // namespace laurel::daemon
