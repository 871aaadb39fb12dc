// A classifier that does the least: it has no opinion. What a call of it takes
// is the way there and back.
#include "hookline/sdk/plugin.h"

namespace {

class Least final : public hookline::LeadClassifier<hookline::NoSettings> {
 public:
  hookline::Opinion classify(const hkl_inquiry&) override { return hookline::Opinion::none(); }
};

}  // namespace

HOOKLINE_PLUGIN(Least, {"bench-least", "1.0.0", "Hookline", "Apache-2.0", "Has no opinion of anything"})
