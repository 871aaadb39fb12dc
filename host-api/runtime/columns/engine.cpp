#include "columns/engine.h"

#include <Poco/Data/Session.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>

#include "columns/crew.h"
#include "columns/drill_scan.h"
#include "columns/scan.h"
#include "columns/table_files.h"

namespace hkl {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// The columns and the classes of their rows.
struct Kept {
  explicit Kept(std::uint32_t segment_rows) : table(calls_schema(), segment_rows), classes(table) {}
  const std::uint64_t number = next_number();  // no others have it, of whatever engine
  Table table;
  ClassSets classes;
};

// A question that cubes answer: what it asks follows from the rows alone, so it holds for any period and moment, while
// there are these columns.
struct KeptScan final : KeptQuestion {
  KeptScan(std::uint64_t of, ScanSpec made) : columns(of), spec(std::move(made)), used(spec) {}
  const std::uint64_t columns;  // Kept::number
  ScanSpec spec;
  UsedCubes used;
};

// The same as it was made before, or made now.
std::unique_ptr<KeptScan> kept_scan(Kept& kept, std::unique_ptr<KeptQuestion> before, const Plan& plan,
                                    const Aggregates& aggregates, AnswerScope scope) {
  if (auto* scan = dynamic_cast<KeptScan*>(before.get()); scan != nullptr && scan->columns == kept.number) {
    scan->spec.renew(plan);
    static_cast<void>(before.release());  // it is the same
    return std::unique_ptr<KeptScan>(scan);
  }
  return std::make_unique<KeptScan>(kept.number, scan_spec(kept.table, kept.classes, plan, &aggregates, scope));
}

// All statements of one step see one state of the store.
class Snapshot {
 public:
  explicit Snapshot(Sql& sql) : sql_(sql) { sql_.run("BEGIN"); }
  ~Snapshot() {
    try {
      sql_.run("ROLLBACK");
    } catch (const SqlError&) {
      // Nothing was written; SQLite ended it by itself.
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Sql& sql_;
};

// They outlive what is kept.
void learn(Kept& kept, const std::vector<std::shared_ptr<const Report>>& reports) {
  for (const auto& report : reports)
    if (report->definition().rows == &calls_entity()) kept.classes.learn(report->definition());
}

void note(PathTaken& taken, const char* path, std::string why, const ScanWork& work, const Table& table) {
  taken.path = path;
  taken.why = std::move(why);
  taken.rows_total = table.row_count();
  taken.rows_read += work.rows;
  taken.bytes_read += work.bytes;
}

ScanSpec& spec_of(ScanSpec& spec) { return spec; }
ScanSpec& spec_of(const std::unique_ptr<KeptScan>& scan) { return scan->spec; }

}  // namespace

struct ColumnEngine::State {
  explicit State(Options wanted) : options(std::move(wanted)), files(options.folder), crew(options.threads) {}
  const Options options;
  TableFiles files;                 // of the one who saves
  Crew crew;                        // of all who ask
  std::mutex save_mutex;            // held by the one who loads or saves
  mutable std::shared_mutex mutex;  // guards the two below; held alone to change them
  std::unique_ptr<Kept> kept;       // null: there are none
  std::string why_none = "the columns are not made yet";

