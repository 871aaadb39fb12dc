// Why the columns cannot answer.
#pragma once

#include <stdexcept>
#include <string>

namespace hkl {

// Thrown within this part only: the columns cannot answer, SQL is asked. The
// text ends the sentence "answered by SQL: …".
class NotInColumns : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Their files are not what was written: they are given up, and made anew.
class DamagedColumns : public NotInColumns {
 public:
  DamagedColumns() : NotInColumns("a file of the columns is damaged; they are made anew") {}
};

}  // namespace hkl
