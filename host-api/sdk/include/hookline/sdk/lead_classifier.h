// A lead classifier in one class. Contract: hookline/lead_classifier.h.
#pragma once

#include "hookline/lead_classifier.h"
#include "hookline/sdk/instance.h"

namespace hookline {

// An opinion, or none. Texts are kept until the next one is asked for.
struct Opinion {
  std::uint32_t quality = HKL_QUALITY_NO_OPINION;
  std::uint32_t is_advertising = HKL_TRI_UNKNOWN;
  double score = 1;
  std::string rule, why, ad_source, type, visit;
  std::vector<std::string> tags;  // to add

  static Opinion none() { return {}; }
  static Opinion of(std::uint32_t quality, std::string rule, std::string why) {
    Opinion opinion;
    opinion.quality = quality;
    opinion.rule = std::move(rule);
    opinion.why = std::move(why);
    return opinion;
  }
};

class LeadClassifierBase : public InstanceBase {
 public:
  virtual Opinion classify(const hkl_inquiry& inquiry) = 0;

 private:
  friend struct LeadClassifierTable;
  Opinion latest_;
  std::vector<hkl_str> latest_tags_;
};

template <typename Settings>
using LeadClassifier = WithSettings<LeadClassifierBase, Settings>;

struct LeadClassifierTable {
  static hkl_status classify(hkl_instance* self, const hkl_inquiry* inquiry, hkl_verdict* out,
                             hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& classifier = static_cast<LeadClassifierBase&>(LifeOf::of(self));
      needs_started(classifier);
      classifier.latest_ = classifier.classify(*inquiry);
      const auto& opinion = classifier.latest_;
      out->quality = opinion.quality;
      out->is_advertising = opinion.is_advertising;
      out->score = opinion.score;
      out->rule = str(opinion.rule);
      out->why = str(opinion.why);
      out->ad_source = str(opinion.ad_source);
      out->type = str(opinion.type);
      out->visit = str(opinion.visit);
      classifier.latest_tags_.clear();
      for (const auto& tag : opinion.tags) classifier.latest_tags_.push_back(str(tag));
      out->tags = {classifier.latest_tags_.data(), classifier.latest_tags_.size()};
    });
  }
  static constexpr hkl_lead_classifier table{sizeof(hkl_lead_classifier), 0, classify};
};

}  // namespace hookline
