// The one macro line of a plugin:
//
//   HOOKLINE_PLUGIN(SpamGuard, {"com.example.spam-guard", "1.0.0", "Example Ltd", "MIT",
//                               "Marks callers who keep ringing off as spam"})
//
// It makes the exported object and the note with the manifest; both are
// constants, so nothing runs when the file is opened (plugin contract, R1, R2).
#pragma once

#include "hookline/sdk/lead_classifier.h"
#include "hookline/sdk/pbx_adapter.h"
#include "hookline/sdk/pbx_http.h"
#include "hookline/sdk/report.h"
#include "hookline/sdk/report_scan.h"
#include "hookline/sdk/task_rule.h"

namespace hookline {

struct PluginInfo {
  std::string_view id, version, author, licence, summary;
  std::string_view needs = {};  // host interfaces, separated by a blank
};

template <typename Plugin>
struct Offers {
  static_assert(std::is_base_of_v<InstanceBase, Plugin>,
                "a plugin class derives from hookline::PbxAdapter<Settings>, LeadClassifier<Settings>, "
                "TaskRule<Settings> or Report<Settings>");
  static_assert(!std::is_abstract_v<Plugin>,
                "the plugin class leaves a method of its kind unwritten; PbxAdapter needs endpoints() and feed(), "
                "LeadClassifier classify(), TaskRule review(), Report definition()");
  static_assert(std::is_default_constructible_v<Plugin>, "a plugin class is made without arguments");
  static constexpr bool kAdapter = std::is_base_of_v<PbxAdapterBase, Plugin>;
  static constexpr bool kOrders = std::is_base_of_v<OrdersCalls, Plugin>;
  static constexpr bool kRows = std::is_base_of_v<ReadsRows, Plugin>;
  static constexpr bool kHttp = std::is_base_of_v<SpeaksHttp, Plugin>;
  static constexpr bool kHttpOrders = std::is_base_of_v<OrdersCallsByHttp, Plugin>;
  static constexpr bool kClassifier = std::is_base_of_v<LeadClassifierBase, Plugin>;
  static constexpr bool kRule = std::is_base_of_v<TaskRuleBase, Plugin>;
  static constexpr bool kReport = std::is_base_of_v<ReportBase, Plugin>;
  static constexpr bool kScan = std::is_base_of_v<ScansRecords, Plugin>;

  static constexpr hkl_life life{
      sizeof(hkl_life), 0, &LifeOf::create<Plugin>, &LifeOf::configure, &LifeOf::start, &LifeOf::stop,
      &LifeOf::destroy};

