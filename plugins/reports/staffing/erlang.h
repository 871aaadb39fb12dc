// Erlang C: how long calls wait for so many people (metrics §8.8). Pure.
#pragma once

#include <cmath>
#include <optional>

namespace staffing {

struct Load {
  double calls = 0, interval_s = 0, aht_s = 0;
  double erlangs() const { return interval_s > 0 ? calls * aht_s / interval_s : 0; }
};

struct Service {
  double wait_probability = 0, service_level = 0, asa_s = 0, occupancy = 0;
};

// Nothing where so few are overloaded: the queue grows without end.
inline std::optional<Service> service_of(const Load& load, int agents, double threshold_s) {
  const double erlangs = load.erlangs();
  if (erlangs <= 0) return Service{0, 1, 0, 0};
  if (agents <= erlangs) return std::nullopt;
  double blocked = 1;  // Erlang B, by its recursion: no factorial grows out of bounds
  for (int n = 1; n <= agents; ++n) blocked = erlangs * blocked / (n + erlangs * blocked);
  Service service;
  service.wait_probability = agents * blocked / (agents - erlangs * (1 - blocked));
  const double spare = agents - erlangs;
  service.service_level = 1 - service.wait_probability * std::exp(-spare * threshold_s / load.aht_s);
  service.asa_s = service.wait_probability * load.aht_s / spare;
  service.occupancy = erlangs / agents;
  return service;
}

// The fewest that reach the goal (0.8 for 80 %); none above 100 %.
inline std::optional<int> agents_for(const Load& load, double threshold_s, double goal) {
  constexpr int kMost = 100'000;
  if (load.erlangs() <= 0) return 0;
  if (load.erlangs() >= kMost) return std::nullopt;
  for (int agents = static_cast<int>(load.erlangs()) + 1; agents <= kMost; ++agents)
    if (const auto service = service_of(load, agents, threshold_s); service && service->service_level >= goal)
      return agents;
  return std::nullopt;
}

}  // namespace staffing
