#include "reports/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/kept_plans.h"
#include "reports/members.h"
#include "reports/option_definition.h"
#include "reports/scan_definition.h"
#include "values/words.h"

namespace hkl {
namespace {

// Settings every report has; no option or filter may take their names.
constexpr std::string_view kReserved[] = {"credit",    "timezone", "show_empty", "time_group",
                                          "day_start", "day_end",  "week_days"};

bool uses_credit(const Node& node, ByCredit what) {
  if (node.kind == NodeKind::field && node.field->by_credit == what) return true;
  const auto uses = [what](const NodePtr& child) { return uses_credit(*child, what); };
  return std::any_of(node.children.begin(), node.children.end(), uses) ||
         (node.where && uses_credit(*node.where, what));
}

Display display_of(Type type) {
  switch (type) {
    case Type::duration:
      return Display::seconds;
    case Type::time:
      return Display::time;
    case Type::money:
      return Display::money;
    case Type::decimal:
      return Display::decimal;
    case Type::text:
      return Display::text;
    default:
      return Display::integer;
  }
}

bool can_show(Display display, Type type) {
  if (display == Display::decimal || display == Display::percent) return is_number(type);
  return display == display_of(type) && (is_numeric(type) || type == Type::text);
}

// Whose name a value is; of a choice, where that is the same whatever is chosen.
NameOf name_of(const Node& value) {
  if (value.kind == NodeKind::field) return value.field->name_of;
  if (value.kind != NodeKind::function || value.text != "if") return NameOf::nobody;
  const auto common = name_of(*value.children.back());
  for (std::size_t i = 1; i < value.children.size(); i += 2)
    if (name_of(*value.children[i]) != common) return NameOf::nobody;
  return common;
}

class Reader {
 public:
  explicit Reader(const std::string& id) { made_.id = id; }
  const Complaints& complaints() const { return complaints_; }

  Result<Definition> run(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded())
      return fail(HKL_BAD_SETTINGS, fmt::format("report {}: the definition is no JSON", made_.id));
    Members document(json, "", complaints_);
    document.text("id");
    made_.title = document.local_text("title", true);
    read_rows(document);
    if (made_.rows == nullptr) return done();
    read_credit(document);
    for (auto& option : document.objects("options")) read_option(option);
    made_.scan = read_scan(document);
    made_.leaves_out = read_leaves_out(document, made_.scan, *made_.rows);
    made_.cuts_hours = read_takes_hours(document, made_.scan);
    if (made_.scan != ScanOver::nothing) return read_scan_columns(document);
    for (auto& other : document.objects("rows_when")) read_other_rows(other);
    for (auto& term : document.objects("terms")) read_term(term);
    for (auto& dimension : document.objects("dimensions")) read_dimension(dimension);
    for (auto& measure : document.objects("measures")) read_measure(measure);
    for (auto& filter : document.objects("filters")) read_filter(filter);
    for (auto& condition : document.objects("where")) read_condition(condition, made_.where);
    for (auto& condition : document.objects("period")) read_condition(condition, made_.period);
    read_sort(document);
    document.no_others();
    if (made_.measures.empty() && complaints_.empty()) complaints_.push_back({"measures", 0, "at least one is needed"});
    return done();
  }

 private:
  Result<Definition> read_scan_columns(Members& document) {
    for (auto& member : document.objects("dimensions"))
      if (auto dimension = read_scan_dimension(member, scope(Scope::Level::settings)))
        made_.dimensions.push_back(std::move(*dimension));
    for (auto& member : document.objects("measures"))
      if (auto measure = read_scan_measure(member, scope(Scope::Level::settings)))
        made_.measures.push_back(std::move(*measure));
    document.no_others();
    return done();
  }

  Result<Definition> done() {
    if (complaints_.empty()) return std::move(made_);
    std::string text;
    for (const auto& complaint : complaints_)
      text += fmt::format("{}report {}: {}", text.empty() ? "" : "\n", made_.id, complaint.str());
    return fail(HKL_BAD_SETTINGS, std::move(text));
  }

