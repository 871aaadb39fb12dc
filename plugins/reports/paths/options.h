// The options of reports over paths, as JSON of their definitions.
#pragma once

#include <string_view>

namespace paths {

inline constexpr std::string_view kOptions =
    R"json({"id": "window", "type": "number", "default": 30, "title": {"ru": "Окно ретроспективного анализа, дней", "en": "Look-back window, days"}, "help": {"ru": "1–365, назад от каждого звонка", "en": "1–365, back from each call"}},
    {"id": "conversions", "type": "enum", "values": ["target", "calls", "unique", "unique_target"], "default": "target", "title": {"ru": "Конверсии", "en": "Conversions"}},
    {"id": "unique_gap_days", "type": "number", "title": {"ru": "Уникальный после, дней", "en": "Unique after, days"}},
    {"id": "step", "type": "enum", "values": ["source_medium", "campaign", "ad", "keyword"], "default": "source_medium", "title": {"ru": "Шаг", "en": "Step"}},
    {"id": "collapse", "type": "bool", "default": false, "title": {"ru": "Одинаковые соседние шаги – один", "en": "Equal neighbours are one step"}},
    {"id": "restart_after_conversion", "type": "bool", "default": false, "title": {"ru": "После конверсии путь начинается заново", "en": "A conversion ends the path"}})json";

}  // namespace paths
