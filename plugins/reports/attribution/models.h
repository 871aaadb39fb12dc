// How a conversion's credit is spread over its path (metrics §8.10). Pure.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../paths/paths.h"

namespace attribution {

enum Model : std::size_t { first, last, last_non_direct, linear, position, decay, kPathModels };

// Weights of the steps; they add up to 1. `steps` is not empty.
inline std::vector<double> weights(Model model, const std::vector<paths::Step>& steps, std::int64_t converted_at_ms,
                                   double half_life_ms) {
  const auto count = steps.size();
  std::vector<double> weight(count, 0);
  switch (model) {
    case first:
      weight.front() = 1;
      break;
    case last:
      weight.back() = 1;
      break;
    case last_non_direct: {
      auto at = count - 1;
      while (at > 0 && steps[at].is_direct) --at;
      weight[steps[at].is_direct ? count - 1 : at] = 1;
      break;
    }
    case linear:
      weight.assign(count, 1.0 / static_cast<double>(count));
      break;
    case position:
      if (count <= 2) {
        weight.assign(count, 1.0 / static_cast<double>(count));
        break;
      }
      weight.assign(count, 0.2 / static_cast<double>(count - 2));
      weight.front() = weight.back() = 0.4;
      break;
    default: {
      double sum = 0;
      for (std::size_t i = 0; i < count; ++i)
        sum += weight[i] = std::exp2(-static_cast<double>(converted_at_ms - steps[i].at_ms) / half_life_ms);
      // All so old that nothing is left of any: the latest has it.
      if (sum == 0) sum = weight.back() = 1;
      for (auto& one : weight) one /= sum;
    }
  }
  return weight;
}

// Removal effects of the first-order chain of all paths, exact: the share of
// conversions that is lost when a channel leads nowhere.
//
// With N = (1 − Q)⁻¹ over the channels, x the chance to convert from each and
// F(start→c) the chance ever to come to c, the loss by c is F(start→c)·x_c; so
// one inverse serves all channels.
class Markov {
 public:
  void add(const std::vector<paths::Step>& steps, bool is_converted) {
    if (steps.empty()) return;
    std::size_t at = kStart;
    for (const auto& step : steps) {
      const auto next = place_of(step.text);
      ++moves_[{at, next}];
      at = next;
    }
    ++moves_[{at, is_converted ? kConverted : kLost}];
    conversions_ += is_converted ? 1 : 0;
  }

  // Credit of each channel; they add up to the conversions that were added.
  std::map<std::string, double> credits() const {
    std::map<std::string, double> credit;
    const auto effects = removal_effects();
    double sum = 0;
    for (const auto& [channel, effect] : effects) sum += effect;
    if (sum <= 0) return credit;
    for (const auto& [channel, effect] : effects) credit[channel] = static_cast<double>(conversions_) * effect / sum;
    return credit;
  }

  std::int64_t conversions() const { return conversions_; }

  std::map<std::string, double> removal_effects() const {
    const auto count = channels_.size();
    Matrix rest(count, std::vector<double>(count));  // 1 − Q
    std::vector<double> start(count), converts(count), chance(count);
    fill(rest, start, converts);
    const auto visits = inverse(std::move(rest));
    double all = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) chance[i] += visits[i][j] * converts[j];
      all += start[i] * chance[i];
    }
    std::map<std::string, double> effects;
    if (all <= 0) return effects;
    for (const auto& [channel, i] : channels_) {
      double often = 0;  // how often the channel is come to, from the start
      for (std::size_t j = 0; j < count; ++j) often += start[j] * visits[j][i];
      effects[channel] = often / visits[i][i] * chance[i] / all;
    }
    return effects;
  }

 private:
  using Matrix = std::vector<std::vector<double>>;
  static constexpr std::size_t kStart = SIZE_MAX, kConverted = SIZE_MAX - 1, kLost = SIZE_MAX - 2;

  std::size_t place_of(const std::string& channel) {
    return channels_.try_emplace(channel, channels_.size()).first->second;
  }

  void fill(Matrix& rest, std::vector<double>& start, std::vector<double>& converts) const {
    std::map<std::size_t, double> leaves;
    for (const auto& [move, often] : moves_) leaves[move.first] += static_cast<double>(often);
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i][i] = 1;
    for (const auto& [move, often] : moves_) {
      const auto& [from, to] = move;
      const double share = static_cast<double>(often) / leaves.at(from);
      if (from == kStart)
        start[to] += share;
      else if (to == kConverted)
        converts[from] += share;
      else if (to != kLost)
        rest[from][to] -= share;
    }
  }

  // Gauss and Jordan with the greatest pivot. It is never 0: from every channel
  // some path leads out, as every path ends.
  static Matrix inverse(Matrix left) {
    const auto count = left.size();
    Matrix right(count, std::vector<double>(count));
    for (std::size_t i = 0; i < count; ++i) right[i][i] = 1;
    for (std::size_t column = 0; column < count; ++column) {
      auto pivot = column;
      for (auto row = column + 1; row < count; ++row)
        if (std::abs(left[row][column]) > std::abs(left[pivot][column])) pivot = row;
      std::swap(left[column], left[pivot]);
      std::swap(right[column], right[pivot]);
      const double by = left[column][column];
      for (std::size_t k = 0; k < count; ++k) {
        left[column][k] /= by;
        right[column][k] /= by;
      }
      for (std::size_t row = 0; row < count; ++row) {
        const double factor = left[row][column];
        if (row == column || factor == 0) continue;
        for (std::size_t k = 0; k < count; ++k) {
          left[row][k] -= factor * left[column][k];
          right[row][k] -= factor * right[column][k];
        }
      }
    }
    return right;
  }

  std::map<std::string, std::size_t> channels_;
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> moves_;
  std::int64_t conversions_ = 0;
};

}  // namespace attribution
