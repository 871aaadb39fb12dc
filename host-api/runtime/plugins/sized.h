// Structs that begin with their size (abi-rules R4): how the host takes one
// that a plugin filled, and how it fills one that a plugin brought.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "hookline/pbx_rows.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"
#include "values/result.h"

namespace hkl {

// Bytes that a 1.0 program sends of each struct. They never move: a struct
// that grows keeps its number here.
template <typename Struct>
inline constexpr std::uint32_t kBaseline = 0;
template <>
inline constexpr std::uint32_t kBaseline<hkl_plugin> = 104;
template <>
inline constexpr std::uint32_t kBaseline<hkl_life> = 48;
template <>
inline constexpr std::uint32_t kBaseline<hkl_lead_classifier> = 16;
template <>
inline constexpr std::uint32_t kBaseline<hkl_task_rule> = 16;
template <>
inline constexpr std::uint32_t kBaseline<hkl_report> = 16;
template <>
inline constexpr std::uint32_t kBaseline<hkl_report_scan> = 48;
template <>
inline constexpr std::uint32_t kBaseline<hkl_pbx_adapter> = 48;
template <>
inline constexpr std::uint32_t kBaseline<hkl_pbx_originate> = 16;
template <>
inline constexpr std::uint32_t kBaseline<hkl_pbx_http> = 32;
template <>
inline constexpr std::uint32_t kBaseline<hkl_pbx_http_originate> = 24;
template <>
inline constexpr std::uint32_t kBaseline<hkl_http_request> = 128;
template <>
inline constexpr std::uint32_t kBaseline<hkl_http_reply> = 80;
template <>
inline constexpr std::uint32_t kBaseline<hkl_lookup> = 88;
template <>
inline constexpr std::uint32_t kBaseline<hkl_pbx_rows> = 16;
template <>
inline constexpr std::uint32_t kBaseline<hkl_task> = 192;
template <>
inline constexpr std::uint32_t kBaseline<hkl_endpoint> = 152;
template <>
inline constexpr std::uint32_t kBaseline<hkl_call_event> = 528;
template <>
inline constexpr std::uint32_t kBaseline<hkl_digest> = 72;
template <>
inline constexpr std::uint32_t kBaseline<hkl_phone> = 64;
template <>
inline constexpr std::uint32_t kBaseline<hkl_local_time> = 40;
template <>
inline constexpr std::uint32_t kBaseline<hkl_touch_sink> = 24;
template <>
inline constexpr std::uint32_t kBaseline<hkl_error> = 1040;

// What is wrong with a struct_size, or "".
inline std::string size_fault(std::uint32_t size, std::uint32_t baseline, std::uint32_t alignment) {
  if (size < baseline) return fmt::format("struct_size is {}, less than the {} bytes of version 1.0", size, baseline);
  if (size > HKL_STRUCT_SIZE_MAX) return fmt::format("struct_size is {}, above {}", size, HKL_STRUCT_SIZE_MAX);
  if (size % alignment != 0) return fmt::format("struct_size is {}, no multiple of {}", size, alignment);
  return {};
}

// Copies what both sides know into a local that begins as `blank`.
// HKL_INVALID says what is wrong with the pointer or its struct_size.
template <typename Struct>
Result<Struct> take_struct(const Struct* given, Struct blank = {}) {
  static_assert(kBaseline<Struct> != 0 && kBaseline<Struct> <= sizeof(Struct));
  if (given == nullptr) return fail(HKL_INVALID, "a null pointer in place of a struct");
  const std::uint32_t size = given->struct_size;
  if (auto fault = size_fault(size, kBaseline<Struct>, alignof(Struct)); !fault.empty()) {
    return fail(HKL_INVALID, std::move(fault));
  }
  std::memcpy(&blank, given, std::min<std::size_t>(size, sizeof(Struct)));
  blank.struct_size = sizeof(Struct);
  return blank;
}

// The same for a struct that asks for something: bytes beyond what this host
// knows must be zero, or a wish would be passed over in silence.
template <typename Struct>
Result<Struct> take_request(const Struct* given) {
  auto taken = take_struct(given);
  if (!taken) return taken;
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  for (std::size_t i = sizeof(Struct); i < given->struct_size; ++i) {
    if (bytes[i] != 0) return fail(HKL_UNSUPPORTED, "asks for something that this host does not have; update the host");
  }
  return taken;
}

// Fills a struct of the plugin's as far as it reaches; its struct_size stays.
template <typename Struct>
bool give_struct(Struct* out, const Struct& value) {
  static_assert(kBaseline<Struct> != 0 && kBaseline<Struct> <= sizeof(Struct));
  if (out == nullptr || !size_fault(out->struct_size, kBaseline<Struct>, alignof(Struct)).empty()) return false;
  const std::uint32_t size = out->struct_size;
  std::memcpy(out, &value, std::min<std::size_t>(size, sizeof(Struct)));
  out->struct_size = size;
  return true;
}

}  // namespace hkl
