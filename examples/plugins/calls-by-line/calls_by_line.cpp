// A report: it only declares. The host runs it, opens the calls behind each
// figure, prints and exports.
#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  bool only_in = true;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(only_in, "Calls of clients alone, unless asked otherwise"))

namespace {

class CallsByLine final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return std::string(R"json({
  "id": "com.example.calls-by-line",
  "title": {"ru": "Звонки по линиям", "en": "Calls by line"},
  "rows": "calls",
  "options": [
    {"id": "only_in", "type": "bool", "default": )json") +
           (settings().only_in ? "true" : "false") + R"json(,
     "title": {"ru": "Только входящие", "en": "Incoming only"},
     "help": {"ru": "Исходящие не входят", "en": "Outgoing calls are left out"}}
  ],
  "where": [{"expr": "inbound", "when": "option.only_in"}],
  "dimensions": [
    {"id": "line", "expr": "line",
     "title": {"ru": "Линия", "en": "Line"},
     "empty": {"ru": "Неизвестна", "en": "Not known"},
     "definition": {"ru": "Номер компании, на который звонили", "en": "The company's number that was called or shown"}}
  ],
  "measures": [
    {"id": "calls", "type": "integer", "expr": "count()",
     "title": {"ru": "Звонков", "en": "Calls"},
     "definition": {"ru": "Звонки с любым исходом", "en": "Calls, whatever came of them"}},
    {"id": "missed", "type": "integer", "expr": "count() where missed",
     "title": {"ru": "Пропущено", "en": "Missed"},
     "definition": {"ru": "Никто не ответил", "en": "Nobody answered"}},
    {"id": "missed_share", "type": "percent", "expr": "(count() where missed) / count()",
     "title": {"ru": "Доля пропущенных", "en": "Share missed"},
     "definition": {"ru": "Пропущенные из всех звонков линии", "en": "Missed calls of all calls of the line"}}
  ],
  "sort": ["line"]
})json";
  }
};

}  // namespace

HOOKLINE_PLUGIN(CallsByLine, {"com.example.calls-by-line", "1.0.0", "Example", "MIT", "Calls of each of our numbers"})
