#include "reports/shown.h"

#include <fmt/format.h>

#include "reports/locale_text.h"
#include "reports/names.h"
#include "reports/shown_words.h"
#include "services/zone.h"

namespace hkl {
namespace {

constexpr const char* kNull = "—";

std::string money(Rational minor, const std::string& currency) {
  const int digits = currency_digits(currency);
  std::int64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  const auto amount = divide(minor, {unit, 1});
  return amount ? fixed(*amount, digits) : kNull;
}

// "2026-03-02 12:15:00+03:00": a table has no room for milliseconds.
std::string short_time(Instant at, const std::string& zone) {
  auto text = iso_local(at, zone);
  if (text.size() > 23) text.erase(19, 4);
  text[10] = ' ';
  return text;
}

std::string exact_seconds(std::int64_t ms) {
  const bool is_negative = ms < 0;
  const auto size = is_negative ? -ms : ms;
  auto text = fmt::format("{}{}", is_negative ? "-" : "", size / 1000);
  if (size % 1000 == 0) return text;
  text += fmt::format(".{:03}", size % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

SheetCell figure_cell(const Figure& figure, Display display, const std::string& zone, const char* null,
                      bool with_currency) {
  if (display == Display::text) return {figure.text.value_or(null), false};
  if (!figure.value) return {null, true};
  const auto value = *figure.value;
  switch (display) {
    case Display::integer:
      return {fixed(value, 0), true};
    case Display::decimal:
    case Display::seconds:
      return {fixed(value, 1), true};
    case Display::percent: {
      const auto hundred = multiply(value, {100, 1});
      return {hundred ? fixed(*hundred, 2) : null, true};
    }
    case Display::time:
      return {short_time(moment_of(value), zone), false};
    case Display::money:
      return {money(value, figure.currency) + (with_currency && !figure.currency.empty() ? " " + figure.currency : ""),
              true};
    case Display::text:
      break;
  }
  return {fixed(value, 0), true};
}

}  // namespace

Instant moment_of(Rational seconds) {
  const auto ms = multiply(seconds, {1000, 1});
  return instant_of(ms ? floor_of(*ms) : 0);
}

SheetCell shown_figure(const Figure& figure, Display display, const std::string& zone) {
  return figure_cell(figure, display, zone, kNull, true);
}
SheetCell exported_figure(const Figure& figure, Display display, const std::string& zone) {
  return figure_cell(figure, display, zone, "", false);
}

nlohmann::ordered_json number_json(Rational number) {
  if (number.den == 1) return number.num;
  return to_double(number);
}

SheetCell shown_yes_no(bool is_yes, const FieldShow& show) {
  if (show.language == "ru" && show.is_for_people) return {is_yes ? "да" : "нет"};
  return {is_yes ? "yes" : "no"};
}

SheetCell shown_field(const FieldShow& show, const std::optional<std::string>& value) {
  const auto& field = *show.field;
  const bool is_number = is_numeric(field.type) && field.type != Type::time;
  const char* null = show.is_for_people ? kNull : "";
  if (!value || value->empty()) return {null, is_number};
  switch (field.type) {
    case Type::boolean:
      return shown_yes_no(*value == "1", show);
    case Type::duration:
      return {exact_seconds(std::stoll(*value)), true};
    case Type::time:
      return {short_time(instant_of(std::stoll(*value)), show.zone)};
    case Type::integer:
    case Type::decimal:
    case Type::money:
      return {*value, true};
    default:
      break;
  }
  if (!show.is_for_people) return {*value};
  return {field.name_of == NameOf::nobody ? shown_word(field, *value, show.language, show.direction)
                                          : shown_name(field.name_of, *value, show.directory)};
}

}  // namespace hkl
