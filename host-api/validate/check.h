// One check of the plugin contract and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hkl::validate {

enum class Level { quick, standard, strict };
// crash and timeout are given by who watched the check, never by the check.
enum class Verdict { pass, fail, crash, timeout, warn, skip };
std::string_view name_of(Level level);
std::string_view name_of(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::pass;
  std::string text;       // what the host did, expected and got; the reason of a skip
  std::string sanitizer;  // its words, where this build has one and it spoke (sanitizer.h)
};
inline Outcome pass() { return {}; }
inline Outcome fails(std::string text) { return {Verdict::fail, std::move(text)}; }
inline Outcome skips(std::string why) { return {Verdict::skip, std::move(why)}; }

// What is examined and with what.
struct Candidate {
  std::string file;
  std::string settings_json;  // given by the user, or empty: made from the schema
  std::string capture;        // bytes of a recording, or empty
  std::uint64_t seed = 0;
};

struct Check {
  const char* id;
  Level level;
  const char* why;   // one line
  const char* rule;  // "R1, R4"
  // Checks without whose success this one could not be made out.
  std::vector<const char*> after;
  std::function<Outcome(const Candidate&)> run;  // in a child of its own
  // A check that has to open the file and does not judge how that goes names
  // the one that does: there a crash or a hang counts, here it is a skip.
  const char* blames = nullptr;
  int patience = 1;  // times the limit of a check
};

// In the order in which they are run.
std::vector<Check> all_checks();
std::vector<Check> file_checks();
std::vector<Check> loading_checks();
std::vector<Check> older_host_checks();
std::vector<Check> settings_checks();
std::vector<Check> return_checks();
std::vector<Check> life_checks();
std::vector<Check> passive_checks();
std::vector<Check> memory_checks();
std::vector<Check> fork_checks();
std::vector<Check> sameness_checks();
std::vector<Check> state_checks();
std::vector<Check> thread_checks();
std::vector<Check> adapter_checks();
std::vector<Check> lead_checks();
std::vector<Check> task_checks();
std::vector<Check> report_checks();
std::vector<Check> leaving_checks();
std::vector<Check> copies_checks();

}  // namespace hkl::validate
