#pragma once
// Reports as JSON; the same over HTTP and on the command line.

#include "json/writer.hpp"
#include "laurel/report.hpp"

namespace laurel::daemon {

void write_report(json::Writer& writer, const LiabilityReport& report);
void write_report(json::Writer& writer, const TierReport& report);
void write_report(json::Writer& writer, const DepartmentReport& report);
void write_report(json::Writer& writer, const StaffReport& report);

}  // namespace laurel::daemon
