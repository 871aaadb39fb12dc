#include "config/http.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "http/senders.h"

namespace hkl {
namespace {

// A number that the schema has judged.
void read_number(const ConfigReading& reading, const TreePath& where, std::size_t& number) {
  const auto text = reading.text(where);
  std::size_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (!text.empty() && error == std::errc() && end == text.data() + text.size()) number = read;
}

std::string read_file_name(const ConfigReading& reading, const TreePath& where) {
  const auto given = reading.text(where);
  if (given.empty()) return given;
  auto path = reading.beside(given);
  if (::access(path.c_str(), R_OK) != 0)
    reading.complain(where, fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  return path;
}

}  // namespace

HttpConfig read_http(const ConfigReading& reading) {
  HttpConfig http;
  http.is_set = reading.at({"http"}) != nullptr;
  auto& settings = http.settings;
  settings.listen = reading.text({"http", "listen"}, settings.listen);
  if (const auto address = listen_address(settings.listen); !address)
    reading.complain({"http", "listen"}, address.error().text);
  settings.certificate = read_file_name(reading, {"http", "tls", "certificate"});
  settings.key = read_file_name(reading, {"http", "tls", "key"});
  read_number(reading, {"http", "limits", "header_bytes"}, settings.limits.header_bytes);
  read_number(reading, {"http", "limits", "body_bytes"}, settings.limits.body_bytes);
  read_number(reading, {"http", "limits", "connections"}, settings.connections);
  read_number(reading, {"http", "limits", "refusals_per_minute"}, http.refusals_per_minute);
  settings.trusted_proxies = reading.texts({"http", "trusted_proxies"});
  if (const auto networks = Networks::of(settings.trusted_proxies); !networks)
    reading.complain({"http", "trusted_proxies"}, networks.error().text);
  return http;
}

}  // namespace hkl
