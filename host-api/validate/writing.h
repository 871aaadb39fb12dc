// What is said of the outcomes: for people, for programs, for a build server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check.h"

namespace hkl::validate {

enum class Format { text, json, junit };

struct Line {
  Check check;
  Outcome outcome;
};
struct Examined {
  std::string file;
  std::vector<Line> lines;
};

bool is_good(Verdict verdict);  // pass, warn and skip
std::string write(const std::vector<Examined>& all, std::uint64_t seed, Format format);

}  // namespace hkl::validate
