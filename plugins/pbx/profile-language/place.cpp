#include "place.h"

#include <algorithm>

namespace profile {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)});
      corner = above;
    }
  }
  return row[b.size()];
}

}  // namespace

void Place::fail(const std::string& why) const {
  throw hookline::Failure(HKL_BAD_SETTINGS, (path_.empty() ? document_ : document_ + ": " + path_) + ": " + why);
}

void Place::fail_unknown(std::string_view what, std::string_view given, const std::vector<std::string>& known) const {
  auto why = "there is no " + std::string(what) + " \"" + std::string(given.substr(0, 60)) + "\"";
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return distance(given.substr(0, 60), a) < distance(given.substr(0, 60), b);
  });
  if (nearest != known.end() && distance(given.substr(0, 60), *nearest) <= 2) {
    why += "; did you mean \"" + *nearest + "\"?";
  } else if (!known.empty()) {
    why += "; there are: ";
    for (std::size_t i = 0; i < known.size(); ++i) why += (i > 0 ? ", " : "") + known[i];
  }
  fail(why);
}

void Place::check_members(const Json& value, const std::vector<std::string>& known) const {
  for (const auto& [name, member] : map(value).items())
    if (std::find(known.begin(), known.end(), name) == known.end()) (*this / name).fail_unknown("key", name, known);
}

std::string Place::text(const Json& value) const {
  if (value.is_structured() || !is_there(value)) fail("a word was expected");
  return text_of(value);
}

std::vector<std::string> Place::texts(const Json& value) const {
  if (!value.is_array()) return {text(value)};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < value.size(); ++i) out.push_back((*this)[i].text(value[i]));
  return out;
}

const Json& Place::map(const Json& value) const {
  if (!value.is_object()) fail("a map was expected, as {name: value}");
  return value;
}

const Json& Place::list(const Json& value) const {
  if (!value.is_array()) fail("a list was expected; begin each entry with a dash");
  return value;
}

}  // namespace profile
