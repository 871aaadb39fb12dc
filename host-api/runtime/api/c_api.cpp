// The C functions of hookline/runtime.h. Each checks its arguments, keeps every
// exception inside and fills the caller's error.
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>

#include "api/answering.h"
#include "api/api_keys.h"
#include "api/arrow_stream.h"
#include "api/profile_trial.h"
#include "api/runtime.h"
#include "hookline/hookline.h"

namespace {

// A runtime while somebody is in it: shared with all who ask and tell, not with
// a reload. Lives as long as the expression that entered.
class Entered {
 public:
  explicit Entered(hkl::Runtime& runtime) : lock_(runtime.gate()), runtime_(runtime) {}
  hkl::Runtime* operator->() const { return &runtime_; }
  hkl::Runtime& operator*() const { return runtime_; }

 private:
  std::shared_lock<std::shared_mutex> lock_;
  hkl::Runtime& runtime_;
};

class Entrance {
 public:
  explicit Entrance(std::unique_ptr<hkl::Runtime> runtime) : runtime_(std::move(runtime)) {}
  // `rt->runtime->list(…)` holds the gate for the whole call.
  Entered operator->() const { return Entered(*runtime_); }
  Entered enter() const { return Entered(*runtime_); }
  // For its life, which a reload looks after by itself, and for what waits.
  hkl::Runtime* get() const { return runtime_.get(); }

 private:
  std::unique_ptr<hkl::Runtime> runtime_;
};

}  // namespace

struct hkl_runtime {
  Entrance runtime;
};

namespace {

using hkl::Done;
using hkl::Error;
using hkl::Result;

hkl_status tell(hkl_error* err, const Error& error) {
  if (err == nullptr) return error.status;
  err->status = error.status;
  std::size_t len = std::min<std::size_t>(error.text.size(), sizeof err->text - 1);
  // Cut at a character: never inside one.
  while (len < error.text.size() && len > 0 && (static_cast<unsigned char>(error.text[len]) & 0xC0) == 0x80) --len;
  std::memcpy(err->text, error.text.data(), len);
  err->text[len] = 0;
  err->text_len = static_cast<std::uint32_t>(len);
  return error.status;
}

// Runs `work`, which gives a Done, and turns whatever comes of it into a status.
template <typename Work>
hkl_status guarded(hkl_error* err, Work&& work) noexcept {
  try {
    const Done done = work();
    return done ? HKL_OK : tell(err, done.error());
  } catch (const std::bad_alloc&) {
    return tell(err, {HKL_RESOURCE, "out of memory"});
  } catch (const std::exception& error) {
    return tell(err, {HKL_INTERNAL, error.what()});
  } catch (...) {
    return tell(err, {HKL_INTERNAL, "an unknown fault"});
  }
}

// A struct of the caller: refused when its size is absurd, else copied into a
// zeroed one of ours, so that older and newer callers both fit (rule R4).
template <typename Struct>
Result<Struct> taken(const Struct* in, const char* name) {
  if (in == nullptr) return hkl::fail(HKL_INVALID, std::string(name) + " is missing");
  if (in->struct_size < sizeof(Struct) || in->struct_size > HKL_STRUCT_SIZE_MAX || in->struct_size % 8 != 0)
    return hkl::fail(HKL_INVALID, std::string(name) + ".struct_size is " + std::to_string(in->struct_size) +
                                      "; set it to sizeof(" + name + ")");
  const auto* beyond = reinterpret_cast<const unsigned char*>(in) + sizeof(Struct);
  for (std::uint32_t i = sizeof(Struct); i < in->struct_size; ++i)
    if (*beyond++ != 0)
      return hkl::fail(HKL_UNSUPPORTED, std::string(name) + " asks for something this version has not");
  return *in;
}

std::string text(const char* in) { return in == nullptr ? std::string() : std::string(in); }

Done needs(const void* argument, const char* name) {
  if (argument != nullptr) return {};
  return hkl::fail(HKL_INVALID, std::string(name) + " is missing");
}

Done needs_writer(const hkl_writer* writer) {
  if (writer == nullptr || writer->write == nullptr) return hkl::fail(HKL_INVALID, "the writer is missing");
  return {};
}

// "NAME=VALUE" each, into `out`.
Done read_pairs(const char* const* pairs, std::uint64_t count, std::map<std::string, std::string>& out) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto pair = text(pairs[i]);
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return hkl::fail(HKL_INVALID, "setting \"" + pair + "\": write it as NAME=VALUE");
    out[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return {};
}

Result<hkl::ReportQuery> report_query(const hkl_report_query* in) {
  auto query = taken(in, "hkl_report_query");
  if (!query) return hkl::fail(query.error());
  hkl::ReportQuery asked;
  asked.format = text(query->format);
  asked.from = text(query->from);
  asked.to = text(query->to);
  asked.where = text(query->where);
  asked.drill = text(query->drill);
  asked.sort = text(query->sort);
  asked.compare = text(query->compare);
  if (auto read = read_pairs(query->settings, query->setting_count, asked.settings); !read)
    return hkl::fail(read.error());
  return asked;
}

Result<hkl::ProfileTrial> profile_trial(const hkl_profile_test* in) {
  auto test = taken(in, "hkl_profile_test");
  if (!test) return hkl::fail(test.error());
  hkl::ProfileTrial trial;
  trial.profile = text(test->profile);
  if (trial.profile.empty()) return hkl::fail(HKL_INVALID, "hkl_profile_test.profile is missing");
  for (std::uint64_t i = 0; i < test->file_count; ++i) trial.files.push_back(text(test->files[i]));
  if (trial.files.empty()) return hkl::fail(HKL_INVALID, "hkl_profile_test.files names no request");
  if (auto read = read_pairs(test->settings, test->setting_count, trial.settings); !read)
    return hkl::fail(read.error());
  trial.timezone = text(test->timezone);
  trial.region = text(test->region);
  trial.config_path = text(test->config_path);
  trial.source = text(test->source);
  const auto format = text(test->format);
  if (format != "text" && format != "json" && !format.empty())
    return hkl::fail(HKL_INVALID, "a test of a profile is shown as text or json, not as \"" + format + "\"");
  trial.is_json = format == "json";
  return trial;
}

}  // namespace

