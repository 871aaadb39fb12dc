// Words of the records, as people read them: "client_hung_up" is «Абонент
// разорвал соединение». JSON and CSV keep the words themselves.
#pragma once

#include <string>
#include <string_view>

#include "reports/definition.h"

namespace hkl {

// A word of the field in the language; the word itself where nothing else is said of it.
// `direction`: of the call whose word it is, "" where that is not known; an answered call is
// called by it (metrics §4).
std::string shown_word(const Field& field, const std::string& word, const std::string& language,
                       std::string_view direction = {});

// The field that an expression shows as it is, or as the text that all rows have; or null.
const Field* shown_field_of(const Node& of);

// The same of a column: by its definition's own words, else by the field that
// it shows. `of`: its expression.
std::string shown_word(const WordTexts& own, const Node& of, const std::string& word, const std::string& language,
                       std::string_view direction = {});

}  // namespace hkl
