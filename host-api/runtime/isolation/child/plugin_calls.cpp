#include "plugin_calls.h"

#include "plugins/guard.h"
#include "plugins/texts.h"

namespace hkl::isolation {

PluginCalls::PluginCalls(Talk& talk, std::shared_ptr<PluginFile> file, const hkl_host* host)
    : talk_(talk), file_(std::move(file)), host_(host), sinks_(talk) {}

void PluginCalls::make(std::string_view call) {
  arena_.clear();
  // The frame's own bytes are overwritten by the first answer; arguments live
  // as long as the call.
  const std::string kept(call);
  Unpacker in(kept, arena_);
  const auto function = static_cast<Function>(in.one<std::uint8_t>());
  hkl_error err{};
  err.struct_size = sizeof err;
  std::string results;
  hkl_status status = HKL_INTERNAL;
  talk_.begin_call(function > Function::destroy);  // behind the steps of its life
  const auto thrown = guarded([&] { status = dispatch(function, in, err, results); });
  if (thrown) talk_.threw(*thrown);
  talk_.end_call(status, err, results);
}

hkl_status PluginCalls::dispatch(Function function, Unpacker& in, hkl_error& err, std::string& results) {
  switch (function) {
    case Function::create:
    case Function::configure:
    case Function::start:
    case Function::stop:
    case Function::destroy:
      return life(function, in, err);
    case Function::request:
    case Function::poll:
    case Function::answer:
    case Function::order:
    case Function::ordered:
      return http(function, in, err);
    case Function::scan_begin:
    case Function::scan_contact:
    case Function::scan_employee:
    case Function::scan_finish:
    case Function::scan_end:
      return scan(function, in, err, results);
    case Function::classify: {
      const auto inquiry = in.one<hkl_inquiry>();
      hkl_verdict verdict{};
      verdict.struct_size = sizeof verdict;
      const auto status = table<hkl_lead_classifier>(HKL_LEAD_CLASSIFIER_V1)->classify(self_, &inquiry, &verdict, &err);
      if (status == HKL_OK) results = packed(verdict);
      return status;
    }
    case Function::review: {
      const auto timeline = in.one<hkl_timeline>();
      return table<hkl_task_rule>(HKL_TASK_RULE_V1)->review(self_, &timeline, &sinks_.tasks, &err);
    }
    case Function::definition:
      return table<hkl_report>(HKL_REPORT_V1)->definition(self_, &sinks_.writer, &err);
    default:
      return adapter(function, in, err);
  }
}

hkl_status PluginCalls::life(Function function, Unpacker& in, hkl_error& err) {
  const auto* life = table<hkl_life>(HKL_LIFE_V1);
  switch (function) {
    case Function::create: {
      const auto id = in.one<hkl_str>();
      const auto status = life->create(id, host_, &self_, &err);
      if (status == HKL_OK && self_ == nullptr) {
        give_error(&err, HKL_INTERNAL, "create succeeded and made no instance");
        return HKL_INTERNAL;
      }
      return status;
    }
    case Function::configure:
      return life->configure(self_, in.one<hkl_str>(), &err);
    case Function::start:
      return life->start(self_, &err);
    case Function::stop:
      return life->stop(self_, &err);
    default:
      if (self_ != nullptr) life->destroy(std::exchange(self_, nullptr));
      return HKL_OK;
  }
}

hkl_status PluginCalls::adapter(Function function, Unpacker& in, hkl_error& err) {
  const auto* adapter = table<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  switch (function) {
    case Function::endpoints:
      return adapter->endpoints(self_, &sinks_.endpoints, &err);
    case Function::opened: {
      const auto connection = in.one<hkl_connection>();
      sinks_.opened(connection.id);
      return adapter->opened(self_, &connection, in.one<std::int64_t>(), &sinks_.pbx, &err);
    }
    case Function::feed: {
      const auto connection = in.one<std::uint64_t>();
      const auto bytes = in.one<hkl_bytes>();
      return adapter->feed(self_, connection, bytes, in.one<std::int64_t>(), &sinks_.pbx, &err);
    }
    case Function::closed: {
      const auto connection = in.one<std::uint64_t>();
      sinks_.closed(connection);
      return adapter->closed(self_, connection, in.one<std::int64_t>(), &sinks_.pbx, &err);
    }
    case Function::tick:
      return adapter->tick(self_, in.one<std::int64_t>(), &sinks_.pbx, &err);
    case Function::originate: {
      const auto order = in.one<hkl_originate>();
      return table<hkl_pbx_originate>(HKL_PBX_ORIGINATE_V1)
          ->originate(self_, &order, in.one<std::int64_t>(), &sinks_.pbx, &err);
    }
    case Function::rows: {
      const auto rows = in.one<hkl_rows>();
      return table<hkl_pbx_rows>(HKL_PBX_ROWS_V1)->rows(self_, &rows, in.one<std::int64_t>(), &sinks_.pbx, &err);
    }
    default:
      give_error(&err, HKL_UNSUPPORTED, "asks for a function that is none");
      return HKL_UNSUPPORTED;
  }
}

hkl_status PluginCalls::http(Function function, Unpacker& in, hkl_error& err) {
  if (function == Function::order || function == Function::ordered) {
    const auto* orders = table<hkl_pbx_http_originate>(HKL_PBX_HTTP_ORIGINATE_V1);
    const auto order = in.one<hkl_originate>();
    if (function == Function::order) return orders->order(self_, &order, in.one<std::int64_t>(), &sinks_.http, &err);
    const auto status = in.one<std::uint32_t>();
    const auto body = in.one<hkl_bytes>();
    return orders->ordered(self_, &order, status, body, in.one<std::int64_t>(), &sinks_.http, &err);
  }
  const auto* http = table<hkl_pbx_http>(HKL_PBX_HTTP_V1);
  if (function == Function::request) {
    const auto request = in.one<hkl_http_request>();
    return http->request(self_, &request, in.one<std::int64_t>(), &sinks_.http, &err);
  }
  const auto endpoint = in.one<hkl_str>();
  if (function == Function::poll) {
    const auto position = in.one<hkl_str>();
    return http->poll(self_, endpoint, position, in.one<std::int64_t>(), &sinks_.http, &err);
  }
  const auto status = in.one<std::uint32_t>();
  const auto body = in.one<hkl_bytes>();
  return http->answer(self_, endpoint, status, body, in.one<std::int64_t>(), &sinks_.http, &err);
}

hkl_status PluginCalls::scan(Function function, Unpacker& in, hkl_error& err, std::string& results) {
  const auto* scans = table<hkl_report_scan>(HKL_REPORT_SCAN_V1);
  if (function == Function::scan_begin) {
    hkl_scan* made = nullptr;
    const auto status = scans->begin(self_, in.one<hkl_str>(), &made, &err);
    if (status == HKL_OK) results = packed(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(made)));
    return status;
  }
  // This process gave it out, and the host is trusted by its plugins.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  auto* scan = reinterpret_cast<hkl_scan*>(static_cast<std::uintptr_t>(in.one<std::uint64_t>()));
  if (function == Function::scan_contact) {
    const auto timeline = in.one<hkl_timeline>();
    return scans->contact(self_, scan, &timeline, &err);
  }
  if (function == Function::scan_employee) {
    const auto time = in.one<hkl_employee_time>();
    return scans->employee(self_, scan, &time, &err);
  }
  if (function == Function::scan_finish) {
    sinks_.begin_rows();
    return scans->finish(self_, scan, &sinks_.rows, &err);
  }
  scans->end(self_, scan);
  return HKL_OK;
}

}  // namespace hkl::isolation
