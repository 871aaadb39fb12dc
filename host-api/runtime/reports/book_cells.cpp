#include "reports/book_cells.h"

#include "reports/locale_text.h"
#include "services/zone.h"

namespace hkl {
namespace {

// What a clock of the zone shows, as if that were UTC: a spreadsheet knows no
// zones.
double local_seconds(Instant at, const std::string& zone) {
  const auto local = to_local(at, zone);
  return static_cast<double>(ms_of(at)) / 1000 + (local ? local->offset_s : 0);
}

double in_units(double minor, const std::string& currency) {
  for (int digit = currency_digits(currency); digit > 0; --digit) minor /= 10;
  return minor;
}

}  // namespace

BookColumn::Kind book_kind(Display display) {
  switch (display) {
    case Display::integer:
      return BookColumn::Kind::integer;
    case Display::decimal:
      return BookColumn::Kind::decimal;
    case Display::percent:
      return BookColumn::Kind::percent;
    case Display::seconds:
      return BookColumn::Kind::duration;
    case Display::time:
      return BookColumn::Kind::time;
    case Display::money:
      return BookColumn::Kind::money;
    case Display::text:
      break;
  }
  return BookColumn::Kind::text;
}

BookCell book_cell(const Figure& figure, Display display, const std::string& zone) {
  if (display == Display::text) return figure.text ? BookCell::of_text(*figure.text) : BookCell();
  if (!figure.value) return {};
  const auto number = to_double(*figure.value);
  if (display == Display::money) return BookCell::of_number(in_units(number, figure.currency), figure.currency);
  if (display != Display::time) return BookCell::of_number(number);
  const auto ms = multiply(*figure.value, {1000, 1});
  return BookCell::of_number(local_seconds(instant_of(ms ? floor_of(*ms) : 0), zone));
}

BookColumn book_column(const Field& field, const std::string& language) {
  BookColumn column{field.doc(language), BookColumn::Kind::text, field.name, ""};
  if (field.type == Type::integer) column.kind = BookColumn::Kind::integer;
  if (field.type == Type::decimal) column.kind = BookColumn::Kind::decimal;
  if (field.type == Type::duration) column.kind = BookColumn::Kind::duration;
  if (field.type == Type::time) column.kind = BookColumn::Kind::time;
  return column;
}

BookCell book_cell(const FieldShow& show, const std::optional<std::string>& value) {
  if (!value || value->empty()) return {};
  const auto type = show.field->type;
  if (type == Type::duration) return BookCell::of_number(static_cast<double>(std::stoll(*value)) / 1000);
  if (type == Type::time) return BookCell::of_number(local_seconds(instant_of(std::stoll(*value)), show.zone));
  if (type == Type::integer || type == Type::decimal) return BookCell::of_number(std::stod(*value));
  return BookCell::of_text(shown_field(show, value).text);
}

BookTexts book_texts(const std::string& title, const std::string& language,
                     std::vector<std::pair<std::string, std::string>> asked) {
  const bool is_ru = language == "ru";
  asked.insert(asked.begin(), {is_ru ? "Отчёт" : "Report", title});
  return {title,
          is_ru ? "Параметры" : "Parameters",
          std::move(asked),
          is_ru ? "Столбец" : "Column",
          is_ru ? "Что это" : "What it is",
          is_ru ? "Формула" : "Formula"};
}

}  // namespace hkl
