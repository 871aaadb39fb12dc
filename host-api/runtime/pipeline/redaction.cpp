#include "pipeline/redaction.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>

namespace hkl {
namespace {

using Redacted = nlohmann::ordered_json;

void blank(Redacted& body, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (body.contains(name)) body[name] = nullptr;
}

void redact_call(Redacted& call) {
  blank(call, {"client_name"});
  // As sent it may be written in a way that nobody thought of.
  if (call.contains("client_raw") && call.contains("client_number") && !call["client_number"].is_null())
    call["client_raw"] = call["client_number"];
  if (call.contains("extra")) call["extra"] = Redacted::object();
  if (call.contains("recordings"))
    for (auto& recording : call["recordings"]) recording = kErasedRecording;
  if (call.contains("legs"))
    for (auto& leg : call["legs"])
      if (leg.value("kind", Redacted()) == "external") blank(leg, {"name"});
}

}  // namespace

void redact(const std::string& type, Redacted& body, const NameEraser& eraser, const NameEraser& names) {
  if (type == "call") redact_call(body);
  if (type == "contact") blank(body, {"name"});
  if (type == "lead") blank(body, {"title", "note"});
  if (type == "inquiry") blank(body, {"text"});
  if (type == "visit") blank(body, {"page"});
  if (type == "task")
    for (const char* name : {"title", "why"})
      if (body.contains(name)) names.erase(body[name]);
  eraser.erase(body);
}

}  // namespace hkl
