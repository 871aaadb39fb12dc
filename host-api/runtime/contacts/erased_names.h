// What stands in place of a person who was erased, and the finding of all that
// has to go (DESIGN section 12): numbers however they are written, e-mails,
// visitors, names, and ids that were made of them.
//
// Tokens are random: nothing kept here or anywhere leads from one back to the
// person. Equal numbers get equal tokens within one erasing, so that counts by
// number and contact stay what they were.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hkl {

// "erased-7495cl-kqzjwnbvtyhplmxs" in place of a number in E.164: random
// letters, and before them no more of its beginning than tells the region
// (region_of_number answers for the token what it did for the number). Another
// one at each call. Takes randomness from the system; throws std::exception
// where that has none.
std::string erased_number(std::string_view number);
// In place of an e-mail, a visitor or any other name: "erased-kqzjwnbvtyhplmxs".
std::string erased_name();
bool is_erased(std::string_view text);
// A number of the region that an erased one had; "" where that is not known.
std::string number_like(std::string_view erased);

// Bytes of the sign between two digits of a number that stands at `at`; 0: none
// stands there. Blank, - ( ) . / and what is copied from pages and messengers:
// spaces that do not break (U+00A0, U+2000 to U+200A, U+202F), hyphens and
// dashes (U+2010 to U+2015), the minus (U+2212).
std::size_t size_of_sign(std::string_view text, std::size_t at);

// Puts tokens in place of what was added. Immutable once made; then thread-safe.
class NameEraser {
 public:
  // E.164 or digits. Found as people and switches write it: with or without
  // country, trunk prefix and the usual signs between digits. One of fewer than
  // seven digits is found only where it is the whole text.
  void add_number(const std::string& number, const std::string& token);
  void add_email(const std::string& email, const std::string& token);  // in any case of letters
  void add_whole(const std::string& text, const std::string& token);   // where it is the whole text
  void add_part(const std::string& text, const std::string& token);    // an id or a name, within a text too

  bool is_in(std::string_view text) const;
  // False: nothing of it was there.
  bool erase(std::string& text) const;
  // Every text within, keys left alone.
  bool erase(nlohmann::ordered_json& value) const;

 private:
  struct Number {
    std::string digits, country, token;  // digits: without the country's
  };
  struct Found {
    std::size_t begin = 0, end = 0;
    const std::string* token = nullptr;
  };
  bool find(std::string_view text, std::size_t from, Found& found) const;
  static bool is_at(std::string_view text, std::size_t at, const Number& number, Found& found);
  std::vector<Number> numbers_;
  std::vector<std::pair<std::string, std::string>> emails_, wholes_, parts_;
};

}  // namespace hkl
