// Text as people of a language see it: its order, its case, its width.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hkl {

// The order of names in a language (ICU); ties fall to bytes. One thread at a
// time.
class Collation {
 public:
  explicit Collation(const std::string& language);
  ~Collation();
  Collation(const Collation&) = delete;
  Collation& operator=(const Collation&) = delete;
  // -1, 0, 1; 0 for equal bytes alone.
  int compare(std::string_view a, std::string_view b) const;

 private:
  struct Collator;
  struct Idle;
  std::unique_ptr<Collator> collator_;
};

// Case-folded by Unicode's full folding: what `contains` compares.
std::string folded(std::string_view text);

// Columns of a terminal: wide characters take two, marks none.
std::size_t display_width(std::string_view text);

// Decimals of a currency by ISO 4217: 2 for RUB, 0 for JPY.
int currency_digits(std::string_view currency);

}  // namespace hkl