  Scope scope(Scope::Level level) const { return {level, made_.rows, &made_.option_types, &made_.terms}; }

  void read_rows(Members& document) {
    const auto name = document.text("rows", true);
    made_.rows = entity_named(name);
    if (made_.rows == nullptr && !name.empty())
      document.complain("rows",
                        fmt::format("there are no rows \"{}\"; take one of {}", name, fmt::join(entity_names(), ", ")));
  }

  void read_other_rows(Members& member) {
    OtherRows other;
    const auto name = member.text("rows", true);
    other.rows = entity_named(name);
    other.when = member.condition("when", scope(Scope::Level::settings), true);
    member.no_others();
    const auto has = [&](const Field& field) { return other.rows->field(field.name) != nullptr; };
    if (other.rows == nullptr || !std::all_of(made_.rows->fields.begin(), made_.rows->fields.end(), has))
      member.complain("rows", fmt::format("\"{}\" are no rows with all fields of {}", name, made_.rows->name));
    else if (other.when)
      made_.other_rows.push_back(std::move(other));
  }

  void read_credit(Members& document) {
    const auto* given = document.member("credit");
    if (given == nullptr) return;
    if (made_.rows != &calls_entity()) return document.complain("credit", "only calls are credited to somebody");
    Members credit(*given, "credit", complaints_);
    const auto read = [&](const char* name, const std::string& text) -> std::optional<CreditRule> {
      for (const auto one : {CreditRule::first, CreditRule::last, CreditRule::each})
        if (word(one) == text) return one;
      credit.complain(name, fmt::format("\"{}\" is no credit; take first, last or each", text));
      return std::nullopt;
    };
    if (const auto text = credit.text("default", true); !text.empty())
      made_.default_credit = read("default", text).value_or(CreditRule::first);
    OptionType type{"credit", Type::text, {}};
    for (const auto& text : credit.texts("allowed"))
      if (const auto one = read("allowed", text)) {
        made_.credits.push_back(*one);
        type.words.push_back(text);
      }
    const auto& allowed = made_.credits;
    if (std::find(allowed.begin(), allowed.end(), made_.default_credit) == allowed.end())
      credit.complain("allowed", "the default has to be allowed");
    credit.no_others();
    made_.option_types.push_back(std::move(type));
  }

  // One name for one thing: the second use of an id is a mistake.
  void claim(std::set<std::string>& taken, const std::string& id, Members& at) {
    if (!id.empty() && !taken.insert(id).second) at.complain("id", fmt::format("\"{}\" is taken already", id));
  }

  void claim_setting(const std::string& id, Members& at) {
    const bool is_own_credit = id == "credit" && made_.rows != &calls_entity();
    if (!is_own_credit && std::find(std::begin(kReserved), std::end(kReserved), id) != std::end(kReserved))
      at.complain("id", fmt::format("\"{}\" is a setting of every report", id));
    // Of rows that are no calls the credit is whatever the report makes of it.
    claim(settings_, id, at);
  }

  void read_option(Members& member) {
    auto option = option_of(member);
    claim_setting(option.id, member);
    // In a measure made for each of the numbers the option is one of them.
    made_.option_types.push_back(
        {option.id, option.is_list ? Type::decimal : option.type, option.values, option.is_texts});
    made_.options.push_back(std::move(option));
  }

  void read_term(Members& member) {
    Term term;
    term.id = member.id();
    claim(terms_, term.id, member);
    if (made_.rows->field(term.id) != nullptr) member.complain("id", fmt::format("\"{}\" is a field already", term.id));
    term.body = member.expression("expr", scope(Scope::Level::row));
    member.no_others();
    if (term.body) made_.terms.push_back(std::move(term));
  }

