/* Hookline: the plugin kind "report".
 *
 * Most reports only declare: dimensions, measures, filters and options, in the
 * report language, as one JSON document. The host compiles, runs, drills down,
 * prints and exports. What is no grouped aggregate (sequences, attribution)
 * adds the scan interface and sees the contacts one by one.
 */
#ifndef HOOKLINE_REPORT_H
#define HOOKLINE_REPORT_H

#include "facts.h"
#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HKL_REPORT_V1 "hookline.report/1"
/* All members are required. */
typedef struct hkl_report {
  uint32_t struct_size;
  uint32_t reserved;
  /* Write the definition: a JSON object with the same members as a `custom`
   * report in YAML (docs: "Report definitions"). It depends on the settings
   * alone. [instance]  Since 1.0. */
  hkl_status (*definition)(hkl_instance *self, const hkl_writer *writer, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_report;

/* --- Optional: reports that scan --------------------------------------------- */
#define HKL_CELL_NULL UINT32_C(0)
#define HKL_CELL_INTEGER UINT32_C(1)
#define HKL_CELL_DECIMAL UINT32_C(2)
#define HKL_CELL_TEXT UINT32_C(3)
/* A rate or an average: `integer` over `decimal`, a whole number; over 0 it is
 * null. The host divides, shows and tells both parts. */
#define HKL_CELL_RATIO UINT32_C(4)
typedef struct hkl_cell {
  uint32_t type; /* HKL_CELL_… */
  uint32_t reserved;
  int64_t integer;
  double decimal;
  hkl_str text;
} hkl_cell; /* fixed: it is an element of arrays and never grows */

typedef struct hkl_row_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  /* One row, in the order to show: `key` is the ids of its dimensions as DESIGN
   * section 9 writes them ("-" for nothing, "total" for the total row, which has
   * null in its dimensions), cells in the order of the definition's columns. Not HKL_OK: stop and return
   * HKL_CANCELLED. [in-call] */
  hkl_status (*row)(void *user, hkl_str key, const hkl_cell *cells, uint64_t cell_count);
  /* One call (inquiry, lead: the definition's `rows`) behind the figure
   * `measure` of that row; `counts` is 0 where only the denominator of a rate
   * counts it. Asked for where the parameters have `drill`, else refused. */
  hkl_status (*behind)(void *user, hkl_str key, hkl_str measure, hkl_str id, uint32_t counts);
  /* --- 1.0 ends here --- */
} hkl_row_sink;

/* What an employee did for a while. */
#define HKL_STRETCH_TALK UINT32_C(1)     /* connected in an external call, holds included */
#define HKL_STRETCH_INTERNAL UINT32_C(2) /* the same with colleagues */
#define HKL_STRETCH_ACW UINT32_C(3)      /* after-call work, as the PBX told */
#define HKL_STRETCH_ONLINE UINT32_C(4)   /* logged in */
#define HKL_STRETCH_PAUSE UINT32_C(5)
#define HKL_STRETCH_SHIFT UINT32_C(6) /* open time of the employee's calendar */
typedef struct hkl_stretch {
  uint32_t struct_size;
  uint32_t kind;   /* HKL_STRETCH_… */
  int64_t from_ms; /* half-open */
  int64_t to_ms;   /* HKL_UNKNOWN_MS: no end is known */
  hkl_str call;    /* of talk and after-call work */
  /* --- 1.0 ends here --- */
} hkl_stretch;

typedef struct hkl_employee_time {
  uint32_t struct_size;
  uint32_t reserved;
  hkl_str id;                          /* empty: legs that nobody is mapped to */
  const hkl_stretch *const *stretches; /* that touch the period, in the order of their beginnings */
  uint64_t stretch_count;
  /* --- 1.0 ends here --- */
} hkl_employee_time;

#define HKL_REPORT_SCAN_V1 "hookline.report-scan/1"
typedef struct hkl_scan hkl_scan; /* one running report, made by the plugin */
/* All members are required. The definition's `scan` says what comes:
 *   contacts   each contact with an inquiry in the period, with all that ever
 *              happened to it, in the order of their ids, and after them those
 *              with visits alone; before them, each over call of nobody
 *              (withheld, internal) and the visits of each visitor who is no
 *              contact's, with an empty contact.
 *              Touches have no `responsible`; timelines have nothing `told`.
 *              Where the definition says `leaves_out`, a condition or a role
 *              marks touches by is_left_out; such a report counts none of them.
 *   employees  each employee's time, in the order of their ids, without what a
 *              condition or a role leaves out.
 * One instance runs one scan. */
typedef struct hkl_report_scan {
  uint32_t struct_size;
  uint32_t reserved;
  /* params_json: {"from_ms", "to_ms": null without a bound, "now_ms",
   * "timezone", "language", "options": {…}, "drill": null or {"key",
   * "measure"}}.  [instance & started]  Since 1.0. */
  hkl_status (*begin)(hkl_instance *self, hkl_str params_json, hkl_scan **out_scan, hkl_error *err);
  /* [instance & started] */
  hkl_status (*contact)(hkl_instance *self, hkl_scan *scan, const hkl_timeline *timeline, hkl_error *err);
  hkl_status (*employee)(hkl_instance *self, hkl_scan *scan, const hkl_employee_time *time, hkl_error *err);
  /* Rows, or with `drill` what is behind that figure. [instance & started] */
  hkl_status (*finish)(hkl_instance *self, hkl_scan *scan, const hkl_row_sink *sink, hkl_error *err);
  /* Always called once for each begun scan, finished or not. */
  void (*end)(hkl_instance *self, hkl_scan *scan);
  /* --- 1.0 ends here --- */
} hkl_report_scan;

#ifdef __cplusplus
}
#endif

#endif
