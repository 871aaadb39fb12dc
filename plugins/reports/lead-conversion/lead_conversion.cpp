// RemOnline's report on conversion (metrics §6).
#include "../leads-funnel/leads_funnel.h"
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "lead-conversion",
  "title": {"ru": "Конверсия обращений", "en": "Lead conversion"},
  "rows": "leads",
  "options": [
    %DATE%],
  %PERIOD%,
  "dimensions": [
    {"id": "type", "expr": "kind",
     "title": {"ru": "Тип обращения", "en": "Type"}, "empty": {"ru": "Без типа", "en": "No type"},
     "definition": {"ru": "Тип обращения; без типа – последней строкой", "en": "Type of the lead; those without one come last"}}],
  %MEASURES%,
  "filters": [
    {"id": "type", "expr": "kind", "title": {"ru": "Тип", "en": "Type"}}]
})json";

class LeadConversion final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return leads_funnel::whole(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(LeadConversion, {"lead-conversion", "1.0.0", "Hookline", "Apache-2.0",
                                 "How many leads of each type became orders and sales"})
