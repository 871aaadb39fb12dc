// Plugins that lack something. None compiles, and the compiler says in words
// what is missing (CMakeLists.txt has the words).
#include "hookline/sdk/plugin.h"

namespace {

#if defined NO_KIND
struct Unfinished {};
#elif defined NO_METHOD
class Unfinished final : public hookline::PbxAdapter<hookline::NoSettings> {
  void endpoints(hookline::EndpointList&) override {}
};
#else
class Unfinished final : public hookline::LeadClassifier<hookline::NoSettings> {
 public:
  explicit Unfinished(int) {}
  hookline::Opinion classify(const hkl_inquiry&) override { return {}; }
};
#endif

}  // namespace

HOOKLINE_PLUGIN(Unfinished, {"com.example.unfinished", "1.0.0", "Example", "MIT", "Lacks something"})
