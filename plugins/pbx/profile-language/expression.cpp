#include "expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <regex>

#include "digest_text.h"

namespace profile {
namespace {

using Eval = std::function<Node(const Scope&)>;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

Eval compile_dollar(const std::string& text, const Vocabulary& words, const Place& place) {
  const auto name = text.substr(1);
  constexpr std::string_view kHeader = "header.", kUp = "up.";
  const auto path = split(name, ".");
  if (!words.is_of_requests && path[0] == "before")
    return [rest = std::vector(path.begin() + 1, path.end())](const Scope& s) { return at_path(s.before, rest); };
  if (words.is_of_requests && name == "path") {
    return [](const Scope& s) {
      const auto first = s.request.path.find_first_not_of('/');
      return first == std::string_view::npos ? Node() : Node::text(s.request.path.substr(first));
    };
  }
  if (words.is_of_requests && name == "method") return [](const Scope& s) { return Node::text(s.request.method); };
  if (name == "peer") return [](const Scope& s) { return Node::text(s.request.peer); };
  if (name == "received")
    return [](const Scope& s) { return Node::number(static_cast<double>(s.request.received_ms) / 1000); };
  if (name == "item") return [](const Scope& s) { return s.tree; };
  if (words.is_of_requests && name.starts_with(kHeader))
    return [header = name.substr(kHeader.size())](const Scope& s) { return Node::text(s.request.header(header)); };
  if (name.starts_with(kUp))
    return [path = split(name.substr(kUp.size()), ".")](const Scope& s) { return at_path(s.whole, path); };
  if (words.settings == nullptr || !words.settings->contains(path[0])) {
    std::vector<std::string> known{"peer", "received", "item", "up.FIELD"};
    for (const auto* word : {"path", "method", "header.NAME"})
      if (words.is_of_requests) known.emplace_back(word);
    if (!words.is_of_requests) known.emplace_back("before.FIELD");
    if (words.settings != nullptr)
      for (const auto& [setting, value] : words.settings->items()) known.push_back(setting);
    place.fail_unknown("setting or word", path[0], known);
  }
  return [path](const Scope& s) { return at_path(s.settings, path); };
}

// A member of the message and nothing else: no word, number or setting, no
// steps, no alternatives.
bool is_member(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return !text.empty() && text[0] != '=' && text[0] != '$' && text != "true" && text != "false" && !is_number &&
         text.find(' ') == std::string::npos;
}

Eval compile_head(const std::string& text, const Vocabulary& words, const Place& place) {
  if (text.empty()) place.fail("a value is missing here");
  if (text[0] == '=') return [word = text.substr(1)](const Scope&) { return Node::text(word); };
  if (text == "true" || text == "false") return [is = text == "true"](const Scope&) { return Node::truth(is); };
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size())
    return [number](const Scope&) { return Node::number(number); };
  if (text[0] == '$') return compile_dollar(text, words, place);
  if (text.find(' ') != std::string::npos)
    place.fail("\"" + text + "\" has a blank; write a text itself as \"=" + text + "\"");
  return [path = split(text, ".")](const Scope& s) { return at_path(s.tree, path); };
}

Eval compile_chain(const std::string& text, const Vocabulary& words, const Place& place) {
  const auto parts = split(text, " > ");
  auto head = compile_head(trimmed(parts[0]), words, place);
  std::vector<Step> steps;
  for (std::size_t i = 1; i < parts.size(); ++i) steps.push_back(make_step(trimmed(parts[i]), words, place));
  if (steps.empty()) return head;
  return [head = std::move(head), steps = std::move(steps)](const Scope& scope) {
    auto value = head(scope);
    for (const auto& step : steps) {
      if (!is_there(value)) return Node();
      value = step(value, scope);
    }
    return value;
  };
}

Eval compile_text(const std::string& text, const Vocabulary& words, const Place& place) {
  std::vector<Eval> ways;
  for (const auto& part : split(text, " | ")) ways.push_back(compile_chain(part, words, place));
  return [ways = std::move(ways)](const Scope& scope) {
    for (const auto& way : ways)
      if (const auto value = way(scope); is_there(value)) return value;
    return Node();
  };
}

Eval compile_sum(const Json& source, double sign, const Vocabulary& words, const Place& place) {
  const auto& list = place.list(source);
  if (list.size() != 2) place.fail("two values are wanted");
  return [a = Value::compile(list[0], words, place[0]), b = Value::compile(list[1], words, place[1]),
          sign](const Scope& scope) {
    const auto first = number_of(a.of(scope)), second = number_of(b.of(scope));
    return first && second ? Node::number(*first + sign * *second) : Node();
  };
}

// Nothing where one of them is not there.
Eval compile_join(const Json& source, const Vocabulary& words, const Place& place) {
  place.check_members(source, {"join", "by"});
  const auto& list = (place / "join").list(source["join"]);
  std::vector<Value> parts;
  for (std::size_t i = 0; i < list.size(); ++i) parts.push_back(Value::compile(list[i], words, (place / "join")[i]));
  return [parts = std::move(parts), by = text_of(source.value("by", Json()))](const Scope& scope) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Text part(parts[i].of(scope));
      if (part.view().empty()) return Node();
      text.append(i > 0 ? by : "").append(part);
    }
    return scope.room.text(text);
  };
}

