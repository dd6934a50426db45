#pragma once
// A member's view as JSON.

#include "json/writer.hpp"
#include "laurel/view.hpp"

namespace laurel::daemon {

void write_view(json::Writer& writer, const MemberView& view);
void write_link(json::Writer& writer, const LinkEvent& event);

}  // namespace laurel::daemon
