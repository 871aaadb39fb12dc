// Figures and fields as typed cells of an XLSX file.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/aggregates.h"
#include "reports/shown.h"
#include "reports/workbook.h"

namespace hkl {

BookColumn::Kind book_kind(Display display);
BookCell book_cell(const Figure& figure, Display display, const std::string& zone);

// The column of a field in a list, and what is read for it.
BookColumn book_column(const Field& field, const std::string& language);
BookCell book_cell(const FieldShow& show, const std::optional<std::string>& value);

// The fixed words of a file in a language.
BookTexts book_texts(const std::string& title, const std::string& language,
                     std::vector<std::pair<std::string, std::string>> asked);

}  // namespace hkl
