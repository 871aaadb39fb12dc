// Click-to-call: on which phones an order is tried, and by which process.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "canonical/json_text.h"
#include "contacts/numbers.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kRing{30000};
// As long as an order may take on a few phones.
constexpr std::chrono::seconds kPatienceForOwner{120};

// Of all that was tried, what says most: that a source cannot order at all is
// of interest only where no other can.
Error told_together(const std::vector<Error>& refusals) {
  Error told = refusals.front();
  for (std::size_t i = 1; i < refusals.size(); ++i) {
    const auto& other = refusals[i];
    if (other.status == HKL_UNSUPPORTED) continue;
    if (told.status == HKL_UNSUPPORTED) {
      told = other;
    } else {
      told.text += "; " + other.text;
      if (other.status == HKL_TIMEOUT) told.status = HKL_TIMEOUT;
    }
  }
  return told;
}

}  // namespace

Result<std::string> Runtime::order_call(const std::string& employee, const std::string& number, const Asker& asker) {
  if (!writer_) return hand_order(employee, number, asker);
  if (auto may = check_right(asker.access.get(), "calls.originate"); !may) return fail(may.error());
  if (asker.access && asker.access->role.sees == Role::Sees::own && asker.access->employee != employee)
    return fail(HKL_AUTH, fmt::format("{} may order calls on the own phone alone, not on that of \"{}\"",
                                      asker.access->name, employee));
  const auto people = directory();
  if (!people) return fail(people.error());
  const auto* who = (*people)->employee(employee);
  if (who == nullptr) return fail(HKL_NOT_FOUND, fmt::format("there is no employee \"{}\"", employee));
  const auto phone = normalise_number(number, config_.phone_region);
  if (phone.e164.empty()) return fail(HKL_INVALID, fmt::format("\"{}\" is no telephone number", number));

  const auto at = now();
  const auto request = fmt::format("hl-r-{}", next_order(at));
  std::vector<Error> refusals;
  for (const auto& extension : who->extensions) {
    if (!extension.period.holds(at)) continue;
    for (const auto& entry : config_.sources) {
      if (entry.pbx != extension.source || is_canonical(entry.name)) continue;
      const auto ordered = order_of(entry.name, {request, extension.number, phone.e164, "", kRing});
      if (ordered) return request;
      refusals.push_back(ordered.error().in(entry.name));
      // It may ring already: another phone would be a second call.
      if (ordered.error().status == HKL_TIMEOUT) return fail(told_together(refusals));
    }
  }
  if (refusals.empty()) return fail(HKL_UNSUPPORTED, fmt::format("{} has no extension now", employee));
  return fail(told_together(refusals));
}

Done Runtime::order_of(const std::string& source, const CallOrder& order) {
  std::function<Done()> outcome;
  {
    const std::lock_guard lock(life_mutex_);
    const auto runner = sources_.find(source);
    if (runner == sources_.end()) return fail(HKL_UNAVAILABLE, "the source is not running");
    outcome = runner->second->place_order(order);
  }
  return outcome();  // with no lock held: it takes seconds
}

// Two orders of one millisecond are two.
std::int64_t Runtime::next_order(Instant at) {
  auto last = last_order_.load();
  std::int64_t next = 0;
  do next = std::max(ms_of(at), last + 1);
  while (!last_order_.compare_exchange_weak(last, next));
  return next;
}

std::string Runtime::owner_socket_path() const { return store_->path() + ".sock"; }

// With life_mutex_ held. A host without it is a host all the same.
void Runtime::open_owner_socket() {
  auto opened =
      OwnerSocket::open(owner_socket_path(), [this](const std::string& asked) { return answer_handed(asked); });
  if (opened) {
    owner_socket_ = std::move(*opened);
  } else {
    log(HKL_LOG_WARNING, opened.error().text + "; `hookline originate` does not reach this host");
  }
}

// Who orders is told of it by the process that hears the call too.
Result<std::string> Runtime::hand_order(const std::string& employee, const std::string& number, const Asker& asker) {
  const auto nobody = [](const std::string& why) {
    return fail(HKL_UNAVAILABLE, why + "; start a host, as by `hookline run`: who orders a call has to hear it");
  };
  if (!store_) return nobody(no_store_.text);
  const auto owner = store_->owner();
  if (owner == 0) return nobody(store_->path() + ": no host runs on this store");
  const Json order = {
      {"order_call", {{"employee", employee}, {"number", number}, {"user", asker.access ? asker.access->name : ""}}}};
  const auto answer = OwnerSocket::ask(owner_socket_path(), dumped(order), kPatienceForOwner);
  if (!answer && answer.error().status == HKL_TIMEOUT)
    return fail(HKL_TIMEOUT, fmt::format("process {} took the order and does not say what came of it; whether it dials "
                                         "is not known",
                                         owner));
  if (!answer)
    return fail(HKL_UNAVAILABLE,
                fmt::format("process {}, which owns the store, takes no orders from here: {}; it has to "
                            "be a host that runs, and you its user, or root",
                            owner, answer.error().text));
  const auto told = Json::parse(*answer, nullptr, false);
  if (!told.is_object()) return fail(HKL_PROTOCOL, fmt::format("process {} answers what is no answer", owner));
  if (const auto request = told.value("request", ""); !request.empty()) return request;
  return fail(told.value("status", HKL_INTERNAL), told.value("text", "it does not say why"));
}

std::string Runtime::answer_handed(const std::string& asked) {
  const auto refused = [](const Error& error) { return dumped({{"status", error.status}, {"text", error.text}}); };
  try {
    const auto given = Json::parse(asked, nullptr, false);
    const auto order = given.is_object() ? given.value("order_call", Json()) : Json();
    if (!order.is_object())
      return refused({HKL_UNSUPPORTED, "this host does no such work; it may be of an older version"});
    const std::shared_lock entered(gate_);
    const auto asker = asker_of(order.value("user", ""), "");
    if (!asker) return refused(asker.error());
    const auto request = order_call(order.value("employee", ""), order.value("number", ""), *asker);
    return request ? dumped({{"request", *request}}) : refused(request.error());
  } catch (const std::exception& error) {
    return refused({HKL_INTERNAL, error.what()});
  }
}

}  // namespace hkl
