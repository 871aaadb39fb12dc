// Letters by SMTP (RFC 5321), by Poco.
#pragma once

#include <string>
#include <vector>

#include "config/schedules.h"
#include "values/result.h"

namespace hkl {

struct Letter {
  std::vector<std::string> to;
  std::string subject, text;  // UTF-8
  std::string id;             // of the letter, the same when it is sent again
  struct Attachment {
    std::string name, content_type, bytes;
  } attachment;
};

// Blocks, at most about a minute. HKL_INVALID: the server will never take it;
// HKL_AUTH: it does not let us in; HKL_UNAVAILABLE: not now.
Done send_mail(const SmtpSettings& settings, const Letter& letter);

}  // namespace hkl
