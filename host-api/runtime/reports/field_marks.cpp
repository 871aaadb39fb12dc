#include "reports/field_marks.h"

#include <algorithm>
#include <iterator>

#include "contacts/numbers.h"
#include "reports/calendar_text.h"

namespace hkl {
namespace {

// CASE … of what the directory knows by an id; NULL where it knows nothing.
class ByCase {
 public:
  explicit ByCase(const char* what) : sql_(std::string("(CASE ") + what) {}
  void add(const std::string& id, const SqlText& value) {
    sql_ += " WHEN " + SqlText::value(id) + " THEN " + value;
    is_empty_ = false;
  }
  SqlText end() const { return is_empty_ ? SqlText("NULL") : sql_ + " END)"; }

 private:
  SqlText sql_;
  bool is_empty_ = true;
};

// As calls keep a line: in E.164 where it is a number.
std::string kept_line(const std::string& id, const Directory& directory) {
  const auto number = normalise_number(id, directory.parts().phone_region);
  return number.e164.empty() ? id : number.e164;
}

SqlText of_lines(const RowSurroundings& with, SqlText (*value)(const LineRecord&, const RowSurroundings&)) {
  ByCase lines("c.line");
  for (const auto& line : with.directory->parts().lines) {
    const auto found = value(line, with);
    if (!found.is_empty()) lines.add(kept_line(line.id, *with.directory), found);
  }
  return lines.end();
}

SqlText line_source(const LineRecord& line, const RowSurroundings& with) {
  const auto* ad_source = with.directory->ad_source(line.ad_source);
  if (ad_source == nullptr) return {};
  return SqlText::value(ad_source->step_source.empty() ? ad_source->id : ad_source->step_source);
}

SqlText line_medium(const LineRecord& line, const RowSurroundings& with) {
  const auto* ad_source = with.directory->ad_source(line.ad_source);
  return ad_source == nullptr || ad_source->step_medium.empty() ? SqlText() : SqlText::value(ad_source->step_medium);
}

SqlText line_closed(const RowSurroundings& with) {
  ByCase lines("c.line");
  for (const auto& [line, calendar] : calendars_of_lines(with))
    lines.add(line, "NOT hkl_is_open(c.started_ms, " + SqlText::value(calendar_text(*calendar)) + ")");
  return lines.end();
}

SqlText taker_office(const RowSurroundings& with) {
  ByCase offices("c.taken_by");
  for (const auto& employee : with.directory->parts().employees)
    if (!employee.office.empty()) offices.add(employee.id, SqlText::value(employee.office));
  return offices.end();
}

SqlText source_group(const RowSurroundings& with) {
  ByCase groups("c.ad_source");
  for (const auto& source : with.directory->parts().ad_sources)
    if (!source.group.empty()) groups.add(source.id, SqlText::value(source.group));
  return groups.end();
}

SqlText source_tags(const RowSurroundings& with) {
  ByCase tags("c.ad_source");
  for (const auto& source : with.directory->parts().ad_sources) {
    std::string joined = "|";
    for (const auto& tag : source.tags) joined += tag + "|";
    if (!source.tags.empty()) tags.add(source.id, SqlText::value(joined));
  }
  return tags.end();
}

using Replace = SqlText (*)(const RowSurroundings&);
constexpr std::pair<std::string_view, Replace> kMarks[] = {
    {kNowMark, [](const RowSurroundings& with) { return SqlText::value(with.now_ms); }},
    {kLanguageMark, [](const RowSurroundings& with) { return SqlText::value(with.language); }},
    {kLineSourceMark, [](const RowSurroundings& with) { return of_lines(with, line_source); }},
    {kLineMediumMark, [](const RowSurroundings& with) { return of_lines(with, line_medium); }},
    {kLineClosedMark, line_closed},
    {kTakerOfficeMark, taker_office},
    {kSourceGroupMark, source_group},
    {kSourceTagsMark, source_tags},
};

}  // namespace

bool has_mark(std::string_view sql) {
  return std::any_of(std::begin(kMarks), std::end(kMarks),
                     [sql](const auto& mark) { return sql.find(mark.first) != sql.npos; });
}

std::map<std::string, const Calendar*> calendars_of_lines(const RowSurroundings& with) {
  std::map<std::string, const Calendar*> calendars;
  if (with.directory == nullptr) return calendars;
  for (const auto& line : with.directory->parts().lines)
    if (const auto* calendar = with.calendar(line.calendar))
      calendars.try_emplace(kept_line(line.id, *with.directory), calendar);
  return calendars;
}

SqlText with_marks(std::string_view sql, const RowSurroundings& surroundings) {
  SqlText made;
  while (true) {
    auto at = sql.npos;
    const std::pair<std::string_view, Replace>* first = nullptr;
    for (const auto& mark : kMarks)
      if (const auto found = sql.find(mark.first); found < at) {
        at = found;
        first = &mark;
      }
    made += SqlText(std::string(sql.substr(0, at)));
    if (first == nullptr) return made;
    const bool is_known = surroundings.directory != nullptr || first - std::begin(kMarks) < 2;
    made += is_known ? first->second(surroundings) : SqlText("NULL");
    sql.remove_prefix(at + first->first.size());
  }
}

}  // namespace hkl
