/* Hookline: the plugin kind "lead classifier".
 *
 * Says of one inquiry whether it is a target, a repeat, spam, what source it
 * is credited to. It is asked again whenever something that it may know of
 * the contact changes, and must then say the same of the same facts.
 */
#ifndef HOOKLINE_LEAD_CLASSIFIER_H
#define HOOKLINE_LEAD_CLASSIFIER_H

#include "facts.h"
#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The inquiry in question, and those of its contact that came before it, in
 * time order, with what was decided of them. */
typedef struct hkl_inquiry {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t now_ms;
  const hkl_touch *touch;
  const hkl_contact *contact; /* its id is empty when the number was withheld */
  const hkl_touch *const *earlier;
  uint64_t earlier_count;
  /* Visits that were shown the line of this call and began no later than it,
   * their leases ended at most HKL_LEASE_GRACE_MAX_MS before it; whosever they
   * are. In time order, ties by id. Incoming calls alone have them. A visit
   * that comes after its call has it asked about again. */
  const hkl_visit *const *shown;
  uint64_t shown_count;
  /* All visits of the contact's visitors, those that began after this inquiry
   * too; a visitor who was shown the line of one of its calls is one of them. */
  const hkl_visit *const *visits;
  uint64_t visit_count;
  /* --- 1.0 ends here --- */
} hkl_inquiry;

/* An opinion; what is 0 or empty is left to others. */
typedef struct hkl_verdict {
  uint32_t struct_size;
  uint32_t quality;        /* HKL_QUALITY_… */
  uint32_t is_advertising; /* HKL_TRI_… */
  uint32_t reserved;
  double score; /* 0 to 1: how sure; finite */
  hkl_str rule; /* which rule decided, in the author's words */
  hkl_str why;  /* one sentence for "why was this made?" */
  hkl_str ad_source;
  hkl_str type;
  hkl_strs tags; /* to add */
  hkl_str visit; /* the id of the one that led to it: the first that a classifier names is credited */
  /* --- 1.0 ends here --- */
} hkl_verdict;

#define HKL_LEAD_CLASSIFIER_V1 "hookline.lead-classifier/1"
/* All members are required. */
typedef struct hkl_lead_classifier {
  uint32_t struct_size;
  uint32_t reserved;
  /* Fill *out_verdict, which the host has zeroed. Texts in it are the
   * plugin's and must live until the next call of this instance or its
   * destroy. No opinion is a good answer. A mark by hand stands above it.
   * [instance & started]  Since 1.0. */
  hkl_status (*classify)(hkl_instance *self, const hkl_inquiry *inquiry, hkl_verdict *out_verdict, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_lead_classifier;

#ifdef __cplusplus
}
#endif

#endif
