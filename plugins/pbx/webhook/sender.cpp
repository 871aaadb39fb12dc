#include "sender.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "digest_text.h"

namespace webhook {
namespace {

bool same_secret(std::string_view given, std::string_view known) {
  unsigned differs = given.size() == known.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i)
    differs |= static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^
                                     (known.empty() ? 0U : static_cast<unsigned char>(known[i % known.size()])));
  return differs == 0 && !known.empty();
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;
};

// IPv4 as it stands within IPv6, so that "::ffff:10.0.0.1" is 10.0.0.1.
std::optional<Address> address_of(std::string_view text) {
  const std::string copy(text);
  Address out;
  if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out.bits = 128, out;
  out.bytes[10] = out.bytes[11] = 0xFF;
  if (inet_pton(AF_INET, copy.c_str(), out.bytes.data() + 12) == 1) return out.bits = 32, out;
  return std::nullopt;
}

struct Network {
  Address address;
  unsigned prefix = 0;
};

std::optional<Network> network_of(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = address_of(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned prefix = address->bits;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > address->bits) return std::nullopt;
  }
  return Network{*address, prefix + 128 - address->bits};
}

bool is_within(std::string_view peer, Node networks) {
  const auto address = address_of(peer);
  if (!address || !networks.is_list()) return false;
  const auto list = networks.items();
  return std::any_of(list.begin(), list.end(), [&](Node item) {
    const auto network = network_of(Text(item));
    if (!network) return false;
    for (unsigned bit = 0; bit < network->prefix; ++bit)
      if (((address->bytes[bit / 8] ^ network->address.bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
    return true;
  });
}

std::string_view bytes_of(const Fields& fields, std::string_view name) {
  for (const auto& [known, value] : fields)
    if (known == name) return value;
  return {};
}

std::string sorted_form(Fields form) {
  std::sort(form.begin(), form.end());
  form.erase(std::unique(form.begin(), form.end()), form.end());
  std::string out;
  for (const auto& [name, value] : form) out.append(name).append(value);
  return out;
}

// "query.t", "header.X", "field.f", "path.0", "basic".
std::string_view given_token(std::string_view where, const Scope& scope, const RequestTree& fields) {
  const auto dot = where.find('.');
  const auto kind = where.substr(0, dot);
  const auto name = dot == std::string_view::npos ? std::string_view() : where.substr(dot + 1);
  if (kind == "query") return bytes_of(fields.query, name);
  if (kind == "header") return scope.request.header(name);
  if (kind == "basic") return scope.request.header("Authorization");
  if (kind == "path") {
    const auto index = number_of(Node::text(name)).value_or(0);
    auto parts = split(scope.request.path, "/");
    parts.erase(std::remove(parts.begin(), parts.end(), ""), parts.end());
    const bool is_there = index >= 0 && index < static_cast<double>(parts.size());
    return is_there ? scope.room.keep(parts[static_cast<std::size_t>(index)]) : std::string_view();
  }
  if (const auto sent = bytes_of(fields.form, name); !sent.empty()) return sent;
  return scope.room.keep(Text(at_path(scope.tree, split(name, "."))));
}

// Valid as long as the settings and the request's room.
std::string_view setting(const Scope& scope, std::string_view name) {
  const auto value = scope.settings[name];
  return value.is_text() ? value.text() : scope.room.keep(Text(value));
}

std::string known_setting(const Json& source, const char* member, const Vocabulary& words, const Place& place) {
  const auto there = place / member;
  if (!source.contains(member)) there.fail("name the setting that holds it, and declare it under settings");
  auto name = there.text(source[member]);
  if (name.starts_with("$")) name.erase(0, 1);
  if (!words.settings->contains(name)) {
    std::vector<std::string> known;
    for (const auto& [setting, value] : words.settings->items()) known.push_back(setting);
    there.fail_unknown("setting", name, known);
  }
  return name;
}

}  // namespace

Sender::Signature Sender::compile_signature(const Json& source, const Vocabulary& words, const Place& place) {
  place.check_members(source, {"kind", "algorithm", "key", "over", "encoding", "in"});
  for (const auto* member : {"kind", "algorithm", "over", "encoding", "in"})
    if (!source.contains(member)) place.fail(std::string("\"") + member + "\" is missing");
  Signature sign;
  const auto kind = (place / "kind").text(source["kind"]);
  if (kind != "hmac" && kind != "hash") (place / "kind").fail_unknown("kind of signature", kind, {"hmac", "hash"});
  sign.is_hmac = kind == "hmac";
  const auto& algorithms = digest_algorithms();
  const auto algorithm = (place / "algorithm").text(source["algorithm"]);
  const auto found = std::find(algorithms.begin(), algorithms.end(), algorithm);
  if (found == algorithms.end()) (place / "algorithm").fail_unknown("algorithm", algorithm, algorithms);
  sign.algorithm = HKL_DIGEST_MD5 + static_cast<std::uint32_t>(found - algorithms.begin());
  if (sign.is_hmac) sign.key = known_setting(source, "key", words, place);
  sign.over = (place / "over").texts(source["over"]);
  for (std::size_t i = 0; i < sign.over.size(); ++i) {
    const auto& part = sign.over[i];
    if (part.starts_with("$") && part != "$body" && !part.starts_with("$header.") &&
        !words.settings->contains(part.substr(1)))
      (place / "over")[i].fail_unknown("setting", part.substr(1), {"body", "header.NAME"});
  }
  sign.encoding = (place / "encoding").text(source["encoding"]);
  const auto& encodings = digest_encodings();
  if (std::find(encodings.begin(), encodings.end(), sign.encoding) == encodings.end())
    (place / "encoding").fail_unknown("encoding", sign.encoding, encodings);
  sign.in = (place / "in").text(source["in"]);
  if (!sign.in.starts_with("header.") && !sign.in.starts_with("field.") && !sign.in.starts_with("query."))
    (place / "in").fail("write header.NAME, field.NAME or query.NAME");
  return sign;
}

Sender Sender::compile(const Json& rules, const Vocabulary& words, const Place& place) {
  Sender sender;
  const auto& list = place.list(rules);
  if (list.empty()) place.fail("say how the sender is known; {open: true} lets everybody in");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto there = place[i];
    const auto& source = list[i];
    there.check_members(source, {"when", "token", "secret", "networks", "sign", "within", "open", "refuse"});
    Rule rule;
    if (source.contains("when")) {
      rule.when = Condition::compile(source["when"], words, there / "when");
      sender.needs_body_ = true;
    }
    rule.is_open = text_of(source.value("open", Json())) == "true";
    if (source.contains("token")) {
      rule.token = (there / "token").text(source["token"]);
      const auto kind = rule.token.substr(0, rule.token.find('.'));
      if (kind != "query" && kind != "header" && kind != "field" && kind != "path" && kind != "basic")
        (there / "token").fail_unknown("place of a token", kind, {"query", "header", "field", "path", "basic"});
      rule.secret = known_setting(source, "secret", words, there);
      if (kind == "field") sender.needs_body_ = true;
    }
    if (source.contains("networks")) {
      rule.networks = known_setting(source, "networks", words, there);
      for (const auto& item : (*words.settings)[rule.networks])
        if (!network_of(text_of(item)))
          throw hookline::Failure(HKL_BAD_SETTINGS, "settings: " + rule.networks + ": \"" + text_of(item) +
                                                        "\" is no address or network; write 10.0.0.5 or 10.0.0.0/8");
    }
    if (source.contains("sign")) rule.sign = compile_signature(source["sign"], words, there / "sign");
    if (source.contains("within")) {
      const auto& within = source["within"];
      (there / "within").check_members(within, {"time", "s"});
      rule.time = Value::compile(within.value("time", Json()), words, there / "within" / "time");
      rule.window_s = number_of(within.value("s", Json())).value_or(0);
      if (!rule.time.is_set() || rule.window_s <= 0) (there / "within").fail("write {time: VALUE, s: SECONDS}");
    }
    if (source.contains("refuse")) {
      const auto status = number_of(source["refuse"]).value_or(0);
      if (status < 400 || status > 499) (there / "refuse").fail("a status from 400 to 499 was expected");
      rule.status = static_cast<std::uint32_t>(status);
    }
    if (!rule.is_open && rule.token.empty() && rule.networks.empty() && !rule.sign)
      there.fail("a rule needs token, networks, sign or {open: true}");
    sender.rules_.push_back(std::move(rule));
  }
  return sender;
}

bool Sender::is_signed(const Signature& sign, const Scope& scope, const RequestTree& fields, const Vocabulary& words) {
  std::string text;
  for (const auto& part : sign.over) {
    if (part == "$body") {
      text += scope.request.body;
    } else if (part == "url") {
      text += scope.request.url;
    } else if (part == "sorted_form") {
      text += sorted_form(fields.form);
    } else if (part.starts_with("$header.")) {
      text += scope.request.header(part.substr(8));
    } else if (part.starts_with("$")) {
      text += setting(scope, part.substr(1));
    } else {
      text += given_token(scope.room.join({"field.", part}), scope, fields);
    }
  }
  const auto key = sign.is_hmac ? std::optional(std::string(setting(scope, sign.key))) : std::nullopt;
  const auto known = digest_of(words.host, sign.algorithm, key, text, sign.encoding);
  if (!known) return false;
  std::string given(given_token(sign.in, scope, fields));
  if (sign.encoding == "hex")
    for (auto& c : given)
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return same_secret(given, *known);
}

std::optional<Refusal> Sender::judge(const Rule& rule, const Scope& scope, const RequestTree& fields,
                                     const Vocabulary& words) {
  const auto refusal = [&](const char* reason, std::string detail) {
    return Refusal{rule.status, reason, std::move(detail)};
  };
  const auto is_sent = [&](const std::string& where) { return !given_token(where, scope, fields).empty(); };
  if (!rule.networks.empty() && !is_within(scope.request.peer, scope.settings[rule.networks]))
    return refusal("bad_address", std::string(scope.request.peer) + " is in none of the networks in " + rule.networks);
  if (!rule.token.empty()) {
    auto known = setting(scope, rule.secret);
    if (known.empty()) return refusal("bad_credential", "the setting " + rule.secret + " is empty");
    if (rule.token == "basic") known = scope.room.join({"Basic ", base64_of(known)});
    if (!same_secret(given_token(rule.token, scope, fields), known))
      return refusal("bad_credential",
                     rule.token + (is_sent(rule.token) ? " is not the setting " + rule.secret : " is not there"));
  }
  if (rule.sign && !is_signed(*rule.sign, scope, fields, words)) {
    std::string over;
    for (const auto& part : rule.sign->over) over += (over.empty() ? "" : ", ") + part;
    return refusal("bad_signature",
                   rule.sign->in + (is_sent(rule.sign->in) ? " is not the signature over " + over : " is not there"));
  }
  // Of a recording the clock is not ours.
  if (rule.window_s > 0 && !scope.request.is_capture) {
    const auto at = number_of(rule.time.of(scope));
    if (!at) return refusal("replayed", "the time that is signed is not there");
    const auto off = std::abs(static_cast<double>(scope.request.received_ms) / 1000 - *at);
    if (off > rule.window_s)
      return refusal("replayed", "what was signed is " + std::to_string(std::llround(off)) + " s off, " +
                                     std::to_string(std::llround(rule.window_s)) + " s are allowed");
  }
  return std::nullopt;
}

std::optional<Refusal> Sender::refuse(const Scope& scope, const RequestTree& fields, const Vocabulary& words) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].when.holds(scope)) continue;
    auto refusal = judge(rules_[i], scope, fields, words);
    if (refusal) refusal->detail.insert(0, "auth[" + std::to_string(i) + "]: ");
    return refusal;
  }
  return Refusal{401, "bad_credential", "auth: no rule is for such a request"};
}

}  // namespace webhook
