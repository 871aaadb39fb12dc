#include "api_tokens.h"

#include <Poco/Data/Statement.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <Poco/Timestamp.h>

#include "secrets.h"

namespace crm {
namespace {

using namespace Poco::Data::Keywords;

constexpr const char* kAudience = "hookline-crm";

}  // namespace

ApiTokens::ApiTokens(Database& database, Users& users) : users_(users) {
  std::string fresh = random_token();
  database.with([&](Poco::Data::Session& db) {
    db << "INSERT OR IGNORE INTO secrets VALUES ('jwt', ?)", use(fresh), now;
    db << "SELECT value FROM secrets WHERE name = 'jwt'", into(key_), now;
  });
}

std::string ApiTokens::issue(const User& user) const {
  Poco::JWT::Token token;
  token.setType("JWT");
  token.setSubject(user.login);
  token.setAudience(kAudience);
  token.setIssuedAt(Poco::Timestamp());
  token.setExpiration(Poco::Timestamp() + Poco::Timespan(kLifeSeconds, 0));
  return Poco::JWT::Signer(key_).sign(token, Poco::JWT::Signer::ALGO_HS256);
}

std::optional<User> ApiTokens::verify(const std::string& text) const {
  Poco::JWT::Token token;
  Poco::JWT::Signer signer(key_);
  // Only ours: "none" and the public-key algorithms are refused.
  signer.setAlgorithms({Poco::JWT::Signer::ALGO_HS256});
  try {
    if (!signer.tryVerify(text, token)) return std::nullopt;
  } catch (const Poco::Exception&) {
    return std::nullopt;  // no token at all: it throws at what it cannot parse
  }
  if (token.getAudience() != std::vector<std::string>{kAudience} || token.getExpiration() <= Poco::Timestamp())
    return std::nullopt;
  return users_.find(token.getSubject());
}

}  // namespace crm
