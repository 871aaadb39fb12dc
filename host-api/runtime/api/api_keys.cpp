#include "api/api_keys.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>

#include "api/runtime.h"
#include "canonical/json_text.h"
#include "contacts/access.h"
#include "plugins/digests.h"
#include "reports/access_rows.h"
#include "values/output.h"

namespace hkl {
namespace {

template <typename Bytes>
std::string hex(const Bytes& bytes, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

}  // namespace

Result<NewKey> make_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(HKL_RESOURCE, "the system gives no random bytes for a key");
  NewKey made{"hk_" + hex(bytes, bytes.size()), ""};
  made.hash = hash_of_key(made.key);
  return made;
}

std::string hash_of_key(std::string_view key) {
  hkl_digest digest{};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(key.data());
  if (hash(HKL_DIGEST_SHA256, {bytes, key.size()}, digest) != HKL_OK) return {};
  return "sha256:" + hex(digest.bytes, digest.len);
}

const ApiKey* find_key(const std::vector<ApiKey>& keys, std::string_view key) {
  const auto hash = hash_of_key(key);
  const ApiKey* found = nullptr;
  for (const auto& known : keys)
    if (known.hash.size() == hash.size() && CRYPTO_memcmp(known.hash.data(), hash.data(), hash.size()) == 0)
      found = &known;
  return found;
}

// `hookline key list`
Done Runtime::list_keys(const Asker& asker, const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "settings.view"); !may) return may;
  auto list = OrderedJson::array();
  for (const auto& key : config_.access.keys)
    list.push_back({{"name", key.name}, {"role", text_json(key.role)}, {"user", text_json(key.user)}});
  return write_text(writer, dumped(list) + "\n");
}

}  // namespace hkl
