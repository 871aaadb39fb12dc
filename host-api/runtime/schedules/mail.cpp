#include "schedules/mail.h"

#include <Poco/Environment.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StringPartSource.h>
#include <fmt/format.h>

namespace hkl {
namespace {

using Poco::Net::SMTPClientSession;

constexpr int kWaitS = 30;

Poco::Net::Context::Ptr safe_context(const SmtpSettings& settings) {
  Poco::Net::Context::Params params;
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
  params.loadDefaultCAs = settings.ca.empty();
  params.caLocation = settings.ca;
  Poco::Net::Context::Ptr context(new Poco::Net::Context(Poco::Net::Context::CLIENT_USE, params));
  context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  return context;
}

// A session that knows whose certificate it must see, and takes the way of
// logging in that the server offers. Poco's own STARTTLS over a socket of ours
// would hold the certificate against an address in place of a name.
class MailSession : public SMTPClientSession {
 public:
  using SMTPClientSession::SMTPClientSession;

  void start_tls(const SmtpSettings& settings) {
    std::string response;
    constexpr int kReady = 220;
    if (const int status = sendCommand("STARTTLS", response); status != kReady)
      throw Poco::Net::SMTPException(
          "the server offers no STARTTLS; set smtp.tls to tls, or to none where the way is safe", response);
    Poco::Net::SecureStreamSocket safe(
        Poco::Net::SecureStreamSocket::attach(socket(), settings.host, safe_context(settings)));
    socket() = safe;
  }
  // Greets again, as RFC 3207 §4.2 has it after STARTTLS.
  void log_in(const SmtpSettings& settings) {
    std::string offers;
    login(Poco::Environment::nodeName(), offers);
    if (settings.user.empty()) return;
    if (offers.find("CRAM-MD5") != std::string::npos) return loginUsingCRAMMD5(settings.user, settings.password);
    if (offers.find("PLAIN") != std::string::npos) return loginUsingPlain(settings.user, settings.password);
    if (offers.find("LOGIN") != std::string::npos) return loginUsingLogin(settings.user, settings.password);
    throw Poco::Net::SMTPException("the server offers none of CRAM-MD5, PLAIN, LOGIN; take smtp.user out", offers);
  }
};

void fill(Poco::Net::MailMessage& message, const SmtpSettings& settings, const Letter& letter) {
  message.setSender(settings.from);
  for (const auto& to : letter.to)
    message.addRecipient(Poco::Net::MailRecipient(Poco::Net::MailRecipient::PRIMARY_RECIPIENT, to));
  message.setSubject(Poco::Net::MailMessage::encodeWord(letter.subject, "UTF-8"));
  message.set("Message-ID", fmt::format("<{}>", letter.id));
  message.set("Auto-Submitted", "auto-generated");  // RFC 3834: nobody's holiday answers it
  message.addContent(new Poco::Net::StringPartSource(letter.text, "text/plain; charset=UTF-8"),
                     Poco::Net::MailMessage::ENCODING_BASE64);
  const auto& file = letter.attachment;
  message.addAttachment(file.name, new Poco::Net::StringPartSource(file.bytes, file.content_type, file.name),
                        Poco::Net::MailMessage::ENCODING_BASE64);
}

// A letter that was taken is sent, whatever becomes of the goodbye.
void hand_over(MailSession& session, const SmtpSettings& settings, const Letter& letter) {
  Poco::Net::MailMessage message;
  fill(message, settings, letter);
  session.sendMessage(message);
  try {
    session.close();
  } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch)
  }
}

Poco::Net::StreamSocket connected(const SmtpSettings& settings) {
  const Poco::Timespan wait(kWaitS, 0);
  const Poco::Net::SocketAddress address(settings.host, settings.port);
  if (settings.safety == SmtpSettings::Safety::tls) {
    Poco::Net::SecureStreamSocket socket(safe_context(settings));
    socket.setPeerHostName(settings.host);
    socket.connect(address, wait);
    return socket;
  }
  Poco::Net::StreamSocket socket;
  socket.connect(address, wait);
  return socket;
}

void send(const SmtpSettings& settings, const Letter& letter) {
  MailSession session(connected(settings));
  session.setTimeout(Poco::Timespan(kWaitS, 0));
  session.login();
  if (settings.safety == SmtpSettings::Safety::starttls) session.start_tls(settings);
  session.log_in(settings);
  hand_over(session, settings, letter);
}

hkl_status status_of(int code) {
  constexpr int kNotLetIn = 535, kForGood = 500;
  if (code == kNotLetIn || code == 530 || code == 534) return HKL_AUTH;
  return code >= kForGood ? HKL_INVALID : HKL_UNAVAILABLE;
}

}  // namespace

Done send_mail(const SmtpSettings& settings, const Letter& letter) {
  const auto where = fmt::format("mail by {}:{}", settings.host, settings.port);
  try {
    send(settings, letter);
    return {};
  } catch (const Poco::Net::SMTPException& error) {
    return fail(status_of(error.code()), fmt::format("{}: {}", where, error.displayText()));
  } catch (const Poco::Exception& error) {
    return fail(HKL_UNAVAILABLE, fmt::format("{}: {}", where, error.displayText()));
  }
}

}  // namespace hkl
