#include "contacts/directory.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

TEST(Directory, MappingPeriodsAreHalfOpen) {
  EXPECT_EQ(people().employee_at("pbx1", "102", at("03-03 11:59:59.999")), "petrov");
  EXPECT_EQ(people().employee_at("pbx1", "102", at("03-03 12:00:00")), "orlov");
}

TEST(Directory, AnExtensionBelongsToItsPbx) {
  EXPECT_EQ(people().employee_at("pbx2", "101", at("09:00:00")), "");
  EXPECT_EQ(people().employee_at("pbx1", "104", at("09:00:00")), "");
}

TEST(Directory, OfOverlappingMappingsTheOneThatBeganLastCountsAndIsComplainedOf) {
  Directory::Parts parts;
  parts.employees = {employee("new", "101", {at("10:00:00"), std::nullopt}), employee("old", "101")};
  const Directory directory(std::move(parts));
  EXPECT_EQ(directory.employee_at("pbx1", "101", at("09:59:59")), "old");
  EXPECT_EQ(directory.employee_at("pbx1", "101", at("10:00:00")), "new");
  ASSERT_EQ(directory.complaints().size(), 1u);
  EXPECT_EQ(directory.complaints()[0],
            "extension 101 of pbx1 belongs to new and old at once; the mapping that began last counts");
}

TEST(Directory, AHandOverAtOneMomentIsNoOverlap) { EXPECT_TRUE(people().complaints().empty()); }

TEST(Directory, AMobileIsOneEmployeesInEverySpelling) {
  Directory::Parts parts;
  parts.phone_region = "RU";
  parts.employees = {employee("ivanova", "8 (916) 000-00-09")};
  const Directory directory(std::move(parts));
  EXPECT_EQ(directory.employee_at("pbx1", "+79160000009", at("09:00:00")), "ivanova");
  EXPECT_TRUE(directory.is_ours("+79160000009"));
}

TEST(Directory, LinesAndExtensionsAreOursForEver) {
  Directory::Parts parts;
  parts.phone_region = "RU";
  parts.lines = {{"8 495 000-00-01", "Сайт", "cian", "", "", ""}};
  parts.employees = {employee("petrov", "102", {std::nullopt, at("10:00:00")})};
  const Directory directory(std::move(parts));
  EXPECT_TRUE(directory.is_ours("+74950000001"));
  EXPECT_TRUE(directory.is_ours("102"));
  EXPECT_FALSE(directory.is_ours("+79161110001"));
  ASSERT_NE(directory.line("+74950000001"), nullptr);
  EXPECT_EQ(directory.line("+74950000001")->ad_source, "cian");
}

TEST(Directory, DepartmentsAreThoseOfTheMoment) {
  EmployeeRecord petrov;
  petrov.id = "petrov";
  petrov.departments = {{"service", {at("10:00:00"), std::nullopt}}, {"sales", {}}};
  Directory::Parts parts;
  parts.employees = {petrov};
  const Directory directory(std::move(parts));
  EXPECT_EQ(directory.departments_at("petrov", at("09:00:00")), std::vector<std::string>{"sales"});
  EXPECT_EQ(directory.departments_at("petrov", at("10:00:00")), (std::vector<std::string>{"sales", "service"}));
}

TEST(Directory, AQueueHasTheDepartmentThatOwnsIt) {
  ASSERT_NE(people().department_of_queue("support"), nullptr);
  EXPECT_EQ(people().department_of_queue("support")->id, "service");
  EXPECT_EQ(people().department_of_queue("sales"), nullptr);
}

TEST(AdSources, AreFoundByTheStepOfAVisit) {
  Directory::Parts parts;
  parts.ad_sources = {{.id = "vk", .step_source = "vk"},
                      {.id = "ads", .step_source = "google", .step_medium = "cpc"},
                      {.id = "direct"},
                      {.id = "typed", .step_source = "direct"}};
  const Directory directory(parts);
  const auto found = [&](const char* source, const char* medium) {
    const auto* known = directory.ad_source_of_step(source, medium);
    return known == nullptr ? std::string("none") : known->id;
  };
  EXPECT_EQ(found("Google", "CPC"), "ads");
  EXPECT_EQ(found("google", "organic"), "none");
  EXPECT_EQ(found("vk", "social"), "vk");
  EXPECT_EQ(found("", ""), "typed") << "an id stands for no step";
}

TEST(Stages, WithoutFunnelsThereAreTheNineBuiltIn) {
  EXPECT_EQ(people().default_funnel().stages.size(), 9u);
  const std::vector<std::string> in_work = {"check", "selection", "booking", "deal_open", "deal_done"};
  for (const auto& stage : people().default_funnel().stages) {
    const auto groups = people().stage_groups("sales", stage.id);
    const bool is_expected = std::find(in_work.begin(), in_work.end(), stage.id) != in_work.end();
    EXPECT_EQ(std::find(groups.begin(), groups.end(), "in_work") != groups.end(), is_expected) << stage.id;
  }
}

TEST(Stages, ALeadIsOpenUnlessItsStageIsInAClosingGroup) {
  for (const auto* open : {"postponed", "unsorted", "check", "selection", "booking", "deal_open"})
    EXPECT_TRUE(people().is_open_stage("sales", open)) << open;
  for (const auto* closed : {"refusal", "non_target", "deal_done"})
    EXPECT_FALSE(people().is_open_stage("sales", closed)) << closed;
}

TEST(Stages, AStageThatIsNotKnownHasNoGroupsAndIsOpen) {
  EXPECT_TRUE(people().stage_groups("sales", "frozen").empty());
  EXPECT_TRUE(people().is_open_stage("rent", "refusal"));
  EXPECT_EQ(people().stage_groups("", "refusal"), std::vector<std::string>{"closed_unsuccessfully"});
}

}  // namespace
}  // namespace hkl
