#include "endpoints/rows_endpoint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace hkl {
namespace {

constexpr Millis kAskEvery{10000};
constexpr Millis kLookBackEvery{60000};
constexpr std::chrono::seconds kPatienceForRows{90};  // more than the database itself is told to work on an answer
constexpr std::string_view kAfter = ":after";

// The same row is the same text in every column.
std::uint64_t hash_of(const RowBatch& batch, std::size_t row) {
  std::string text;
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const auto& value = batch.values[row * batch.columns.size() + i];
    text += value ? fmt::format("{}:{}", value->size(), *value) : "-";
  }
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

Result<std::unique_ptr<Endpoint>> RowsEndpoint::make(const EndpointWish& wish, SourceDesk& desk) {
  if (auto database = open_rows_database(wish.address); !database) return fail(database.error());
  if (wish.query.find(kAfter) == std::string::npos)
    return fail(HKL_BAD_SETTINGS,
                fmt::format("the query has no :after, so every row would come every time; write WHERE {0} > :after "
                            "ORDER BY {0}",
                            wish.key));
  return std::unique_ptr<Endpoint>(new RowsEndpoint(wish, desk));
}

RowsEndpoint::RowsEndpoint(const EndpointWish& wish, SourceDesk& desk)
    : desk_(desk),
      wish_(wish),
      place_(shown_address(wish.address)),
      mark_name_("rows:" + place_ + ":" + wish.name),
      interval_(wish.interval > Millis(0) ? wish.interval : kAskEvery),
      look_back_every_(std::max(interval_, std::min(kLookBackEvery, wish.late / 2))),
      slot_(desk.health().add_endpoint()),
      backoff_(desk.setup().first_pause, Millis(60000), std::random_device{}()),
      next_(steady_now()),
      next_look_back_(next_ + look_back_every_) {
  greatest_ = desk_.marked(mark_name_);
  if (greatest_.empty()) greatest_ = wish_.first_key;
  reached_.push_back({next_, greatest_});
}

void RowsEndpoint::plan(Waiting& waiting) {
  if (!walk_) return waiting.until(next_);
  const auto watch = database_->watch();
  if (watch.fd < 0) return waiting.until(steady_now());
  waiting.watch(watch.fd, watch.events);
  waiting.until(asked_at_ + kPatienceForRows);
}

void RowsEndpoint::work(const Waiting&) {
  if (!walk_) {
    if (steady_now() < next_) return;
    begin_walk();
    if (!walk_) return;
  }
  auto answer = database_->answer();
  if (!answer) {
    if (steady_now() - asked_at_ >= kPatienceForRows) rest("does not answer");
    return;
  }
  if (!*answer) return rest(answer->error().text);
  take(std::move(**answer));
}

void RowsEndpoint::begin_walk() {
  const auto now = steady_now();
  if (!database_) {
    auto opened = open_rows_database(wish_.address);
    if (!opened) return rest(opened.error().text);
    database_ = std::move(*opened);
  }
  walk_ = Walk{greatest_, false, {}};
  if (wish_.late > Millis(0) && now >= next_look_back_) {
    next_look_back_ = now + look_back_every_;
    walk_ = Walk{reached_.front().key, true, {}};
  }
  ask();
}

void RowsEndpoint::ask() {
  auto sql = wish_.query;
  const auto key = database_->quoted(walk_->after);
  for (auto at = sql.find(kAfter); at != std::string::npos; at = sql.find(kAfter, at + key.size()))
    sql.replace(at, kAfter.size(), key);
  database_->ask(sql);
  asked_at_ = steady_now();
}

void RowsEndpoint::take(RowBatch batch) {
  if (!std::exchange(is_live_, true)) {
    desk_.log().write(HKL_LOG_INFO, "reads rows of " + place_);
    desk_.log().forget();
    backoff_.reset();
  }
  desk_.health().show(slot_, "live", "reads rows of " + place_);
  if (batch.row_count() == 0) return end_walk();
  const auto key = key_column(batch);
  if (!key) return rest(key.error().text);
  const auto key_of = [&](std::size_t row) { return batch.values[row * batch.columns.size() + *key].value_or(""); };
  const auto last = key_of(batch.row_count() - 1);
  const auto fresh = unseen(batch);
  if (fresh.row_count() > 0) {
    if (auto taken = desk_.rows(wish_.name, fresh, false); !taken) {
      seen_.clear();  // what was not stored comes again
      greatest_ = reached_.front().key;
      return rest(taken.error().text);
    }
  }
  // A query that ends at its LIMIT may have left out rows with the last key:
  // they are asked for again, from the key before, until there is nothing new.
  auto row = batch.row_count();
  while (row > 0 && key_of(row - 1) == last) --row;
  walk_->after = fresh.row_count() > 0 && row > 0 ? key_of(row - 1) : last;
  reach(last);
  ask();
}

Result<std::size_t> RowsEndpoint::key_column(const RowBatch& batch) const {
  const auto found = std::find(batch.columns.begin(), batch.columns.end(), wish_.key);
  if (found != batch.columns.end()) return static_cast<std::size_t>(found - batch.columns.begin());
  return fail(HKL_BAD_SETTINGS, fmt::format("the query gives no column \"{}\", its key", wish_.key));
}

RowBatch RowsEndpoint::unseen(const RowBatch& batch) {
  RowBatch fresh;
  fresh.columns = batch.columns;
  const auto width = static_cast<std::ptrdiff_t>(batch.columns.size());
  for (std::size_t row = 0; row < batch.row_count(); ++row) {
    const auto hash = hash_of(batch, row);
    if (walk_->looks_back) walk_->met.insert(hash);
    if (!seen_.insert(hash).second) continue;
    const auto from = batch.values.begin() + static_cast<std::ptrdiff_t>(row) * width;
    fresh.values.insert(fresh.values.end(), from, from + width);
  }
  return fresh;
}

// Keys come in order; those of a look back are no news until they end.
void RowsEndpoint::reach(const std::string& key) {
  if (walk_->looks_back) return;
  greatest_ = key;
}

void RowsEndpoint::end_walk() {
  if (walk_->looks_back) {
    greatest_ = walk_->after;
    seen_ = std::move(walk_->met);
  }
  const auto now = steady_now();
  if (reached_.back().key != greatest_) reached_.push_back({now, greatest_});
  // A row may be late and then wait for the next look back.
  const auto long_ago = now - wish_.late - look_back_every_;
  while (reached_.size() > 1 && reached_[1].at <= long_ago) reached_.pop_front();
  if (wish_.late == Millis(0)) {
    reached_.erase(reached_.begin(), reached_.end() - 1);
    seen_.clear();
  }
  desk_.mark(mark_name_, reached_.front().key);
  walk_.reset();
  next_ = now + interval_;
}

void RowsEndpoint::end() {
  walk_.reset();
  database_.reset();
}

void RowsEndpoint::rest(const std::string& why) {
  walk_.reset();
  database_.reset();
  is_live_ = false;
  const auto pause = backoff_.next();
  next_ = steady_now() + pause;
  const auto text = fmt::format("{}: {}; next try in {} s", place_, why,
                                std::chrono::duration_cast<std::chrono::seconds>(pause).count());
  desk_.log().write_rarely(HKL_LOG_WARNING, why, text);
  desk_.health().show(slot_, "waiting", text);
}

}  // namespace hkl
