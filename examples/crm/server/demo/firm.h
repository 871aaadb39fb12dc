// The firm of the demo: a developer that sells and lets flats. Who works there
// and how, which numbers it shows in which advertisements.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace crm {

struct DemoEmployee {
  const char* id;
  const char* name;
  const char* extension;  // "": none
  const char* department;
  double answers;     // share of rings taken
  double talk_s;      // median of a talk
  double calls_back;  // share of missed clients called back
  double wins;        // share of leads brought to a deal
};

struct DemoLine {
  const char* number;
  const char* name;
  const char* ad_source;  // "": none
  const char* queue;
  double weight;  // of calls that come in by it
};

const std::vector<DemoEmployee>& demo_employees();
const std::vector<DemoLine>& demo_lines();
// The number of the n-th client, from 1; history knows some hundreds of them.
std::string client_number(std::size_t n);

// Employees, departments, lines and advertising as records.
std::vector<nlohmann::ordered_json> firm_records();
// Hookline's YAML of that firm.
std::string firm_yaml();

}  // namespace crm