  void replace(std::unique_ptr<Kept> with) {
    const std::unique_lock lock(mutex);
    kept = std::move(with);
  }
  void give_up(std::string why) {
    const std::unique_lock lock(mutex);
    kept.reset();
    why_none = std::move(why);
  }
  bool is_ready_for(const ScanSpec& spec) const;
  void make_ready(ScanSpec& spec);
  void bring_up_to_date(Reading& reading);
  // Brings the columns to the reading's moment, makes the spec, and runs `work` while nobody changes them.
  template <typename Answered, typename Make, typename Work>
  std::optional<Answered> with_columns(Reading& reading, PathTaken& taken, Make make, Work work);
};

ColumnEngine::ColumnEngine(Options options) : state_(std::make_unique<State>(std::move(options))) {}
ColumnEngine::~ColumnEngine() = default;

bool ColumnEngine::is_ready() const {
  const std::shared_lock lock(state_->mutex);
  return state_->kept != nullptr;
}

Done ColumnEngine::open(Sql& sql) {
  const std::lock_guard saving(state_->save_mutex);
  auto kept = std::make_unique<Kept>(state_->options.segment_rows);
  if (auto opened = state_->files.open(kept->table, kept->classes, sql); !opened) {
    const std::unique_lock lock(state_->mutex);
    state_->why_none = opened.error().text;
    return opened;
  }
  learn(*kept, state_->options.reports);
  kept->classes.drop_kept();
  state_->replace(std::move(kept));
  return {};
}

bool ColumnEngine::load(Sql& sql, const std::function<bool()>& goes_on) {
  const std::lock_guard saving(state_->save_mutex);
  const Snapshot snapshot(sql);
  auto kept = std::make_unique<Kept>(state_->options.segment_rows);
  if (!kept->table.load(sql, goes_on)) return false;
  learn(*kept, state_->options.reports);
  kept->classes.classify_all(kept->table);
  state_->replace(std::move(kept));
  return true;
}

Result<std::int64_t> ColumnEngine::save(Sql& sql) {
  auto& s = *state_;
  const std::lock_guard saving(s.save_mutex);
  const Snapshot snapshot(sql);
  try {
    {
      const std::unique_lock alone(s.mutex);
      if (!s.kept) return fail(HKL_UNAVAILABLE, s.why_none);
      if (!s.kept->table.follow(sql, s.kept->classes)) {
        s.kept.reset();
        return fail(HKL_UNAVAILABLE, s.why_none = "the columns fell behind and are made anew");
      }
      s.kept->table.seal();
      s.kept->classes.classify_all(s.kept->table);
    }
    const std::shared_lock together(s.mutex);
    if (auto saved = s.files.save(s.kept->table, s.kept->classes, sql); !saved) return fail(saved.error());
    return s.kept->table.change();
  } catch (const DamagedColumns& damage) {
    s.give_up(damage.what());
    return fail(HKL_UNAVAILABLE, damage.what());
  }
}

Done ColumnEngine::forget() {
  auto& s = *state_;
  const std::lock_guard saving(s.save_mutex);
  s.give_up("the columns were given up and are made anew");
  return s.files.remove();
}

// Throws NotInColumns: the columns cannot stand for this snapshot.
void ColumnEngine::State::bring_up_to_date(Reading& reading) {
  if (!kept) throw NotInColumns(why_none);
  auto& sql = reading.statements();
  const auto newest = newest_change(sql);
  if (newest == kept->table.change()) return;
  if (newest < kept->table.change()) throw NotInColumns("the columns are newer than this reading");
  if (kept->table.follow(sql, kept->classes)) return;
  kept.reset();
  throw NotInColumns(why_none = "the columns fell behind and are made anew");
}

bool ColumnEngine::State::is_ready_for(const ScanSpec& spec) const {
  if (!kept || kept->table.change() != spec.change) return false;
  if (spec.classes == nullptr) return true;
  for (const auto* segment : kept->table.segments())
    if (!segment->classes.contains(spec.classes->number())) return false;
  return true;
}

void ColumnEngine::State::make_ready(ScanSpec& spec) {
  if (spec.classes == nullptr) return correct_cubes(spec, kept->table, kept->classes);
  kept->classes.check(*spec.classes);
  const auto classify = [&](Segment& segment) {
    if (!segment.classes.contains(spec.classes->number()) && !kept->classes.classify(segment, *spec.classes))
      throw NotInColumns("its conditions have too many combinations");
  };
  for (const auto& segment : kept->table.sealed()) classify(*segment);
  classify(*kept->table.recent());
  correct_cubes(spec, kept->table, kept->classes);
}

template <typename Answered, typename Make, typename Work>
std::optional<Answered> ColumnEngine::State::with_columns(Reading& reading, PathTaken& taken, Make make, Work work) {
  const auto begun = std::chrono::steady_clock::now();
  try {
    std::unique_lock alone(mutex);
    bring_up_to_date(reading);
    auto question = make(*kept);
    auto& spec = spec_of(question);
    make_ready(spec);
    alone.unlock();
    const std::shared_lock together(mutex);
    if (!is_ready_for(spec)) throw NotInColumns("the columns moved on meanwhile");
    auto answered = work(*kept, question);
    taken.searched += std::chrono::steady_clock::now() - begun;
    return answered;
  } catch (const DamagedColumns& damage) {
    give_up(damage.what());
    taken.path = "sql";
    taken.why = damage.what();
  } catch (const NotInColumns& why) {
    taken.path = "sql";
    taken.why = why.what();
  } catch (const SqlError& error) {
    taken.path = "sql";
    taken.why = error.what();
  }
  return std::nullopt;
}

std::optional<Answer> ColumnEngine::answer(const Plan& plan, const Aggregates& aggregates, AnswerScope scope,
                                           Reading& reading, PathTaken& taken,
                                           std::unique_ptr<KeptQuestion>& kept_question) {
  return state_->with_columns<Answer>(
      reading, taken, [&](Kept& kept) { return kept_scan(kept, std::move(kept_question), plan, aggregates, scope); },
      [&](Kept& kept, std::unique_ptr<KeptScan>& question) {
        const auto& spec = question->spec;
        ScanWork work;
        auto* used = spec.keys.size() == 1 ? &question->used : nullptr;
        auto answer = scan(spec, kept.table, state_->crew, used, work);
        const auto* path = work.cubes > 0 ? "cubes" : spec.classes != nullptr ? "classes" : "columns";
        note(taken, path, spec.path_reason(), work, kept.table);
        if (spec.is_lasting) kept_question = std::move(question);
        return answer;
      });
}

std::optional<FoundRows> ColumnEngine::rows_behind(const Plan& plan, const DrillRequest& request, Reading& reading,
                                                   PathTaken& taken) {
  return state_->with_columns<FoundRows>(
      reading, taken, [&](Kept& kept) { return drill_spec(kept.table, kept.classes, plan, request); },
      [&](Kept& kept, ScanSpec& spec) {
        ScanWork work;
        auto found = rows_behind_figure(spec, request, kept.table, work);
        note(taken, spec.classes != nullptr ? "classes" : "columns", "the newest rows first, as far as they are wanted",
             work, kept.table);
        return found;
      });
}

}  // namespace hkl
