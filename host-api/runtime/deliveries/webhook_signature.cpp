#include "deliveries/webhook_signature.h"

#include <Poco/Base64Encoder.h>
#include <fmt/format.h>

#include <sstream>

#include "plugins/digests.h"

namespace hkl {
namespace {

hkl_bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string base64(const hkl_digest& digest) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.rdbuf()->setLineLength(0);
  encoder.write(reinterpret_cast<const char*>(digest.bytes), digest.len);
  encoder.close();
  return out.str();
}

// A key of ours may hold anything that an id of the CRM's holds; a header may not.
std::string message_id(const std::string& key_of_delivery) {
  hkl_digest digest{};
  digest.struct_size = sizeof digest;
  hash(HKL_DIGEST_SHA256, bytes_of(key_of_delivery), digest);
  std::string id = "hl_";
  for (std::size_t i = 0; i < 16; ++i) id += fmt::format("{:02x}", digest.bytes[i]);
  return id;
}

}  // namespace

WebhookHeaders signed_headers(const std::string& key_of_delivery, std::int64_t unix_s, std::string_view body,
                              const std::vector<std::string>& keys) {
  const auto id = message_id(key_of_delivery);
  const auto signed_text = fmt::format("{}.{}.{}", id, unix_s, body);
  std::string signatures;
  for (const auto& key : keys) {
    hkl_digest digest{};
    digest.struct_size = sizeof digest;
    hmac(HKL_DIGEST_SHA256, bytes_of(key), bytes_of(signed_text), digest);
    signatures += (signatures.empty() ? "v1," : " v1,") + base64(digest);
  }
  return {{"webhook-id", id}, {"webhook-timestamp", std::to_string(unix_s)}, {"webhook-signature", signatures}};
}

}  // namespace hkl
