#include "endpoints/tcp_server.h"

#include <Poco/Net/NetException.h>
#include <fcntl.h>
#include <fmt/format.h>

namespace hkl {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;

// A PBX has one printer line, a company a few PBXs; more is a mistake or an attack.
constexpr std::size_t kCallersAtMost = 16;
constexpr int kBacklog = 16;
constexpr std::chrono::seconds kListenAgainAfter{10};

}  // namespace

Result<std::unique_ptr<Endpoint>> TcpServer::make(const EndpointWish& wish, SourceDesk& desk) {
  IPAddress ip;
  const auto text = wish.address.empty() ? std::string("127.0.0.1") : wish.address;
  if (!IPAddress::tryParse(text, ip))
    return fail(HKL_BAD_SETTINGS,
                fmt::format("cannot listen on \"{}\": give an address of this machine, or 0.0.0.0 for all", text));
  auto peers = PeerList::parse(wish.peers);
  if (!peers) return fail(peers.error());
  if (peers->is_empty() && !plain_address(ip).isLoopback())
    return fail(HKL_BAD_SETTINGS,
                fmt::format("listens on {} and would believe whoever connects; say which addresses or networks may, "
                            "such as 10.0.0.5 or 10.0.0.0/24",
                            text));
  const SocketAddress address(ip, static_cast<std::uint16_t>(wish.port));
  return std::unique_ptr<Endpoint>(new TcpServer(wish, desk, address, std::move(*peers)));
}

TcpServer::TcpServer(const EndpointWish& wish, SourceDesk& desk, const SocketAddress& address, PeerList peers)
    : desk_(desk),
      wish_(wish),
      address_(address),
      peers_(std::move(peers)),
      slot_(desk.health().add_endpoint()),
      listen_again_at_(steady_now()) {}

void TcpServer::plan(Waiting& waiting) {
  listener_place_.reset();
  if (listener_) {
    listener_place_ = waiting.watch(listener_->impl()->sockfd(), POLLIN);
  } else {
    waiting.until(listen_again_at_);
  }
  for (auto& [id, caller] : callers_) {
    caller.place = waiting.watch(caller.line.fd(), caller.line.events());
    if (caller.ending) waiting.until(steady_now());
    if (wish_.idle > Millis(0)) waiting.until(caller.heard + wish_.idle);
  }
}

void TcpServer::work(const Waiting& waiting) {
  std::vector<std::uint64_t> over;
  for (auto& [id, caller] : callers_) {
    hear(id, caller, caller.place ? waiting.ready(*caller.place) : short{0});
    if (caller.ending) over.push_back(id);
  }
  for (const auto id : over) hang_up(id);
  if (listener_) {
    if (listener_place_ && waiting.ready(*listener_place_) != 0) accept();
  } else if (steady_now() >= listen_again_at_) {
    listen();
  }
}

void TcpServer::listen() {
  try {
    listener_.emplace();
    // Takes the port over from connections of an earlier process that linger.
    listener_->bind(address_, true, false);
    listener_->listen(kBacklog);
    listener_->setBlocking(false);
    ::fcntl(listener_->impl()->sockfd(), F_SETFD, FD_CLOEXEC);
    desk_.log().write(HKL_LOG_INFO, "listens on " + address_.toString());
    tell_health();
  } catch (const Poco::Exception& error) {
    listener_.reset();
    listen_again_at_ = steady_now() + kListenAgainAfter;
    const auto why = fmt::format("cannot listen on {}: {}; next try in {} s", address_.toString(),
                                 socket_fault(error.code(), error.displayText()), kListenAgainAfter.count());
    desk_.log().write_rarely(HKL_LOG_WARNING, why, why);
    desk_.health().show(slot_, "waiting", why);
  }
}

void TcpServer::accept() {
  try {
    SocketAddress from;
    auto socket = listener_->acceptConnection(from);
    take(socket, from);
  } catch (const Poco::Exception& error) {
    // It went away again, or we have no more descriptors: the listener stands.
    desk_.log().write_rarely(HKL_LOG_WARNING, "accept",
                             "a connection was not taken: " + socket_fault(error.code(), error.displayText()));
  }
}

