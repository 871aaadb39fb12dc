#include "columns/table.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "columns/classes.h"
#include "columns/shares.h"

namespace hkl {
namespace {

// More changes than this are read sooner by reading all.
constexpr std::uint64_t kFollowAtMost = 1'000'000;

bool is_null(Query& query, int column) { return !query.maybe_integer(column).has_value(); }

}  // namespace

std::int64_t newest_change(Sql& sql) {
  auto query = sql.query("SELECT COALESCE(MAX(seq), 0) FROM fact_changes");
  query.step();
  return query.integer(0);
}

Table::Table(const Schema& schema, std::uint32_t segment_rows)
    : schema_(schema),
      segment_rows_(segment_rows),
      time_(schema.at(kStartedAt)),
      row_(schema.at(kStoreRow)),
      shares_(schema.at(kShares)),
      tail_(schema) {
  for (std::uint32_t i = 0; i < schema.dictionary_count(); ++i) dictionaries_.push_back(std::make_unique<Dictionary>());
  recent_ = tail_.sealed();
}

std::vector<const Segment*> Table::segments() const {
  std::vector<const Segment*> all;
  for (const auto& segment : sealed_) all.push_back(segment.get());
  if (recent_->rows > 0) all.push_back(recent_.get());
  return all;
}

std::uint64_t Table::row_count() const {
  std::uint64_t rows = recent_->rows;
  for (const auto& segment : sealed_) rows += segment->rows - segment->dead;
  return rows;
}

std::uint64_t Table::byte_count() const {
  std::uint64_t bytes = 0;
  for (const auto* segment : segments())
    for (const auto& column : segment->columns) bytes += column.byte_count();
  return bytes;
}

ColumnRow Table::read_row(Query& query) {
  ColumnRow row(schema_.columns().size());
  for (std::size_t c = 0; c < row.size(); ++c) {
    const auto column = static_cast<int>(c);
    if (schema_.columns()[c].sql.empty()) continue;
    if (!schema_.columns()[c].is_text) {
      row[c] = query.maybe_integer(column);
    } else if (!is_null(query, column)) {
      if (c == shares_)
        take_shares(query.text(column), row);
      else
        row[c] = dictionaries_[schema_.columns()[c].dictionary]->add(query.text(column));
    }
  }
  return row;
}

void Table::take_shares(const std::string& told, ColumnRow& row) {
  if (!tells_shares(told)) {
    std::int64_t beyond = 0;
    std::from_chars(told.data(), told.data() + told.size(), beyond);
    row[shares_ + 1] = beyond;
    return;
  }
  const auto code_in = [this](std::string_view column) {
    return [this, dictionary = schema_.columns()[schema_.at(column)].dictionary](std::string_view text) {
      return dictionaries_[dictionary]->add(text);
    };
  };
  auto shares = read_shares(told, code_in("employee"), code_in("extension"));
  mark_first(shares, row[schema_.at("employee")], row[schema_.at("extension")]);
  row[shares_] = dictionaries_[schema_.columns()[shares_].dictionary]->add(packed_shares(shares));
}

void Table::clear() {
  sealed_.clear();
  towers_ = {};
  tail_.clear();
  tail_rows_.clear();
  for (auto& dictionary : dictionaries_) *dictionary = Dictionary();
  recent_ = tail_.sealed();
  change_ = 0;
}

bool Table::load(Sql& sql, const std::function<bool()>& goes_on) {
  clear();
  change_ = newest_change(sql);
  RowBuffer rows(schema_);
  auto query = sql.query((schema_.select() + " ORDER BY c.started_ms").c_str());
  while (query.step()) {
    rows.append(read_row(query));
    constexpr std::uint32_t kRowsBetweenLooks = 4096;
    if (rows.size() % kRowsBetweenLooks == 0 && goes_on && !goes_on()) return false;
    if (rows.size() < segment_rows_) continue;
    sealed_.push_back(rows.sealed());
    rows.clear();
  }
  if (rows.size() > 0) sealed_.push_back(rows.sealed());
  recent_ = tail_.sealed();
  return true;
}

bool Table::follow(Sql& sql, ClassSets& classes) {
  const auto newest = newest_change(sql);
  if (newest == change_) return true;
  if (newest < change_ || static_cast<std::uint64_t>(newest - change_) > kFollowAtMost) return false;
  std::unordered_map<std::int64_t, Touched> touched;
  std::vector<std::string> leads;
  std::int64_t expected = change_;
  auto changes =
      sql.query("SELECT seq, call_row, was_there, was_ms, lead FROM fact_changes WHERE seq > ? ORDER BY seq");
  changes.bind(change_);
  while (changes.step()) {
    // Notes are numbered without gaps; one that is missing was taken away.
    if (changes.integer(0) != ++expected) return false;
    if (const auto row = changes.maybe_integer(1))
      touched.try_emplace(*row, Touched{changes.integer(2) != 0, changes.maybe_integer(3)});
    else
      leads.push_back(changes.text(4));
  }
  touch_leads(leads, touched);
  const auto by_row = schema_.select() + " AND c.rowid = ?";
  for (const auto& [row, what] : touched) {
    auto one = sql.query(by_row.c_str());
    one.bind(row);
    take(row, what, one, classes);
  }
  change_ = newest;
  recent_ = tail_.for_now();
  return true;
}

// Rows of one segment that are alive, and recent ones, in order of time; cut
// in two where they have become too many for one.
void Table::reseal(std::size_t index, const std::vector<std::uint32_t>& recent,
                   std::vector<std::shared_ptr<Segment>>& into) {
  RowBuffer all(schema_);
  if (index < sealed_.size()) {
    const auto& old = *sealed_[index];
    old.check();
    for (std::uint32_t i = 0; i < old.rows; ++i)
      if (old.alive(i)) all.append(old.row(i));
  }
  for (const auto row : recent) all.append(tail_.row(row));
  all.sort();
  for (std::uint32_t first = 0; first < all.size(); first += segment_rows_)
    into.push_back(all.part(first, std::min(all.size() - first, segment_rows_)));
}

void Table::seal() {
  // By the segment whose time they fall in; what is later than all goes to the last while that has room.
  std::vector<std::vector<std::uint32_t>> recent(std::max<std::size_t>(1, sealed_.size()));
  for (std::uint32_t row = 0; row < tail_.size(); ++row) {
    const auto at = tail_.value(time_, row).value_or(kNoTime);
    std::size_t index = 0;
    while (index + 1 < sealed_.size() && sealed_[index + 1]->least_at <= at) ++index;
    recent[index].push_back(row);
  }
  std::vector<std::shared_ptr<Segment>> sealed;
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const bool stays = i < sealed_.size() && recent[i].empty() && sealed_[i]->dead == 0;
    if (!stays) {
      reseal(i, recent[i], sealed);
      continue;
    }
    for (std::size_t c = 0; c < schema_.columns().size(); ++c)
      sealed_[i]->columns[c].pack(schema_.columns()[c].is_text);
    sealed.push_back(sealed_[i]);
  }
  sealed_ = std::move(sealed);
  note_other_segments();
  towers_ = {};
  tail_.clear();
  tail_rows_.clear();
  recent_ = tail_.sealed();
}

