// Marks in the SQL of fields that stand for what the store does not hold: the
// moment asked about, the language, what the directory and calendars say.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "reports/compile.h"

namespace hkl {

// In the SQL of tasks: the moment that is asked about, in milliseconds.
inline constexpr std::string_view kNowMark = ":now:";
inline constexpr std::string_view kLanguageMark = ":language:";
// Of the ad source of the call's line: the step it is in a path (metrics §5.2).
inline constexpr std::string_view kLineSourceMark = ":line_source:";
inline constexpr std::string_view kLineMediumMark = ":line_medium:";
// 1 where the calendar of the call's line was closed when the call began, 0
// where it was open, null without a calendar (metrics §8.9).
inline constexpr std::string_view kLineClosedMark = ":line_closed:";
// Of an inquiry: office of who took it, group and tags ("|a|b|") of its ad source.
inline constexpr std::string_view kTakerOfficeMark = ":taker_office:";
inline constexpr std::string_view kSourceGroupMark = ":source_group:";
inline constexpr std::string_view kSourceTagsMark = ":source_tags:";

// Whether any of them is in it.
bool has_mark(std::string_view sql);

// When the lines are open that have a calendar; by line, as calls keep it.
std::map<std::string, const Calendar*> calendars_of_lines(const RowSurroundings& with);

// The SQL with its marks replaced.
SqlText with_marks(std::string_view sql, const RowSurroundings& surroundings);

}  // namespace hkl
