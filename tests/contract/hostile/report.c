/* A good report: calls by line, declared, and the same by a scan over the
 * contacts. And the defects that only a report can have. */
#include "hookline/report.h"

#define KIND HKL_REPORT_V1
#define KIND_ID "report"
#define OFFERS ", \"" HKL_REPORT_SCAN_V1 "\""

struct work {
  unsigned begun;
};

#include "common.h"

#define MOST_LINES 16
#define MOST_CALLS 256

struct hkl_scan {
  char lines[MOST_LINES][40];
  int64_t calls[MOST_LINES];
  unsigned line_count;
  char ids[MOST_CALLS][60]; /* of calls, with their lines: what opens behind a figure */
  unsigned line_of[MOST_CALLS];
  unsigned id_count;
  int is_drill; /* what is behind a figure is asked for, not the rows */
#ifdef HOSTILE_ROWS_AFTER_END
  hkl_row_sink kept_sink;
#endif
};

#ifdef HOSTILE_BAD_EXPRESSION
#define CALLS "{\"id\": \"calls\", \"title\": {\"ru\": \"Звонки\", \"en\": \"Calls\"}, \"expr\": \"count(wait\"}"
#elif defined HOSTILE_TWIN_MEASURE
#define CALLS                                                                                              \
  "{\"id\": \"calls\", \"title\": {\"ru\": \"Звонки\", \"en\": \"Calls\"}, \"expr\": \"count()\"}, " \
  "{\"id\": \"calls\", \"title\": {\"ru\": \"Звонки\", \"en\": \"Calls\"}, \"expr\": \"count()\"}"
#else
#define CALLS "{\"id\": \"calls\", \"title\": {\"ru\": \"Звонки\", \"en\": \"Calls\"}, \"expr\": \"count()\"}"
#endif

static hkl_status definition(hkl_instance *self, const hkl_writer *writer, hkl_error *err) {
  static const char text[] =
      "{\"title\": {\"ru\": \"Звонки по линиям\", \"en\": \"Calls by line\"}, \"rows\": \"calls\", "
      "\"dimensions\": [{\"id\": \"line\", \"title\": {\"ru\": \"Линия\", \"en\": \"Line\"}, \"expr\": \"line\"}], "
      "\"measures\": [" CALLS "]}";
  hkl_bytes bytes;
  (void)self;
  bytes.ptr = (const uint8_t *)text;
  bytes.len = sizeof text - 1;
  return writer->write(writer->user, bytes) == HKL_OK ? HKL_OK : tell(err, HKL_CANCELLED, "the host takes no more");
}

static hkl_status begin(hkl_instance *self, hkl_str params_json, hkl_scan **out_scan, hkl_error *err) {
  hkl_scan *made;
  static const char no_drill[] = "\"drill\":null";
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  made = (hkl_scan *)calloc(1, sizeof *made);
  if (made == NULL) return tell(err, HKL_RESOURCE, "out of memory");
  made->is_drill = memmem(params_json.ptr, params_json.len, no_drill, sizeof no_drill - 1) == NULL;
  *out_scan = made;
  return HKL_OK;
}

static unsigned line_number(hkl_scan *scan, hkl_str line) {
  char name[40];
  unsigned i;
  snprintf(name, sizeof name, "%.*s", (int)line.len, line.len == 0 ? "" : line.ptr);
  for (i = 0; i < scan->line_count; ++i) {
    if (strcmp(scan->lines[i], name) == 0) return i;
  }
  if (scan->line_count == MOST_LINES) return MOST_LINES;
  strcpy(scan->lines[scan->line_count], name);
  return scan->line_count++;
}

static hkl_status contact(hkl_instance *self, hkl_scan *scan, const hkl_timeline *timeline, hkl_error *err) {
  uint64_t i;
  (void)self;
  for (i = 0; i < timeline->touch_count; ++i) {
    const hkl_touch *touch = timeline->touches[i];
    const unsigned line = line_number(scan, touch->line);
    if (touch->call.len == 0) continue;
    if (line == MOST_LINES || scan->id_count == MOST_CALLS)
      return tell(err, HKL_RESOURCE, "more lines or calls than this report of the tests can hold");
    ++scan->calls[line];
    scan->line_of[scan->id_count] = line;
    snprintf(scan->ids[scan->id_count++], sizeof scan->ids[0], "%.*s", (int)touch->call.len, touch->call.ptr);
  }
  return HKL_OK;
}

/* It scans contacts; nobody gives it this. */
static hkl_status employee(hkl_instance *self, hkl_scan *scan, const hkl_employee_time *time, hkl_error *err) {
  (void)self;
  (void)scan;
  (void)time;
  (void)err;
  return HKL_OK;
}

static hkl_status tell_behind(const hkl_scan *scan, unsigned line, const hkl_row_sink *sink) {
  unsigned i;
  for (i = 0; i < scan->id_count; ++i) {
    if (scan->line_of[i] != line) continue;
    if (sink->behind(sink->user, str(scan->lines[line]), str("calls"), str(scan->ids[i]), 1) != HKL_OK)
      return HKL_CANCELLED;
  }
  return HKL_OK;
}

static hkl_status tell_row(const hkl_scan *scan, unsigned line, const hkl_row_sink *sink) {
  hkl_cell cells[2];
  uint64_t cell_count = 2;
  memset(cells, 0, sizeof cells);
  cells[0].type = HKL_CELL_TEXT;
  cells[0].text = str(scan->lines[line]);
  cells[1].type = HKL_CELL_INTEGER;
  cells[1].integer = scan->calls[line];
#ifdef HOSTILE_WRONG_DRILL
  ++cells[1].integer;
#endif
#ifdef HOSTILE_RAGGED_ROWS
  cell_count = 1;
#endif
  if (sink->row(sink->user, str(scan->lines[line]), cells, cell_count) != HKL_OK) return HKL_CANCELLED;
#ifdef HOSTILE_TELLS_UNASKED
  return tell_behind(scan, line, sink);
#else
  return HKL_OK;
#endif
}

static hkl_status finish(hkl_instance *self, hkl_scan *scan, const hkl_row_sink *sink, hkl_error *err) {
  unsigned line;
  (void)self;
#ifdef HOSTILE_EMPTY_PERIOD
  if (scan->line_count == 0) abort();
#endif
  for (line = 0; line < scan->line_count; ++line) {
    const hkl_status status = scan->is_drill ? tell_behind(scan, line, sink) : tell_row(scan, line, sink);
#ifndef HOSTILE_IGNORES_REFUSAL
    if (status != HKL_OK) return tell(err, HKL_CANCELLED, "the host takes no more");
#else
    (void)status;
#endif
  }
#ifdef HOSTILE_ROWS_AFTER_END
  scan->kept_sink = *sink;
#endif
  return HKL_OK;
}

static void end(hkl_instance *self, hkl_scan *scan) {
  (void)self;
#ifdef HOSTILE_ROWS_AFTER_END
  if (scan->kept_sink.row != NULL) tell_row(scan, 0, &scan->kept_sink);
#endif
  free(scan);
}

static const hkl_report kind_table = {sizeof(hkl_report), 0, definition};
static const hkl_report_scan scan_table = {sizeof(hkl_report_scan), 0, begin, contact, employee, finish, end};

static const void *find_kind_table(hkl_str id) {
  if (is_id(id, KIND)) return &kind_table;
#ifndef HOSTILE_EMPTY_PROMISE
  if (is_id(id, HKL_REPORT_SCAN_V1)) return &scan_table;
#endif
  return NULL;
}
