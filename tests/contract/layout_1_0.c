/* The layout of the contract's structs in version 1.0, for ever: a changed
 * size or offset fails to compile here. What a later minor appends gets lines
 * of its own in a list of that minor; these stay as they are.
 *
 *   STRUCT(name, size)                   grows at the end when the minor does
 *   FIXED(name, size)                    never grows: it is passed by value or lies in arrays
 *   MEMBER(struct, name, offset, size)
 */
#include <assert.h>
#include <stddef.h>

#include "hookline/hookline.h"
#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "hookline/pbx_rows.h"
#include "hookline/plugin.h"
#include "hookline/report.h"
#include "hookline/runtime.h"
#include "hookline/task_rule.h"

#define STRUCT(name, size)                                                            \
  static_assert(HKL_ABI_MINOR == 0 ? sizeof(name) == (size) : sizeof(name) >= (size), \
                #name " had " #size " bytes in 1.0: append members, and raise HKL_ABI_MINOR when you do");
#define FIXED(name, size) static_assert(sizeof(name) == (size), #name " has " #size " bytes and never grows");
#define MEMBER(type, name, offset, size)                                                 \
  static_assert(offsetof(type, name) == (offset) && sizeof(((type *)0)->name) == (size), \
                #type "." #name " moved: it has " #size " bytes at " #offset " since 1.0");

#include "layout_1_0_kinds.inc"
#include "layout_1_0_plugin.inc"
#include "layout_1_0_runtime.inc"

/* Texts and numbers that files and programs of 1.0 carry. */
static_assert(HKL_ABI_MAJOR == 1, "the major is part of the entry's name");
static_assert(sizeof(HKL_PLUGIN_SYMBOL) == sizeof("hookline_plugin_v1"), "the entry was renamed");
static_assert(HKL_UNKNOWN_MS == INT64_MIN, "a time that is not known has this value for ever");
static_assert(HKL_EVENT_CALL_REQUESTED == 18 && HKL_EVENT_SOURCE_SILENT == 35 && HKL_EVENT_CHANNEL_SEEN == 82,
              "kinds of events were renumbered");
static_assert(HKL_PARTLY == 12, "statuses were renumbered");
