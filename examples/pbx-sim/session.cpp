#include "session.h"

#include <Poco/MD5Engine.h>
#include <Poco/String.h>
#include <Poco/StringTokenizer.h>

#include <algorithm>

namespace pbx_sim {
namespace {

// An action of a client is a few lines; more without an end is no client.
constexpr std::size_t kLongestAction = 65536;

std::string response(std::string_view word, const AmiMessage& action, std::string_view message,
                     const std::string& more = {}) {
  auto text = line("Response", word);
  if (!action["ActionID"].empty()) text += line("ActionID", action["ActionID"]);
  if (!message.empty()) text += line("Message", message);
  return text + more + "\r\n";
}

std::string md5_hex(const std::string& text) {
  Poco::MD5Engine md5;
  md5.update(text);
  return Poco::DigestEngine::digestToHex(md5.digest());
}

std::vector<std::string> words_of(std::string_view list) {
  const Poco::StringTokenizer words(std::string(list), ",",
                                    Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
  return {words.begin(), words.end()};
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string Session::feed(std::string_view bytes) {
  rest_ += bytes;
  std::string out;
  while (!is_over_) {
    // Clients end lines by CRLF; Asterisk takes a bare LF too.
    const auto crlf = rest_.find("\r\n\r\n");
    const auto lf = rest_.find("\n\n");
    const auto end = std::min(crlf == std::string::npos ? crlf : crlf + 4, lf == std::string::npos ? lf : lf + 2);
    if (end == std::string::npos) break;
    const AmiMessage action(rest_.substr(0, end));
    rest_.erase(0, end);
    out += answer(action);
  }
  if (rest_.size() > kLongestAction) is_over_ = true;
  return out;
}

std::string Session::answer(const AmiMessage& action) {
  const auto name = Poco::toLower(std::string(action["Action"]));
  const auto id = action["ActionID"];
  if (name == "challenge") {
    if (Poco::icompare(std::string(action["AuthType"]), "MD5") != 0)
      return response("Error", action, "Must specify AuthType");
    return response("Success", action, "", line("Challenge", challenge_));
  }
  if (name == "login") return log_in(action);
  if (name == "logoff") {
    is_over_ = true;
    return response("Goodbye", action, "Thanks for all the fish.");
  }
  if (!is_logged_in_) return response("Error", action, "Permission denied");
  if (name == "ping") return response("Success", action, "", line("Ping", "Pong"));
  if (name == "events") {
    set_mask(action["EventMask"]);
    return response("Success", action, "", line("Events", hears_all_ || !classes_.empty() ? "On" : "Off"));
  }
  if (name == "coreshowchannels") return state_.channel_list(id);
  if (name == "status") return state_.status_list(id);
  if (name == "queuestatus") return state_.queue_list(id);
  return response("Error", action, "Invalid/unknown command");
}

std::string Session::log_in(const AmiMessage& action) {
  const bool is_md5 = Poco::icompare(std::string(action["AuthType"]), "MD5") == 0;
  const bool knows_secret = is_md5
                                ? Poco::icompare(std::string(action["Key"]), md5_hex(challenge_ + account_.secret)) == 0
                                : action["Secret"] == account_.secret;
  if (action["Username"] != account_.username || !knows_secret) {
    is_over_ = true;
    return response("Error", action, "Authentication failed");
  }
  is_logged_in_ = true;
  if (!action["Events"].empty()) set_mask(action["Events"]);
  const auto up = std::to_string(state_.uptime_s(now_s_()));
  return response("Success", action, "Authentication accepted") + line("Event", "FullyBooted") +
         line("Privilege", "system,all") + line("Uptime", up) + line("LastReload", up) +
         line("Status", "Fully Booted") + "\r\n";
}

void Session::set_mask(std::string_view mask) {
  const auto words = words_of(Poco::toLower(std::string(mask)));
  hears_all_ = contains(words, "on") || contains(words, "all");
  classes_ = hears_all_ || contains(words, "off") ? std::vector<std::string>() : words;
}

bool Session::hears(const AmiMessage& event) const {
  if (!is_logged_in_ || is_over_) return false;
  if (hears_all_) return true;
  if (classes_.empty()) return false;
  const auto wanted = words_of(event["Privilege"]);
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& one) { return one == "all" || contains(classes_, one); });
}

}  // namespace pbx_sim
