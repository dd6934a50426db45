// Reports as of a moment.

#include "app/handlers.hpp"
#include "app/report_json.hpp"

namespace laurel::daemon {

namespace {

Result<ReportAt> read_moment(const Call& call) {
  ReportAt at;
  if (call.request.parameter("as_of")) {
    const auto as_of = instant_parameter(call, "as_of", {});
    if (!as_of) return as_of.error();
    at.as_of = *as_of;
  }
  const std::string basis = call.request.parameter("basis").value_or("booking");
  if (basis != "event" && basis != "booking") {
    return wrong_parameter("basis", "unknown_value", "event or booking");
  }
  if (basis == "event") at.basis = TimeBasis::kEvent;
  if (call.request.parameter("through")) {
    const auto through = integer_parameter(call, "through", 0, {.min = 0});
    if (!through) return through.error();
    at.through = EntryId(*through);
  }
  return at;
}

template <class Report>
Result<http::Response> answer_report(const Result<Report>& report) {
  if (!report) return report.error();
  return answer(200, [&](json::Writer& writer) { write_report(writer, *report); });
}

}  // namespace

Result<http::Response> report_liability(const Call& call) {
  const auto at = read_moment(call);
  if (!at) return at.error();
  return answer_report(call.service.engine()->reports().liability(*at));
}

Result<http::Response> report_tiers(const Call& call) {
  const auto at = read_moment(call);
  if (!at) return at.error();
  return answer_report(call.service.engine()->reports().tiers(*at));
}

Result<http::Response> report_departments(const Call& call) {
  const auto at = read_moment(call);
  if (!at) return at.error();
  return answer_report(call.service.engine()->reports().departments(*at));
}

Result<http::Response> report_staff(const Call& call) {
  const auto at = read_moment(call);
  if (!at) return at.error();
  StaffQuery query{.at = *at};
  const auto from = instant_parameter(call, "from", query.from);
  if (!from) return from.error();
  const auto share = integer_parameter(call, "share", query.share_percent, {.min = 0, .max = 100});
  if (!share) return share.error();
  const auto least = integer_parameter(call, "sales_min", query.sales_min, {.min = 1});
  if (!least) return least.error();
  query.from = *from;
  query.share_percent = *share;
  query.sales_min = *least;
  return answer_report(call.service.engine()->reports().staff(query));
}

}  // namespace laurel::daemon
