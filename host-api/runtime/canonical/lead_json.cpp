// Leads, their changes, inquiries, marks, tasks.
#include <fmt/format.h>

#include "canonical/parts.h"

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

OrderedJson to_json(const LeadRecord& r) {
  return {{"id", r.id},
          {"contact", text_json(r.contact)},
          {"kind", text_json(r.kind)},
          {"title", text_json(r.title)},
          {"note", text_json(r.note)},
          {"funnel", text_json(r.funnel)},
          {"stage", text_json(r.stage)},
          {"responsible", text_json(r.responsible)},
          {"ad_source", text_json(r.ad_source)},
          {"object", text_json(r.object)},
          {"created_at", time_json(r.created_at)},
          {"created_by", text_json(r.created_by)},
          {"creator", text_json(r.creator)},
          {"inquiry", text_json(r.inquiry)},
          {"order_at", time_json(r.order_at)},
          {"sale_at", time_json(r.sale_at)},
          {"closed_at", time_json(r.closed_at)},
          {"merged_into", text_json(r.merged_into)},
          {"amount", r.amount ? OrderedJson(*r.amount) : OrderedJson()},
          {"currency", text_json(r.currency)},
          {"tags", r.tags}};
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

OrderedJson to_json(const InquiryRecord& r) {
  return {{"id", r.id},
          {"kind", text_json(word(r.kind))},
          {"contact", text_json(r.contact)},
          {"call", text_json(r.call)},
          {"at", time_json(r.at)},
          {"number", text_json(r.number)},
          {"email", text_json(r.email)},
          {"text", text_json(r.text)},
          {"visitor", text_json(r.visitor)},
          {"taken_at", time_json(r.taken_at)},
          {"taken_by", text_json(r.taken_by)},
          {"taken_how", text_json(r.taken_how)},
          {"lead", text_json(r.lead)},
          {"ad_source", text_json(r.ad_source)},
          {"channel", text_json(r.channel)},
          {"object", text_json(r.object)},
          {"quality", text_json(word(r.quality))},
          {"advertising", r.advertising == Tri::unknown ? OrderedJson() : OrderedJson(r.advertising == Tri::yes)},
          {"why", text_json(r.why)}};
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

OrderedJson to_json(const TaskRecord& r) {
  return {{"id", r.id},
          {"kind", text_json(r.kind)},
          {"rule", text_json(r.rule)},
          {"title", text_json(r.title)},
          {"contact", text_json(r.contact)},
          {"lead", text_json(r.lead)},
          {"call", text_json(r.call)},
          {"more_calls", r.more_calls},
          {"assignee", text_json(r.assignee)},
          {"created_at", time_json(r.created_at)},
          {"deadline_at", time_json(r.deadline_at)},
          {"done_at", time_json(r.done_at)},
          {"done_by", text_json(r.done_by)},
          {"done_call", text_json(r.done_call)},
          {"state", word(r.state)},
          {"why", text_json(r.why)}};
}

}  // namespace hkl
