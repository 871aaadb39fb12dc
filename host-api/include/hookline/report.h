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
  /* One row: `key` tells it apart, cells in the order of the definition's
   * columns. Not HKL_OK: stop and return HKL_CANCELLED. [in-call] */
  hkl_status (*row)(void *user, hkl_str key, const hkl_cell *cells, uint64_t cell_count);
  /* The calls (inquiries, leads) behind the figure `measure` of that row. */
  hkl_status (*behind)(void *user, hkl_str key, hkl_str measure, hkl_str id, uint32_t counts);
  /* --- 1.0 ends here --- */
} hkl_row_sink;

#define HKL_REPORT_SCAN_V1 "hookline.report-scan/1"
typedef struct hkl_scan hkl_scan; /* one running report, made by the plugin */
/* All members are required. */
typedef struct hkl_report_scan {
  uint32_t struct_size;
  uint32_t reserved;
  /* params_json: period, zone, options and filters as asked for.
   * [instance & started]  Since 1.0. */
  hkl_status (*begin)(hkl_instance *self, hkl_str params_json, hkl_scan **out_scan, hkl_error *err);
  /* Contacts come in the order of their ids, each once. [instance & started] */
  hkl_status (*contact)(hkl_instance *self, hkl_scan *scan, const hkl_timeline *timeline, hkl_error *err);
  hkl_status (*finish)(hkl_instance *self, hkl_scan *scan, const hkl_row_sink *sink, hkl_error *err);
  /* Always called once for each begun scan, finished or not. */
  void (*end)(hkl_instance *self, hkl_scan *scan);
  /* --- 1.0 ends here --- */
} hkl_report_scan;

#ifdef __cplusplus
}
#endif

#endif
