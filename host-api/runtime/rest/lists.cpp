// Lists of records, and one record.
#include <fmt/format.h>

#include "canonical/json_text.h"
#include "rest/routes.h"
#include "rest/text_writer.h"

namespace hkl {
namespace {

constexpr std::uint64_t kUsual = 100, kMost = 1000;

struct Listed {
  std::uint32_t entity;
  const char *path, *one;
};
constexpr Listed kLists[] = {{HKL_ENTITY_CALL, "calls", "Call"},
                             {HKL_ENTITY_INQUIRY, "inquiries", "Inquiry"},
                             {HKL_ENTITY_LEAD, "leads", "Lead"},
                             {HKL_ENTITY_TASK, "tasks", "Task"},
                             {HKL_ENTITY_CONTACT, "contacts", "Contact"}};

template <std::uint32_t entity>
Done list(RestCall& call) {
  auto& query = call.query;
  ListQuery asked;
  asked.entity = entity;
  asked.format = "json";
  asked.from = query.take("from");
  asked.to = query.take("to");
  asked.where = query.take("where");
  asked.page.after = query.take("after");
  asked.page.is_enveloped = true;
  const auto limit = query.take_number("limit", kUsual, kMost);
  if (!limit) return fail(limit.error());
  asked.page.limit = *limit;
  if (auto done = query.no_others(); !done) return done;
  return call.backend.list(asked, call.asker(), call.reply.writer());
}

template <std::uint32_t entity>
Done one(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  ListQuery asked;
  asked.entity = entity;
  asked.format = "json";
  asked.id = call.names.at("id");
  TextWriter text;
  if (auto done = call.backend.list(asked, call.asker(), text.writer()); !done) return done;
  return call.reply.text(dumped(OrderedJson::parse(text.text).at(0)) + "\n");
}

Done explain(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.explain(call.names.at("id"), "json", call.asker(), call.reply.writer());
}

Done look_up(RestCall& call) {
  const auto number = call.query.take("number");
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.look_up(number, call.asker(), call.reply.writer());
}

template <std::uint32_t entity>
void add(std::vector<RestRoute>& routes, const Listed& listed) {
  const std::string path = listed.path, singular = listed.one;
  routes.push_back({"GET",
                    "/" + path,
                    std::string("list") + static_cast<char>(path[0] - 'a' + 'A') + path.substr(1),
                    fmt::format("The {} of a period, newest first", path),
                    singular + "Page",
                    {{"from", "string", "a date, or a moment; included"},
                     {"to", "string", "a date counts whole, a moment is excluded"},
                     {"where", "string", "a condition in the language of reports"},
                     {"limit", "integer", "how many at most, 100 unless set, 1000 at most"},
                     {"after", "string", "what `next` of the page before said"}},
                    "",
                    list<entity>});
  routes.push_back(
      {"GET", "/" + path + "/{id}", "get" + singular, "That one, by any of its ids", singular, {}, "", one<entity>});
}

}  // namespace

std::vector<RestRoute> list_routes() {
  std::vector<RestRoute> routes;
  add<HKL_ENTITY_CALL>(routes, kLists[0]);
  add<HKL_ENTITY_INQUIRY>(routes, kLists[1]);
  add<HKL_ENTITY_LEAD>(routes, kLists[2]);
  add<HKL_ENTITY_TASK>(routes, kLists[3]);
  add<HKL_ENTITY_CONTACT>(routes, kLists[4]);
  routes.push_back({"GET",
                    "/calls/{id}/explain",
                    "explainCall",
                    "What was heard of a call, what was made of it, and why",
                    "Story",
                    {},
                    "",
                    explain});
  routes.push_back({"GET",
                    "/lookup",
                    "lookUp",
                    "Who has a number: the contact, its leads, who is responsible, open tasks",
                    "KnownNumber",
                    {{"number", "string", "in any spelling; a + is written %2B", true}},
                    "",
                    look_up});
  return routes;
}

}  // namespace hkl
