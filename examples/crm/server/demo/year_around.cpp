// What surrounds the calls of the year: visits of the site that led to a touch.
#include "clock.h"
#include "year.h"

namespace crm {

using Json = DemoYear::Json;

// How a client came upon the firm before the first touch: the last step is the
// one that made them ring.
void DemoYear::visits(const std::string& visitor, std::int64_t before_ms, const std::string& ad_source) {
  struct Step {
    const char *source, *medium, *campaign;
  };
  static const Step kSteps[] = {{"yandex", "cpc", "2-komn"},     {"google", "organic", ""},  {"yandex", "organic", ""},
                                {"cian", "listing", "premium"},  {"vk", "social", "otkryt"}, {"(direct)", "(none)", ""},
                                {"newsletter", "email", "osen"}, {"avito", "listing", ""}};
  static const std::vector<double> kOften = {4, 3, 3, 2.5, 1.5, 2, 0.8, 1};
  const auto count = 1 + chance_.weighted({0.45, 0.3, 0.17, 0.08});
  auto at = before_ms - seconds(chance_.between(60, 1800)) - static_cast<std::int64_t>(count - 1) * 3 * kDay;
  for (std::size_t i = 0; i < count; ++i, at += 3 * kDay) {
    const bool is_last = i + 1 == count;
    const auto index = is_last && ad_source == "direct" ? 0
                       : is_last && ad_source == "cian" ? 3
                                                        : chance_.weighted(kOften);
    const auto& step = kSteps[index];
    Json visit = {{"type", "visit"},          {"id", "w" + std::to_string(++visits_)},
                  {"visitor", visitor},       {"at", iso_utc(at)},
                  {"source", step.source},    {"medium", step.medium},
                  {"site", "kvartal.example"}};
    if (*step.campaign != '\0') visit["campaign"] = step.campaign;
    sink_(visit);
  }
}

}  // namespace crm
