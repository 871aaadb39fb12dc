// The native engine: answers reports on calls from columns that follow the
// store, and says so when it cannot, so that SQL does.
//
// SQLite is the truth. Before each answer the columns are brought to the
// moment of the reader's snapshot; where they are newer than that, or are not
// there yet, SQL answers.
//
// Safe from any thread: many read, one brings up to date. Making the columns
// anew hinders nobody.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "columns/segment.h"
#include "reports/definition.h"
#include "reports/engine.h"
#include "store/sql.h"

namespace hkl {

class ColumnEngine final : public Engine {
 public:
  struct Options {
    unsigned threads = 2;
    std::string folder;  // of the files beside the store; empty: none are kept
    // Whose conditions get class codes before anybody asks.
    std::vector<std::shared_ptr<const Report>> reports;
    std::uint32_t segment_rows = kSegmentRows;
  };
  explicit ColumnEngine(Options options);
  ~ColumnEngine() override;

  // Maps the files; the error says why there is nothing to use.
  Done open(Sql& sql);
  // All columns anew from the store, while `goes_on`; false: it was given up. Throws SqlError.
  bool load(Sql& sql, const std::function<bool()>& goes_on = {});
  // Brings the columns up to date, seals and writes them. The change of the
  // store up to which its notes are not needed any more. Throws SqlError.
  Result<std::int64_t> save(Sql& sql);
  bool is_ready() const;
  // Gives up the columns and takes their files away: what they hold is to be
  // kept no more. They are made anew from the store.
  Done forget();

  std::optional<Answer> answer(const Plan& plan, const Aggregates& aggregates, AnswerScope scope, Reading& reading,
                               PathTaken& taken, std::unique_ptr<KeptQuestion>& kept) override;
  std::optional<FoundRows> rows_behind(const Plan& plan, const DrillRequest& request, Reading& reading,
                                       PathTaken& taken) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hkl
