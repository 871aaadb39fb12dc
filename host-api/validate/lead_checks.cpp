// Q: what a lead classifier says.
#include <fmt/format.h>

#include "judging.h"
#include "plugins/texts.h"

namespace hkl::validate {
namespace {

bool is_classifier(const Candidate& candidate) { return kind_of(note_of(candidate)) == HKL_LEAD_CLASSIFIER_V1; }

// Asked as the runtime asks, which judges the verdict; the fault in it, or "".
std::string fault_of_verdict(Classifier& classifier, const Story& story, std::size_t index) {
  Inputs inputs(Inputs::Place::together);
  const auto* inquiry = story.inquiry(inputs, index);
  inputs.hand_over();
  const auto verdict = classifier.classify(*inquiry);
  return verdict ? std::string() : verdict.error().text;
}

Outcome verdicts_are_legal(const Candidate& candidate) {
  if (!is_classifier(candidate)) return skips("not a lead classifier");
  const auto classifier = make_classifier(opened(candidate), entry_for(candidate, sample_settings(candidate)));
  if (!classifier) return skips("it does not start with these settings: " + classifier.error().text);
  const auto story = usual_story();
  for (std::size_t i = 1; i < story.touches.size(); ++i) {
    if (const auto fault = fault_of_verdict(**classifier, story, i); !fault.empty())
      return fails(fmt::format("of inquiry {}: {}", story.touches[i].inquiry, fault));
  }
  return pass();
}

Story story_of_text(const std::string& text) {
  auto story = usual_story();
  auto& request = story.touches[3];
  request.text = text;
  story.name = text.substr(0, 1000);
  return story;
}

std::string repeated(std::string_view piece, std::size_t size) {
  std::string out;
  while (out.size() + piece.size() <= size) out += piece;
  return out;
}

Outcome odd_inquiries(const Candidate& candidate) {
  if (!is_classifier(candidate)) return skips("not a lead classifier");
  return without_exceptions([&]() -> Outcome {
    const auto classifier = make_classifier(opened(candidate), entry_for(candidate, sample_settings(candidate)));
    if (!classifier) return skips("it does not start with these settings: " + classifier.error().text);
    const std::pair<const char*, std::string> texts[] = {
        {"an empty text", ""},
        {"256 KiB of text", repeated("текст ", 256 << 10)},
        {"a text from right to left", "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"},
        {"emoji of several characters", repeated("\U0001F469\u200d\U0001F527", 1000)}};
    for (const auto& [words, text] : texts) {
      if (const auto fault = fault_of_verdict(**classifier, story_of_text(text), 3); !fault.empty())
        return fails(fmt::format("with {}: {}", words, fault));
    }
    if (const auto fault = fault_of_verdict(**classifier, usual_story(), 0); !fault.empty())
      return fails("of a contact without a history: " + fault);
    Story long_story;
    for (std::int64_t i = 0; i <= 10'000; ++i)
      long_story.touches.push_back(answered_call(fmt::format("pbx1:{}", i), kMondayMs + i * 60'000, 3000));
    if (const auto fault = fault_of_verdict(**classifier, long_story, 10'000); !fault.empty())
      return fails("of a contact with ten thousand calls: " + fault);
    return pass();
  });
}

Outcome asked_again(const Candidate& candidate) {
  if (!is_classifier(candidate)) return skips("not a lead classifier");
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    if (!bench.begin()) return does_not_start(bench);
    const auto story = usual_story();
    const auto verdict_of = [&](std::size_t index) {
      (void)bench.classify(story, index);
      return std::vector{bench.told().back()};
    };
    const auto first = verdict_of(2);
    if (auto fault = first_difference(first, verdict_of(2), "at first", "when asked again"); !fault.empty())
      return fails(std::move(fault));
    (void)verdict_of(4);
    if (auto fault = first_difference(first, verdict_of(2), "at first", "after a later inquiry was judged");
        !fault.empty())
      return fails(std::move(fault));
    return pass();
  });
}

}  // namespace

std::vector<Check> lead_checks() {
  return {
      {"Q01", Level::standard, "verdicts are legal", "R6", {"I01"}, verdicts_are_legal},
      {"Q02", Level::standard, "judges odd texts, no history and a long one", "R6, R15", {"I01"}, odd_inquiries},
      {"Q03", Level::standard, "asked again, says the same", "R10", {"I01"}, asked_again},
  };
}

}  // namespace hkl::validate
