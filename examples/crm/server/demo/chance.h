// Chance that is the same for the same seed, on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace crm {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  // [0, 1)
  double share() { return static_cast<double>(engine_() >> 11) / 9007199254740992.0; }
  bool one_in(double probability) { return share() < probability; }
  // [low, high)
  double between(double low, double high) { return low + share() * (high - low); }
  std::size_t index(std::size_t count) { return static_cast<std::size_t>(share() * static_cast<double>(count)); }

  // Many short ones and a long tail, as talks and waits are.
  double long_tailed(double median) {
    const double u = share(), v = share();
    constexpr double kTwoPi = 6.283185307179586;
    const double normal = std::sqrt(-2 * std::log(1 - u)) * std::cos(kTwoPi * v);
    return median * std::exp(0.9 * normal);
  }

  // An index, with chances in the proportion of the weights.
  std::size_t weighted(const std::vector<double>& weights) {
    double sum = 0;
    for (const auto weight : weights) sum += weight;
    double left = share() * sum;
    for (std::size_t i = 0; i < weights.size(); ++i)
      if ((left -= weights[i]) < 0) return i;
    return weights.size() - 1;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace crm
