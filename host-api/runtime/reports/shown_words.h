// Words of the records, as people read them: "client_hung_up" is «Абонент
// разорвал соединение». JSON and CSV keep the words themselves.
#pragma once

#include <string>

#include "reports/definition.h"

namespace hkl {

// A word of the field in the language; the word itself where nothing else is said of it.
std::string shown_word(const Field& field, const std::string& word, const std::string& language);

// The same of a column: by its definition's own words, else by the field that
// it shows. `of`: its expression.
std::string shown_word(const WordTexts& own, const Node& of, const std::string& word, const std::string& language);

}  // namespace hkl