  static const void* get_interface(hkl_str id) noexcept {
    const auto name = view(id);
    if (name == HKL_LIFE_V1) return &life;
    if constexpr (kAdapter)
      if (name == HKL_PBX_ADAPTER_V1) return &PbxAdapterTable::table;
    if constexpr (kOrders)
      if (name == HKL_PBX_ORIGINATE_V1) return &OrdersCallsTable<Plugin>::table;
    if constexpr (kRows)
      if (name == HKL_PBX_ROWS_V1) return &ReadsRowsTable<Plugin>::table;
    if constexpr (kHttp)
      if (name == HKL_PBX_HTTP_V1) return &SpeaksHttpTable<Plugin>::table;
    if constexpr (kHttpOrders)
      if (name == HKL_PBX_HTTP_ORIGINATE_V1) return &OrdersCallsByHttpTable<Plugin>::table;
    if constexpr (kClassifier)
      if (name == HKL_LEAD_CLASSIFIER_V1) return &LeadClassifierTable::table;
    if constexpr (kRule)
      if (name == HKL_TASK_RULE_V1) return &TaskRuleTable::table;
    if constexpr (kReport)
      if (name == HKL_REPORT_V1) return &ReportTable::table;
    if constexpr (kScan)
      if (name == HKL_REPORT_SCAN_V1) return &ScansRecordsTable<Plugin>::table;
    return nullptr;
  }
};

template <typename Plugin>
constexpr void put_manifest(Pen& pen, const PluginInfo& info) {
  const auto put = [&](std::string_view name, std::string_view value) {
    pen.quoted(name);
    pen.put(':');
    pen.quoted(value);
    pen.put(',');
  };
  pen.put('{');
  put("id", info.id);
  put("version", info.version);
  put("author", info.author);
  put("licence", info.licence);
  put("summary", info.summary);
  pen.put(R"("interfaces":[)");
  bool is_first = true;
  const auto offer = [&](bool is_offered, std::string_view id) {
    if (!is_offered) return;
    if (!is_first) pen.put(',');
    is_first = false;
    pen.quoted(id);
  };
  offer(Offers<Plugin>::kAdapter, HKL_PBX_ADAPTER_V1);
  offer(Offers<Plugin>::kOrders, HKL_PBX_ORIGINATE_V1);
  offer(Offers<Plugin>::kRows, HKL_PBX_ROWS_V1);
  offer(Offers<Plugin>::kHttp, HKL_PBX_HTTP_V1);
  offer(Offers<Plugin>::kHttpOrders, HKL_PBX_HTTP_ORIGINATE_V1);
  offer(Offers<Plugin>::kClassifier, HKL_LEAD_CLASSIFIER_V1);
  offer(Offers<Plugin>::kRule, HKL_TASK_RULE_V1);
  offer(Offers<Plugin>::kReport, HKL_REPORT_V1);
  offer(Offers<Plugin>::kScan, HKL_REPORT_SCAN_V1);
  pen.put(R"(],"needs":[)");
  is_first = true;
  for (auto rest = info.needs; !rest.empty();) {
    const auto blank = rest.find(' ');
    offer(true, rest.substr(0, blank));
    rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
  }
  pen.put(R"(],"flags":[],"settings":)");
  put_schema<typename Plugin::SettingsType>(pen);
  pen.put('}');
}

template <typename Plugin>
constexpr std::size_t manifest_size(const PluginInfo& info) {
  Pen pen;
  put_manifest<Plugin>(pen, info);
  return pen.size + 1;  // its ending zero
}

template <std::size_t Size>
struct Note {
  std::uint32_t name_size, desc_size, note_type;
  char note_name[12];
  std::uint32_t magic, abi_major, required_minor, built_minor;
  char manifest[(Size + 3) & ~std::size_t{3}];
};

template <typename Plugin, std::size_t Size>
constexpr Note<Size> make_note(const PluginInfo& info) {
  Note<Size> note{sizeof(HKL_NOTE_NAME), 16 + Size, HKL_NOTE_TYPE, HKL_NOTE_NAME, HKL_NOTE_MAGIC, HKL_ABI_MAJOR, 0,
                  HKL_ABI_MINOR,         {}};
  Pen pen{note.manifest, 0};
  put_manifest<Plugin>(pen, info);
  return note;
}

}  // namespace hookline

#define HOOKLINE_PLUGIN(Class_, ...)                                                                  \
  namespace {                                                                                         \
  constexpr ::hookline::PluginInfo hookline_info __VA_ARGS__;                                         \
  __attribute__((section(HKL_NOTE_SECTION), aligned(4), used)) const auto hookline_note =             \
      ::hookline::make_note<Class_, ::hookline::manifest_size<Class_>(hookline_info)>(hookline_info); \
  }                                                                                                   \
  extern "C" HKL_PUBLIC const hkl_plugin hookline_plugin_v1;                                          \
  extern "C" const hkl_plugin hookline_plugin_v1 = {sizeof(hkl_plugin),                               \
                                                    0,                                                \
                                                    HKL_ABI_MINOR,                                    \
                                                    0,                                                \
                                                    ::hookline::str(hookline_info.id),                \
                                                    ::hookline::str(hookline_info.version),           \
                                                    ::hookline::str(hookline_info.author),            \
                                                    ::hookline::str(hookline_info.licence),           \
                                                    ::hookline::str(hookline_info.summary),           \
                                                    &::hookline::Offers<Class_>::get_interface};
