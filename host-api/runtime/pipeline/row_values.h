// Values as rows hold them: milliseconds, 0 and 1, null for what is not known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/sql.h"
#include "values/instant.h"
#include "values/words.h"

namespace hkl {

inline std::optional<std::int64_t> ms(std::optional<Instant> at) {
  return at ? std::optional(ms_of(*at)) : std::nullopt;
}
inline std::optional<std::int64_t> ms(std::optional<Millis> span) {
  return span ? std::optional<std::int64_t>(span->count()) : std::nullopt;
}
inline std::optional<std::int64_t> yes_no(Tri value) {
  if (value == Tri::unknown) return std::nullopt;
  return value == Tri::yes ? 1 : 0;
}
inline std::vector<std::string> texts(Query&& query) {
  std::vector<std::string> found;
  while (query.step()) found.push_back(query.text(0));
  return found;
}
template <typename Record>
Record with_contact(Record record, const std::string& contact) {
  record.contact = contact;
  return record;
}
inline std::string first_text(Query&& query) { return query.step() ? query.text(0) : std::string(); }

}  // namespace hkl