extern "C" {

const char* hkl_version(void) { return HKL_VERSION_TEXT; }

hkl_status hkl_create(const hkl_options* options, hkl_runtime** out_runtime, hkl_error* err) {
  if (out_runtime != nullptr) *out_runtime = nullptr;
  return guarded(err, [&]() -> Done {
    if (auto given = needs(out_runtime, "out_runtime"); !given) return given;
    auto in = taken(options, "hkl_options");
    if (!in) return hkl::fail(in.error());
    hkl::RuntimeOptions wanted;
    wanted.config_path = text(in->config_path);
    if (wanted.config_path.empty()) return hkl::fail(HKL_INVALID, "hkl_options.config_path is missing");
    wanted.store_url = text(in->store_url);
    wanted.language = text(in->language);
    wanted.user = text(in->user);
    wanted.listen = text(in->listen);
    wanted.is_pumped = (in->flags & HKL_OPTION_PUMP) != 0;
    wanted.is_read_only = (in->flags & HKL_OPTION_READ_ONLY) != 0;
    if (in->now_ms != 0) wanted.now = hkl::instant_of(in->now_ms);
    if (in->callbacks.struct_size != 0) wanted.callbacks = in->callbacks;
    auto runtime = hkl::Runtime::create(std::move(wanted));
    if (!runtime) return hkl::fail(runtime.error());
    *out_runtime = new hkl_runtime{Entrance(std::move(*runtime))};
    return {};
  });
}

hkl_status hkl_test_profile(const hkl_profile_test* test, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs_writer(writer); !given) return given;
    const auto trial = profile_trial(test);
    if (!trial) return hkl::fail(trial.error());
    return hkl::try_profile(*trial, *writer);
  });
}

hkl_status hkl_start(hkl_runtime* rt, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    return rt->runtime.get()->start();
  });
}

hkl_status hkl_stop(hkl_runtime* rt, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    rt->runtime.get()->stop();
    return {};
  });
}

void hkl_destroy(hkl_runtime* rt) {
  (void)guarded(nullptr, [&]() -> Done {
    delete rt;
    return {};
  });
}

