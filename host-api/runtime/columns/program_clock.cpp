// What the report language asks of a moment: hour, weekday, day …, over columns.
#include <algorithm>

#include "columns/program.h"

namespace hkl {
namespace {

void put(Numbers& out, std::size_t from, std::size_t to, Maybe value) {
  std::fill(out.values.data() + from, out.values.data() + to, value.value_or(0));
  std::fill(out.known.data() + from, out.known.data() + to, static_cast<std::uint8_t>(value ? 1 : 0));
}

// Of any moment; one hour after another is usual, so each is asked once.
NumberFn each_row(NumberFn moments, std::shared_ptr<HourRuns> hours, OfMoment asked) {
  struct Memo {
    std::int64_t from = 1, to = 0;  // empty
    Maybe value;
  };
  return [moments = std::move(moments), hours = std::move(hours), asked = std::move(asked), memo = Memo()](
             Batch& batch, Numbers& out) mutable {
    moments(batch, out);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      if (out.known[i] == 0) continue;
      const auto ms = out.values[i];
      // Later in an hour that was asked: the same.
      if (ms < memo.from || ms >= memo.to) memo = {ms, hours->end_of_hour(ms), asked(ms)};
      put(out, i, i + 1, memo.value);
    }
  };
}

NumberFn each_run(std::shared_ptr<HourRuns> hours, OfMoment asked) {
  return [hours = std::move(hours), asked = std::move(asked)](Batch& batch, Numbers& out) {
    std::size_t from = 0;
    for (const auto& run : hours->of(batch)) {
      put(out, from, run.end, run.moment ? asked(*run.moment) : Maybe());
      from = run.end;
    }
  };
}

using ClockText = std::string (ZoneClock::*)(std::int64_t) const;

// Null: there is no such function.
ClockText clock_text_function(std::string_view name) {
  if (name == "day") return &ZoneClock::day;
  if (name == "week") return &ZoneClock::week;
  if (name == "month") return &ZoneClock::month;
  if (name == "quarter") return &ZoneClock::quarter;
  if (name == "year") return &ZoneClock::year;
  if (name == "hour_of_day") return &ZoneClock::hour_of_day;
  return name == "clock_hour" ? &ZoneClock::clock_hour : nullptr;
}

}  // namespace

bool is_clock_function(std::string_view name) {
  return name == "hour" || name == "weekday" || clock_text_function(name) != nullptr;
}

Program::Moment Program::milliseconds(const Node& node) {
  auto moment = number(node);
  auto common = of_constant(0, 1000);
  if (!bring_together(moment, common)) return {};
  const bool is_of_rows = moment.column == table_.time_column() && moment.den == 1000;
  moment.den /= 1000;
  return {rounded(std::move(moment), false), is_of_rows};
}

template <typename Expr>
Expr Program::of_clock(Expr expr, Moment moment, OfMoment asked) {
  if (!moment.is_of_rows) {
    expr.run = each_row(std::move(moment.run), hours_, std::move(asked));
    return expr;
  }
  expr.run = each_run(hours_, asked);
  expr.of_moment = std::move(asked);
  return expr;
}

// Unlike the rest it differs within an hour.
NumberExpr Program::time_of_day(Moment moment) const {
  NumberExpr expr;
  expr.den = 1000;
  expr.run = [moments = std::move(moment.run), clock = &hours_->clock()](Batch& batch, Numbers& out) {
    moments(batch, out);
    for (std::size_t i = 0; i < batch.count(); ++i)
      if (out.known[i] != 0) {
        const auto time = clock->time_of_day(out.values[i]);
        put(out, i, i + 1, time ? Maybe(*time) : Maybe());
      }
  };
  return expr;
}

NumberExpr Program::clock_number(const Node& node) {
  auto moment = milliseconds(*node.children[0]);
  if (!moment.run) return of_constant(std::nullopt, 1);
  if (node.text == "time_of_day") return time_of_day(std::move(moment));
  const bool is_hour = node.text == "hour";
  if (!is_hour && node.text != "weekday") throw NotInColumns("the function " + node.text + " is computed by SQL");
  return of_clock(NumberExpr(), std::move(moment), [clock = &hours_->clock(), is_hour](std::int64_t ms) {
    const auto answer = is_hour ? clock->hour(ms) : clock->weekday(ms);
    return answer ? Maybe(*answer) : Maybe();
  });
}

// A time that is not known is in no period.
MaskFn Program::in_period(const Node& node) {
  auto moment = milliseconds(*node.children[0]);
  if (!moment.run) return constant_mask(false);
  MaskFn in_bounds = [run = std::move(moment.run), room = std::make_shared<Numbers>(),
                      from = with_.from_ms.value_or(INT64_MIN), to = with_.to_ms](Batch& batch, Mask& out) {
    run(batch, *room);
    each_of(batch.count(), [&](std::size_t i) {
      const bool is_in = room->known[i] != 0 && room->values[i] >= from && (!to || room->values[i] < *to);
      out.holds[i] = is_in ? 1 : 0;
    });
  };
  const auto hours = within(with_.hours, *node.children[0]);
  if (!hours) return in_bounds;
  return [in_bounds = std::move(in_bounds), in_hours = condition(*hours), mask = std::make_shared<Mask>()](Batch& batch,
                                                                                                           Mask& out) {
    in_bounds(batch, out);
    in_hours(batch, *mask);
    out &= *mask;
  };
}

TextExpr Program::clock_text(const Node& node) {
  auto moment = milliseconds(*node.children[0]);
  TextExpr expr;
  expr.texts = &pool_;
  uses_pool_ = true;
  if (!moment.run) {
    expr.run = of_constant(std::nullopt, 1).run;
    return expr;
  }
  const auto asked = clock_text_function(node.text);
  if (asked == nullptr) throw NotInColumns("the function " + node.text + " is computed by SQL");
  return of_clock(std::move(expr), std::move(moment),
                  [clock = &hours_->clock(), asked, pool = &pool_](std::int64_t ms) {
                    const auto text = (clock->*asked)(ms);
                    return text.empty() ? Maybe() : Maybe(pool->add(text));
                  });
}

}  // namespace hkl
