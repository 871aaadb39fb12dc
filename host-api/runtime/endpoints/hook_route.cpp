#include "endpoints/hook_route.h"

#include <fmt/format.h>

namespace hkl {

HookRoute::HookRoute(SourceDesk& desk) : desk_(desk) {
  const auto slot = desk.health().add_endpoint();
  const auto& setup = desk.setup();
  if (setup.is_served) {
    desk.health().show(slot, "live", fmt::format("takes requests at /hooks/{}", setup.name));
  } else {
    const std::string why = fmt::format(
        "it waits for requests at /hooks/{}, but nothing listens; set `http: {{listen: "
        "\"127.0.0.1:8080\"}}` or run with --listen",
        setup.name);
    desk.health().show(slot, "waiting", why);
    desk.log().write(HKL_LOG_WARNING, why);
  }
  desk.door().open();
}

void HookRoute::work(const Waiting&) {
  for (auto& waiting : desk_.door().take()) waiting->judged.set_value(desk_.request(waiting->request, waiting->path));
}

}  // namespace hkl
