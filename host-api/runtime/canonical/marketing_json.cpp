// Advertising sources, lines, funnels, visits.
#include <fmt/format.h>

#include "canonical/parts.h"

namespace hkl {

AdSourceRecord read_ad_source(FieldReader& reader) {
  AdSourceRecord record;
  record.id = reader.needed_text("id");
  record.name = reader.text("name");
  record.group = reader.text("group");
  record.tags = reader.texts("tags");
  record.counted = reader.flag("counted", true);
  const auto& step = reader.raw("step");
  if (step.is_object()) {
    FieldReader inner(step, "step");
    record.step_source = inner.text("source");
    record.step_medium = inner.text("medium");
    if (const auto fault = inner.finish()) reader.fault("step", *fault);
  } else if (!step.is_null()) {
    reader.fault("step", "expected {\"source\": …, \"medium\": …}");
  }
  return record;
}

OrderedJson to_json(const AdSourceRecord& record) {
  OrderedJson step;
  if (!record.step_source.empty() || !record.step_medium.empty())
    step = {{"source", text_json(record.step_source)}, {"medium", text_json(record.step_medium)}};
  return {{"id", record.id},     {"name", text_json(record.name)}, {"group", text_json(record.group)},
          {"tags", record.tags}, {"counted", record.counted},      {"step", step}};
}

LineRecord read_line(FieldReader& reader) {
  LineRecord record;
  record.id = reader.needed_text("id");
  record.name = reader.text("name");
  record.ad_source = reader.text("ad_source");
  record.site = reader.text("site");
  record.tracking = reader.one_of("tracking", {"none", "static", "dynamic"});
  if (record.tracking.empty()) record.tracking = "none";
  record.calendar = reader.text("calendar");
  return record;
}

OrderedJson to_json(const LineRecord& record) {
  return {{"id", record.id},
          {"name", text_json(record.name)},
          {"ad_source", text_json(record.ad_source)},
          {"site", text_json(record.site)},
          {"tracking", record.tracking.empty() ? "none" : record.tracking},
          {"calendar", text_json(record.calendar)}};
}

FunnelRecord read_funnel(FieldReader& reader) {
  FunnelRecord record;
  record.id = reader.needed_text("id");
  record.name = reader.text("name");
  std::size_t n = 0;
  for (const auto& given : reader.list("stages")) {
    const auto where = fmt::format("stages[{}]", n++);
    if (!given.is_object()) {
      reader.fault(where, "expected {\"id\": …, \"name\": …, \"groups\": […]}");
      break;
    }
    FieldReader inner(given, where);
    record.stages.push_back({inner.needed_text("id"), inner.text("name"), inner.texts("groups")});
    if (const auto fault = inner.finish()) reader.fault("stages", *fault);
  }
  return record;
}

OrderedJson to_json(const FunnelRecord& record) {
  OrderedJson stages = OrderedJson::array();
  for (const auto& stage : record.stages)
    stages.push_back({{"id", stage.id}, {"name", text_json(stage.name)}, {"groups", stage.groups}});
  return {{"id", record.id}, {"name", text_json(record.name)}, {"stages", stages}};
}

VisitRecord read_visit(FieldReader& reader) {
  VisitRecord record;
  record.id = reader.needed_text("id");
  record.visitor = reader.needed_text("visitor");
  record.at = reader.needed_time("at");
  record.source = reader.text("source");
  record.medium = reader.text("medium");
  record.campaign = reader.text("campaign");
  record.ad = reader.text("ad");
  record.keyword = reader.text("keyword");
  record.site = reader.text("site");
  record.page = reader.text("page");
  record.city = reader.text("city");
  const auto& tags = reader.raw("tags");
  if (tags.is_object()) {
    FieldReader inner(tags, "tags");
    for (const auto& [name, value] : tags.items()) record.tags[name] = inner.text(name.c_str());
    if (const auto fault = inner.finish()) reader.fault("tags", *fault);
  } else if (!tags.is_null()) {
    reader.fault("tags", "expected an object such as {\"utm_content\": \"…\"}");
  }
  record.line = reader.text("line");
  record.line_until = reader.time("line_until");
  return record;
}

OrderedJson to_json(const VisitRecord& record) {
  OrderedJson tags = OrderedJson::object();
  for (const auto& [name, value] : record.tags) tags[name] = value;
  return {{"id", record.id},
          {"visitor", record.visitor},
          {"at", time_json(record.at)},
          {"source", text_json(record.source)},
          {"medium", text_json(record.medium)},
          {"campaign", text_json(record.campaign)},
          {"ad", text_json(record.ad)},
          {"keyword", text_json(record.keyword)},
          {"site", text_json(record.site)},
          {"page", text_json(record.page)},
          {"city", text_json(record.city)},
          {"tags", tags},
          {"line", text_json(record.line)},
          {"line_until", time_json(record.line_until)}};
}

}  // namespace hkl
