#include "ordering.h"

#include <algorithm>

namespace webhook {
namespace {

constexpr std::size_t kLongestCall = 1000;

std::vector<std::string> members_of_orders() {
  auto out = AskForm::members();
  out.insert(out.end(), {"if_set", "needs", "taken", "fault", "call"});
  return out;
}

Json tree_of(const hookline::Order& order) {
  return {{"extension", order.extension},
          {"number", order.number},
          {"line", order.line},
          {"request", order.request},
          {"ring_s", order.ring_ms / 1000}};
}

// A phone's number or login. Anything else would not stay what it is in an
// address, a SIP name or XML, into which a profile may put it.
bool is_plain(std::string_view extension) {
  constexpr std::string_view kSigns = "._-+*";
  return !extension.empty() && std::all_of(extension.begin(), extension.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kSigns.find(c) != kSigns.npos;
  });
}

// The vendor's words, however it says them; empty: it complains of nothing.
std::string words_of(Node fault) {
  if (!is_there(fault)) return {};
  return fault.is_structured() ? json_of(fault).dump(-1, ' ', false, Json::error_handler_t::replace)
                               : Text(fault).str();
}

}  // namespace

std::unique_ptr<Ordering> Ordering::compile(const Json& profile, const Vocabulary& words) {
  if (!profile.contains("order")) return nullptr;
  const Place place("order");
  const auto& source = place.map(profile["order"]);
  place.check_members(source, members_of_orders());
  return std::unique_ptr<Ordering>(new Ordering(source, words, place));
}

Ordering::Ordering(const Json& source, const Vocabulary& words, const Place& place) : words_(words) {
  words_.is_of_requests = false;
  if (!is_wanted(source, words_, place)) missing_ = text_of(source["if_set"]);
  ask_ = AskForm::compile(source, words_, place);
  if (source.contains("needs"))
    for (const auto& [name, value] : (place / "needs").map(source["needs"]).items())
      needs_.emplace_back(name, Value::compile(value, words_, place / "needs" / name));
  if (source.contains("taken")) taken_ = Condition::compile(source["taken"], words_, place / "taken");
  fault_ = Value::compile(source.value("fault", Json()), words_, place / "fault");
  call_ = Value::compile(source.value("call", Json()), words_, place / "call");
}

void Ordering::send(const hookline::Order& order, std::int64_t now_ms, hookline::HttpOutput& out) const {
  if (!missing_.empty())
    throw hookline::Failure(HKL_UNSUPPORTED, "calls can be ordered where the setting \"" + missing_ + "\" is given");
  if (!is_plain(order.extension))
    throw hookline::Failure(HKL_INVALID, "no call can be ordered on the phone \"" + std::string(order.extension) +
                                             "\": letters, digits and . _ - + * alone make one");
  const auto told = tree_of(order);
  Room room;
  const auto tree = room.node_of(told);
  const Scope scope{no_request(now_ms), tree, tree, words_.given, room, {}};
  for (const auto& [name, value] : needs_)
    if (!is_there(value.of(scope)))
      throw hookline::Failure(HKL_INVALID, "an order for the phone " + std::string(order.extension) + " lacks the " +
                                               name + ", which the profile makes of the settings; see its page");
  ask_.send(told, words_.given, now_ms, out);
}

void Ordering::take(const hookline::Order& order, std::uint32_t status, std::string_view body, std::int64_t now_ms,
                    hookline::HttpOutput& out) const {
  auto tree = Json::parse(body, nullptr, false);
  if (tree.is_discarded() || is_deep(tree)) tree = Json::object();
  const auto given = tree_of(order);
  Room room;
  const Scope scope{no_request(now_ms), room.node_of(tree), room.node_of(given), words_.given, room, {}};
  const auto fault = words_of(fault_.of(scope));
  const bool is_good = status >= 200 && status <= 299;
  if (!is_good || !fault.empty()) {
    const bool is_later = status == 408 || status == 429 || status == 503;
    throw hookline::Failure(
        is_later ? HKL_UNAVAILABLE : HKL_INVALID,
        "the vendor refuses the order with " + std::to_string(status) + (fault.empty() ? "" : ": " + fault));
  }
  if (!taken_.holds(scope))
    throw hookline::Failure(HKL_TIMEOUT, "the vendor's answer does not say that it took the order");
  const Text call(call_.of(scope));
  if (!call.view().empty() && call.view().size() <= kLongestCall) out.requested(order, call, now_ms);
}

}  // namespace webhook