// A lead's stage stands in its calls. Nothing leads from a lead to them but
// the columns themselves: a pass over ten million takes some milliseconds.
void Table::touch_leads(const std::vector<std::string>& leads, std::unordered_map<std::int64_t, Touched>& touched) {
  if (leads.empty()) return;
  const auto lead = schema_.at("lead"), made = schema_.at("made_lead");
  std::vector<std::uint8_t> is_wanted(dictionary(lead).size() + 1, 0);
  auto& texts = *dictionaries_[schema_.columns()[lead].dictionary];
  auto first_wanted = std::numeric_limits<std::int64_t>::max();
  for (const auto& id : leads)
    if (const auto code = texts.add(id); code < is_wanted.size()) {
      is_wanted[code] = 1;
      first_wanted = std::min<std::int64_t>(first_wanted, code);
    }
  constexpr std::uint32_t kRows = 4096;
  std::vector<std::uint32_t> codes(kRows);
  for (const auto& segment : sealed_)
    for (const auto column : {lead, made}) {
      const auto& head = segment->columns[column].head();
      // Codes are given as leads come, so an old segment has none of a new lead.
      if (head.is_null != 0 || head.greatest < first_wanted) continue;
      segment->check();
      for (std::uint32_t first = 0; first < segment->rows; first += kRows) {
        const auto count = std::min(kRows, segment->rows - first);
        segment->columns[column].read_codes(first, count, codes.data());
        for (std::uint32_t i = 0; i < count; ++i)
          if (codes[i] < is_wanted.size() && is_wanted[codes[i]] != 0 && segment->alive(first + i))
            touched.try_emplace(*segment->columns[row_].at(first + i),
                                Touched{true, segment->columns[time_].at(first + i)});
      }
    }
  for (std::uint32_t i = 0; i < tail_.size(); ++i)
    for (const auto column : {lead, made})
      if (const auto code = tail_.value(column, i); code && is_wanted[static_cast<std::size_t>(*code)] != 0)
        touched.try_emplace(*tail_.value(row_, i), Touched{true, tail_.value(time_, i)});
}

