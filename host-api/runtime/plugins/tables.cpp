#include "plugins/tables.h"

#include <fmt/format.h>

#include <cstring>

#include "plugins/catalogue.h"
#include "plugins/guard.h"
#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

struct Member {
  const char* name;
  std::size_t offset;
};

// What is known of one interface. Every member listed is required.
struct Table {
  const char* id;
  std::uint32_t baseline;
  std::size_t size;
  std::vector<Member> members;
};

template <typename Struct>
Table table(const char* id, std::vector<Member> members) {
  return {id, kBaseline<Struct>, sizeof(Struct), std::move(members)};
}

#define HKL_MEMBER(type, name) \
  Member { #name, offsetof(type, name) }

const std::vector<Table>& known_tables() {
  static const std::vector<Table> tables = {
      table<hkl_life>(HKL_LIFE_V1,
                      {HKL_MEMBER(hkl_life, create), HKL_MEMBER(hkl_life, configure), HKL_MEMBER(hkl_life, start),
                       HKL_MEMBER(hkl_life, stop), HKL_MEMBER(hkl_life, destroy)}),
      table<hkl_lead_classifier>(HKL_LEAD_CLASSIFIER_V1, {HKL_MEMBER(hkl_lead_classifier, classify)}),
      table<hkl_task_rule>(HKL_TASK_RULE_V1, {HKL_MEMBER(hkl_task_rule, review)}),
      table<hkl_report>(HKL_REPORT_V1, {HKL_MEMBER(hkl_report, definition)}),
      table<hkl_report_scan>(HKL_REPORT_SCAN_V1,
                             {HKL_MEMBER(hkl_report_scan, begin), HKL_MEMBER(hkl_report_scan, contact),
                              HKL_MEMBER(hkl_report_scan, employee), HKL_MEMBER(hkl_report_scan, finish),
                              HKL_MEMBER(hkl_report_scan, end)}),
      table<hkl_pbx_adapter>(
          HKL_PBX_ADAPTER_V1,
          {HKL_MEMBER(hkl_pbx_adapter, endpoints), HKL_MEMBER(hkl_pbx_adapter, opened),
           HKL_MEMBER(hkl_pbx_adapter, feed), HKL_MEMBER(hkl_pbx_adapter, closed), HKL_MEMBER(hkl_pbx_adapter, tick)}),
      table<hkl_pbx_originate>(HKL_PBX_ORIGINATE_V1, {HKL_MEMBER(hkl_pbx_originate, originate)}),
      table<hkl_pbx_http>(HKL_PBX_HTTP_V1, {HKL_MEMBER(hkl_pbx_http, request), HKL_MEMBER(hkl_pbx_http, poll),
                                            HKL_MEMBER(hkl_pbx_http, answer)}),
      table<hkl_pbx_http_originate>(HKL_PBX_HTTP_ORIGINATE_V1, {HKL_MEMBER(hkl_pbx_http_originate, order),
                                                                HKL_MEMBER(hkl_pbx_http_originate, ordered)}),
      table<hkl_pbx_rows>(HKL_PBX_ROWS_V1, {HKL_MEMBER(hkl_pbx_rows, rows)}),
  };
  return tables;
}

#undef HKL_MEMBER

const Table* find_table(const std::string& id) {
  for (const auto& table : known_tables()) {
    if (id == table.id) return &table;
  }
  return nullptr;
}

Done same_text(hkl_str given, const std::string& noted, const char* name) {
  auto text = take_text(given, fmt::format("the descriptor's {}", name));
  if (!text) return fail(text.error());
  if (*text == noted) return {};
  return fail(HKL_INVALID, fmt::format("its note and its descriptor disagree: {} is \"{}\" in the note and \"{}\" in "
                                       "the descriptor",
                                       name, noted, one_line(*text, 100)));
}

Done same_number(std::uint32_t given, std::uint32_t noted, const char* name) {
  if (given == noted) return {};
  return fail(HKL_INVALID, fmt::format("its note and its descriptor disagree: {} is {} in the note and {} in the "
                                       "descriptor",
                                       name, noted, given));
}

Result<const void*> ask(const hkl_plugin& descriptor, std::string_view id) {
  const void* found = nullptr;
  const auto thrown = guarded([&] { found = descriptor.get_interface(str_of(id)); });
  if (thrown) return fail(HKL_INTERNAL, fmt::format("threw out of get_interface: {}", *thrown));
  return found;
}

Result<TableCopy> take_table(const hkl_plugin& descriptor, const Table& table) {
  const auto found = ask(descriptor, table.id);
  if (!found) return fail(found.error());
  if (*found == nullptr) {
    return fail(HKL_INVALID, fmt::format("promises {} in its manifest and does not have it", table.id));
  }
  std::uint32_t size = 0;
  std::memcpy(&size, *found, sizeof size);
  if (const auto fault = size_fault(size, table.baseline, alignof(std::uint64_t)); !fault.empty()) {
    return fail(HKL_INVALID, fmt::format("{}: {}", table.id, fault));
  }
  TableCopy copy(table.size / sizeof(std::uint64_t));
  std::memcpy(copy.data(), *found, std::min<std::size_t>(size, table.size));
  for (const auto& member : table.members) {
    void* function = nullptr;
    std::memcpy(&function, reinterpret_cast<const char*>(copy.data()) + member.offset, sizeof function);
    if (function == nullptr)
      return fail(HKL_INVALID, fmt::format("{} has no {}, which is required", table.id, member.name));
  }
  return copy;
}

}  // namespace

