#include "reports/access_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hkl {
namespace {

// Whether an employee, by SQL, is the asker or in the asker's departments then.
class People {
 public:
  People(const Access& access, const Directory* directory, Instant now) : access_(access), directory_(directory) {
    if (access.role.sees == Role::Sees::department && directory != nullptr && !access.employee.empty())
      departments_ = directory->departments_at(access.employee, now);
  }

  SqlText has(const SqlText& who, const SqlText& at) const {
    if (access_.employee.empty()) return "0";
    std::vector<SqlText> any = {who + " = " + SqlText::value(access_.employee)};
    if (directory_ == nullptr) return any_of(any);
    for (const auto& employee : directory_->parts().employees)
      for (const auto& in : employee.departments)
        if (std::find(departments_.begin(), departments_.end(), in.id) != departments_.end())
          any.push_back(member(employee.id, in.period.from, in.period.to, who, at));
    return any_of(any);
  }

 private:
  static SqlText member(const std::string& id, const std::optional<Instant>& from, const std::optional<Instant>& to,
                        const SqlText& who, const SqlText& at) {
    std::vector<SqlText> all = {who + " = " + SqlText::value(id)};
    if (from) all.push_back(at + " >= " + SqlText::value(ms_of(*from)));
    if (to) all.push_back(at + " < " + SqlText::value(ms_of(*to)));
    return all_of(std::move(all));
  }

  const Access& access_;
  const Directory* directory_;
  std::vector<std::string> departments_;
};

// `call`: the alias of the calls.
SqlText calls_of(const People& people, const std::string& call) {
  const SqlText at = call + ".started_ms";
  return any_of({people.has(call + ".employee", at),
                 SqlText("EXISTS(SELECT 1 FROM call_legs own WHERE own.call = " + call +
                         ".id AND own.employee IS NOT NULL AND (own.outcome = 'answered' OR " + call +
                         ".outcome IS NOT 'answered') AND ") +
                     people.has("own.employee", at) + ")"});
}

SqlText leads_of(const People& people, const std::string& lead) {
  const SqlText at = lead + ".created_ms";
  return any_of({people.has(lead + ".responsible", at), people.has(lead + ".creator", at)});
}

SqlText tasks_of(const People& people, const std::string& task) {
  const SqlText at = task + ".created_ms";
  return any_of({people.has(task + ".assignee", at), people.has(task + ".done_by", at)});
}

SqlText exists(const std::string& from, const SqlText& condition) {
  return SqlText("EXISTS(SELECT 1 FROM " + from + " AND ") + condition + ")";
}

SqlText inquiries_of(const People& people) {
  return any_of({people.has("c.taken_by", "COALESCE(c.taken_ms, c.at_ms)"),
                 exists("leads ol WHERE ol.id = c.lead", leads_of(people, "ol")),
                 exists("calls oc WHERE oc.id = c.call", calls_of(people, "oc"))});
}

SqlText contacts_of(const People& people) {
  return any_of(
      {exists("leads ol WHERE ol.contact = c.id", leads_of(people, "ol")),
       exists("calls oc WHERE oc.contact = c.id", calls_of(people, "oc")),
       exists("tasks ot WHERE ot.contact = c.id", tasks_of(people, "ot")),
       exists("inquiries oi WHERE oi.contact = c.id", people.has("oi.taken_by", "COALESCE(oi.taken_ms, oi.at_ms)"))});
}

// "calls" of legs and of entries to queues too: they are parts of calls.
std::string subject_of(const Entity& entity) { return entity.singular == "call" ? "calls" : entity.name; }

bool is_file(const std::string& format) {
  return format != "json" && format != "table" && format != "html" && format != "svg";
}

template <typename Test>
bool any_field(const Node& node, Test test) {
  if (node.kind == NodeKind::field && test(*node.field)) return true;
  if (node.where && any_field(*node.where, test)) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [&](const NodePtr& child) { return any_field(*child, test); });
}

}  // namespace

SqlText rows_within(const Access* access, const Entity& entity, const Directory* directory, Instant now) {
  if (sees_all(access)) return {};
  const People people(*access, directory, now);
  if (entity.singular == "call") return calls_of(people, "c");
  if (entity.name == "inquiries") return inquiries_of(people);
  if (entity.name == "leads") return leads_of(people, "c");
  if (entity.name == "tasks") return tasks_of(people, "c");
  return contacts_of(people);
}

Done check_asked(const Access* access, const Entity& entity, Asked what, const std::string& format) {
  const auto subject = what == Asked::rows ? subject_of(entity) : "reports";
  if (auto may = check_right(access, subject + ".view"); !may) return may;
  return is_file(format) ? check_right(access, subject + ".export") : Done{};
}

bool is_masked(const Access* access) { return access != nullptr && !access->may("numbers.full"); }

bool is_of_people(const Field& field) {
  constexpr std::array<std::string_view, 13> kNames = {
      "client_number", "client_raw",   "client_name", "number", "email", "text",      "numbers",
      "emails",        "first_number", "title",       "note",   "name",  "lead_title"};
  return std::find(kNames.begin(), kNames.end(), field.name) != kNames.end();
}

bool asks_of_people(const Node& expression) { return any_field(expression, is_of_people); }

bool may_quote_people(const Field& field) {
  constexpr std::array<std::string_view, 7> kNames = {"why",  "result",    "call_result", "recordings",
                                                      "legs", "leg_cause", "object"};
  return is_of_people(field) || std::find(kNames.begin(), kNames.end(), field.name) != kNames.end();
}

bool quotes_people(const Node& expression) { return any_field(expression, may_quote_people); }

bool asks_of_recordings(const Node& expression) {
  return any_field(expression, [](const Field& field) { return field.name == "recordings"; });
}

Done check_hidden(const Access* access, const Node& expression) {
  if (!is_masked(access) || !asks_of_people(expression)) return {};
  return fail(HKL_AUTH, fmt::format("{} sees numbers and names with stars alone, and may not ask for rows by them: the "
                                    "role \"{}\" has no right \"numbers.full\"",
                                    access->name, access->role_name));
}

}  // namespace hkl
