#include "server.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <random>

namespace pbx_sim {
namespace {

// Asterisk drops a client that does not read; so far behind is not reading.
constexpr std::size_t kUnreadAtMost = 16u << 20;
constexpr std::chrono::milliseconds kLongestWait{1000};

std::string new_challenge() {
  std::random_device random;
  return std::to_string(std::uniform_int_distribution<int>(100000000, 999999999)(random));
}

}  // namespace

Server::Server(ServerSettings settings, Playback playback)
    : settings_(std::move(settings)),
      playback_(std::move(playback)),
      state_(playback_.first_timestamp()),
      listener_(Poco::Net::SocketAddress("127.0.0.1", settings_.port)) {
  polls_.add(listener_, Poco::Net::PollSet::POLL_READ);
}

void Server::run() {
  if (!settings_.waits_for_client) playback_.start(Clock::now());
  for (;;) {
    const auto now = Clock::now();
    const bool was_over = playback_.is_over();
    playback_.say_due(now, [this](const AmiMessage& event) { say(event); });
    if (!was_over && playback_.is_over()) settings_.log("the last event is said");
    if (is_done(now)) break;
    sweep();
    for (const auto& [socket, mode] : polls_.poll(Poco::Timespan(wait_time(now).count() * 1000))) tend(socket, mode);
  }
  for (const auto& [fd, client] : clients_) client->is_gone = true;
  sweep();
  polls_.remove(listener_);
  listener_.close();
}

bool Server::is_done(Clock::time_point now) const {
  return playback_.is_started() && playback_.is_over() && now >= playback_.ended_at() + settings_.linger;
}

std::chrono::milliseconds Server::wait_time(Clock::time_point now) const {
  auto until = now + kLongestWait;
  if (const auto due = playback_.next_due()) until = std::min(until, *due);
  if (playback_.is_started() && playback_.is_over()) until = std::min(until, playback_.ended_at() + settings_.linger);
  // Rounded up: waking just before the moment would make it spin.
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(until - now), std::chrono::milliseconds(0));
}

void Server::tend(const Poco::Net::Socket& socket, int mode) {
  if (socket == listener_) return accept();
  const auto found = clients_.find(socket.impl()->sockfd());
  if (found == clients_.end()) return;
  if ((mode & (Poco::Net::PollSet::POLL_READ | Poco::Net::PollSet::POLL_ERROR)) != 0) read(*found->second);
  if ((mode & Poco::Net::PollSet::POLL_WRITE) != 0) send(*found->second);
}

void Server::accept() {
  try {
    auto socket = listener_.acceptConnection();
    socket.setNoDelay(true);
    const auto fd = socket.impl()->sockfd();
    auto client = std::make_unique<Client>(
        Client{socket,
               Session(settings_.account, state_, new_challenge(), [] { return std::int64_t{std::time(nullptr)}; }),
               {},
               false});
    polls_.add(socket, Poco::Net::PollSet::POLL_READ);
    client->out = settings_.greeting + "\r\n";
    send(*client);
    clients_[fd] = std::move(client);
  } catch (const Poco::Net::NetException& error) {
    // It hung up while it waited to be taken.
    settings_.log("a client was lost: " + error.displayText());
  }
}

void Server::read(Client& client) {
  char bytes[4096];
  const auto got = ::recv(client.socket.impl()->sockfd(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    client.is_gone = true;
    return;
  }
  const bool was_logged_in = client.session.is_logged_in();
  client.out += client.session.feed({bytes, static_cast<std::size_t>(got)});
  if (!was_logged_in && client.session.is_logged_in()) {
    settings_.log(settings_.account.username + " logged in");
    if (!playback_.is_started()) playback_.start(Clock::now());
  }
  send(client);
}

// Poco has no send that neither waits nor throws when the socket is full.
void Server::send(Client& client) {
  const auto fd = client.socket.impl()->sockfd();
  std::size_t sent = 0;
  while (sent < client.out.size()) {
    const auto took = ::send(fd, client.out.data() + sent, client.out.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (took < 0 && errno == EINTR) continue;
    if (took < 0 && errno == EAGAIN) break;
    if (took < 0) {
      client.is_gone = true;
      return;
    }
    sent += static_cast<std::size_t>(took);
  }
  client.out.erase(0, sent);
  if (client.out.size() > kUnreadAtMost) {
    client.is_gone = true;
    return;
  }
  polls_.update(client.socket, client.out.empty() ? Poco::Net::PollSet::POLL_READ
                                                  : Poco::Net::PollSet::POLL_READ | Poco::Net::PollSet::POLL_WRITE);
}

// The lists follow the stream whether anybody listens or not.
void Server::say(const AmiMessage& event) {
  state_.said(event);
  for (const auto& [fd, client] : clients_) {
    if (client->is_gone || !client->session.hears(event)) continue;
    client->out += event.text();
    send(*client);
  }
}

// Lets go of who is gone or was told goodbye. Only here: the set of polls needs
// the socket's number until it has forgotten it.
void Server::sweep() {
  std::erase_if(clients_, [this](const auto& entry) {
    auto& client = *entry.second;
    if (!client.is_gone && !(client.session.is_over() && client.out.empty())) return false;
    polls_.remove(client.socket);
    client.socket.close();
    return true;
  });
}

}  // namespace pbx_sim
