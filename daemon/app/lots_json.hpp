#pragma once
// What was done to lots by hand, and what is told of them, as JSON; the same over HTTP and on the
// command line.

#include <span>

#include "json/writer.hpp"
#include "laurel/history.hpp"
#include "laurel/lots.hpp"

namespace laurel::daemon {

void write_lots_changed(json::Writer& writer, const LotsChanged& changed);
// A field "notices", where there are any.
void write_notices(json::Writer& writer, std::span<const Notice> notices);

}  // namespace laurel::daemon
