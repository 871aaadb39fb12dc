#include "columns/figure_rows.h"

#include <algorithm>

namespace hkl {

bool FigureRows::is_counted(std::uint32_t combination) {
  for (auto c = static_cast<std::uint32_t>(counted_.size()); c < reader_.combinations().size(); ++c) {
    const auto answers = reader_.combinations().answers(c), questions = reader_.combinations().questions(c);
    const bool is_in = std::all_of(spec_.where.begin(), spec_.where.end(),
                                   [&](const ClassExpr& where) { return where.of(answers, questions); });
    counted_.push_back(is_in && spec_.parts.front().rows.of(answers, questions) ? 1 : 0);
  }
  return counted_[combination] != 0;
}

bool FigureRows::is_of_key(std::uint32_t group) {
  if (key_.empty()) return true;
  const auto is_key = [this](const RowIds& ids) {
    return std::equal(ids.begin(), ids.end(), key_.begin(), key_.end(),
                      [](const auto& x, const auto& y) { return x.value_or("") == y.value_or(""); });
  };
  for (; known_groups_ < reader_.groups().size(); ++known_groups_)
    if (is_key(reader_.groups().ids(known_groups_))) group_ = known_groups_;
  return group_ == group;
}

}  // namespace hkl
