/* Hookline: optional interface of PBX adapters that read database rows. */
#ifndef HOOKLINE_PBX_ROWS_H
#define HOOKLINE_PBX_ROWS_H

#include "pbx_adapter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The host asks the endpoint's query over and over, reading only: `address` is
 * postgresql://… or sqlite:PATH, :after in the query becomes the last key seen,
 * and the query orders by the key. Within late_ms it asks again for what it
 * has seen, for rows that appeared late; a row that is unchanged comes once in
 * the life of a process, and may come again in the next: events made of it
 * have the same event_id.
 *
 * Rows of one batch, values as text; an SQL null has ptr NULL. */
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
