#include "terms.h"

#include <gtest/gtest.h>

#include "hookline/sdk/text.h"

namespace task_terms {
namespace {

using hookline::str;

Terms terms(const TermSettings& settings) {
  static const hookline::Host host;
  return Terms(settings, host, "Дело", "Task");
}
std::string refusal(const TermSettings& settings) {
  try {
    terms(settings);
    return "";
  } catch (const hookline::Failure& failure) {
    return failure.what();
  }
}

TEST(Title, IsTheRulesOwnInTheLanguageOrWhatTheAdminWrote) {
  TermSettings settings;
  EXPECT_EQ(terms(settings).title({}, nullptr), "Дело");
  settings.language = "en";
  EXPECT_EQ(terms(settings).title({}, nullptr), "Task");
  hkl_touch touch{};
  touch.number = str("+79160000001");
  touch.line = str("+74950000001");
  touch.rating = 2;
  settings.title = "{client} gave {rating} on {line}";
  EXPECT_EQ(terms(settings).title(touch, nullptr), "+79160000001 gave 2 on +74950000001");
  hkl_contact contact{};
  contact.name = str("Анна");
  EXPECT_EQ(terms(settings).title(touch, &contact), "Анна gave 2 on +74950000001");
}

TEST(Title, RefusesWhatItDoesNotKnow) {
  TermSettings settings;
  settings.title = "Call {clinet}";
  EXPECT_EQ(refusal(settings), "title: there is no \"{clinet}\"; known: client, number, line, employee, rating, queue");
  settings.title = "Call {client";
  EXPECT_EQ(refusal(settings), "title: \"{\" is not closed by \"}\"");
}

TEST(Assignee, IsTheFirstOfThePolicyWhoIsThere) {
  const hkl_str duty[] = {str("orlov")};
  hkl_touch touch{};
  touch.duty = {duty, 1};
  touch.queue = str("support");
  EXPECT_EQ(terms({}).assignee(touch).employee, "orlov");
  touch.last_employee = str("petrov");
  EXPECT_EQ(terms({}).assignee(touch).employee, "petrov");
  touch.responsible = str("ivanova");
  EXPECT_EQ(terms({}).assignee(touch).employee, "ivanova");
  TermSettings settings;
  settings.given_to = "head";
  EXPECT_EQ(terms(settings).assignee(touch).employee, "head");
  const std::string_view only[] = {"employee"};
  settings.given_to = {};
  settings.assignee = {only, 1};
  EXPECT_EQ(terms(settings).assignee(touch).employee, "");
}

TEST(Deadline, OfNothingIsRefused) {
  TermSettings settings;
  settings.deadline.ms = 0;
  EXPECT_EQ(refusal(settings), "deadline: has to be longer than nothing, such as 4h");
  settings.deadline.ms = -1;
  EXPECT_EQ(refusal(settings), "deadline: has to be longer than nothing, such as 4h");
}

}  // namespace
}  // namespace task_terms
