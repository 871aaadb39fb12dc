// The canonical records as told, the version that holds (DESIGN section 9):
// of two versions of one record the later `updated_at` wins, without it the
// one that came later; `deleted_at` takes it out.
//
// Each hangs on an anchor: the contact, call, inquiry, lead, number or visitor
// it speaks of, which may not be there yet.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/records.h"
#include "pipeline/absences.h"
#include "store/journal.h"
#include "store/sql.h"

namespace hkl {

// When calls on the line of a visit may have come of it: from, until. Nothing: it was shown no line.
std::optional<std::pair<Instant, Instant>> reach_of(const VisitRecord& visit);

// "lead:l1"; "" for what concerns everybody (employees, lines, funnels …).
std::string anchor_of(const CanonicalRecord& record);

class RecordShelf {
 public:
  // `absences`: as of Ids.
  RecordShelf(Sql& sql, Journal& journal, Absences* absences = nullptr)
      : sql_(sql), journal_(journal), absences_(absences) {}

  struct Taken {
    bool is_new = false;                    // false: known already, or older than what is known
    std::optional<CanonicalRecord> before;  // the version it replaces
  };
  // Journals and keeps it.
  Taken take(const CanonicalRecord& record, const std::string& source, Instant received_at);
  // Keeps it without journalling: the entry is in the journal already.
  Taken keep(const CanonicalRecord& record, std::int64_t seq);

  // Those that hold and are not deleted.
  std::vector<CanonicalRecord> hanging_on(const std::string& anchor);
  // Visits that were shown `line` and may have led to a call on it that began at `at` (hookline/facts.h, "How far
  // the host looks").
  std::vector<VisitRecord> shown(const std::string& line, Instant at);
  std::vector<CanonicalRecord> of_type(const std::string& type);
  std::optional<CanonicalRecord> find(const std::string& type, const std::string& id);

 private:
  struct Row {
    std::int64_t seq;
    std::optional<std::int64_t> updated_ms;
    std::string body;
    bool is_history = false;
  };
  std::optional<Row> row(const std::string& type, const std::string& id);
  Sql& sql_;
  Journal& journal_;
  Absences* absences_;
};

}  // namespace hkl
