// Whom a TLS connection trusts: the system's authorities, or those given as
// PEM text. Settings for a PBX in a private network mostly name its own
// self-signed certificate.
#pragma once

#include <Poco/Net/Context.h>

#include <memory>
#include <string>

#include "values/result.h"

namespace hkl {

class TlsTrust {
 public:
  // `ca_pem` empty: the system's. HKL_BAD_SETTINGS: no certificate is in it.
  static Result<std::unique_ptr<TlsTrust>> make(const std::string& ca_pem);

  Poco::Net::Context::Ptr context() const { return context_; }
  // Why the certificate of the last handshake was not trusted; empty when it was.
  std::string take_complaint() { return std::exchange(complaint_, {}); }

 private:
  TlsTrust() = default;
  Poco::Net::Context::Ptr context_;
  std::string complaint_;  // filled by OpenSSL's callback, on the thread that shakes hands
  friend int note_verification(int ok, void* store);
};

}  // namespace hkl