std::string joined(const std::vector<Value>& parts, const Scope& scope) {
  std::string text;
  for (const auto& part : parts) text += Text(part.of(scope)).view();
  return text;
}

std::vector<Value> compile_list(const Json& source, const Vocabulary& words, const Place& place) {
  std::vector<Value> out;
  const auto& list = place.list(source);
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(Value::compile(list[i], words, place[i]));
  return out;
}

// {hash: sha256, over: […], encoding: hex} and {hmac: sha1, key: V, over: […], encoding: …}
Eval compile_digest(const Json& source, const Vocabulary& words, const Place& place) {
  const bool is_hmac = source.contains("hmac");
  const auto* kind = is_hmac ? "hmac" : "hash";
  place.check_members(source, is_hmac ? std::vector<std::string>{"hmac", "key", "over", "encoding"}
                                      : std::vector<std::string>{"hash", "over", "encoding"});
  const auto& algorithms = digest_algorithms();
  const auto algorithm = (place / kind).text(source[kind]);
  const auto found = std::find(algorithms.begin(), algorithms.end(), algorithm);
  if (found == algorithms.end()) (place / kind).fail_unknown("algorithm", algorithm, algorithms);
  const auto number = HKL_DIGEST_MD5 + static_cast<std::uint32_t>(found - algorithms.begin());
  const auto encoding = source.contains("encoding") ? (place / "encoding").text(source["encoding"]) : "hex";
  const auto& encodings = digest_encodings();
  if (std::find(encodings.begin(), encodings.end(), encoding) == encodings.end())
    (place / "encoding").fail_unknown("encoding", encoding, encodings);
  auto key = Value::compile(source.value("key", Json()), words, place / "key");
  if (is_hmac && !key.is_set()) (place / "key").fail("say what the HMAC is made with, as $secret");
  return [host = words.host, number, encoding, is_hmac, key = std::move(key),
          over = compile_list(source.value("over", Json()), words, place / "over")](const Scope& scope) {
    const auto with = is_hmac ? std::optional(Text(key.of(scope)).str()) : std::nullopt;
    const auto text = digest_of(host, number, with, joined(over, scope), encoding);
    return text ? scope.room.text(*text) : Node();
  };
}

// {basic: [USER, PASSWORD]}, as it stands in the header Authorization.
Eval compile_basic(const Json& source, const Vocabulary& words, const Place& place) {
  auto parts = compile_list(source, words, place);
  if (parts.size() != 2) place.fail("two values are wanted, the user and the password");
  return [parts = std::move(parts)](const Scope& scope) {
    const Text user(parts[0].of(scope)), password(parts[1].of(scope));
    return scope.room.text("Basic " + base64_of(user.str() + ":" + password.str()));
  };
}

Eval compile_cases(const Json& source, const Vocabulary& words, const Place& place) {
  std::vector<std::pair<Condition, Value>> cases;
  const auto& list = place.list(source);
  for (std::size_t i = 0; i < list.size(); ++i) {
    place[i].check_members(list[i], {"when", "is"});
    auto when = list[i].contains("when") ? Condition::compile(list[i]["when"], words, place[i] / "when") : Condition();
    cases.emplace_back(std::move(when), Value::compile(list[i].value("is", Json()), words, place[i] / "is"));
  }
  return [cases = std::move(cases)](const Scope& scope) {
    for (const auto& [when, is] : cases)
      if (when.holds(scope)) return is.of(scope);
    return Node();
  };
}

