// S09 and E04: which doors out of a call a plugin takes when it runs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "child.h"
#include "imports.h"
#include "judging.h"

namespace hkl::validate {
namespace {

// What a passive plugin has no use for: the host gives bytes and the time.
constexpr std::array kUnwanted = {"exit",
                                  "_exit",
                                  "quick_exit",
                                  "signal",
                                  "sigaction",
                                  "setlocale",
                                  "system",
                                  "fork",
                                  "dlclose",
                                  "socket",
                                  "pthread_create",
                                  "thrd_create",
                                  "time",
                                  "clock_gettime",
                                  "gettimeofday",
                                  "_ZNSt6chrono3_V212system_clock3nowEv",
                                  "_ZNSt6chrono3_V212steady_clock3nowEv"};
constexpr std::array kEndings = {"exit",         "_exit",     "_Exit",         "quick_exit",     "abort",
                                 "pthread_exit", "thrd_exit", "__assert_fail", "_ZSt9terminatev"};

// One function for each name, so that whoever is called knows what for.
template <const auto& Names, std::size_t I>
void reached() {
  const char* step = doing_now() == nullptr ? "a call" : doing_now();
  finish(fails(fmt::format("{} called {}", step, Names[I])));
}

template <const auto& Names, std::size_t... I>
void* in_place_of(const std::string& name, std::index_sequence<I...>) {
  void* out = nullptr;
  ((name == Names[I] ? void(out = reinterpret_cast<void*>(&reached<Names, I>)) : void()), ...);
  return out;
}

template <const auto& Names>
void report_calls(const std::shared_ptr<PluginFile>& file) {
  replace_imports(reinterpret_cast<const void*>(file->descriptor().get_interface), [](const std::string& name) {
    return in_place_of<Names>(name, std::make_index_sequence<Names.size()>());
  });
}

Outcome passive(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    std::vector<std::string> found;
    for (const auto& import : elf_of(candidate).imports) {
      const auto name = import.substr(0, import.find('@'));
      if (std::find(kUnwanted.begin(), kUnwanted.end(), name) != kUnwanted.end()) found.push_back(name);
    }
    if (found.empty()) return pass();
    const auto file = opened(candidate);
    const auto& flags = file->note().flags;
    const bool is_active = std::find(flags.begin(), flags.end(), "active") != flags.end();
    const auto warning = fmt::format(
        "imports {}, which a passive plugin has no use for: the host gives bytes and the "
        "time",
        fmt::join(found, ", "));
    if (is_active) return {Verdict::warn, warning};
    report_calls<kUnwanted>(file);
    Bench bench(candidate, file);
    bench.live();
    return {Verdict::warn, warning + "; its usual work does not reach them"};
  });
}

Outcome comes_back(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    report_calls<kEndings>(file);
    Bench bench(candidate, file);
    bench.live();
    if (!bench.jumped().empty())
      return fails(fmt::format("{} was left by a jump over a function of the host that was under way", bench.jumped()));
    return pass();
  });
}

}  // namespace

std::vector<Check> return_checks() {
  return {{"E04",
           Level::quick,
           "every call comes back by returning",
           "R9",
           {"D02", "D03", "D04", "E03"},
           comes_back,
           "I01"}};
}

std::vector<Check> passive_checks() {
  return {{"S09", Level::standard, "does nothing that a passive plugin has no use for", "R9, R10", {"I01"}, passive}};
}

}  // namespace hkl::validate
