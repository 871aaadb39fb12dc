#include "firm.h"

namespace crm {

const std::vector<DemoEmployee>& demo_employees() {
  // The keen, the able, the lazy and the new: reports must tell them apart.
  static const std::vector<DemoEmployee> employees = {
      {"ivanova", "Иванова Анна", "101", "sales", 0.93, 190, 0.95, 0.26},
      {"petrov", "Петров Сергей", "102", "sales", 0.82, 150, 0.75, 0.19},
      {"sidorova", "Сидорова Елена", "103", "sales", 0.88, 230, 0.85, 0.31},
      {"orlov", "Орлов Дмитрий", "104", "sales", 0.55, 80, 0.35, 0.09},
      {"kuznetsova", "Кузнецова Мария", "105", "sales", 0.9, 170, 0.9, 0.22},
      {"morozov", "Морозов Илья", "106", "sales", 0.7, 120, 0.6, 0.13},
      {"volkova", "Волкова Дарья", "107", "rent", 0.86, 140, 0.8, 0.2},
      {"zaytsev", "Зайцев Павел", "108", "rent", 0.62, 95, 0.5, 0.1},
      {"lebedeva", "Лебедева Ольга", "201", "service", 0.95, 260, 0.97, 0.05},
      {"novikov", "Новиков Артём", "202", "service", 0.84, 210, 0.8, 0.05},
      {"fedorova", "Фёдорова Вера", "203", "service", 0.78, 160, 0.7, 0.05}};
  return employees;
}

const std::vector<DemoLine>& demo_lines() {
  static const std::vector<DemoLine> lines = {{"+74951200001", "Сайт", "site", "sales", 3.2},
                                              {"+74951200002", "Яндекс Директ", "direct", "sales", 3.0},
                                              {"+74951200003", "Циан", "cian", "sales", 2.2},
                                              {"+74951200004", "Авито", "avito", "rent", 1.8},
                                              {"+74951200005", "Наружная реклама", "outdoor", "sales", 0.7},
                                              {"+74951200006", "Сервис", "", "service", 2.4}};
  return lines;
}

std::string client_number(std::size_t n) {
  static const char* const kPrefixes[] = {"+7916", "+7903", "+7925", "+7985", "+7926"};
  return kPrefixes[n % 5] + std::to_string(1000000 + (n * 7919) % 9000000);
}

std::vector<nlohmann::ordered_json> firm_records() {
  using Json = nlohmann::ordered_json;
  std::vector<Json> records;
  for (const auto& [id, name, queue] : {std::tuple{"sales", "Продажи", "sales"}, std::tuple{"rent", "Аренда", "rent"},
                                        std::tuple{"service", "Сервис", "service"}})
    records.push_back({{"type", "department"}, {"id", id}, {"name", name}, {"queues", {queue}}});
  for (const auto& e : demo_employees())
    records.push_back({{"type", "employee"},
                       {"id", e.id},
                       {"name", e.name},
                       {"departments", {e.department}},
                       {"extensions", Json::array({{{"source", "pbx1"}, {"number", e.extension}}})}});
  for (const auto& [id, name, group] :
       {std::tuple{"site", "Сайт", "own"}, std::tuple{"direct", "Яндекс Директ", "context"},
        std::tuple{"cian", "Циан", "listings"}, std::tuple{"avito", "Авито", "listings"},
        std::tuple{"outdoor", "Наружная реклама", "offline"}, std::tuple{"partner", "Партнёр", "partners"}})
    records.push_back({{"type", "ad_source"},
                       {"id", id},
                       {"name", name},
                       {"group", group},
                       {"counted", std::string(id) != "partner"}});
  for (const auto& line : demo_lines()) {
    Json record = {{"type", "line"}, {"id", line.number}, {"name", line.name}, {"tracking", "static"}};
    if (*line.ad_source != '\0') record["ad_source"] = line.ad_source;
    records.push_back(std::move(record));
  }
  return records;
}

std::string firm_yaml() {
  return R"(# The demo's firm. Everything here can be edited in the CRM: Settings, Configuration.
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: ru}

# The demo plays its own PBX; a real one stands in config/hookline.yaml.
sources:
  - {name: pbx1, plugin: canonical, history: false}

classifiers:
  - {plugin: spam-guard, settings: {min_talk_s: 5}}
  - {plugin: source-by-line}
  - {plugin: repeat-contact}

tasks:
  - {plugin: callback-missed, settings: {deadline: 4h}}
  - {plugin: low-rating}

reports:
  - {plugin: calls-by-manager}
  - {plugin: calls}
  - {plugin: lost-calls}
  - {plugin: employee-efficiency}
  - {plugin: service-level}
  - {plugin: heat-map}
  - {plugin: callback-speed}
  - {plugin: repeat-calls}
  - {plugin: agent-timeline}
  - {plugin: staffing}
  - {plugin: task-discipline}
  - {plugin: multichannel-sequences}
  - {plugin: attribution}
  - {plugin: call-export}
  - {plugin: inquiries}
  - {plugin: lead-conversion}
  - {plugin: closed-unsuccessfully}
  - {plugin: employee-performance}

# Whose rows each one sees: all, those of the own departments, the own ones.
users:
  - {id: admin, employee: lebedeva, role: admin}
  - {id: head, employee: sidorova, role: head}
  - {id: anna, employee: ivanova, role: manager}
  - {id: dmitry, employee: orlov, role: manager}

calendars:
  office: {days: mon-fri, hours: ["09:00-18:00"]}

leads: {lead_when: no_open_lead, distribution: [responsible, taker, last_spoken, fan], fan: [ivanova, petrov, sidorova], stages: {missed: unsorted, answered: check}}
)";
}

}  // namespace crm