hkl_status hkl_pump(hkl_runtime* rt, int64_t wait_ms, uint64_t* out_count, hkl_error* err) {
  if (out_count != nullptr) *out_count = 0;
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    auto count = rt->runtime.get()->pump(hkl::Millis(wait_ms));
    if (!count) return hkl::fail(count.error());
    if (out_count != nullptr) *out_count = *count;
    return {};
  });
}

hkl_status hkl_reload(hkl_runtime* rt, const hkl_writer* told, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    return rt->runtime.get()->reload(told);
  });
}

hkl_status hkl_check(const hkl_options* options, const hkl_writer* complaints, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    auto in = taken(options, "hkl_options");
    if (!in) return hkl::fail(in.error());
    if (auto given = needs_writer(complaints); !given) return given;
    auto lines = hkl::check_config(text(in->config_path));
    if (!lines) return hkl::fail(lines.error());
    for (const auto& line : *lines)
      if (auto written = hkl::write_text(*complaints, line + "\n"); !written) return written;
    if (!lines->empty()) return hkl::fail(HKL_BAD_SETTINGS, lines->front());
    return {};
  });
}

hkl_status hkl_submit_event(hkl_runtime* rt, const char* source, const hkl_call_event* event, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs(event, "event"); !given) return given;
    return rt->runtime->submit_event(text(source), *event);
  });
}

hkl_status hkl_submit_records(hkl_runtime* rt, hkl_str ndjson, const hkl_writer* complaints, hkl_tally* out_tally,
                              hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    hkl_tally tally{};
    tally.struct_size = sizeof tally;
    auto done = rt->runtime->submit_records({ndjson.ptr, ndjson.len}, rt->runtime->asker(), complaints, tally);
    if (out_tally != nullptr) *out_tally = tally;
    return done;
  });
}

hkl_status hkl_import_files(hkl_runtime* rt, const hkl_import* request, const hkl_progress* progress,
                            const hkl_writer* verdicts, hkl_tally* out_tally, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    auto in = taken(request, "hkl_import");
    if (!in) return hkl::fail(in.error());
    hkl_tally tally{};
    tally.struct_size = sizeof tally;
    auto done = rt->runtime->import_files(*in, progress, verdicts, tally);
    if (out_tally != nullptr) *out_tally = tally;
    return done;
  });
}

hkl_status hkl_order_call(hkl_runtime* rt, const char* employee, const char* number, char* out_request,
                          uint64_t out_request_size, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (out_request == nullptr || out_request_size < 64) return hkl::fail(HKL_INVALID, "out_request needs 64 bytes");
    auto request = rt->runtime->order_call(text(employee), text(number), rt->runtime->asker());
    if (!request) return hkl::fail(request.error());
    const auto len = std::min<std::size_t>(request->size(), out_request_size - 1);
    std::memcpy(out_request, request->data(), len);
    out_request[len] = 0;
    return {};
  });
}

hkl_status hkl_rebuild(hkl_runtime* rt, const hkl_progress* progress, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    return rt->runtime->rebuild(progress);
  });
}

