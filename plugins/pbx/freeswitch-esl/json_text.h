// JSON as FreeSWITCH writes it, scanned in place: its events hold texts alone,
// its call records are nested but shallow. A record posted with encode=true
// arrives with quotes inside its texts that nothing escapes; for those a quote
// ends a text only where JSON's structure goes on behind it.
#pragma once

#include <string>
#include <string_view>

namespace freeswitch {

class JsonScanner {
 public:
  // `is_bare`: texts may hold unescaped quotes and line ends.
  explicit JsonScanner(std::string_view text, bool is_bare = false) : text_(text), is_bare_(is_bare) {}

  // The next character that is no blank; 0 at the end.
  char peek();
  bool take(char c);
  // A quoted text, without its quotes; `is_escaped`: it holds escapes.
  bool text(std::string_view& out, bool& is_escaped);
  // Whatever value comes next. False: there is none, or it is nested too deeply.
  bool skip_value(int depth = 0);
  // A number or a word, as it stands.
  std::string_view scalar();
  bool is_at_end() { return peek() == '\0'; }

 private:
  bool ends_here(std::size_t quote) const;
  std::string_view text_;
  std::size_t at_ = 0;
  bool is_bare_;
};

// Put behind what stands in `out`.
void put_json_unescaped(std::string_view text, std::string& out);
std::string json_unescaped(std::string_view text);

}  // namespace freeswitch