Result<hkl_plugin> take_descriptor(const hkl_plugin* given, std::uint64_t symbol_size) {
  if (symbol_size < sizeof given->struct_size || symbol_size < given->struct_size) {
    return fail(HKL_INVALID,
                fmt::format("{} says it has {} bytes and has {}", HKL_PLUGIN_SYMBOL,
                            symbol_size < sizeof given->struct_size ? 0 : given->struct_size, symbol_size));
  }
  auto taken = take_struct(given);
  if (!taken) return fail(taken.error().in(HKL_PLUGIN_SYMBOL));
  if (taken->get_interface == nullptr) return fail(HKL_INVALID, HKL_PLUGIN_SYMBOL " has no get_interface");
  return taken;
}

Done agrees_with_note(const hkl_plugin& descriptor, const PluginNote& note) {
  if (auto same = same_text(descriptor.id, note.id, "id"); !same) return same;
  if (auto same = same_text(descriptor.version, note.version, "version"); !same) return same;
  if (auto same = same_text(descriptor.author, note.author, "author"); !same) return same;
  if (auto same = same_text(descriptor.licence, note.licence, "licence"); !same) return same;
  if (auto same = same_text(descriptor.summary, note.summary, "summary"); !same) return same;
  if (auto same = same_number(descriptor.required_minor, note.required_minor, "required_minor"); !same) return same;
  return same_number(descriptor.built_minor, note.built_minor, "built_minor");
}

// Who answers to any question answers to a question about another shape of
// the same interface too, and the host would call what is not there.
Done says_no_where_it_must(const hkl_plugin& descriptor) {
  for (const std::string_view id : {"", "hookline.nothing/1", "hookline.life/1 ", "hookline.life/11"}) {
    const auto found = ask(descriptor, id);
    if (!found) return fail(found.error());
    if (*found != nullptr) {
      return fail(HKL_INVALID,
                  fmt::format("offers the interface \"{}\", which does not exist; it must compare the whole id", id));
    }
  }
  return {};
}

Result<std::map<std::string, TableCopy>> take_tables(const hkl_plugin& descriptor, const PluginNote& note) {
  std::map<std::string, TableCopy> out;
  auto offered = note.interfaces;
  offered.emplace_back(HKL_LIFE_V1);  // every kind has it, whether listed or not
  for (const auto& id : offered) {
    const auto* table = find_table(id);
    if (table == nullptr) continue;  // of a newer host; nobody here asks for it
    auto copy = take_table(descriptor, *table);
    if (!copy) return fail(copy.error());
    out[id] = std::move(*copy);
  }
  return out;
}

Result<CheckedPlugin> check_descriptor(const hkl_plugin* given, std::uint64_t symbol_size, const PluginNote& note) {
  auto taken = take_descriptor(given, symbol_size);
  if (!taken) return fail(taken.error());
  CheckedPlugin out;
  out.descriptor = *taken;
  if (auto same = agrees_with_note(out.descriptor, note); !same) return fail(same.error());
  if (auto judged = says_no_where_it_must(out.descriptor); !judged) return fail(judged.error());
  auto tables = take_tables(out.descriptor, note);
  if (!tables) return fail(tables.error());
  out.tables = std::move(*tables);
  return out;
}

}  // namespace hkl
