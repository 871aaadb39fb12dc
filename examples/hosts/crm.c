/* A CRM in C: tells of a missed call, gets the task by callback, prints a
 * report.
 *   cc -std=c11 crm.c $(pkg-config --cflags --libs hookline) -o crm && ./crm hookline.yaml */
#include <hookline/hookline.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

static const char kCall[] =
    "{\"type\": \"call\", \"id\": \"canonical:1\", \"source\": \"canonical\", \"direction\": \"in\", "
    "\"client_number\": "
    "\"+12125550148\","
    " \"started_at\": \"2026-03-02T09:00:00Z\", \"ended_at\": \"2026-03-02T09:00:20Z\", \"finish_reason\": "
    "\"client_hung_up\","
    " \"legs\": [{\"kind\": \"employee\", \"extension\": \"101\", \"outcome\": \"cancelled\","
    " \"started_at\": \"2026-03-02T09:00:00Z\", \"ended_at\": \"2026-03-02T09:00:20Z\"}]}\n";

struct desk {
  mtx_t mutex;
  cnd_t told;
  int has_task;
};

/* On a thread of the runtime. The same key may come again after a crash. */
static hkl_status deliver(void *user, const hkl_delivery *delivery, hkl_delivery_answer *answer) {
  struct desk *desk = user;
  if (delivery->entity != HKL_ENTITY_TASK) return HKL_OK;
  printf("task %.*s\n", (int)delivery->json.len, delivery->json.ptr);
  /* The CRM's own number of it: shown from now on. */
  answer->id_len = (uint32_t)snprintf(answer->id, sizeof answer->id, "T-1");
  mtx_lock(&desk->mutex);
  desk->has_task = 1;
  cnd_signal(&desk->told);
  mtx_unlock(&desk->mutex);
  return HKL_OK;
}

static hkl_status print(void *user, hkl_bytes bytes) {
  return fwrite(bytes.ptr, 1, bytes.len, user) == bytes.len ? HKL_OK : HKL_RESOURCE;
}

static int complain(hkl_runtime *rt, const hkl_error *err) {
  fprintf(stderr, "%s\n", err->text);
  hkl_destroy(rt);
  return 1;
}

int main(int argc, char **argv) {
  struct desk desk = {.has_task = 0};
  hkl_error err = {.struct_size = sizeof err};
  hkl_options options = {.struct_size = sizeof options, .config_path = argc > 1 ? argv[1] : "hookline.yaml"};
  options.callbacks.struct_size = sizeof options.callbacks;
  options.callbacks.user = &desk;
  options.callbacks.deliver = deliver;
  mtx_init(&desk.mutex, mtx_plain);
  cnd_init(&desk.told);

  hkl_runtime *rt = NULL;
  if (hkl_create(&options, &rt, &err) != HKL_OK || hkl_start(rt, &err) != HKL_OK) return complain(rt, &err);
  const hkl_writer out = {.struct_size = sizeof out, .user = stdout, .write = print};
  const hkl_str call = {kCall, sizeof kCall - 1};
  if (hkl_submit_records(rt, call, &out, NULL, &err) != HKL_OK) return complain(rt, &err);

  mtx_lock(&desk.mutex);
  while (!desk.has_task) cnd_wait(&desk.told, &desk.mutex);
  mtx_unlock(&desk.mutex);

  const hkl_report_query query = {.struct_size = sizeof query,
                                  .report = "calls-by-manager",
                                  .format = "table",
                                  .from = "2026-03-02",
                                  .to = "2026-03-02"};
  if (hkl_run_report(rt, &query, &out, &err) != HKL_OK) return complain(rt, &err);
  hkl_destroy(rt);
  return 0;
}
