/* Hookline: the plain types that cross every boundary.
 *
 * Everything here is C11 with a fixed layout: no enum, bool, long or bit-field
 * in a struct or a signature. Text is UTF-8 with a length and need not end in
 * a zero byte. Times are milliseconds since 1970-01-01T00:00Z; durations name
 * their unit. An id, number or word that is not known is an empty text; a time
 * or duration that is not known is HKL_UNKNOWN_MS, which is never zero.
 */
#ifndef HOOKLINE_TYPES_H
#define HOOKLINE_TYPES_H

#include <stddef.h>
#include <stdint.h>

#define HKL_ABI_MAJOR UINT32_C(1)
#define HKL_ABI_MINOR UINT32_C(0)

/* One text form of the release, read by the build. */
#define HKL_VERSION_TEXT "1.0.0"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hkl_str {
  const char *ptr; /* may be NULL when len is 0 */
  uint64_t len;
} hkl_str;

typedef struct hkl_bytes {
  const uint8_t *ptr;
  uint64_t len;
} hkl_bytes;

/* Several texts; the array and the texts share one lifetime. */
typedef struct hkl_strs {
  const hkl_str *items;
  uint64_t count;
} hkl_strs;

/* "Not known" for every int64_t time or duration. */
#define HKL_UNKNOWN_MS INT64_MIN

/* Yes, no, or not known: for facts that a source may leave open. */
#define HKL_TRI_UNKNOWN UINT32_C(0)
#define HKL_TRI_NO UINT32_C(1)
#define HKL_TRI_YES UINT32_C(2)

/* What every call answers. A value that is not listed counts as HKL_INTERNAL.
 * "Again" says whether the same call is worth repeating unchanged. */
typedef uint32_t hkl_status;
#define HKL_OK UINT32_C(0)
#define HKL_INVALID UINT32_C(1)      /* an argument or the state is wrong; not again */
#define HKL_BAD_SETTINGS UINT32_C(2) /* settings or config refused, the text names which; not again */
#define HKL_NOT_FOUND UINT32_C(3)    /* no such thing; not again */
#define HKL_AUTH UINT32_C(4)         /* refused for who one is; not again without new credentials */
#define HKL_PROTOCOL UINT32_C(5)     /* the other side's bytes make no sense; again on a new connection */
#define HKL_UNAVAILABLE UINT32_C(6)  /* not now; again later */
#define HKL_TIMEOUT UINT32_C(7)      /* took too long; again later */
#define HKL_CANCELLED UINT32_C(8)    /* somebody asked to stop; not again */
#define HKL_RESOURCE UINT32_C(9)     /* memory, disk, queue or limit; again later */
#define HKL_UNSUPPORTED UINT32_C(10) /* this version or plugin cannot; not again */
#define HKL_INTERNAL UINT32_C(11)    /* a fault of the callee; report it */
#define HKL_PARTLY UINT32_C(12)      /* done, but part of the input was refused and named; not again */

#define HKL_ERROR_TEXT_MAX 1024

/* Why a call failed. Owned by the caller, who sets struct_size and zeroes the
 * rest; the callee fills it on failure and leaves it alone on success. A
 * failure without a text is itself a fault of the callee. NULL may be passed
 * by who does not want the text. */
typedef struct hkl_error {
  uint32_t struct_size;
  hkl_status status;             /* the same as returned */
  int32_t vendor_code;           /* the other side's own number, or 0 */
  uint32_t text_len;             /* bytes in text, without the ending zero */
  char text[HKL_ERROR_TEXT_MAX]; /* UTF-8, ends in zero, cut at a character */
  /* --- 1.0 ends here --- */
} hkl_error;

/* Takes bytes that someone produces: a report, an export, a list. Called zero
 * or more times in order from the thread of the call it was given to; the
 * bytes are the producer's and valid until write returns. Anything but HKL_OK
 * ends the producer with HKL_CANCELLED. */
typedef struct hkl_writer {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  hkl_status (*write)(void *user, hkl_bytes bytes);
  /* --- 1.0 ends here --- */
} hkl_writer;

/* Smallest struct_size of each struct that a 1.0 program may send. These
 * numbers never move; sizes above 4096 or not a multiple of 8 are refused. */
#define HKL_STRUCT_SIZE_MAX UINT32_C(4096)

#if defined(__GNUC__)
#define HKL_PUBLIC __attribute__((visibility("default")))
#else
#define HKL_PUBLIC
#endif

#ifdef __cplusplus
}
#endif

#endif
