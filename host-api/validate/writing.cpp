#include "writing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hkl::validate {
namespace {

std::size_t bad_count(const Examined& one) {
  return static_cast<std::size_t>(std::count_if(one.lines.begin(), one.lines.end(),
                                                [](const Line& line) { return !is_good(line.outcome.verdict); }));
}

std::string as_text(const std::vector<Examined>& all, std::uint64_t seed) {
  std::string out;
  for (const auto& one : all) {
    out += one.file + "\n";
    for (const auto& [check, outcome] : one.lines) {
      out += fmt::format("  {} {:<7} {} [{}]\n", check.id, name_of(outcome.verdict), check.why, check.rule);
      if (!outcome.text.empty()) out += fmt::format("              {}\n", outcome.text);
    }
    const auto bad = bad_count(one);
    out += bad == 0 ? fmt::format("  good, seed {}\n", seed)
                    : fmt::format("  {} of {} checks failed, seed {}\n", bad, one.lines.size(), seed);
  }
  return out;
}

std::string as_json(const std::vector<Examined>& all, std::uint64_t seed) {
  auto files = nlohmann::ordered_json::array();
  for (const auto& one : all) {
    auto checks = nlohmann::ordered_json::array();
    for (const auto& [check, outcome] : one.lines) {
      checks.push_back({{"id", check.id},
                        {"level", name_of(check.level)},
                        {"why", check.why},
                        {"rule", check.rule},
                        {"result", name_of(outcome.verdict)},
                        {"text", outcome.text}});
    }
    files.push_back({{"file", one.file}, {"good", bad_count(one) == 0}, {"checks", checks}});
  }
  const nlohmann::ordered_json out = {{"seed", seed}, {"plugins", files}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string as_junit(const std::vector<Examined>& all) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& one : all) {
    const auto skipped = std::count_if(one.lines.begin(), one.lines.end(),
                                       [](const Line& line) { return line.outcome.verdict == Verdict::skip; });
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n", escaped(one.file),
                       one.lines.size(), bad_count(one), skipped);
    for (const auto& [check, outcome] : one.lines) {
      out +=
          fmt::format("    <testcase classname=\"{}\" name=\"{} {}\"", escaped(one.file), check.id, escaped(check.why));
      const auto text = escaped(outcome.text);
      if (!is_good(outcome.verdict)) {
        out += fmt::format("><failure type=\"{}\" message=\"{}\"/></testcase>\n", name_of(outcome.verdict), text);
      } else if (outcome.verdict == Verdict::skip) {
        out += fmt::format("><skipped message=\"{}\"/></testcase>\n", text);
      } else if (!text.empty()) {
        out += fmt::format("><system-out>{}</system-out></testcase>\n", text);
      } else {
        out += "/>\n";
      }
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace

bool is_good(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::warn || verdict == Verdict::skip;
}

std::string write(const std::vector<Examined>& all, std::uint64_t seed, Format format) {
  switch (format) {
    case Format::json:
      return as_json(all, seed);
    case Format::junit:
      return as_junit(all);
    case Format::text:
      break;
  }
  return as_text(all, seed);
}

}  // namespace hkl::validate
