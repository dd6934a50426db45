#include "app/report_json.hpp"

namespace laurel::daemon {

namespace {

void write_head(json::Writer& writer, const ReportHead& head) {
  writer.begin_object().field("as_of", to_text(head.as_of));
  writer.field("basis", head.basis == TimeBasis::kEvent ? "event" : "booking");
  writer.field("through", head.through.number()).field("entries", head.entries);
  writer.field("currency", head.currency.code()).field("digest", head.digest);
}

void write_points(json::Writer& writer, std::string_view name, Points points, int scale) {
  writer.field_raw(name, points.text(scale));
}

void write_cost(json::Writer& writer, std::string_view name, const std::optional<Money>& cost) {
  if (cost) {
    writer.field(name, cost->text());
  } else {
    writer.key(name).null();
  }
}

}  // namespace

void write_report(json::Writer& writer, const LiabilityReport& report) {
  write_head(writer, report.head);
  writer.field_array("wallets");
  for (const WalletLiability& wallet : report.wallets) {
    const int scale = wallet.scale;
    writer.begin_object().field("wallet", wallet.wallet);
    write_points(writer, "outstanding", wallet.outstanding, scale);
    write_points(writer, "pending", wallet.pending, scale);
    write_points(writer, "available", wallet.available, scale);
    write_points(writer, "held", wallet.held, scale);
    write_points(writer, "debt", wallet.debt, scale);
    write_points(writer, "issued", wallet.issued, scale);
    write_points(writer, "redeemed", wallet.redeemed, scale);
    write_points(writer, "expired", wallet.expired, scale);
    write_points(writer, "adjusted", wallet.adjusted, scale);
    write_points(writer, "transferred", wallet.transferred, scale);
    write_points(writer, "written_off", wallet.written_off, scale);
    write_points(writer, "withheld", wallet.withheld, scale);
    write_points(writer, "expected", wallet.expected, scale);
    if (wallet.cost) {
      writer.field("currency", wallet.cost->currency().code());
    } else {
      writer.key("currency").null();
    }
    write_cost(writer, "cost", wallet.cost);
    write_cost(writer, "expected_cost", wallet.expected_cost);
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_report(json::Writer& writer, const TierReport& report) {
  write_head(writer, report.head);
  writer.field("members", report.members).field_array("tiers");
  for (const TierCount& each : report.tiers) {
    writer.begin_object().key("tier");
    if (each.tier.empty()) {
      writer.null();
    } else {
      writer.value(each.tier);
    }
    writer.field("members", each.members).end_object();
  }
  writer.end_array().end_object();
}

void write_report(json::Writer& writer, const DepartmentReport& report) {
  write_head(writer, report.head);
  writer.field_array("departments");
  for (const DepartmentTotals& each : report.departments) {
    writer.begin_object().key("department");
    if (each.department.empty()) {
      writer.null();
    } else {
      writer.value(each.department);
    }
    writer.field("sales", each.sales).field("kept", each.kept.text()).field_object("points");
    for (const DepartmentPoints& points : each.points) {
      write_points(writer, points.wallet, points.points, points.scale);
    }
    writer.end_object().end_object();
  }
  writer.end_array().end_object();
}

void write_report(json::Writer& writer, const StaffReport& report) {
  write_head(writer, report.head);
  if (report.from == Instant::min()) {
    writer.key("from").null();
  } else {
    writer.field("from", to_text(report.from));
  }
  writer.field("share", report.share_percent).field("wallet", report.wallet);
  writer.field_array("pairs");
  for (const StaffPair& pair : report.pairs) {
    writer.begin_object();
    writer.field(pair.of == StaffPair::Of::kAssociate ? "associate" : "source", pair.name);
    writer.field("member", pair.member.text());
    if (!pair.member_is.empty()) writer.field("member_is", pair.member_is);
    writer.field("sales", pair.sales).field("sales_all", pair.sales_all);
    writer.field("percent", pair.sales * 100 / pair.sales_all);
    write_points(writer, "points", pair.points, report.scale);
    write_points(writer, "points_all", pair.points_all, report.scale);
    writer.end_object();
  }
  writer.end_array().end_object();
}

}  // namespace laurel::daemon
