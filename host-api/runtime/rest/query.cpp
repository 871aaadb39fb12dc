#include "rest/query.h"

#include <fmt/format.h>

#include <charconv>

#include "http/message.h"
#include "values/words.h"

namespace hkl {

RestQuery::RestQuery(std::string_view query) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decoded(pair.substr(0, equals), true);
    if (name.empty()) continue;
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    auto& known = values_[name];
    known += (known.empty() ? "" : ",") + value;
  }
}

std::string RestQuery::take(const std::string& name) {
  asked_.push_back(name);
  auto node = values_.extract(name);
  return node.empty() ? std::string() : std::move(node.mapped());
}

Result<std::uint64_t> RestQuery::take_number(const std::string& name, std::uint64_t otherwise, std::uint64_t most) {
  const auto text = take(name);
  if (text.empty()) return otherwise;
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 1 || number > most)
    return fail(HKL_INVALID, fmt::format("{}={}: a whole number of 1 to {} is needed", name, text, most));
  return number;
}

Done RestQuery::no_others() const {
  if (values_.empty()) return {};
  const auto& name = values_.begin()->first;
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  const auto nearest = nearest_word(name, known.data(), known.size());
  return fail(HKL_INVALID, fmt::format("there is no parameter \"{}\"{}", name,
                                       !nearest.empty() ? fmt::format("; did you mean \"{}\"?", nearest)
                                       : known.empty()  ? std::string("; there is none at all")
                                                        : fmt::format("; there are {}", fmt::join(known, ", "))));
}

}  // namespace hkl