  void read_dimension(Members& member) {
    const auto id = member.id();
    claim(columns_, id, member);
    auto cases = member.objects("cases");
    for (auto& item : cases) read_way_of_dimension(item, id, true);
    read_way_of_dimension(member, id, false);
  }

  void read_way_of_dimension(Members& member, const std::string& id, bool is_case) {
    Dimension dimension;
    dimension.id = id;
    dimension.title = member.local_text("title", true);
    dimension.definition = member.local_text("definition");
    dimension.empty = member.local_text("empty");
    dimension.is_hidden = member.yes("hidden");
    dimension.words = member.words("words");
    dimension.formula = member.text("formula");
    if (dimension.formula.empty()) dimension.formula = member.text("expr");
    dimension.expr = member.expression("expr", scope(Scope::Level::row));
    dimension.when = member.condition("when", scope(Scope::Level::settings), is_case);
    member.no_others();
    if (!dimension.expr) return;
    if (dimension.expr->type != Type::text && dimension.expr->type != Type::integer)
      member.complain(
          "expr", fmt::format("a dimension is a text or a whole number, this is {}", described(dimension.expr->type)));
    if (dimension.expr->kind == NodeKind::field) dimension.name_of = dimension.expr->field->name_of;
    made_.dimensions.push_back(std::move(dimension));
  }

  void read_measure(Members& member) {
    Measure measure;
    measure.id = member.id();
    claim(columns_, measure.id, member);
    measure.title = member.local_text("title", true);
    measure.when = member.condition("when", scope(Scope::Level::settings), false);
    measure.each = member.text("each");
    measure.is_noted = member.yes("noted");
    measure.words = member.words("words");
    const bool is_known = std::any_of(made_.options.begin(), made_.options.end(), [&](const Option& option) {
      return option.is_list && option.id == measure.each;
    });
    if (!measure.each.empty() && !is_known)
      member.complain("each", fmt::format("there is no option \"{}\" of type numbers", measure.each));
    auto cases = member.objects("cases");
    std::vector<Way> ways;
    for (auto& item : cases) {
      ways.push_back(read_way(item));
      ways.back().when = item.condition("when", scope(Scope::Level::settings), true);
      item.no_others();
    }
    auto otherwise = read_way(member);
    const auto type = member.text("type");
    member.no_others();
    if (!otherwise.expr) return;
    measure.display = display_of(otherwise.expr->type);
    if (measure.display == Display::text && otherwise.expr->kind == NodeKind::aggregate &&
        otherwise.expr->children[0]->kind == NodeKind::field)
      measure.name_of = otherwise.expr->children[0]->field->name_of;
    if (!type.empty()) read_display(measure, type, member);
    check_way(measure, otherwise, member, "type");
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (!ways[i].expr || !ways[i].when) continue;
      check_way(measure, ways[i], cases[i], "expr");
      measure.ways.push_back(std::move(ways[i]));
    }
    measure.ways.push_back(std::move(otherwise));
    made_.measures.push_back(std::move(measure));
  }

  Way read_way(Members& member) {
    Way way;
    way.expr = member.expression("expr", scope(Scope::Level::measure));
    way.definition = member.local_text("definition");
    way.formula = member.text("formula");
    if (way.formula.empty()) way.formula = member.text("expr");
    return way;
  }

  static void read_display(Measure& measure, const std::string& type, Members& member) {
    const auto display = display_named(type);
    if (display)
      measure.display = *display;
    else
      member.complain("type", no_display(type));
  }

