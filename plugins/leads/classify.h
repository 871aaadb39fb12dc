// A classifier as a host holds it, for the tests of classifiers.
#pragma once

#include <gtest/gtest.h>

#include "hookline/sdk/plugin.h"

namespace classify {

using hookline::str;
using hookline::view;

// One instance as a host holds it; the host knows that 8 is +7.
class Instance {
 public:
  explicit Instance(const std::string& settings = "{}") {
    host_.struct_size = sizeof host_;
    host_.get_interface = [](const hkl_host*, hkl_str id) -> const void* {
      static constexpr hkl_host_phone phone{sizeof(hkl_host_phone), 0, normalise};
      return view(id) == HKL_HOST_PHONE_V1 ? &phone : nullptr;
    };
    error_.struct_size = sizeof error_;
    EXPECT_EQ(life_->create(str(HKL_LEAD_CLASSIFIER_V1), &host_, &self_, nullptr), HKL_OK);
    if (life_->configure(self_, str(settings), &error_) == HKL_OK) {
      EXPECT_EQ(life_->start(self_, nullptr), HKL_OK);
    }
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { life_->destroy(self_); }

  hkl_verdict classify(const hkl_touch& touch, const std::vector<const hkl_touch*>& earlier = {}) {
    hkl_contact contact{};
    contact.struct_size = sizeof contact;
    contact.id = str("c");
    hkl_inquiry inquiry{};
    inquiry.struct_size = sizeof inquiry;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
    inquiry.earlier = earlier.data();
    inquiry.earlier_count = earlier.size();
    hkl_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    const auto* table =
        static_cast<const hkl_lead_classifier*>(hookline_plugin_v1.get_interface(str(HKL_LEAD_CLASSIFIER_V1)));
    EXPECT_EQ(table->classify(self_, &inquiry, &verdict, nullptr), HKL_OK);
    return verdict;
  }
  std::string error() const { return error_.text; }

 private:
  static hkl_status normalise(const hkl_host*, hkl_str raw, hkl_str, hkl_phone* out) {
    std::string digits;
    for (const char c : view(raw))
      if (c >= '0' && c <= '9') digits += c;
    if (digits.empty()) return HKL_NOT_FOUND;
    if (digits.size() == 11 && digits[0] == '8') digits[0] = '7';
    const auto e164 = (digits.size() == 11 ? "+" : "") + digits;
    e164.copy(out->e164, e164.size());
    out->is_valid = digits.size() == 11 ? 1 : 0;
    return HKL_OK;
  }
  const hkl_life* life_ = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(str(HKL_LIFE_V1)));
  hkl_host host_{};
  hkl_error error_{};
  hkl_instance* self_ = nullptr;
};

}  // namespace classify
