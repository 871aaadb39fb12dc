#include "contacts/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "contacts/numbers.h"

namespace hkl {
namespace {

constexpr const char* kDefaultFunnel = "sales";
constexpr std::string_view kClosedWell = "closed_successfully", kClosedBadly = "closed_unsuccessfully";

bool overlap(const Period& a, const Period& b) {
  const bool a_first = !a.to || !b.from || *b.from < *a.to;
  const bool b_first = !b.to || !a.from || *a.from < *b.to;
  return a_first && b_first;
}

// Shorter texts are extensions: nothing to make one of.
constexpr std::size_t kShortestNumber = 7;

// An employee may be known by a mobile, written in any of its spellings.
std::string canonical(std::string_view extension, const std::string& region) {
  if (extension.size() < kShortestNumber) return std::string(extension);
  auto number = normalise_number(extension, region);
  return number.is_valid ? std::move(number.e164) : std::string(extension);
}

// Addresses of campaigns are written by hand: Google/CPC is google/cpc.
std::string in_small(std::string_view word) {
  std::string small(word);
  for (auto& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

template <typename Record>
const Record* find(const std::map<std::string, const Record*, std::less<>>& index, std::string_view id) {
  const auto found = index.find(id);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace

struct Directory::Index {
  struct Mapping {
    Period period;
    const EmployeeRecord* employee;
  };
  template <typename Record>
  using ById = std::map<std::string, const Record*, std::less<>>;
  std::map<std::pair<std::string, std::string>, std::vector<Mapping>> extensions;  // pbx, number
  std::set<std::string, std::less<>> ours;
  ById<EmployeeRecord> employees;
  ById<DepartmentRecord> departments, department_of_queue;
  ById<OfficeRecord> offices;
  ById<AdSourceRecord> ad_sources;
  std::map<std::pair<std::string, std::string>, const AdSourceRecord*> steps;  // source and medium, in small letters
  ById<LineRecord> lines;
  ById<FunnelRecord> funnels;
};

FunnelRecord built_in_funnel(std::string_view language) {
  const bool en = language == "en";
  const std::vector<std::string> bad = {std::string(kClosedBadly)}, work = {"in_work"};
  FunnelRecord funnel;
  funnel.id = kDefaultFunnel;
  funnel.name = en ? "Sales" : "Продажи";
  funnel.stages = {{"refusal", en ? "Refusal" : "Отказ", bad},
                   {"postponed", en ? "Postponed" : "Отложено", {}},
                   {"non_target", en ? "Non-target" : "Нецелевое", bad},
                   {"unsorted", en ? "Unsorted" : "Неразобранное", {}},
                   {"check", en ? "Check" : "Проверка", work},
                   {"selection", en ? "Selection" : "Подбор", work},
                   {"booking", en ? "Booking" : "Бронь", work},
                   {"deal_open", en ? "Deal open" : "Сделка в работе", work},
                   {"deal_done", en ? "Deal done" : "Сделка проведена", {"in_work", std::string(kClosedWell)}}};
  return funnel;
}

Directory::Directory(Parts parts) : parts_(std::move(parts)), index_(std::make_unique<Index>()) {
  auto& index = *index_;
  if (parts_.funnels.empty()) parts_.funnels.push_back(built_in_funnel(parts_.language));
  for (const auto& employee : parts_.employees) {
    index.employees[employee.id] = &employee;
    for (const auto& on : employee.extensions) {
      const auto number = canonical(on.number, parts_.phone_region);
      auto& mappings = index.extensions[{on.source, number}];
      for (const auto& other : mappings)
        if (overlap(other.period, on.period))
          complaints_.push_back(
              fmt::format("extension {} of {} belongs to {} and {} at once; the mapping that began last "
                          "counts",
                          on.number, on.source, other.employee->id, employee.id));
      mappings.push_back({on.period, &employee});
      index.ours.insert(number);
    }
  }
  for (auto& [extension, mappings] : index.extensions)
    std::stable_sort(mappings.begin(), mappings.end(), [](const auto& a, const auto& b) {
      return a.period.from.value_or(Instant::min()) > b.period.from.value_or(Instant::min());
    });
  for (const auto& department : parts_.departments) {
    index.departments[department.id] = &department;
    for (const auto& queue : department.queues) index.department_of_queue[queue] = &department;
  }
  for (const auto& office : parts_.offices) index.offices[office.id] = &office;
  for (const auto& source : parts_.ad_sources) index.ad_sources[source.id] = &source;
  for (const auto& [id, source] : index.ad_sources) {
    // No id stands in for a step here: a source called "direct" is not what direct visits come from.
    if (source->step_source.empty()) continue;
    index.steps.emplace(std::pair(in_small(source->step_source), in_small(source->step_medium)), source);
  }
  for (const auto& line : parts_.lines) {
    auto number = normalise_number(line.id, parts_.phone_region).e164;
    if (number.empty()) number = line.id;
    index.ours.insert(number);
    index.lines[std::move(number)] = &line;
  }
  for (const auto& funnel : parts_.funnels) index.funnels[funnel.id] = &funnel;
}

Directory::~Directory() = default;

std::string Directory::employee_at(std::string_view pbx, std::string_view extension, Instant at) const {
  const auto found = index_->extensions.find({std::string(pbx), canonical(extension, parts_.phone_region)});
  if (found == index_->extensions.end()) return {};
  for (const auto& mapping : found->second)
    if (mapping.period.holds(at)) return mapping.employee->id;
  return {};
}

bool Directory::is_ours(std::string_view number) const { return index_->ours.contains(number); }

const EmployeeRecord* Directory::employee(std::string_view id) const { return find(index_->employees, id); }
const DepartmentRecord* Directory::department(std::string_view id) const { return find(index_->departments, id); }
const OfficeRecord* Directory::office(std::string_view id) const { return find(index_->offices, id); }
const AdSourceRecord* Directory::ad_source(std::string_view id) const { return find(index_->ad_sources, id); }
const AdSourceRecord* Directory::ad_source_of_step(std::string_view source, std::string_view medium) const {
  const auto small = source.empty() ? "direct" : in_small(source);
  auto found = index_->steps.find({small, in_small(medium)});
  if (found == index_->steps.end()) found = index_->steps.find({small, ""});
  return found == index_->steps.end() ? nullptr : found->second;
}
const LineRecord* Directory::line(std::string_view number) const {
  if (number.empty() || index_->lines.empty()) return nullptr;
  if (const auto* known = find(index_->lines, number)) return known;
  return find(index_->lines, normalise_number(number, parts_.phone_region).e164);
}
const FunnelRecord* Directory::funnel(std::string_view id) const { return find(index_->funnels, id); }
const DepartmentRecord* Directory::department_of_queue(std::string_view queue) const {
  return find(index_->department_of_queue, queue);
}

const FunnelRecord& Directory::default_funnel() const {
  const auto* named = funnel(kDefaultFunnel);
  return named == nullptr ? parts_.funnels.front() : *named;
}

std::vector<std::string> Directory::departments_at(std::string_view id, Instant at) const {
  std::vector<std::string> found;
  if (const auto* who = employee(id))
    for (const auto& in : who->departments)
      if (in.period.holds(at)) found.push_back(in.id);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> Directory::stage_groups(std::string_view funnel_id, std::string_view stage) const {
  const auto* found = funnel_id.empty() ? &default_funnel() : funnel(funnel_id);
  if (found == nullptr) return {};
  for (const auto& known : found->stages)
    if (known.id == stage) return known.groups;
  return {};
}

bool Directory::is_open_stage(std::string_view funnel_id, std::string_view stage) const {
  const auto groups = stage_groups(funnel_id, stage);
  return std::none_of(groups.begin(), groups.end(),
                      [](const std::string& group) { return group == kClosedWell || group == kClosedBadly; });
}

const Directory::Parts& Directory::parts() const { return parts_; }
const std::vector<std::string>& Directory::complaints() const { return complaints_; }

}  // namespace hkl