void TcpServer::take(Poco::Net::StreamSocket socket, const SocketAddress& from) {
  const auto name = SocketAddress(plain_address(from.host()), from.port()).toString();
  if (!peers_.is_empty() && !peers_.has(from.host()))
    return refuse(plain_address(from.host()).toString(), "is not among the addresses that may");
  if (callers_.size() >= kCallersAtMost)
    return refuse(plain_address(from.host()).toString(), fmt::format("{} are connected already", callers_.size()));
  socket.setBlocking(false);
  prepare_socket(socket);
  const auto id = desk_.new_connection(*this, Flow::line);
  auto& caller = callers_.emplace(id, Caller(TcpLine(socket))).first->second;
  caller.name = name;
  caller.heard = steady_now();
  const auto at = desk_.now();
  desk_.health().count([&](SourceHealth& health) { health.connected_at = at; });
  if (const auto opened = desk_.opened(id, wish_.name, name); !opened) {
    callers_.erase(id);
    return refuse(name, opened.error().text);
  }
  tell_health();
}

void TcpServer::refuse(const std::string& from, const std::string& why) {
  // Counted by the log, and once in a while alone: who knocks must not fill it.
  desk_.log().write_rarely(HKL_LOG_WARNING, "refused " + from, fmt::format("{} may not connect: {}", from, why));
}

void TcpServer::hear(std::uint64_t id, Caller& caller, short ready) {
  if (!caller.ending && ready != 0) {
    if (auto flushed = caller.line.flush(); !flushed) caller.ending = flushed.error().text;
    const auto got = caller.ending ? Result<std::size_t>(0) : caller.line.read(buffer_.data(), buffer_.size());
    if (!got) {
      caller.ending = got.error().text;
    } else if (*got > 0) {
      const auto fed = desk_.feed(id, {buffer_.data(), *got});
      // Counted from here: while the queue behind us was full nobody was read.
      caller.heard = steady_now();
      if (!fed) caller.ending = fed.error().text;
    }
  }
  if (!caller.ending && wish_.idle > Millis(0) && steady_now() - caller.heard >= wish_.idle)
    caller.ending = fmt::format("nothing was heard for {:g} s", seconds_of(wish_.idle));
}

void TcpServer::hang_up(std::uint64_t id) {
  auto caller = std::move(callers_.at(id));
  callers_.erase(id);
  (void)caller.line.flush();  // a last word of the adapter, where it can still go out
  desk_.closed(id);
  desk_.health().count([](SourceHealth& health) { ++health.reconnects; });
  desk_.log().write_rarely(HKL_LOG_INFO, "ended " + caller.name, fmt::format("{}: {}", caller.name, *caller.ending));
  tell_health();
}

void TcpServer::tell_health() {
  auto text = "listens on " + address_.toString();
  if (callers_.size() == 1) text += fmt::format("; {} is connected", callers_.begin()->second.name);
  if (callers_.size() > 1) text += fmt::format("; {} are connected", callers_.size());
  desk_.health().show(slot_, "live", text);
}

void TcpServer::end() {
  listener_.reset();
  while (!callers_.empty()) {
    const auto id = callers_.begin()->first;
    callers_.erase(id);
    desk_.closed(id);
  }
}

void TcpServer::send(std::uint64_t connection, std::string_view bytes) {
  const auto found = callers_.find(connection);
  if (found == callers_.end() || found->second.ending) return;
  if (auto sent = found->second.line.write(bytes); !sent) found->second.ending = sent.error().text;
}

void TcpServer::close_asked(std::uint64_t connection, Millis, const std::string& why) {
  // Whoever connects decides when to come again.
  if (const auto found = callers_.find(connection); found != callers_.end()) found->second.ending = why;
}

// Nobody is dialled, so nobody is awaited: it is live while it listens.
void TcpServer::state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) {
  const auto found = callers_.find(connection);
  if (found == callers_.end() || state != HKL_SOURCE_REFUSED) return;
  desk_.health().show(slot_, "refused", found->second.name + " " + text);
}

}  // namespace hkl
