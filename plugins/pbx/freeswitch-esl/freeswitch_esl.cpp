// FreeSWITCH by its Event Socket (1.6 and newer), and the records that its
// mod_json_cdr posts.
#include <map>
#include <memory>

#include "cdr_route.h"
#include "hookline/sdk/plugin.h"
#include "session.h"

namespace {

class FreeswitchEsl final : public hookline::PbxAdapter<freeswitch::Settings>,
                            public hookline::OrdersCalls,
                            public hookline::SpeaksHttp {
 public:
  void endpoints(hookline::EndpointList& list) override {
    // Two pings without any answer: the switch or the way to it is gone.
    list.tcp_client(settings().host, settings().port, false, {}, settings().ping.ms * 5 / 2);
    if (!settings().cdr_password.empty()) list.http_route();
  }

  void opened(const hookline::Connection& connection, std::int64_t now_ms, hookline::Output& out) override {
    auto& session = sessions_[connection.id];
    session = std::make_unique<freeswitch::Session>(settings(), host(), clock_, connection.id, connection.is_capture);
    session->opened(now_ms, out);
  }

  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, hookline::Output& out) override {
    of(connection).feed(bytes, now_ms, out);
  }

  void closed(std::uint64_t connection, std::int64_t now_ms, hookline::Output& out) override {
    of(connection).closed(now_ms, out);
    sessions_.erase(connection);
  }

  void tick(std::int64_t now_ms, hookline::Output& out) override {
    for (auto& [id, session] : sessions_) session->tick(now_ms, out);
  }

  void order(const hookline::Order& order, std::int64_t, hookline::Output& out) override {
    for (auto& [id, session] : sessions_)
      if (session->is_live()) return session->order(order, out);
    throw hookline::Failure(HKL_UNAVAILABLE, "not connected to the FreeSWITCH now");
  }

  void request(const hookline::HttpRequest& request, std::int64_t, hookline::HttpOutput& out) override {
    freeswitch::take_record(request, settings(), out);
  }

 private:
  freeswitch::Session& of(std::uint64_t connection) {
    const auto found = sessions_.find(connection);
    if (found == sessions_.end()) throw hookline::Failure(HKL_INVALID, "there is no such connection");
    return *found->second;
  }

  freeswitch::Clock clock_;
  std::map<std::uint64_t, std::unique_ptr<freeswitch::Session>> sessions_;
};

}  // namespace

HOOKLINE_PLUGIN(FreeswitchEsl, {"freeswitch-esl", "1.0.0", "Hookline", "Apache-2.0",
                                "FreeSWITCH, live, by its Event Socket (ESL), and records posted by mod_json_cdr"})
