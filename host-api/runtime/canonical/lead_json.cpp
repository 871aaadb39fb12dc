// Leads, their changes, inquiries, marks, tasks.
#include <fmt/format.h>

#include "canonical/parts.h"
#include "values/json_writer.h"

namespace hkl {
namespace {

constexpr std::int64_t kMost = INT64_MAX, kLeast = INT64_MIN;

// A value of a lead's change: a text, a number or a time, kept as its text.
std::optional<std::string> read_changed_value(FieldReader& reader, const char* name) {
  const auto& given = reader.raw(name);
  if (given.is_null()) return std::nullopt;
  if (given.is_string()) return given.get<std::string>();
  if (given.is_number()) return given.dump();
  reader.fault(name, "expected a text, a number or null");
  return std::nullopt;
}

OrderedJson changed_value_json(const LeadChangeRecord& record, const std::optional<std::string>& value) {
  if (!value) return {};
  if (record.field == "amount") {
    const auto number = OrderedJson::parse(*value, nullptr, false);
    if (number.is_number()) return number;
  }
  return *value;
}

}  // namespace

LeadRecord read_lead(FieldReader& reader) {
  LeadRecord r;
  r.id = reader.needed_text("id");
  r.contact = reader.text("contact");
  r.kind = reader.text("kind");
  r.title = reader.text("title");
  r.note = reader.text("note");
  r.funnel = reader.text("funnel");
  r.stage = reader.text("stage");
  r.responsible = reader.text("responsible");
  r.ad_source = reader.text("ad_source");
  r.object = reader.text("object");
  r.created_at = reader.time("created_at");
  r.created_by = reader.one_of("created_by", {"call", "request", "manual", "chat"});
  r.creator = reader.text("creator");
  r.inquiry = reader.text("inquiry");
  r.order_at = reader.time("order_at");
  r.sale_at = reader.time("sale_at");
  r.closed_at = reader.time("closed_at");
  r.merged_into = reader.text("merged_into");
  r.amount = reader.integer("amount", kLeast, kMost);
  r.currency = reader.text("currency");
  r.tags = reader.texts("tags");
  return r;
}

std::string lead_to_json(const LeadRecord& r) {
  JsonWriter json;
  json.begin_object().key("id").text(r.id).text("contact", r.contact).text("kind", r.kind).text("title", r.title);
  json.text("note", r.note).text("funnel", r.funnel).text("stage", r.stage).text("responsible", r.responsible);
  json.text("ad_source", r.ad_source).text("object", r.object).time("created_at", r.created_at);
  json.text("created_by", r.created_by).text("creator", r.creator).text("inquiry", r.inquiry);
  json.time("order_at", r.order_at).time("sale_at", r.sale_at).time("closed_at", r.closed_at);
  json.text("merged_into", r.merged_into).key("amount");
  r.amount ? json.number(*r.amount) : json.null();
  return json.text("currency", r.currency).texts("tags", r.tags).end_object().take();
}

LeadChangeRecord read_lead_change(FieldReader& reader) {
  LeadChangeRecord r;
  r.id = reader.text("id");
  r.lead = reader.needed_text("lead");
  r.at = reader.needed_time("at");
  r.by = reader.text("by");
  r.field = reader.one_of("field", {"stage", "responsible", "order", "sale", "amount"});
  if (r.field.empty()) reader.fault("field", "is missing; it is one of stage, responsible, order, sale, amount");
  r.from = read_changed_value(reader, "from");
  r.to = read_changed_value(reader, "to");
  r.with_inquiries = reader.flag("with_inquiries", false);
  return r;
}

OrderedJson to_json(const LeadChangeRecord& r) {
  return {{"id", text_json(r.id)},
          {"lead", r.lead},
          {"at", time_json(r.at)},
          {"by", text_json(r.by)},
          {"field", r.field},
          {"from", changed_value_json(r, r.from)},
          {"to", changed_value_json(r, r.to)},
          {"with_inquiries", r.with_inquiries}};
}

InquiryRecord read_inquiry(FieldReader& reader) {
  InquiryRecord r;
  r.id = reader.needed_text("id");
  r.kind = reader.word_of("kind", InquiryKind::chat);
  r.contact = reader.text("contact");
  r.call = reader.text("call");
  r.at = reader.time("at");
  r.number = reader.text("number");
  r.email = reader.text("email");
  r.text = reader.text("text");
  r.visitor = reader.text("visitor");
  r.taken_at = reader.time("taken_at");
  r.taken_by = reader.text("taken_by");
  r.taken_how = reader.one_of("taken_how", {"talked", "opened", "assigned"});
  r.lead = reader.text("lead");
  r.ad_source = reader.text("ad_source");
  r.channel = reader.text("channel");
  r.object = reader.text("object");
  // Printed for readers; only a mark sets them (DESIGN section 9).
  reader.ignored("quality");
  reader.ignored("advertising");
  reader.ignored("why");
  if (r.kind == InquiryKind::unknown) r.kind = r.call.empty() ? InquiryKind::request : InquiryKind::call;
  if (r.call.empty() && !r.at) reader.fault("at", "is missing; only an inquiry that is a call can do without it");
  return r;
}

std::string inquiry_to_json(const InquiryRecord& r) {
  JsonWriter json;
  json.begin_object().key("id").text(r.id).text("kind", word(r.kind)).text("contact", r.contact).text("call", r.call);
  json.time("at", r.at).text("number", r.number).text("email", r.email).text("text", r.text);
  json.text("visitor", r.visitor).time("taken_at", r.taken_at).text("taken_by", r.taken_by);
  json.text("taken_how", r.taken_how).text("lead", r.lead).text("ad_source", r.ad_source).text("channel", r.channel);
  json.text("object", r.object).text("quality", word(r.quality)).key("advertising");
  r.advertising == Tri::unknown ? json.null() : json.boolean(r.advertising == Tri::yes);
  return json.text("why", r.why).end_object().take();
}

MarkRecord read_mark(FieldReader& reader) {
  MarkRecord r;
  r.id = reader.text("id");
  r.inquiry = reader.text("inquiry");
  r.call = reader.text("call");
  const auto& quality = reader.raw("quality");
  const bool takes_back = quality.is_null();
  const auto given = reader.word_of("quality", Quality::unsorted);
  const auto& tags = reader.raw("tags");
  if (!tags.is_null()) r.tags = reader.texts("tags");
  if (const auto rating = reader.integer("rating", 1, 5)) r.rating = static_cast<int>(*rating);
  r.by = reader.text("by");
  r.at = reader.needed_time("at");
  if (!takes_back) r.quality = given;
  if (takes_back && !r.tags && !r.rating) r.quality = Quality::no_opinion;
  if (r.inquiry.empty() == r.call.empty()) reader.fault("inquiry", "a mark names an inquiry or a call, one of the two");
  return r;
}

OrderedJson to_json(const MarkRecord& r) {
  OrderedJson json = OrderedJson::object();
  if (!r.id.empty()) json["id"] = r.id;
  json[r.inquiry.empty() ? "call" : "inquiry"] = r.inquiry.empty() ? r.call : r.inquiry;
  if (r.quality) json["quality"] = text_json(word(*r.quality));
  if (r.tags) json["tags"] = *r.tags;
  if (r.rating) json["rating"] = *r.rating;
  json["by"] = text_json(r.by);
  json["at"] = time_json(r.at);
  return json;
}

TaskRecord read_task(FieldReader& reader) {
  TaskRecord r;
  r.id = reader.needed_text("id");
  r.kind = reader.text("kind");
  r.rule = reader.text("rule");
  r.title = reader.text("title");
  r.contact = reader.text("contact");
  r.lead = reader.text("lead");
  r.call = reader.text("call");
  r.more_calls = reader.texts("more_calls");
  r.assignee = reader.text("assignee");
  r.created_at = reader.needed_time("created_at");
  r.deadline_at = reader.time("deadline_at");
  r.done_at = reader.time("done_at");
  r.done_by = reader.text("done_by");
  r.done_call = reader.text("done_call");
  const auto state = reader.one_of("state", {"open", "done", "overdue", "cancelled"});
  // "overdue" is an open task seen after its deadline.
  r.state = state == "done" ? TaskState::done : state == "cancelled" ? TaskState::cancelled : TaskState::open;
  reader.ignored("why");
  if (r.deadline_at && r.created_at && *r.deadline_at < *r.created_at)
    reader.fault("deadline_at", "lies before created_at");
  return r;
}

std::string task_json(const TaskRecord& r, std::string_view state) {
  JsonWriter json;
  json.begin_object().key("id").text(r.id).text("kind", r.kind).text("rule", r.rule).text("title", r.title);
  json.text("contact", r.contact).text("lead", r.lead).text("call", r.call).texts("more_calls", r.more_calls);
  json.text("assignee", r.assignee).time("created_at", r.created_at).time("deadline_at", r.deadline_at);
  json.time("done_at", r.done_at).text("done_by", r.done_by).text("done_call", r.done_call);
  return json.key("state").text(state).text("why", r.why).end_object().take();
}

}  // namespace hkl