  void check_way(const Measure& measure, const Way& way, Members& member, const char* blamed) {
    if (!can_show(measure.display, way.expr->type))
      member.complain(blamed, fmt::format("the measure is of type {}, but the expression gives {}",
                                          word(measure.display), described(way.expr->type)));
    if (way.expr->type == Type::text && way.expr->kind != NodeKind::aggregate)
      member.complain(blamed, "a text is made by only(…) alone; put the rest within its brackets");
    // In the total a call of several employees is one row, which has no one employee.
    const bool has_each =
        std::find(made_.credits.begin(), made_.credits.end(), CreditRule::each) != made_.credits.end();
    if (has_each && way.expr->text != "only" &&
        (uses_credit(*way.expr, ByCredit::employee) || uses_credit(*way.expr, ByCredit::extension)))
      member.complain("expr", "with credit each a call has several employees, so a measure cannot ask for one");
  }

  void read_filter(Members& member) {
    Filter filter;
    filter.id = member.id();
    claim_setting(filter.id, member);
    filter.title = member.local_text("title", true);
    filter.help = member.local_text("help");
    filter.expr = member.expression("expr", scope(Scope::Level::row));
    member.no_others();
    if (!filter.expr) return;
    const auto type = filter.expr->type;
    const bool is_amount = is_numeric(type) && type != Type::time;
    if (type != Type::text && type != Type::set && !is_amount)
      member.complain("expr",
                      fmt::format("a filter takes a text, a set of texts or a number, this is {}", described(type)));
    filter.name_of = name_of(*filter.expr);
    made_.filters.push_back(std::move(filter));
  }

  void read_condition(Members& member, std::vector<RowCondition>& into) {
    RowCondition condition;
    condition.expr = member.condition("expr", scope(Scope::Level::row), true);
    condition.when = member.condition("when", scope(Scope::Level::settings), false);
    member.no_others();
    if (condition.expr) into.push_back(std::move(condition));
  }

  void read_sort(Members& document) {
    for (const auto& text : document.texts("sort")) {
      SortKey key{text, text.starts_with('-')};
      if (key.is_descending) key.column.erase(0, 1);
      if (columns_.contains(key.column)) {
        made_.sort.push_back(std::move(key));
        continue;
      }
      const std::vector<std::string_view> known(columns_.begin(), columns_.end());
      const auto nearest = nearest_word(key.column, known.data(), known.size());
      document.complain("sort",
                        fmt::format("there is no column \"{}\"{}", key.column,
                                    nearest.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", nearest)));
    }
  }

  Definition made_;
  Complaints complaints_;
  std::set<std::string> columns_, settings_, terms_;
};

}  // namespace

std::optional<Display> display_named(std::string_view text) {
  for (const auto display : {Display::text, Display::integer, Display::decimal, Display::percent, Display::seconds,
                             Display::time, Display::money})
    if (word(display) == text) return display;
  return std::nullopt;
}

std::string no_display(std::string_view text) {
  return fmt::format("\"{}\" is no type of a measure; take text, integer, decimal, percent, seconds, time or money",
                     text);
}

std::string_view word(Display display) {
  switch (display) {
    case Display::text:
      return "text";
    case Display::integer:
      return "integer";
    case Display::decimal:
      return "decimal";
    case Display::percent:
      return "percent";
    case Display::seconds:
      return "seconds";
    case Display::time:
      return "time";
    case Display::money:
      return "money";
  }
  return "text";
}

bool is_scan(const Report& report) { return report.definition().scan != ScanOver::nothing; }

Result<Definition> read_definition(const std::string& id, const std::string& json,
                                   std::vector<DefinitionFault>* faults) {
  Reader reader(id);
  auto read = reader.run(json);
  if (faults != nullptr) *faults = reader.complaints();
  return read;
}

Report::Report(Definition definition)
    : definition_(std::move(definition)), kept_plans_(std::make_unique<KeptPlans>()) {}
Report::~Report() = default;

Result<std::shared_ptr<const Report>> parse_report(const std::string& id, const std::string& definition_json,
                                                   std::vector<DefinitionFault>* faults) {
  auto definition = read_definition(id, definition_json, faults);
  if (!definition) return fail(definition.error());
  return std::make_shared<const Report>(std::move(*definition));
}

}  // namespace hkl
