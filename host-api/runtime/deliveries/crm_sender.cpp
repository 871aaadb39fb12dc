#include "deliveries/crm_sender.h"

#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "canonical/screen_pop.h"
#include "deliveries/webhook_signature.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownOfAnswer = 200, kLongestAnswer = 1 << 20;

// The CRM's own id of what it was given; empty: it names none.
std::string id_in(const std::string& body) {
  const auto answer = Json::parse(body, nullptr, false);
  if (!answer.is_object() || !answer.contains("id")) return {};
  const auto& id = answer["id"];
  if (id.is_string()) return id.get<std::string>();
  return id.is_number_integer() ? id.dump() : std::string();
}

// One line of it, for the list of what waits: plain ASCII, as the cut may be
// within a character.
std::string excerpt(std::string body) {
  body.resize(std::min(body.size(), kShownOfAnswer));
  for (auto& byte : body)
    if (byte < ' ' || byte > '~') byte = ' ';
  return body;
}

void add_link(Json& record, const std::string& link) {
  if (!link.empty() && record.is_object() && record.contains("id"))
    record["link"] = link_to(link, record["id"].get<std::string>());
}

DeliveryAnswer judged(const HttpAnswer& answer) {
  if (answer.status >= 200 && answer.status < 300) return {HKL_OK, id_in(answer.body), {}};
  static const std::set<std::uint32_t> kFinal = {400, 410, 413, 415, 422};
  const auto text =
      fmt::format("the CRM answered {}{}{}", answer.status, answer.body.empty() ? "" : ": ", excerpt(answer.body));
  DeliveryAnswer verdict{kFinal.contains(answer.status) ? HKL_INVALID : HKL_UNAVAILABLE, {}, text};
  verdict.retry_after = answer.retry_after.value_or(Millis(0));
  verdict.is_down = answer.status >= 500 || answer.status == 429 || answer.status == 401 || answer.status == 403;
  return verdict;
}

}  // namespace

std::string link_to(const std::string& link, const std::string& id) {
  const std::string slot = "{id}";
  auto address = link;
  std::string escaped;
  Poco::URI::encode(id, "/?#&=+:@%", escaped);
  for (auto at = address.find(slot); at != std::string::npos; at = address.find(slot, at + escaped.size()))
    address.replace(at, slot.size(), escaped);
  return address;
}

Delivery with_links(Delivery delivery, const CrmConfig::Links& links) {
  if (delivery.entity != kScreenPop) return delivery;
  auto pop = Json::parse(delivery.json);
  add_link(pop["contact"], links.contact);
  add_link(pop["lead"], links.lead);
  delivery.json = pop.dump();
  return delivery;
}

Result<std::unique_ptr<CrmSender>> CrmSender::make(CrmWebhook settings, CrmConfig::Links links) {
  std::string pem;
  if (!settings.ca_file.empty()) {
    std::ifstream in(settings.ca_file, std::ios::binary);
    if (!in) return fail(HKL_BAD_SETTINGS, fmt::format("crm.webhook.tls_ca: {} cannot be read", settings.ca_file));
    pem.assign(std::istreambuf_iterator<char>(in), {});
  }
  auto trust = TlsTrust::make(pem);
  if (!trust) return fail(trust.error().in("crm.webhook"));
  std::unique_ptr<CrmSender> sender(new CrmSender(std::move(settings), std::move(links)));
  const auto timeout = sender->settings_.timeout;
  sender->asker_ = std::make_unique<HttpAsker>(
      [made = sender.get()] {
        const std::lock_guard lock(made->mutex_);
        made->is_answered_ = true;
        made->answered_.notify_all();
      },
      std::move(*trust), HttpAsker::Limits{timeout, timeout, kLongestAnswer});
  return sender;
}

// Waits for the asker's thread: deliveries go one after the other.
Result<HttpAnswer> CrmSender::ask(HookAsk ask) {
  std::unique_lock lock(mutex_);
  is_answered_ = false;
  lock.unlock();
  asker_->ask(std::move(ask));
  lock.lock();
  answered_.wait(lock, [this] { return is_answered_; });
  lock.unlock();
  auto answer = asker_->answer();
  return answer ? std::move(*answer) : fail(HKL_CANCELLED, "it was taken back");
}

bool CrmSender::wants(const std::string& entity) const {
  const auto& names = settings_.entities;
  return names.empty() || std::find(names.begin(), names.end(), entity) != names.end();
}

std::string CrmSender::body_of(const Delivery& delivery, Instant now) const {
  auto record = Json::parse(with_links(delivery, links_).json);
  const bool is_deleted = record.value("deleted", false);
  if (delivery.entity == "contact") add_link(record, links_.contact);
  if (delivery.entity == "lead") add_link(record, links_.lead);
  const auto map = settings_.fields.find(delivery.entity);
  const auto* happened = delivery.entity == kScreenPop ? ".shown" : is_deleted ? ".deleted" : ".changed";
  return Json{{"type", delivery.entity + happened},
              {"timestamp", iso_utc(now)},
              {"data", map == settings_.fields.end() ? record : map->second.apply(record)}}
      .dump();
}

DeliveryAnswer CrmSender::deliver(const Delivery& delivery, Instant now) {
  if (!wants(delivery.entity)) return {};
  HookAsk asked;
  asked.method = "POST";
  asked.url = settings_.url;
  asked.body = body_of(delivery, now);
  asked.headers = signed_headers(delivery.key, ms_of(now) / 1000, asked.body, settings_.keys);
  asked.headers.emplace_back("Content-Type", "application/json");
  const auto answer = ask(std::move(asked));
  if (answer) return judged(*answer);
  if (answer.error().status == HKL_CANCELLED) return {HKL_CANCELLED, {}, answer.error().text};
  DeliveryAnswer down{HKL_UNAVAILABLE, {}, answer.error().text};
  down.is_down = true;
  return down;
}

}  // namespace hkl
