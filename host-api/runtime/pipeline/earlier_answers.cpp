#include "pipeline/earlier_answers.h"

#include <fmt/format.h>

namespace hkl {

EarlierAnswers::EarlierAnswers(Sql& sql) : sql_(sql) {
  sql_.run(
      "DROP TABLE IF EXISTS temp.earlier_inquiries; DROP TABLE IF EXISTS temp.earlier_tasks; "
      "CREATE TEMP TABLE earlier_inquiries AS SELECT id, quality, advertising, ad_source, why FROM inquiries "
      "WHERE by_hand = 0; "
      "CREATE TEMP TABLE earlier_tasks AS SELECT id, rule, deadline_ms FROM tasks WHERE rule IS NOT NULL;");
}

EarlierAnswers::~EarlierAnswers() {
  try {
    sql_.run("DROP TABLE temp.earlier_inquiries; DROP TABLE temp.earlier_tasks;");
  } catch (const SqlError&) {  // they go with the session
  }
}

std::vector<std::string> EarlierAnswers::differences() {
  std::vector<std::string> out;
  const auto tell = [&](const std::string& plugin, const std::string& what) {
    out.push_back(
        fmt::format("{}: {} than before the rebuild, though neither the facts nor the config have changed; unless its "
                    "file has, its answers depend on more than its input: try `hookline-validate --only T04` on it",
                    plugin, what));
  };
  // Who judged is the first word of `why`; what no classifier said has no colon.
  auto judged = sql_.query(
      "SELECT CASE WHEN instr(i.why, ': ') > 0 THEN substr(i.why, 1, instr(i.why, ': ') - 1) "
      "ELSE substr(e.why, 1, instr(e.why, ': ') - 1) END AS plugin, count(*) "
      "FROM temp.earlier_inquiries e JOIN inquiries i ON i.id = e.id AND i.by_hand = 0 "
      "WHERE (i.quality IS NOT e.quality OR i.advertising IS NOT e.advertising OR i.ad_source IS NOT e.ad_source) "
      "AND (instr(i.why, ': ') > 0 OR instr(e.why, ': ') > 0) GROUP BY plugin ORDER BY plugin");
  while (judged.step()) tell(judged.text(0), fmt::format("{} inquiries are judged otherwise", judged.integer(1)));
  auto asked = sql_.query(
      "SELECT e.rule, count(*) FROM temp.earlier_tasks e LEFT JOIN tasks t ON t.id = e.id "
      "WHERE t.id IS NULL OR t.deadline_ms IS NOT e.deadline_ms GROUP BY e.rule ORDER BY e.rule");
  while (asked.step()) tell(asked.text(0), fmt::format("{} tasks are others", asked.integer(1)));
  return out;
}

}  // namespace hkl