Table::Place Table::find_sealed(std::int64_t store_row, Maybe was_ms) {
  const auto at = was_ms.value_or(kNoTime);
  for (const auto& segment : sealed_) {
    if (segment->rows == 0 || segment->greatest_at < at) continue;
    if (segment->least_at > at) break;
    segment->check();
    for (auto row = segment->first_from(time_, at); row < segment->rows && segment->at(time_, row) == at; ++row)
      if (segment->columns[row_].at(row) == store_row && segment->alive(row)) return {segment.get(), row};
  }
  return {};
}

void Table::take(std::int64_t store_row, const Touched& touched, Query& query, ClassSets& classes) {
  Place held;
  if (touched.may_be_held && !tail_rows_.contains(store_row)) held = find_sealed(store_row, touched.was_ms);
  const auto row = query.step() ? std::optional(read_row(query)) : std::nullopt;
  if (held.segment != nullptr) {
    auto& cubes = held.segment->cubes;
    auto was = cubes.are_none() ? ColumnRow() : held.segment->row(held.row);
    if (row && put_in_place(held, *row, classes)) {
      if (was != *row) cubes.note({std::move(was), row});
      return;
    }
    held.segment->kill(held.row);
    cubes.note({std::move(was), std::nullopt});
  }
  if (!row) return drop_recent(store_row);
  if (const auto recent = tail_rows_.find(store_row); recent != tail_rows_.end())
    return tail_.put(recent->second, *row);
  add_recent(*row);
}

bool Table::put_in_place(Place place, const ColumnRow& row, ClassSets& classes) {
  auto& segment = *place.segment;
  if (segment.at(time_, place.row) != row[time_].value_or(kNoTime)) return false;
  bool is_other = false;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (segment.columns[c].at(place.row) == row[c]) continue;
    is_other = true;
    if (!segment.columns[c].put(place.row, row[c])) return false;
  }
  if (is_other) classes.row_changed(segment, place.row);
  return true;
}

void Table::add_recent(const ColumnRow& row) {
  tail_rows_[*row[row_]] = tail_.size();
  tail_.append(row);
}

// The last takes its place.
void Table::drop_recent(std::int64_t store_row) {
  const auto found = tail_rows_.find(store_row);
  if (found == tail_rows_.end()) return;
  const auto place = found->second, last = tail_.size() - 1;
  tail_rows_.erase(found);
  if (place != last) {
    const auto row = tail_.row(last);
    tail_.put(place, row);
    tail_rows_[*row[row_]] = place;
  }
  tail_.remove_last();
}

}  // namespace hkl
