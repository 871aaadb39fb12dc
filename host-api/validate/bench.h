// One instance on the bench: driven by its bare tables, step by step and in any
// order, with every word that comes out of it written down. The checks put it
// into odd surroundings and compare what it says there.
//
// Used by one thread at a time. Exceptions of the plugin come out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "hookline/report.h"
#include "host_double.h"
#include "inputs.h"
#include "specimen.h"
#include "story.h"

namespace hkl::validate {

struct BenchWishes {
  std::string settings = {};  // empty: sample_settings()
  Inputs::Place place = Inputs::Place::together;
  Log* log = nullptr;
  std::string timezone = "Europe/Moscow";
  std::string kind = {};  // empty: the first that it offers
};

// What an adapter asked of the host, beside events.
struct Asked {
  std::uint64_t sent_bytes = 0;
  std::uint32_t state = 0;
  bool wants_close = false;
  std::optional<std::int64_t> tick_at_ms;
  std::uint64_t tick_count = 0, event_count = 0, skipped_count = 0;
};

// One row of a scanning report.
struct ScanRow {
  std::string key;
  std::vector<hkl_cell> cells;  // their texts are gone
};

// One figure of a scanning report, and what it said is behind one.
struct Drill {
  std::string key, measure;
};
struct Behind {
  Drill figure;
  std::string id;
  bool counts = false;
};

class Bench {
 public:
  Bench(const Candidate& candidate, std::shared_ptr<PluginFile> file, BenchWishes wishes = {});
  ~Bench();  // destroys what is still there
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // --- Life. Each writes "name: status text" into told().
  hkl_status create();
  hkl_status create(const std::string& kind);
  hkl_status configure() { return configure(settings_); }
  hkl_status configure(const std::string& settings);
  hkl_status start();
  hkl_status stop();
  void destroy();
  // create, configure, start; whether all went well.
  bool begin();
  // The usual work of its kind, from the capture or the usual story.
  hkl_status work();
  // begin, work, stop, destroy, as far as it goes.
  void live();

  // --- Work of an adapter.
  hkl_status endpoints();
  hkl_status opened(std::uint64_t connection, bool is_capture, std::int64_t now_ms);
  hkl_status feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms);
  hkl_status tick(std::int64_t now_ms);
  hkl_status closed(std::uint64_t connection, std::int64_t now_ms);
  hkl_status request(const HookRequest& request, std::int64_t now_ms);  // HKL_UNSUPPORTED: speaks no HTTP
  // The capture is of HTTP requests (recording.h).
  bool hears_requests() const { return hears_requests_; }

  // --- Work of the other kinds.
  hkl_status classify(const Story& story, std::size_t index);
  hkl_status review(const Story& story);
  hkl_status define();
  // refuse_row: the row, counted from 1, that the sink refuses; 0: none.
  // drill: the figure whose rows are asked for; nullptr: the report is.
  hkl_status scan(const std::vector<Story>& contacts, std::uint64_t refuse_row = 0, const Drill* drill = nullptr);
  bool can_scan() const;

  // --- What came of it.
  bool is_made() const { return self_ != nullptr; }
  const std::vector<std::string>& told() const { return told_; }
  std::string told_in_one() const;
  const std::string& text() const { return text_; }  // of the last failure
  const Asked& asked() const { return asked_; }
  Asked& asked() { return asked_; }
  const std::vector<hkl_endpoint>& wanted() const { return wanted_; }  // texts are gone
  const std::vector<ScanRow>& rows() const { return rows_; }
  const std::vector<Behind>& behind() const { return behind_; }
  const std::string& definition() const { return definition_; }
  // How the last out struct was left behind by a failure; "" when untouched.
  const std::string& touched_out() const { return touched_out_; }
  // What is wrong with the way that a step failed, or "".
  std::string fault_of_failure(const char* name, hkl_status status) const;
  // A function of the host that was never returned from, by the step's name.
  const std::string& jumped() const { return jumped_; }
  HostDouble& host() { return host_; }

  void tell(std::string what) { told_.push_back(std::move(what)); }

 private:
  friend struct BenchSinks;
  template <typename Table>
  const Table* find(const char* id) const {
    return static_cast<const Table*>(file_->find_interface(id));
  }
  // Calls into the plugin: `call` gets the error struct.
  template <typename F>
  hkl_status step(const char* name, Inputs& inputs, F&& call);
  hkl_status after_step(const char* name, hkl_status status, const hkl_error& err);
  hkl_status work_as_adapter();
  hkl_status tell_verdict(const hkl_verdict& verdict);

  const Candidate& candidate_;
  std::shared_ptr<PluginFile> file_;
  BenchWishes wishes_;
  std::string kind_, settings_;
  HostDouble host_;
  const hkl_life* life_;
  hkl_instance* self_ = nullptr;
  std::vector<std::string> told_;
  std::string text_, touched_out_, jumped_, definition_;
  Asked asked_;
  std::vector<hkl_endpoint> wanted_;
  std::vector<ScanRow> rows_;
  std::vector<Behind> behind_;
  std::uint64_t refuse_row_ = 0;
  bool hears_requests_ = false;
};

}  // namespace hkl::validate
