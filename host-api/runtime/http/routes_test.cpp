#include "http/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hkl {
namespace {

using testing::HasSubstr;

HttpRoutes some_routes() {
  HttpRoutes routes;
  routes.add({"/healthz", {"GET"}, 0, {}, {}});
  routes.add({"/hooks/{source}…", {}, 0, {}, {}});
  routes.add({"/api/v1/reports/{id}/rows", {"GET"}, 0, {}, {}});
  routes.add({"/api/v1/reports/{id}", {"GET"}, 0, {}, {}});
  routes.add({"/api/v1/records", {"POST"}, 0, {}, {}});
  return routes;
}

HttpRoutes::Found find(const HttpRoutes& routes, const std::string& method, const std::string& target) {
  HttpRequest request;
  request.method = method;
  request.target = target;
  return routes.find(request);
}

TEST(Routes, GiveThePiecesThatAreLeftOpen) {
  const auto routes = some_routes();
  const auto rows = find(routes, "GET", "/api/v1/reports/calls%2Fby/rows?from=1");
  ASSERT_NE(rows.route, nullptr);
  EXPECT_EQ(rows.route->pattern, "/api/v1/reports/{id}/rows");
  EXPECT_EQ(rows.names.at("id"), "calls/by");
  const auto hook = find(routes, "PUT", "/hooks/mango/events/a%20b?x");
  ASSERT_NE(hook.route, nullptr);
  EXPECT_EQ(hook.names.at("source"), "mango");
  EXPECT_EQ(hook.rest, "/events/a%20b") << "as it stands";
  EXPECT_EQ(find(routes, "GET", "/hooks/mango").rest, "");
}

TEST(Routes, SayInWordsWhatIsNotThere) {
  const auto routes = some_routes();
  for (const auto* target : {"/", "/healthz/", "/hooks/", "/hooks", "/hooksmango", "/api/v1/reports//rows"}) {
    const auto none = find(routes, "GET", target);
    EXPECT_EQ(none.route, nullptr) << target;
    EXPECT_EQ(none.refusal.status, 404U) << target;
  }
  const auto wrong = find(routes, "GET", "/api/v1/records");
  EXPECT_EQ(wrong.refusal.status, 405U);
  EXPECT_EQ(wrong.refusal.headers.at(0).second, "POST");
  EXPECT_THAT(wrong.refusal.body, HasSubstr("takes POST, not GET"));
}

TEST(Routes, AnswerHeadWhereTheyAnswerGet) {
  const auto routes = some_routes();
  EXPECT_NE(find(routes, "HEAD", "/healthz").route, nullptr);
  EXPECT_EQ(find(routes, "HEAD", "/api/v1/records").route, nullptr);
}

}  // namespace
}  // namespace hkl
