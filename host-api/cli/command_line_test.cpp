#include "command_line.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "asking.h"
#include "exit_code.h"

namespace cli {
namespace {

struct Told {
  int exit_code;
  std::string out, err;
};

Told tell(std::vector<const char*> words) {
  words.insert(words.begin(), "hookline");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = read_command_line(static_cast<int>(words.size()), words.data())();
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, HelpOfEveryCommandTeachesByExample) {
  const std::vector<std::vector<const char*>> commands = {
      {},         {"run"},     {"config"},    {"config", "check"}, {"plugins"},         {"import"},
      {"export"}, {"calls"},   {"inquiries"}, {"leads"},           {"tasks"},           {"contacts"},
      {"report"}, {"rebuild"}, {"explain"},   {"profile"},         {"profile", "test"}, {"originate"}};
  for (auto words : commands) {
    words.push_back("--help");
    const auto told = tell(words);
    EXPECT_EQ(told.exit_code, kGood) << words.front();
    EXPECT_NE(told.out.find("Examples:\n  hookline "), std::string::npos) << words.front();
    EXPECT_EQ(told.err, "") << words.front();
  }
}

TEST(CommandLine, WrongUseIsOneLineOnStandardErrorAndTwo) {
  const std::vector<std::vector<const char*>> lines = {{},
                                                       {"dance"},
                                                       {"calls", "--form", "csv"},
                                                       {"import", "--source", "pbx1"},
                                                       {"import", "ami.raw"},
                                                       {"report"},
                                                       {"explain"},
                                                       {"profile"},
                                                       {"profile", "test", "x.yaml"},
                                                       {"originate", "--employee", "ivanova"},
                                                       {"originate", "--to", "+79161234567"},
                                                       {"calls", "--language", "xx"},
                                                       {"tasks", "--now", "2026-11-23T08:00:00"}};
  for (const auto& words : lines) {
    const auto told = tell(words);
    const auto name = words.empty() ? "nothing" : words.front();
    EXPECT_EQ(told.exit_code, kWrongUse) << name;
    EXPECT_EQ(told.err.find("hookline: "), 0u) << name << ": " << told.err;
    EXPECT_EQ(told.err.find('\n'), told.err.size() - 1) << name << ": " << told.err;
    EXPECT_EQ(told.out, "") << name;
  }
}

TEST(CommandLine, AnUnknownCommandIsNamed) {
  EXPECT_EQ(tell({"dance"}).err, "hookline: there is no command \"dance\"; see hookline --help\n");
  EXPECT_EQ(tell({"calls", "--form"}).err.find("hookline: The following argument was not expected: --form"), 0u);
}

TEST(CommandLine, AMomentWithoutOffsetIsAnsweredWithOneThatHasIt) {
  EXPECT_NE(tell({"tasks", "--now", "2026-11-23T08:00:00"}).err.find("2026-11-23T11:00:00+03:00"), std::string::npos);
}

TEST(CommandLine, AMissingInputIsNamedBeforeAnythingIsOpened) {
  const auto told = tell({"import", "--source", "pbx1", "/nowhere/ami.raw", "--config", "/nowhere/hookline.yaml"});
  EXPECT_EQ(told.exit_code, kWrongUse);
  EXPECT_EQ(told.err, "hookline: /nowhere/ami.raw: cannot be read: No such file or directory\n");
}

TEST(CommandLine, AMissingConfigIsNamedWithTheOptionThatMendsIt) {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"calls", "--config", "/nowhere/x.yaml"}, {"config", "check", "/nowhere/x.yaml"}}) {
    const auto told = tell(words);
    EXPECT_EQ(told.exit_code, kWrongUse);
    EXPECT_EQ(
        told.err,
        "hookline: /nowhere/x.yaml: cannot be read: No such file or directory; name the config with --config FILE\n");
  }
}

ReportOptions report_options(std::vector<std::string> words) {
  CLI::App app;
  ReportOptions options;
  describe_report(app, options);
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  app.parse(words);
  return options;
}

TEST(CommandLine, AnEmptyKeyIsNoOption) {
  EXPECT_EQ(report_options({"calls-by-manager", "--drill", "-/-:calls"}).drill, "-/-:calls");
}

TEST(CommandLine, SettingsKeepTheirCommasAndTakeOneWordEach) {
  const auto options = report_options({"--set", "manager=petrov,-", "--set", "first_call=true", "calls-by-manager"});
  EXPECT_EQ(options.settings, (std::vector<std::string>{"manager=petrov,-", "first_call=true"}));
  EXPECT_EQ(options.report, "calls-by-manager");
}

TEST(CommandLine, ConfigOfReportIsHooklineYamlUnlessGiven) {
  EXPECT_EQ(report_options({"x"}).common.config, "hookline.yaml");
  EXPECT_EQ(report_options({"x", "--config", "other.yaml"}).common.config, "other.yaml");
}

}  // namespace
}  // namespace cli
