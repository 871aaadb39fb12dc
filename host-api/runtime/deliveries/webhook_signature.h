// Headers of a signed webhook (standardwebhooks.com, spec v1): who sends, when,
// and that nothing was changed on the way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hkl {

using WebhookHeaders = std::vector<std::pair<std::string, std::string>>;

// One signature for each key, newest first, so that keys can be changed without a
// gap. `id` is made of `key_of_delivery`: the same for every attempt.
WebhookHeaders signed_headers(const std::string& key_of_delivery, std::int64_t unix_s, std::string_view body,
                              const std::vector<std::string>& keys);

}  // namespace hkl
