#include "reports/fields_visits.h"

#include "reports/field_marks.h"

namespace hkl {
namespace {

// Visits of the contact's visitors, of all contacts that are one with it, and of
// who was shown the line that one of its calls came on; of a call of nobody,
// those of who was shown its line. Records keep their times as ISO 8601 in UTC with milliseconds.
std::string visits(const std::string& columns) {
  return "(SELECT " + columns +
         " FROM records v WHERE v.anchor IN (SELECT 'visitor:' || w.name FROM contact_names w WHERE w.kind = 'visitor' "
         "AND w.contact IN (WITH RECURSIVE m(id) AS (SELECT c.contact UNION SELECT k.id FROM contacts k JOIN m ON "
         "k.merged_into = m.id) SELECT id FROM m) UNION SELECT 'visitor:' || p.visitor FROM calls p WHERE p.contact = "
         "c.contact AND p.visitor IS NOT NULL UNION SELECT 'visitor:' || c.visitor WHERE c.visitor IS NOT NULL) AND "
         "v.anchor <> '' AND v.type = 'visit' AND v.deleted_ms IS NULL AND "
         "json_extract(v.body, '$.at') <= strftime('%Y-%m-%dT%H:%M:%fZ', c.started_ms / 1000.0, 'unixepoch') AND "
         "json_extract(v.body, '$.at') >= strftime('%Y-%m-%dT%H:%M:%fZ', c.started_ms / 1000.0 - 2592000, "
         "'unixepoch')";
}

std::string count() { return visits("COUNT(*)") + ")"; }

std::string credited(const std::string& value) {
  return visits(value) +
         " ORDER BY COALESCE(json_extract(v.body, '$.source'), 'direct') IN ('direct', '(direct)'), "
         "json_extract(v.body, '$.at') DESC, v.id DESC LIMIT 1)";
}

std::string member(const char* name) { return credited(std::string("json_extract(v.body, '$.") + name + "')"); }

std::string or_of_line(const char* name, std::string_view mark) {
  return "(CASE WHEN " + count() + " > 0 THEN " + member(name) + " ELSE " + std::string(mark) + " END)";
}

}  // namespace

std::vector<Field> visit_fields() {
  return {
      {"visit_source", Type::text, or_of_line("source", kLineSourceMark), "Источник", "Source"},
      {"visit_medium", Type::text, or_of_line("medium", kLineMediumMark), "Канал", "Medium"},
      {"visit_campaign", Type::text, member("campaign"), "Рекламная кампания", "Campaign"},
      {"visit_ad", Type::text, member("ad"), "Объявление", "Ad"},
      {"visit_keyword", Type::text, member("keyword"), "Ключевое слово", "Keyword"},
      {"visit_city", Type::text, member("city"), "Город посещения", "City of the visit"},
      {"visit_tags", Type::text,
       credited("(SELECT GROUP_CONCAT(t.key || '=' || t.value, '; ') FROM json_each(v.body, '$.tags') t)"),
       "UTM- и OS-метки", "UTM and OS tags"},
      {"visits", Type::integer, count(), "Посещений", "Visits"},
      {"region", Type::text, "hkl_region(c.client_number, " + std::string(kLanguageMark) + ")", "Регион номера",
       "Region of the number"},
  };
}

}  // namespace hkl
