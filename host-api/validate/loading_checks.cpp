// L and D: the file is opened, its descriptor and its tables are looked at.
#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <memory>

#include "hookline/plugin.h"
#include "judging.h"
#include "plugins/note.h"
#include "plugins/texts.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

template <typename T>
Outcome outcome_of(const Result<T>& result) {
  return result ? pass() : fails(result.error().text);
}

Outcome opens(const Candidate& candidate) {
  Outcome outcome;
  const auto note = note_of(candidate);
  const auto image = image_of(candidate);
  const auto thrown = guarded([&] { outcome = outcome_of(map_plugin(note, image)); });
  return thrown ? skips("something is thrown while it is opened; see L02") : outcome;
}

Outcome opens_quietly(const Candidate& candidate) {
  const auto note = note_of(candidate);
  const auto image = image_of(candidate);
  const auto before = look_around();
  std::string refused;
  const auto thrown = guarded([&] {
    if (auto opened = map_plugin(note, image); !opened) refused = opened.error().text;
  });
  if (thrown) return fails("an exception came out of a constructor: " + *thrown);
  if (!refused.empty()) return skips("it does not open: " + refused);
  const auto changed = difference(before, look_around());
  return changed.empty() ? pass() : fails("opening it did more than map it: " + changed);
}

Outcome opens_fast(const Candidate& candidate) {
  const auto note = note_of(candidate);
  const auto image = image_of(candidate);
  const auto before = std::chrono::steady_clock::now();
  if (auto opened = map_plugin(note, image); !opened) return fails(opened.error().text);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before).count();
  if (took < 100) return pass();
  return {Verdict::warn, fmt::format("opening took {} ms; do such work in start", took)};
}

// All live at once, and each says what the first one says.
Outcome live_together(const Candidate& candidate, const PluginNote& note, const std::vector<MappedPlugin>& copies) {
  return without_exceptions([&]() -> Outcome {
    std::vector<std::unique_ptr<Bench>> lives;
    for (const auto& copy : copies) {
      lives.push_back(std::make_unique<Bench>(candidate, file_over(note, copy.descriptor)));
      if (lives.back()->begin()) continue;
      if (lives.size() == 1) return does_not_start(*lives.back());
      return fails(
          fmt::format("copy {} of 12 does not start beside the others: {}", lives.size(), lives.back()->text()));
    }
    for (auto& life : lives) (void)life->work();
    for (auto& life : lives) (void)life->stop();
    for (auto& life : lives) life->destroy();
    for (const auto& life : lives) {
      auto fault = first_difference(lives.front()->told(), life->told(), "of the first copy", "of another");
      if (!fault.empty()) return fails(std::move(fault));
    }
    return pass();
  });
}

Outcome many_copies(const Candidate& candidate) {
  const auto note = note_of(candidate);
  const auto image = image_of(candidate);
  std::vector<MappedPlugin> copies;
  for (int i = 0; i < 12; ++i) {
    auto copy = map_plugin(note, image);
    if (!copy) return fails(fmt::format("copy {} of 12 could not be opened: {}", i + 1, copy.error().text));
    for (const auto& other : copies) {
      if (other.descriptor == copy->descriptor) return fails("two copies of the file share one entry");
    }
    if (auto judged = check_descriptor(copy->descriptor, copy->symbol_size, note); !judged)
      return fails(fmt::format("copy {} of 12: {}", i + 1, judged.error().text));
    copies.push_back(std::move(*copy));
  }
  return live_together(candidate, note, copies);
}

Outcome descriptor_is_legal(const Candidate& candidate) {
  const auto plugin = mapped(candidate);
  if (auto taken = take_descriptor(plugin.descriptor, plugin.symbol_size); !taken) return outcome_of(taken);
  // The host works with a copy; who looks at the object itself must see the same.
  const auto* own = plugin.descriptor;
  const auto bytes = [](const hkl_plugin* at) { return std::string(reinterpret_cast<const char*>(at), sizeof *at); };
  const auto before = bytes(own);
  (void)guarded([&] {
    Bench bench(candidate, file_over(note_of(candidate), own));
    bench.live();
  });
  return bytes(own) == before ? pass() : fails("the descriptor is another after a life than before");
}

std::string fault_of_text(hkl_str given, const char* name) {
  const auto text = take_text(given, name);
  if (!text) return text.error().text;
  if (text->empty()) return fmt::format("{} is empty", name);
  if (text->size() > 1024) return fmt::format("{} has {} bytes, more than 1024", name, text->size());
  if (one_line(*text, text->size()) != *text)
    return fmt::format("{} has control characters or blanks at its end", name);
  return {};
}

Outcome texts_agree(const Candidate& candidate) {
  const auto plugin = mapped(candidate);
  const auto descriptor = take_descriptor(plugin.descriptor, plugin.symbol_size);
  const std::pair<hkl_str, const char*> texts[] = {{descriptor->id, "id"},
                                                   {descriptor->version, "version"},
                                                   {descriptor->author, "author"},
                                                   {descriptor->licence, "licence"},
                                                   {descriptor->summary, "summary"}};
  for (const auto& [text, name] : texts) {
    if (auto fault = fault_of_text(text, name); !fault.empty()) return fails(fault);
  }
  return outcome_of(agrees_with_note(*descriptor, note_of(candidate)));
}

Outcome refuses_unknown(const Candidate& candidate) {
  const auto plugin = mapped(candidate);
  const auto descriptor = take_descriptor(plugin.descriptor, plugin.symbol_size);
  if (auto said = says_no_where_it_must(*descriptor); !said) return fails(said.error().text);
  const auto note = note_of(candidate);
  for (const auto& id : note.interfaces) {
    for (const auto* tail : {" ", "1", "/1"}) {
      if (descriptor->get_interface(str_of(id + tail)) != nullptr)
        return fails(fmt::format("offers \"{}{}\", which does not exist; it must compare the whole id", id, tail));
    }
  }
  const std::string endless(1 << 20, 'x');
  const void* found = descriptor->get_interface(str_of(endless));
  return found == nullptr ? pass() : fails("offers an interface whose id is 1 MiB of x");
}

Outcome tables_are_whole(const Candidate& candidate) {
  const auto plugin = mapped(candidate);
  const auto descriptor = take_descriptor(plugin.descriptor, plugin.symbol_size);
  return outcome_of(take_tables(*descriptor, note_of(candidate)));
}

}  // namespace

std::vector<Check> loading_checks() {
  return {
      {"L01", Level::quick, "opens with everything it calls in place", "R13", {"S04", "S05"}, opens, "L02"},
      {"L02", Level::quick, "opening it has no effect on the process", "R1, R9", {"S04", "S05"}, opens_quietly},
      {"L03", Level::standard, "opens in under 100 ms", "R2", {"L01", "L02"}, opens_fast},
      {"D01",
       Level::quick,
       "the descriptor has a legal size and its members, and keeps them",
       "R1, R4",
       {"L01", "L02"},
       descriptor_is_legal,
       "I01"},
      {"D02", Level::quick, "its texts are legal and those of the note", "R2, R6", {"D01"}, texts_agree},
      {"D03", Level::quick, "offers nothing under an id that does not exist", "R5", {"D01"}, refuses_unknown},
      {"D04", Level::quick, "what the manifest offers is there and whole", "R5", {"D01"}, tables_are_whole},
  };
}

// Behind those that judge two copies.
std::vector<Check> copies_checks() {
  return {{"L04", Level::standard, "twelve copies live beside each other", "R13", {"I01", "U02"}, many_copies}};
}

}  // namespace hkl::validate
