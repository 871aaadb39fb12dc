// What calendars say of rows: when a line was open, and how much of a time was.
#include <algorithm>

#include "columns/open_hours.h"
#include "columns/program.h"
#include "reports/field_marks.h"
#include "reports/option_definition.h"

namespace hkl {

// As compile_spans.cpp says it.
NumberExpr Program::open_time(const Node& node) {
  auto from = number(*node.children[0]), to = number(*node.children[1]);
  const auto named = evaluate(*node.children[2], with_.options);
  const auto* name = std::get_if<std::string>(&named);
  if (name == nullptr || *name == kWallClock) return combined('-', std::move(to), std::move(from));
  const auto* calendar = with_.calendar(*name);
  if (calendar == nullptr || !bring_together(from, to) || from.den % 1000 != 0) return of_constant(std::nullopt, 1);
  for (auto* moment : {&from, &to}) {
    moment->den /= 1000;
    moment->run = rounded(std::move(*moment), false);
  }
  NumberExpr expr;
  expr.den = 1000;
  expr.run = [begins = std::move(from.run), ends = std::move(to.run), hours = std::make_shared<OpenHours>(*calendar),
              room = std::make_shared<Numbers>()](Batch& batch, Numbers& out) {
    begins(batch, *room);
    ends(batch, out);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      out.known[i] &= room->known[i];
      out.values[i] = out.known[i] != 0 ? hours->between(room->values[i], out.values[i]) : 0;
    }
  };
  return expr;
}

// Unknown of a line without a calendar, and of a call without a time.
NumberFn Program::line_closed() {
  const auto calendars = calendars_of_lines(with_);
  if (calendars.empty()) return of_constant(std::nullopt, 1).run;
  const auto line = reading("line"), time = reading(table_.time_column());
  // The hours of each line that has some, by its code; lines are few, and their texts are all there.
  const auto& texts = table_.dictionary(line);
  std::map<const Calendar*, std::shared_ptr<OpenHours>> hours;
  std::vector<std::shared_ptr<OpenHours>> of_code(texts.size());
  for (std::uint32_t code = 0; code < of_code.size(); ++code) {
    const auto found = calendars.find(std::string(texts.text(code)));
    if (found == calendars.end()) continue;
    auto& kept = hours[found->second];
    if (!kept) kept = std::make_shared<OpenHours>(*found->second);
    of_code[code] = kept;
  }
  return [line, time, of_code = std::move(of_code)](Batch& batch, Numbers& out) {
    const auto &lines = batch.column(line), &moments = batch.column(time);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      auto* asked = lines.known[i] != 0 && moments.known[i] != 0
                        ? of_code[static_cast<std::size_t>(lines.values[i])].get()
                        : nullptr;
      out.known[i] = asked != nullptr ? 1 : 0;
      out.values[i] = asked != nullptr && !asked->is_open(moments.values[i]) ? 1 : 0;
    }
  };
}

}  // namespace hkl
