// hookline-validate: proves a plugin right or names what is wrong with it.
// Exit 0: good; 1: a check failed; 2: wrong use or input that cannot be read.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <regex>
#include <system_error>

#include "child.h"
#include "fresh.h"
#include "sanitizer.h"
#include "writing.h"

namespace {

using namespace hkl::validate;

struct Wishes {
  Level level = Level::standard;
  Format format = Format::text;
  std::string only, skip, in_process, settings, capture;
  std::uint64_t seed = std::random_device{}();
  double timeout_s = 20;
  bool is_list = false, stops_at_first = false;
  bool asks_sanitizer = false;            // the check that names its findings is among the chosen
  std::optional<std::int64_t> tell_work;  // see fresh.h
  std::vector<std::string> files;
};

bool read_file(const std::string& path, std::string& into) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  into.assign(std::istreambuf_iterator<char>(in), {});
  return !in.bad();
}

// Why the check cannot be made out, or "".
std::string hindrance(const Check& check, const std::map<std::string, Verdict>& known) {
  for (const char* id : check.after) {
    const auto found = known.find(id);
    if (found == known.end()) continue;  // not asked for; the check says itself what it misses
    // A check that could not judge leaves the way open.
    if (found->second == Verdict::skip && std::string(id) != "L01") continue;
    if (!is_good(found->second) || found->second == Verdict::skip) return std::string(id) + " did not pass";
  }
  return {};
}

Outcome run(const Check& check, const Candidate& candidate, const Wishes& wishes) {
  if (wishes.in_process == check.id) return check.run(candidate);
  auto outcome = run_in_child(
      check, candidate, std::chrono::milliseconds(static_cast<std::int64_t>(wishes.timeout_s * 1000 * check.patience)));
  const bool is_lost = outcome.verdict == Verdict::crash || outcome.verdict == Verdict::timeout;
  if (!outcome.sanitizer.empty()) {
    if (check.id == check_of_sanitizer()) return fails(outcome.sanitizer);
    // One fault has one name: what the sanitizer ended elsewhere is told there.
    if (is_lost && wishes.asks_sanitizer)
      return skips(fmt::format("a sanitizer ended it; see {}", check_of_sanitizer()));
  }
  if (is_lost && check.blames != nullptr)
    return {Verdict::skip, "it did not come back (" + outcome.text + "); see " + check.blames};
  return outcome;
}

Examined examine(const std::string& file, const Wishes& wishes, const std::vector<Check>& checks) {
  Candidate candidate{file, wishes.settings, wishes.capture, wishes.seed};
  if (candidate.capture.empty() && file.ends_with(".so"))
    (void)read_file(file.substr(0, file.size() - 3) + ".capture", candidate.capture);
  Examined out{file, {}};
  std::map<std::string, Verdict> known;
  for (const auto& check : checks) {
    auto why_not = hindrance(check, known);
    auto outcome = why_not.empty() ? run(check, candidate, wishes) : skips(why_not);
    // A check that was left out for another's failure hinders what follows as that one does.
    known[check.id] = why_not.empty() ? outcome.verdict : Verdict::fail;
    out.lines.push_back({check, std::move(outcome)});
    if (wishes.stops_at_first && !is_good(out.lines.back().outcome.verdict)) break;
  }
  return out;
}

std::vector<Check> chosen(const Wishes& wishes) {
  std::vector<Check> out;
  const std::regex only(wishes.only.empty() ? ".*" : wishes.only), skip(wishes.skip);
  for (auto& check : all_checks()) {
    if (check.level > wishes.level || !std::regex_match(check.id, only)) continue;
    if (!wishes.skip.empty() && std::regex_match(check.id, skip)) continue;
    if (!wishes.in_process.empty() && wishes.in_process != check.id) continue;
    out.push_back(std::move(check));
  }
  return out;
}

int complain(const std::string& text) {
  (void)std::fprintf(stderr, "hookline-validate: %s\n", text.c_str());
  return 2;
}

int validate(Wishes wishes, const std::string& settings_file, const std::string& capture_file) {
  if (!settings_file.empty()) {
    if (!read_file(settings_file, wishes.settings)) return complain(settings_file + ": cannot be read");
    if (!nlohmann::json::accept(wishes.settings)) return complain(settings_file + ": is no JSON");
  }
  if (!capture_file.empty() && !read_file(capture_file, wishes.capture))
    return complain(capture_file + ": cannot be read");
  const auto checks = chosen(wishes);
  if (checks.empty()) return complain("no check is left to run; --list shows them all");
  if (wishes.is_list) {
    for (const auto& check : checks)
      (void)std::printf("%s %-8s %s [%s]\n", check.id, name_of(check.level).data(), check.why, check.rule);
    return 0;
  }
  if (wishes.files.empty()) return complain("which plugin? hookline-validate FILE.so…");
  if (wishes.tell_work)
    return tell_here({wishes.files.front(), wishes.settings, wishes.capture, wishes.seed}, *wishes.tell_work);
  for (const auto& file : wishes.files) {
    std::error_code failed;
    // A link that leads nowhere is there, and S01 judges it.
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, failed)))
      return complain(file + ": there is no such file");
  }
  for (const auto& check : checks) wishes.asks_sanitizer = wishes.asks_sanitizer || check.id == check_of_sanitizer();
  std::vector<Examined> all;
  bool is_all_good = true;
  for (const auto& file : wishes.files) {
    all.push_back(examine(file, wishes, checks));
    for (const auto& line : all.back().lines) is_all_good = is_all_good && is_good(line.outcome.verdict);
  }
  (void)std::fputs(write(all, wishes.seed, wishes.format).c_str(), stdout);
  return is_all_good ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  Wishes wishes;
  std::string settings_file, capture_file;
  CLI::App app("Checks a Hookline plugin against the plugin contract", "hookline-validate");
  const std::map<std::string, Level> levels = {
      {"quick", Level::quick}, {"standard", Level::standard}, {"strict", Level::strict}};
  const std::map<std::string, Format> formats = {
      {"text", Format::text}, {"json", Format::json}, {"junit", Format::junit}};
  app.add_option("--level", wishes.level, "quick, standard or strict; standard unless told")
      ->transform(CLI::CheckedTransformer(levels));
  app.add_option("--format", wishes.format, "text, json or junit")->transform(CLI::CheckedTransformer(formats));
  app.add_option("--only", wishes.only, "only checks whose id matches this regular expression");
  app.add_option("--skip", wishes.skip, "no checks whose id matches this regular expression");
  app.add_option("--seed", wishes.seed, "of random bytes, to repeat a run");
  app.add_option("--timeout", wishes.timeout_s, "seconds for one check (some take a multiple); 20 unless told")
      ->check(CLI::Range(0.1, 3600.0));
  app.add_option("--settings", settings_file, "JSON with settings, where made values will not do");
  app.add_option("--capture", capture_file, "a recording for a PBX adapter; else NAME.capture beside the file");
  app.add_option("--in-process", wishes.in_process, "this one check in this process, for a debugger");
  app.add_flag("--first", wishes.stops_at_first, "stop at the first check that fails");
  app.add_option("--tell-work", wishes.tell_work)->group("");  // the tool itself asks for it
  app.add_flag("--list", wishes.is_list, "the checks, and no more");
  app.add_option("FILE", wishes.files, "plugins");
  try {
    app.parse(count, words);
    return validate(wishes, settings_file, capture_file);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::regex_error&) {
    return complain("--only and --skip want a regular expression such as 'S0.'");
  }
}
