#include "config/crm.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "config/schema_check.h"
#include "values/instant.h"

namespace hkl {
namespace {

// Keys of the Standard Webhooks kind, "whsec_" and base64; several, parted by
// spaces, while one takes the place of another.
std::vector<std::string> keys_of(const ConfigReading& reading, const TreePath& where) {
  std::vector<std::string> keys;
  std::istringstream words(reading.text(where));
  for (std::string word; words >> word;) {
    const std::string prefix = "whsec_";
    std::istringstream text(word.starts_with(prefix) ? word.substr(prefix.size()) : word);
    Poco::Base64Decoder decoder(text);
    std::string key{std::istreambuf_iterator<char>(decoder), {}};
    if (decoder.bad() || key.size() < 24)
      reading.complain(
          where,
          "a key is \"whsec_\" and at least 24 bytes as base64; make one with: echo whsec_$(openssl rand -base64 32)");
    else
      keys.push_back(std::move(key));
  }
  if (keys.empty() && words.eof() && reading.text(where).find_first_not_of(" \t\n") == std::string::npos)
    reading.complain(where, "it is empty; the CRM could not tell who sends");
  return keys;
}

void check_url(const ConfigReading& reading, const TreePath& where, const std::string& url) {
  try {
    const Poco::URI uri(url);
    const auto& host = uri.getHost();
    if (uri.getScheme() == "https" && !host.empty()) return;
    if (uri.getScheme() == "http" && (host == "localhost" || host == "::1" || host.starts_with("127."))) return;
    if (uri.getScheme() == "http" && !host.empty())
      return reading.complain(where,
                              "what is sent is about persons, and only this machine gets it without TLS; write https");
  } catch (const Poco::Exception&) {
    // said below
  }
  reading.complain(where, fmt::format("\"{}\" is no address; write one such as https://crm.example.com/hookline", url));
}

std::string read_link(const ConfigReading& reading, const char* entity) {
  const TreePath where = {"crm", "links", entity};
  const auto link = reading.text(where);
  if (!link.empty() && link.find("{id}") == std::string::npos)
    reading.complain(where, "it leads to one card for all; put {id} where the id belongs");
  return link;
}

std::map<std::string, FieldMap> read_fields(const ConfigReading& reading) {
  std::map<std::string, FieldMap> maps;
  const auto* section = reading.at({"crm", "webhook", "fields"});
  if (section == nullptr) return maps;
  const auto value = json_of(*section);
  for (const auto& [entity, given] : value.items()) {
    std::vector<std::pair<std::string, std::string>> templates;
    for (const auto& [name, text] : given.items())
      templates.emplace_back(name, text.is_string() ? text.get<std::string>() : text.dump());
    auto map = FieldMap::of(entity, templates);
    if (!map) {
      // The place of the one that is wrong.
      for (const auto& [name, text] : templates)
        if (auto alone = FieldMap::of(entity, {{name, text}}); !alone)
          reading.complain({"crm", "webhook", "fields", entity, name}, alone.error().text);
      continue;
    }
    maps.emplace(entity, std::move(*map));
  }
  return maps;
}

}  // namespace

CrmConfig read_crm(const ConfigReading& reading) {
  CrmConfig crm;
  crm.links = {read_link(reading, "contact"), read_link(reading, "lead")};
  if (reading.at({"crm", "webhook"}) == nullptr) return crm;
  CrmWebhook webhook;
  webhook.url = reading.text({"crm", "webhook", "url"});
  check_url(reading, {"crm", "webhook", "url"}, webhook.url);
  if (reading.at({"crm", "webhook", "secret"}) != nullptr)
    webhook.keys = keys_of(reading, {"crm", "webhook", "secret"});
  if (const auto ca = reading.text({"crm", "webhook", "tls_ca"}); !ca.empty()) webhook.ca_file = reading.beside(ca);
  if (const auto timeout = parse_duration(reading.text({"crm", "webhook", "timeout"}, "10s")))
    webhook.timeout = *timeout;
  if (reading.at({"crm", "webhook", "entities"}) != nullptr)
    webhook.entities = reading.texts({"crm", "webhook", "entities"});
  webhook.fields = read_fields(reading);
  crm.webhook = std::move(webhook);
  return crm;
}

}  // namespace hkl