hkl_status hkl_list(hkl_runtime* rt, const hkl_query* query, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    auto in = taken(query, "hkl_query");
    if (!in) return hkl::fail(in.error());
    hkl::ListQuery asked;
    asked.entity = in->entity;
    asked.format = text(in->format);
    asked.from = text(in->from);
    asked.to = text(in->to);
    asked.where = text(in->where);
    asked.id = text(in->id);
    asked.page.limit = in->limit;
    return rt->runtime->list(asked, rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_look_up(hkl_runtime* rt, const char* number, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->look_up(text(number), rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_run_report(hkl_runtime* rt, const hkl_report_query* query, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    auto asked = report_query(query);
    if (!asked) return hkl::fail(asked.error());
    return rt->runtime->run_report(text(query->report), *asked, rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_explain_report(hkl_runtime* rt, const hkl_report_query* query, const hkl_writer* writer,
                              hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    auto asked = report_query(query);
    if (!asked) return hkl::fail(asked.error());
    return rt->runtime->explain_report(text(query->report), *asked, rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_run_report_arrow(hkl_runtime* rt, const hkl_report_query* query, struct ArrowArrayStream* out_stream,
                                hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs(out_stream, "out_stream"); !given) return given;
    auto asked = report_query(query);
    if (!asked) return hkl::fail(asked.error());
    asked->format = "json";
    std::string json;
    hkl_writer writer{};
    writer.struct_size = sizeof writer;
    writer.user = &json;
    writer.write = [](void* user, hkl_bytes bytes) -> hkl_status {
      static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
      return HKL_OK;
    };
    if (auto ran = rt->runtime->run_report(text(query->report), *asked, rt->runtime->asker(), writer); !ran) return ran;
    return hkl::arrow_stream_of_report(json, *out_stream);
  });
}

hkl_status hkl_export(hkl_runtime* rt, const char* const* types, uint64_t type_count, const hkl_writer* writer,
                      hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    std::vector<std::string> wanted;
    for (std::uint64_t i = 0; i < type_count; ++i) wanted.push_back(text(types[i]));
    return rt->runtime->export_records(wanted, rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_explain(hkl_runtime* rt, const char* call, const char* format, const hkl_writer* writer,
                       hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->explain(text(call), text(format), rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_outbox(hkl_runtime* rt, const char* delivery, const char* format, const hkl_writer* writer,
                      hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->list_outbox(text(delivery), text(format), rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_outbox_act(hkl_runtime* rt, uint32_t action, const char* delivery, uint64_t* out_count, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    auto count = rt->runtime->act_on_outbox(action, text(delivery), rt->runtime->asker());
    if (!count) return hkl::fail(count.error());
    if (out_count != nullptr) *out_count = *count;
    return {};
  });
}

hkl_status hkl_poison(hkl_runtime* rt, const char* id, const char* format, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->show_poison(text(id), text(format), rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_poison_act(hkl_runtime* rt, uint32_t action, const char* id, uint64_t* out_count, hkl_error* err) {
  if (out_count != nullptr) *out_count = 0;
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    auto count = rt->runtime->act_on_poison(action, text(id), rt->runtime->asker());
    if (!count) return hkl::fail(count.error());
    if (out_count != nullptr) *out_count = *count;
    return {};
  });
}

hkl_status hkl_erase(hkl_runtime* rt, const char* contact, uint32_t flags, const char* format, const hkl_writer* writer,
                     hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs(contact, "contact"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->erase(text(contact), (flags & HKL_ERASE_DRY_RUN) != 0, text(format), rt->runtime->asker(),
                              *writer);
  });
}

hkl_status hkl_apply_retention(hkl_runtime* rt, const char* format, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->apply_retention([] { return true; }, text(format), rt->runtime->asker(), writer);
  });
}

hkl_status hkl_plugins(hkl_runtime* rt, const char* format, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->list_plugins(text(format), rt->runtime->asker(), *writer);
  });
}

hkl_status hkl_make_key(char* out_key, uint64_t out_key_size, char* out_hash, uint64_t out_hash_size, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    const auto made = hkl::make_key();
    if (!made) return hkl::fail(made.error());
    if (out_key == nullptr || out_hash == nullptr || out_key_size <= made->key.size() ||
        out_hash_size <= made->hash.size())
      return hkl::fail(HKL_INVALID, "out_key and out_hash need 80 bytes each");
    std::memcpy(out_key, made->key.c_str(), made->key.size() + 1);
    std::memcpy(out_hash, made->hash.c_str(), made->hash.size() + 1);
    return {};
  });
}

hkl_status hkl_answer_api(hkl_runtime* rt, const hkl_api_request* request, const hkl_writer* body,
                          hkl_api_reply* out_reply, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(body); !given) return given;
    if (auto given = needs(out_reply, "out_reply"); !given) return given;
    if (out_reply->struct_size < sizeof *out_reply)
      return hkl::fail(HKL_INVALID, "hkl_api_reply.struct_size is too small; set it to sizeof(hkl_api_reply)");
    auto in = taken(request, "hkl_api_request");
    if (!in) return hkl::fail(in.error());
    return hkl::answer_api(*rt->runtime.enter(), *in, *body, *out_reply);
  });
}

hkl_status hkl_report_health(hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
  return guarded(err, [&]() -> Done {
    if (auto given = needs(rt, "rt"); !given) return given;
    if (auto given = needs_writer(writer); !given) return given;
    return rt->runtime->health(rt->runtime->asker(), *writer);
  });
}

}  // extern "C"
