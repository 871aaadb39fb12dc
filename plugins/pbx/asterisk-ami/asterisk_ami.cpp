// Asterisk by its manager interface (AMI over TCP, Asterisk 13 and newer).
#include <map>
#include <memory>

#include "hookline/sdk/plugin.h"
#include "session.h"

namespace {

class AsteriskAmi final : public hookline::PbxAdapter<asterisk::Settings>, public hookline::OrdersCalls {
 public:
  void endpoints(hookline::EndpointList& list) override {
    // Two pings without any answer: the switch or the way to it is gone.
    list.tcp_client(settings().host, settings().port, settings().tls, settings().tls_ca, settings().ping.ms * 5 / 2);
  }

  void opened(const hookline::Connection& connection, std::int64_t now_ms, hookline::Output& out) override {
    auto& session = sessions_[connection.id];
    session = std::make_unique<asterisk::Session>(settings(), host(), clock_, connection.id, connection.is_capture);
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
    throw hookline::Failure(HKL_UNAVAILABLE, "not connected to the Asterisk now");
  }

 private:
  asterisk::Session& of(std::uint64_t connection) {
    const auto found = sessions_.find(connection);
    if (found == sessions_.end()) throw hookline::Failure(HKL_INVALID, "there is no such connection");
    return *found->second;
  }

  asterisk::Clock clock_;
  std::map<std::uint64_t, std::unique_ptr<asterisk::Session>> sessions_;
};

}  // namespace

HOOKLINE_PLUGIN(AsteriskAmi, {"asterisk-ami", "1.0.0", "Hookline", "Apache-2.0",
                              "Asterisk, live, by its manager interface (AMI)", HKL_HOST_DIGEST_V1})
