/* Uses every type of the contracts, so that its debug information tells them
 * all. Built twice, with the headers of 1.0 and with today's; abidiff compares
 * the two. */
#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "hookline/pbx_rows.h"
#include "hookline/plugin.h"
#include "hookline/report.h"
#include "hookline/runtime.h"
#include "hookline/task_rule.h"

/* What a plugin gives, what it is given, and what a CRM exchanges. */
HKL_PUBLIC void hkl_probe_tables(const hkl_plugin *plugin, const hkl_life *life, const hkl_pbx_adapter *adapter,
                                 const hkl_pbx_originate *originate, const hkl_pbx_http *http,
                                 const hkl_pbx_http_originate *http_originate, const hkl_pbx_rows *rows,
                                 const hkl_lead_classifier *classifier, const hkl_task_rule *rule,
                                 const hkl_report *report, const hkl_report_scan *scan);
HKL_PUBLIC void hkl_probe_host(const hkl_host_log *log, const hkl_host_digest *digest, const hkl_host_phone *phone,
                               const hkl_host_time *time, const hkl_host_calendar *calendar,
                               const hkl_host_history *history, const hkl_host_condition *condition,
                               const hkl_host_wake *wake);
HKL_PUBLIC void hkl_probe_runtime(const hkl_options *options, const hkl_import *import, const hkl_query *query,
                                  const hkl_report_query *report);

void hkl_probe_tables(const hkl_plugin *plugin, const hkl_life *life, const hkl_pbx_adapter *adapter,
                      const hkl_pbx_originate *originate, const hkl_pbx_http *http,
                      const hkl_pbx_http_originate *http_originate, const hkl_pbx_rows *rows,
                      const hkl_lead_classifier *classifier, const hkl_task_rule *rule, const hkl_report *report,
                      const hkl_report_scan *scan) {
  (void)plugin, (void)life, (void)adapter, (void)originate, (void)http, (void)http_originate, (void)rows;
  (void)classifier, (void)rule, (void)report, (void)scan;
}
void hkl_probe_host(const hkl_host_log *log, const hkl_host_digest *digest, const hkl_host_phone *phone,
                    const hkl_host_time *time, const hkl_host_calendar *calendar, const hkl_host_history *history,
                    const hkl_host_condition *condition, const hkl_host_wake *wake) {
  (void)log, (void)digest, (void)phone, (void)time, (void)calendar, (void)history, (void)condition, (void)wake;
}
void hkl_probe_runtime(const hkl_options *options, const hkl_import *import, const hkl_query *query,
                       const hkl_report_query *report) {
  (void)options, (void)import, (void)query, (void)report;
}
