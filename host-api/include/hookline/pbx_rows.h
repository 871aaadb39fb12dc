/* Hookline: optional interface of PBX adapters that read database rows. */
#ifndef HOOKLINE_PBX_ROWS_H
#define HOOKLINE_PBX_ROWS_H

#include "pbx_adapter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of one batch, values as text; an SQL null has ptr NULL. */
typedef struct hkl_rows {
  uint32_t struct_size;
  uint32_t is_last; /* 1: no more rows for now */
  hkl_str endpoint;
  hkl_strs columns;
  const hkl_str *values; /* row after row, columns.count each */
  uint64_t row_count;
  /* --- 1.0 ends here --- */
} hkl_rows;

#define HKL_PBX_ROWS_V1 "hookline.pbx-rows/1"
/* All members are required. */
typedef struct hkl_pbx_rows {
  uint32_t struct_size;
  uint32_t reserved;
  /* The host remembers the greatest key of a batch once its events are durable.
   * [instance & started]  Since 1.0. */
  hkl_status (*rows)(hkl_instance *self, const hkl_rows *rows, int64_t now_ms, const hkl_pbx_sink *sink,
                     hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_pbx_rows;

#ifdef __cplusplus
}
#endif

#endif
