#include "canonical/canonical.h"

#include <fmt/format.h>

#include <algorithm>

#include "canonical/parts.h"
#include "values/json_writer.h"

namespace hkl {
namespace {

using Read = AnyRecord (*)(FieldReader&);
struct Type {
  const char* name;
  Read read;
};

// In the order of an export: who is spoken of before who speaks.
constexpr Type kTypes[] = {
    {"office", [](FieldReader& r) -> AnyRecord { return read_office(r); }},
    {"department", [](FieldReader& r) -> AnyRecord { return read_department(r); }},
    {"employee", [](FieldReader& r) -> AnyRecord { return read_employee(r); }},
    {"presence", [](FieldReader& r) -> AnyRecord { return read_presence(r); }},
    {"ad_source", [](FieldReader& r) -> AnyRecord { return read_ad_source(r); }},
    {"line", [](FieldReader& r) -> AnyRecord { return read_line(r); }},
    {"funnel", [](FieldReader& r) -> AnyRecord { return read_funnel(r); }},
    {"contact", [](FieldReader& r) -> AnyRecord { return read_contact(r); }},
    {"visit", [](FieldReader& r) -> AnyRecord { return read_visit(r); }},
    {"call", [](FieldReader& r) -> AnyRecord { return read_call(r); }},
    {"inquiry", [](FieldReader& r) -> AnyRecord { return read_inquiry(r); }},
    {"lead", [](FieldReader& r) -> AnyRecord { return read_lead(r); }},
    {"lead_change", [](FieldReader& r) -> AnyRecord { return read_lead_change(r); }},
    {"mark", [](FieldReader& r) -> AnyRecord { return read_mark(r); }},
    {"task", [](FieldReader& r) -> AnyRecord { return read_task(r); }},
};

// 128-bit FNV-1a: an id of a record that has none must not change between
// versions, so it is no library's.
std::string content_id(std::string_view text) {
  unsigned __int128 hash = (static_cast<unsigned __int128>(0x6c62272e07bb0142u) << 64) | 0x62b821756295c58du;
  const unsigned __int128 prime = (static_cast<unsigned __int128>(1) << 88) | 0x13b;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= prime;
  }
  return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(hash >> 64), static_cast<std::uint64_t>(hash));
}

void set_id(CanonicalRecord& record, const std::string& id) {
  std::visit([&](auto& any) { any.id = id; }, record.record);
  record.id = id;
}

// A record's members as text, where it is written so: of what comes by the million.
struct BodyText {
  std::string operator()(const Call& call) const { return call_to_json(call); }
  std::string operator()(const InquiryRecord& inquiry) const { return inquiry_to_json(inquiry); }
  std::string operator()(const LeadRecord& lead) const { return lead_to_json(lead); }
  std::string operator()(const TaskRecord& task) const { return task_json(task, word(task.state)); }
  template <typename Other>
  std::string operator()(const Other& other) const {
    return dumped(to_json(other));
  }
};

}  // namespace

const std::vector<std::string>& canonical_types() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> names;
    for (const auto& type : kTypes) names.emplace_back(type.name);
    return names;
  }();
  return types;
}

Result<CanonicalRecord> record_from_json(std::string_view line) {
  auto json = nlohmann::json::parse(line, nullptr, false);
  if (json.is_discarded()) {
    // Once more, for the place of the fault.
    try {
      json = nlohmann::json::parse(line);
    } catch (const nlohmann::json::parse_error& error) {
      return fail(HKL_INVALID, fmt::format("no JSON at byte {}: one whole object a line is expected", error.byte));
    }
  }
  if (!json.is_object()) return fail(HKL_INVALID, "expected a JSON object with a \"type\"");
  FieldReader reader(json, "");
  CanonicalRecord record;
  record.type = reader.text("type");
  const auto* type =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& t) { return record.type == t.name; });
  if (type == std::end(kTypes)) {
    if (record.type.empty())
      return fail(HKL_INVALID, "type: is missing; every record says what it is, e.g. \"type\": \"call\"");
    std::vector<std::string_view> names(canonical_types().begin(), canonical_types().end());
    const auto near = nearest_word(record.type, names.data(), names.size());
    return fail(HKL_INVALID,
                near.empty()
                    ? fmt::format("type: there is no \"{}\"; there are {}", record.type, fmt::join(names, ", "))
                    : fmt::format("type: there is no \"{}\"; did you mean \"{}\"?", record.type, near));
  }
  record.updated_at = reader.time("updated_at");
  record.deleted_at = reader.time("deleted_at");
  // A record without an id is its own content.
  if (!reader.has("id")) {
    auto content = json;
    content.erase("updated_at");
    content.erase("deleted_at");
    json["id"] = content_id(content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  record.record = type->read(reader);
  if (const auto fault = reader.finish();
      fault && !(record.deleted_at && fault->find("is missing") != std::string::npos))
    return fail(HKL_INVALID, fmt::format("{}: {}", record.type, *fault));
  set_id(record, json.at("id").is_string() ? json.at("id").get<std::string>() : json.at("id").dump());
  return record;
}

std::string record_to_json(const CanonicalRecord& record) {
  const auto body = std::visit(BodyText{}, record.record);
  JsonWriter json;
  json.begin_object().key("type").text(record.type);
  if (!body.starts_with(R"({"id":)") && !record.id.empty()) json.key("id").text(record.id);
  if (body.size() > 2) json.raw(std::string_view(body).substr(1, body.size() - 2));
  if (record.updated_at) json.time("updated_at", record.updated_at);
  if (record.deleted_at) json.time("deleted_at", record.deleted_at);
  return json.end_object().take();
}

std::string contact_to_json(const ContactRecord& contact) { return dumped(to_json(contact)); }

std::string task_to_json(const TaskRecord& task, Instant now) {
  const bool is_overdue = task.state == TaskState::open && task.deadline_at && *task.deadline_at < now;
  return task_json(task, is_overdue ? "overdue" : word(task.state));
}

}  // namespace hkl
