// What classifiers and task rules had answered before a rebuild asked them all
// once more: with the same facts and the same config the same must come of it,
// else a plugin's answers depend on more than its input (abi-rules R10, T04).
//
// On the writer's thread, within the rebuild's transaction. Throws SqlError.
#pragma once

#include <string>
#include <vector>

#include "store/sql.h"

namespace hkl {

class EarlierAnswers {
 public:
  // Sets aside, in temporary tables, what the store has now.
  explicit EarlierAnswers(Sql& sql);
  ~EarlierAnswers();
  EarlierAnswers(const EarlierAnswers&) = delete;
  EarlierAnswers& operator=(const EarlierAnswers&) = delete;

  // A sentence for each plugin of which inquiries are judged otherwise now, or
  // tasks are gone or due at another time. Tasks that came to it are none: they
  // may have waited for a moment that has passed.
  std::vector<std::string> differences();

 private:
  Sql& sql_;
};

}  // namespace hkl
