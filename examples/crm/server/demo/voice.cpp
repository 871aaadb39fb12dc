#include "voice.h"

#include <cmath>
#include <cstdint>

namespace crm {
namespace {

constexpr int kRate = 8000;
constexpr double kTwoPi = 6.283185307179586;

// Little-endian, as RIFF wants it.
std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

// A hum with overtones, in syllables of a quarter second, silent between turns.
double sample(double at) {
  const int turn = static_cast<int>(at / 3);
  const double within = at - turn * 3;
  if (within > 2.5) return 0;
  const double pitch = (turn % 2 == 0 ? 120 : 200) * (1 + 0.06 * std::sin(kTwoPi * at * 0.7));
  const double syllable = std::pow(std::abs(std::sin(kTwoPi * at * 2)), 2);
  double sound = 0;
  for (int overtone = 1; overtone <= 4; ++overtone) sound += std::sin(kTwoPi * pitch * overtone * at) / overtone;
  return 0.35 * sound * syllable;
}

}  // namespace

std::string voices_wav(int seconds) {
  const auto count = static_cast<std::uint32_t>(seconds * kRate);
  std::string wav = "RIFF" + number(36 + count, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) +
                    number(kRate, 4) + number(kRate, 4) + number(1, 2) + number(8, 2) + "data" + number(count, 4);
  for (std::uint32_t i = 0; i < count; ++i)
    wav += static_cast<char>(128 + 100 * sample(static_cast<double>(i) / kRate));
  return wav;
}

}  // namespace crm