Eval compile_map(const Json& source, const Vocabulary& words, const Place& place) {
  if (source.contains("if")) {
    place.check_members(source, {"if", "then", "else"});
    return [when = Condition::compile(source["if"], words, place / "if"),
            then = Value::compile(source.value("then", Json()), words, place / "then"),
            otherwise = Value::compile(source.value("else", Json()), words, place / "else")](const Scope& scope) {
      return when.holds(scope) ? then.of(scope) : otherwise.of(scope);
    };
  }
  if (source.contains("join")) return compile_join(source, words, place);
  if (source.contains("hash") || source.contains("hmac")) return compile_digest(source, words, place);
  place.check_members(source, {"if", "cases", "plus", "minus", "join", "hash", "hmac", "basic"});
  if (source.contains("basic")) return compile_basic(source["basic"], words, place / "basic");
  if (source.contains("cases")) return compile_cases(source["cases"], words, place / "cases");
  if (source.contains("plus")) return compile_sum(source["plus"], 1, words, place / "plus");
  if (source.contains("minus")) return compile_sum(source["minus"], -1, words, place / "minus");
  place.fail(
      "a map is a value as {if: …, then: …}, {cases: […]}, {plus: […]}, {minus: […]}, {join: […], by: …}, "
      "{hash: …, over: […]}, {hmac: …, key: …, over: […]} or {basic: […]}");
}

// One right side of a condition: what the left side has to be.
using Test = std::function<bool(Node left, const Scope& scope)>;
Test compile_test(const Json& source, const Vocabulary& words, const Place& place) {
  if (source.is_array()) {
    std::vector<Test> any;
    for (std::size_t i = 0; i < source.size(); ++i) any.push_back(compile_test(source[i], words, place[i]));
    return [any = std::move(any)](Node left, const Scope& scope) {
      return std::any_of(any.begin(), any.end(), [&](const auto& test) { return test(left, scope); });
    };
  }
  const auto text = text_of(source);
  if (source.is_object()) place.fail("a word, a list of words or a comparison was expected");
  if (text == "present") return [](Node left, const Scope&) { return is_there(left); };
  if (text == "absent") return [](Node left, const Scope&) { return !is_there(left); };
  if (text.starts_with("==")) {
    return [right = Value::compile(trimmed(text.substr(2)), words, place)](Node left, const Scope& scope) {
      return Text(left).view() == Text(right.of(scope)).view();
    };
  }
  if (text.size() > 1 && text[0] == '~') {
    try {
      return [regex = std::regex(text.substr(1))](Node left, const Scope&) {
        const Text whole(left);
        const auto text = whole.view().substr(0, 1000);  // the library's matcher recurses
        return std::regex_search(text.begin(), text.end(), regex);
      };
    } catch (const std::regex_error& e) {
      place.fail("\"" + text.substr(1) + "\" is no regular expression: " + e.what());
    }
  }
  if (text.size() > 1 && (text[0] == '>' || text[0] == '<')) {
    const bool with_equal = text[1] == '=';
    const auto limit = number_of(trimmed(text.substr(with_equal ? 2 : 1)));
    if (!limit) place.fail("\"" + text + "\" compares with no number");
    return [above = text[0] == '>', with_equal, limit = *limit](Node left, const Scope&) {
      const auto number = number_of(left);
      return number && ((above ? *number > limit : *number < limit) || (with_equal && *number == limit));
    };
  }
  return [text](Node left, const Scope&) { return Text(left).view() == text; };
}

}  // namespace

Value Value::compile(const Json& source, const Vocabulary& words, const Place& place) {
  if (is_null(source)) return {};
  if (source.is_boolean() || source.is_number())
    return Value({[scalar = words.constants->node_of(source)](const Scope&) { return scalar; }, {}});
  if (source.is_string()) {
    const auto& text = source.get_ref<const std::string&>();
    return is_member(text) ? Value({nullptr, split(text, ".")}) : Value({compile_text(text, words, place), {}});
  }
  if (source.is_object()) return Value({compile_map(source, words, place), {}});
  place.fail("a list is no value; use {cases: […]}, or | between alternatives");
}

Condition Condition::compile(const Json& source, const Vocabulary& words, const Place& place) {
  Condition condition;
  for (const auto& [left, right] : place.map(source).items()) {
    const auto there = place / left;
    if (left == "any") {
      std::vector<Condition> any;
      const auto& list = there.list(right);
      for (std::size_t i = 0; i < list.size(); ++i) any.push_back(compile(list[i], words, there[i]));
      condition.tests_.push_back([any = std::move(any)](const Scope& scope) {
        return std::any_of(any.begin(), any.end(), [&](const Condition& one) { return one.holds(scope); });
      });
    } else if (left == "not") {
      condition.tests_.push_back(
          [one = compile(right, words, there)](const Scope& scope) { return !one.holds(scope); });
    } else {
      condition.tests_.push_back(
          [value = Value::compile(Json(left), words, there),
           test = compile_test(right, words, there)](const Scope& scope) { return test(value.of(scope), scope); });
    }
  }
  return condition;
}

bool Condition::holds(const Scope& scope) const {
  return std::all_of(tests_.begin(), tests_.end(), [&](const Test& test) { return test(scope); });
}

}  // namespace profile
