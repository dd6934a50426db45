#pragma once
// Points by hand as JSON; the same over HTTP and on the command line.

#include <span>
#include <string>

#include "json/writer.hpp"
#include "laurel/adjusting.hpp"
#include "laurel/history.hpp"

namespace laurel::daemon {

void write_adjustment(json::Writer& writer, const Adjustment& adjustment,
                      const AdjustmentReceipt& receipt, int scale);
void write_adjustment_undone(json::Writer& writer, const AdjustmentUndo& undo,
                             const AdjustmentUndone& undone);
void write_batch(json::Writer& writer, const BatchStanding& batch);
// A field "flags", where there are any.
void write_flags(json::Writer& writer, std::span<const std::string> flags);

std::string_view text_of(AdjustmentState state);
std::string_view text_of(BatchState state);

}  // namespace laurel::daemon
