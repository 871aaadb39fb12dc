// The body of a post of mod_json_cdr, in whichever way it was encoded, and the
// record in it as paths and texts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace freeswitch {

// One record: "variables/uuid", "callflow/0/times/bridged_time", … A list's
// members are counted from 0.
class CdrRecord {
 public:
  // Empty where it has no such member.
  std::string_view operator[](std::string_view path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? std::string_view() : std::string_view(found->second);
  }
  bool has(std::string_view beginning) const {
    const auto next = values_.lower_bound(beginning);
    return next != values_.end() && std::string_view(next->first).substr(0, beginning.size()) == beginning;
  }

 private:
  friend std::optional<CdrRecord> read_record(std::string_view json);
  std::map<std::string, std::string, std::less<>> values_;
};

// The JSON in a request's body: as it stands, in the form field cdr=, or there
// in base64. Nothing where the type is another or the coding broken.
std::optional<std::string> record_text(std::string_view content_type, std::string_view body);

// Nothing where it is no JSON object, is nested too deeply or has too many
// members. What encode=true makes of it, which is no JSON, is read too.
std::optional<CdrRecord> read_record(std::string_view json);

}  // namespace freeswitch
