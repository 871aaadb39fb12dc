/* Preloaded into a process, counts what it asks of the disk (tests/bench/ingest/README.md).
 *
 * Only the system's own calls are replaced, and each is made. Thread-safe. At the end of
 * the process the number is written to the file that HKL_SYNCS names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_ulong count;

__attribute__((visibility("default"))) unsigned long syncs_counted(void) { return atomic_load(&count); }

static int counted(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  atomic_fetch_add(&count, 1);
  return real(file);
}

__attribute__((visibility("default"))) int fsync(int file) { return counted("fsync", file); }
__attribute__((visibility("default"))) int fdatasync(int file) { return counted("fdatasync", file); }

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("HKL_SYNCS");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%lu\n", syncs_counted());
  fclose(file);
}
