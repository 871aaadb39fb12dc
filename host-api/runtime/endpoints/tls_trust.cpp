#include "endpoints/tls_trust.h"

#include <Poco/Exception.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace hkl {
namespace {

// Where an SSL_CTX keeps the TlsTrust it belongs to.
int trust_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Adds every certificate of the text; how many.
Result<int> add_authorities(X509_STORE* store, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
  int count = 0;
  while (auto* raw = PEM_read_bio_X509_AUX(text.get(), nullptr, nullptr, nullptr)) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(raw, &X509_free);
    if (X509_STORE_add_cert(store, certificate.get()) != 1)
      return fail(HKL_BAD_SETTINGS, fmt::format("tls_ca: its certificate {} cannot be used", count + 1));
    ++count;
  }
  // The text's end is the good way out of the loop; a damaged block is not.
  const auto last = ERR_peek_last_error();
  ERR_clear_error();
  if (count == 0) return fail(HKL_BAD_SETTINGS, "tls_ca: there is no PEM certificate in it");
  if (ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
    return fail(HKL_BAD_SETTINGS, fmt::format("tls_ca: what follows its certificate {} is damaged", count));
  return count;
}

}  // namespace

int note_verification(int ok, void* given) {
  auto* store = static_cast<X509_STORE_CTX*>(given);
  if (ok == 1) return 1;
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* trust = static_cast<TlsTrust*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), trust_index()));
  char subject[200] = "";
  if (auto* certificate = X509_STORE_CTX_get_current_cert(store))
    X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject);
  trust->complaint_ = fmt::format("its certificate \"{}\" is not trusted: {}", subject,
                                  X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
  return 0;
}

Result<std::unique_ptr<TlsTrust>> TlsTrust::make(const std::string& ca_pem) {
  using Poco::Net::Context;
  std::unique_ptr<TlsTrust> trust(new TlsTrust);
  try {
    trust->context_ = new Context(Context::TLS_CLIENT_USE, "", Context::VERIFY_STRICT, 9, ca_pem.empty());
    trust->context_->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  } catch (const Poco::Exception& error) {
    return fail(HKL_RESOURCE, fmt::format("TLS cannot be used: {}", error.displayText()));
  }
  auto* ssl = trust->context_->sslContext();
  if (!ca_pem.empty()) {
    auto* store = SSL_CTX_get_cert_store(ssl);
    // The PBX's own certificate may be given in place of its authority's.
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    if (auto added = add_authorities(store, ca_pem); !added) return fail(added.error());
  }
  // Poco would ask its SSLManager, which belongs to the program we are in and
  // may have been told to accept anything.
  SSL_CTX_set_ex_data(ssl, trust_index(), trust.get());
  SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, [](int ok, X509_STORE_CTX* store) { return note_verification(ok, store); });
  // A write that did not fit is tried again from another place in memory.
  SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return trust;
}

}  // namespace hkl
