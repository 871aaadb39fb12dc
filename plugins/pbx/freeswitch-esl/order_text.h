// The argument of "originate": what an ordered call was to be.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace freeswitch {

// "{a=1,b='x y'}user/101 0639980050 XML default". Views into the text.
class OrderText {
 public:
  explicit OrderText(std::string_view text);
  std::string_view variable(std::string_view name) const;
  std::string_view dial_string() const { return dial_string_; }  // "user/101@domain"
  std::string_view destination() const { return destination_; }  // what is dialled next, or &app(…)

 private:
  std::vector<std::pair<std::string_view, std::string_view>> variables_;
  std::string_view dial_string_, destination_;
};

}  // namespace freeswitch
