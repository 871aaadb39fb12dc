// Settings of a report in the YAML as defaults of the options in its definition.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "hookline/sdk/text.h"

namespace hookline {

// A definition with parts that several reports have in common in place of
// their marks: filled(kDefinition, {{"%OPTIONS%", kOptions}}).
inline std::string filled(std::string_view definition,
                          std::initializer_list<std::pair<std::string_view, std::string_view>> parts) {
  std::string text(definition);
  for (const auto& [mark, part] : parts) {
    const auto at = text.find(mark);
    if (at == std::string::npos) throw std::logic_error("the definition has no " + std::string(mark));
    text.replace(at, mark.size(), part);
  }
  return text;
}

// A definition with other defaults:
//
//   return ReportDefaults(kDefinition).number("threshold_s", settings().threshold_s).text();
//
// Options are looked for as `{"id": "threshold_s",`; one that is not there is
// a mistake of the plugin's and throws.
class ReportDefaults {
 public:
  explicit ReportDefaults(std::string_view definition) : text_(definition) {}

  ReportDefaults& number(std::string_view option, double value) {
    auto digits = std::to_string(value);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return put(option, digits);
  }
  // 0 stands for "never": the option is null then.
  ReportDefaults& number_or_never(std::string_view option, std::int64_t value) {
    return put(option, value == 0 ? "null" : std::to_string(value));
  }
  // No time stands for "without a limit": the option is null then.
  ReportDefaults& duration_or_none(std::string_view option, Duration value) {
    return put(option, value.ms == 0 ? "null" : '"' + std::to_string(value.ms) + "ms\"");
  }
  ReportDefaults& numbers(std::string_view option, std::int64_t value) {
    return put(option, "[" + std::to_string(value) + "]");
  }
  // A word without quotation marks in it, as the settings' schema sees to.
  ReportDefaults& word(std::string_view option, std::string_view value) {
    return put(option, '"' + std::string(value) + '"');
  }
  ReportDefaults& yes(std::string_view option, bool value) { return put(option, value ? "true" : "false"); }
  // The report's credit, which is no option.
  ReportDefaults& credit(std::string_view value) {
    const auto at = text_.find(R"("credit": {)");
    if (at == std::string::npos) throw std::logic_error("the definition has no credit");
    return replace(at, '"' + std::string(value) + '"');
  }

  std::string text() const { return text_; }

 private:
  static constexpr std::string_view kDefault = R"("default": )";

  ReportDefaults& put(std::string_view option, const std::string& value) {
    const auto at = text_.find(R"({"id": ")" + std::string(option) + R"(", "type")");
    if (at == std::string::npos) throw std::logic_error("the definition has no option " + std::string(option));
    return replace(at, value);
  }

  // Within the object that begins at or after `at`, up to its end.
  ReportDefaults& replace(std::size_t at, const std::string& value) {
    const auto object = text_.find('{', at);
    int depth = 0;
    auto end = object;
    for (; end < text_.size(); ++end) {
      depth += text_[end] == '{' ? 1 : text_[end] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    const auto found = text_.find(kDefault, object);
    if (found == std::string::npos || found > end) {
      text_.insert(end, ", " + std::string(kDefault) + value);
      return *this;
    }
    const auto begin = found + kDefault.size();
    // Lists are of numbers, so the first comma or bracket after them ends the value.
    auto stop = text_[begin] == '[' ? text_.find(']', begin) + 1 : text_.find_first_of(",}", begin);
    text_.replace(begin, stop - begin, value);
    return *this;
  }

  std::string text_;
};

}  // namespace hookline
