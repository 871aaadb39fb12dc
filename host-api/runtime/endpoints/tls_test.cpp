#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "endpoints/http_asker.h"
#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;

// A self-signed certificate for `names` ("DNS:…" or "IP:…"), and its key.
struct Identity {
  std::string certificate, key;
};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(length));
  BIO_free(bio);
  return text;
}

Identity self_signed(const std::string& names) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test pbx"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, key, EVP_sha256());
  Identity made;
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  made.certificate = text_of(bio);
  bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key = text_of(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

// Accepts TLS clients on a thread of its own: greets each, keeps what it says.
class TlsPbx {
 public:
  TlsPbx(const Identity& identity, const TempFolder& folder) {
    const Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, folder.write("key.pem", identity.key),
                               folder.write("cert.pem", identity.certificate), "", Poco::Net::Context::VERIFY_NONE);
    server_ = std::make_unique<Poco::Net::SecureServerSocket>(Poco::Net::SocketAddress("127.0.0.1", 0), 5, context);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsPbx() {
    is_over_ = true;
    thread_.join();
  }
  std::uint32_t port() { return server_->address().port(); }
  Lines said;

 private:
  void serve() {
    while (!is_over_) {
      if (!server_->poll(Poco::Timespan(10000), Poco::Net::Socket::SELECT_READ)) continue;
      try {
        auto socket = server_->acceptConnection();
        socket.setReceiveTimeout(Poco::Timespan(2, 0));
        say(socket, fmt::format("live\ne one {}\n", ms_of(wall_now())));
        if (hears(socket, "hello\n")) said.add("hello");
        clients_.push_back(socket);
      } catch (const Poco::Exception&) {
        said.add("no handshake");
      }
    }
  }
  std::unique_ptr<Poco::Net::SecureServerSocket> server_;  // none without a context
  std::vector<Poco::Net::StreamSocket> clients_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

class Tls : public testing::Test {
 protected:
  std::unique_ptr<SourceRunner> dial(TlsPbx& pbx, const std::string& ca) {
    auto adapter = std::make_unique<WordAdapter>();
    EndpointWish wish;
    wish.kind = HKL_ENDPOINT_TCP_CLIENT;
    wish.address = "127.0.0.1";
    wish.port = pbx.port();
    wish.use_tls = true;
    wish.tls_ca = ca;
    adapter->wishes = {wish};
    auto runner = std::make_unique<SourceRunner>(setup_, std::move(adapter), out_.outlet());
    start_ = runner->start();
    return runner;
  }
  TempFolder folder_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  Collected out_;
  Done start_;
};

TEST_F(Tls, ACertificateGivenAsTlsCaIsTrusted) {
  const auto identity = self_signed("IP:127.0.0.1");
  TlsPbx pbx(identity, folder_);
  const auto runner = dial(pbx, identity.certificate);
  EXPECT_TRUE(eventually([&] { return out_.ids() == std::vector<std::string>{"one"}; }));
  EXPECT_TRUE(eventually([&] { return pbx.said.has("hello"); }));
  EXPECT_EQ(runner->health().state, "live");
}

TEST_F(Tls, ACertificateThatNobodyVouchesForIsRefusedWithTheReason) {
  TlsPbx pbx(self_signed("IP:127.0.0.1"), folder_);
  setup_.first_pause = 10s;
  const auto runner = dial(pbx, "");  // the system's authorities
  EXPECT_TRUE(eventually([&] { return log_.has("its certificate \"/CN=test pbx\" is not trusted: self-signed"); }));
  EXPECT_TRUE(out_.ids().empty());
  EXPECT_FALSE(pbx.said.has("hello")) << "nothing was said to a stranger";
}

TEST_F(Tls, ACertificateOfAnotherAuthorityThanTheGivenOneIsRefused) {
  TlsPbx pbx(self_signed("IP:127.0.0.1"), folder_);
  setup_.first_pause = 10s;
  const auto runner = dial(pbx, self_signed("IP:127.0.0.1").certificate);
  EXPECT_TRUE(eventually([&] { return log_.has("is not trusted"); }));
  EXPECT_TRUE(out_.ids().empty());
}

TEST_F(Tls, ATrustedCertificateForAnotherHostIsRefused) {
  const auto identity = self_signed("DNS:other.example");
  TlsPbx pbx(identity, folder_);
  setup_.first_pause = 10s;
  const auto runner = dial(pbx, identity.certificate);
  EXPECT_TRUE(eventually([&] { return log_.has("its certificate is not for \"127.0.0.1\""); }));
  EXPECT_TRUE(out_.ids().empty());
}

TEST_F(Tls, APlainPbxIsNotTakenForATlsOne) {
  LoopbackPbx plain;
  setup_.first_pause = 10s;
  auto adapter = std::make_unique<WordAdapter>();
  adapter->wishes = {plain.wish()};
  adapter->wishes[0].use_tls = true;
  SourceRunner runner(setup_, std::move(adapter), out_.outlet());
  ASSERT_TRUE(runner.start());
  auto line = plain.accept();
  say(line, "Asterisk Call Manager/7.0.3\r\n");
  EXPECT_TRUE(eventually([&] { return log_.has("does that port speak TLS?"); }));
}

TEST_F(Tls, ATlsCaWithoutACertificateIsABadSetting) {
  TlsPbx pbx(self_signed("IP:127.0.0.1"), folder_);
  const auto runner = dial(pbx, "ca.pem");
  ASSERT_FALSE(start_);
  EXPECT_EQ(start_.error().status, HKL_BAD_SETTINGS);
  EXPECT_THAT(start_.error().text, testing::HasSubstr("tls_ca: there is no PEM certificate in it"));
}

TEST_F(Tls, WhatIsTakenBackWhileItConnectsIsNotSent) {
  const auto identity = self_signed("IP:127.0.0.1");
  const Poco::Net::Context::Ptr context =
      new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, folder_.write("key.pem", identity.key),
                             folder_.write("cert.pem", identity.certificate), "", Poco::Net::Context::VERIFY_NONE);
  Poco::Net::ServerSocket vendor(Poco::Net::SocketAddress("127.0.0.1", 0));
  HttpAsker asker([] {}, std::move(*TlsTrust::make(identity.certificate)), {5000ms, 5000ms, 1000});
  asker.ask({"GET", fmt::format("https://127.0.0.1:{}/dial", vendor.address().port()), "", {}, {}});
  auto raw = vendor.acceptConnection();
  ASSERT_TRUE(raw.poll(Poco::Timespan(5, 0), Poco::Net::Socket::SELECT_READ)) << "it wants to shake hands";
  asker.cancel();
  std::string heard;
  try {
    auto peer = Poco::Net::SecureStreamSocket::attach(raw, context);
    peer.setReceiveTimeout(Poco::Timespan(2, 0));
    char piece[1024];
    for (int got = 0; (got = peer.receiveBytes(piece, sizeof piece)) > 0;)
      heard.append(piece, static_cast<std::size_t>(got));
  } catch (const Poco::Exception&) {  // it hung up without a word
  }
  EXPECT_EQ(heard, "");
  EXPECT_TRUE(eventually([&] { return asker.answer().has_value(); }));
  EXPECT_FALSE(asker.may_be_sent());
}

}  // namespace
}  // namespace hkl::test
