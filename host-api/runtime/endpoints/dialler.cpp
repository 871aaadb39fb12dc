#include "endpoints/dialler.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <fmt/format.h>

namespace hkl {
namespace {

// How often a look-up is asked whether it is done.
constexpr Millis kLookupStep{10};

}  // namespace

Dialler::Dialler(std::string host, std::uint16_t port, TlsTrust* trust, Millis limit)
    : host_(std::move(host)), trust_(trust), limit_(limit), give_up_at_(steady_now() + limit), lookup_(host_, port) {}

void Dialler::plan(Waiting& waiting) {
  place_.reset();
  waiting.until(give_up_at_);
  if (secure_) {
    place_ = waiting.watch(secure_->impl()->sockfd(), awaited_);
  } else if (plain_) {
    place_ = waiting.watch(plain_->impl()->sockfd(), POLLOUT);
  } else {
    waiting.until(steady_now() + (left_.empty() ? kLookupStep : Millis(0)));
  }
}

Dialler::Outcome Dialler::work(const Waiting& waiting) {
  if (steady_now() >= give_up_at_) {
    const auto* what = secure_ ? "no TLS handshake" : plain_ ? "no answer" : "no address for its name";
    return fail(HKL_TIMEOUT,
                fmt::format("{} within {} s", what, std::chrono::ceil<std::chrono::seconds>(limit_).count()));
  }
  if (!secure_ && !plain_) return left_.empty() ? find() : dial_next();
  if (!place_ || waiting.ready(*place_) == 0) return {};
  return secure_ ? shake() : connected();
}

Dialler::Outcome Dialler::find() {
  auto found = lookup_.result();
  if (!found) return {};
  if (!*found) return fail(found->error());
  left_.assign((*found)->begin(), (*found)->end());
  return dial_next();
}

// A name often has an IPv6 and an IPv4 address, and the PBX listens on one.
Dialler::Outcome Dialler::dial_next() {
  while (!left_.empty()) {
    const auto address = left_.front();
    left_.pop_front();
    try {
      plain_.emplace();
      plain_->connectNB(address);
      prepare_socket(*plain_);
      return {};
    } catch (const Poco::Exception& error) {
      last_fault_ = socket_fault(error.code(), error.displayText());
      plain_.reset();
    }
  }
  return fail(HKL_UNAVAILABLE, last_fault_);
}

Dialler::Outcome Dialler::connected() {
  if (const int code = plain_->impl()->socketError(); code != 0) {
    last_fault_ = socket_fault(code, "the system refused");
    plain_.reset();
    return dial_next();
  }
  if (trust_ == nullptr) return TcpLine(*plain_);
  try {
    // Does not shake hands yet, as the socket does not block.
    secure_.emplace(Poco::Net::SecureStreamSocket::attach(*plain_, host_, trust_->context()));
  } catch (const Poco::Exception& error) {
    return fail(HKL_UNAVAILABLE, "TLS: " + error.displayText());
  }
  return shake();
}

Dialler::Outcome Dialler::shake() {
  try {
    const int done = secure_->completeHandshake();
    if (done == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_READ) {
      awaited_ = POLLIN;
    } else if (done == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_WRITE) {
      awaited_ = POLLOUT;
    } else if (done == 1) {
      secure_->verifyPeerCertificate(host_);
      return TcpLine(*secure_);
    } else {
      return fail(HKL_UNAVAILABLE, "TLS: the connection was closed during the handshake");
    }
    return {};
  } catch (const Poco::Exception& error) {
    const auto complaint = trust_->take_complaint();
    if (!complaint.empty())
      return fail(HKL_AUTH, fmt::format("TLS: {}; give the PEM text of its authority as tls_ca", complaint));
    if (dynamic_cast<const Poco::Net::CertificateValidationException*>(&error) != nullptr)
      return fail(
          HKL_AUTH,
          fmt::format("TLS: its certificate is not for \"{}\"; give the host by the name that is in it", host_));
    return fail(HKL_UNAVAILABLE, fmt::format("TLS: {}; does that port speak TLS?", error.displayText()));
  }
}

}  // namespace hkl
