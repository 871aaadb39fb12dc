/* Preloaded into a process, counts what it asks of the disk and of SQLite (tests/bench/ingest/README.md).
 *
 * Only calls of the system and of SQLite are replaced, and each is made. Thread-safe. At the end of
 * the process the numbers are written to the file that HKL_WORK names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

enum { SYNCS, STATEMENTS, BYTES, KINDS };
static atomic_ulong counts[KINDS];

/* Of one kind, so far. */
__attribute__((visibility("default"))) unsigned long work_counted(int kind) { return atomic_load(&counts[kind]); }

static int sync_counted(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  atomic_fetch_add(&counts[SYNCS], 1);
  return real(file);
}

__attribute__((visibility("default"))) int fsync(int file) { return sync_counted("fsync", file); }
__attribute__((visibility("default"))) int fdatasync(int file) { return sync_counted("fdatasync", file); }

/* What SQLite writes with: files of the store, and nothing else. */
static ssize_t write_counted(const char *name, int file, const void *from, size_t size, off_t at) {
  ssize_t (*real)(int, const void *, size_t, off_t) =
      (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name);
  atomic_fetch_add(&counts[BYTES], size);
  return real(file, from, size, at);
}

__attribute__((visibility("default"))) ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
  return write_counted("pwrite", file, from, size, at);
}
__attribute__((visibility("default"))) ssize_t pwrite64(int file, const void *from, size_t size, off_t at) {
  return write_counted("pwrite64", file, from, size, at);
}

struct sqlite3_stmt;
typedef int (*of_statement)(struct sqlite3_stmt *);

/* SQLite's own, which is nobody's next where a host that has none opened the library. */
static of_statement real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  return (of_statement)(found != NULL ? found : dlsym(dlopen("libsqlite3.so.0", RTLD_LAZY), name));
}

/* A statement begins with its first step. */
__attribute__((visibility("default"))) int sqlite3_step(struct sqlite3_stmt *statement) {
  static of_statement step, is_busy;
  if (is_busy == NULL) is_busy = real("sqlite3_stmt_busy");
  if (step == NULL) step = real("sqlite3_step");
  if (!is_busy(statement)) atomic_fetch_add(&counts[STATEMENTS], 1);
  return step(statement);
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("HKL_WORK");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%lu %lu %lu\n", work_counted(SYNCS), work_counted(STATEMENTS), work_counted(BYTES));
  fclose(file);
}
