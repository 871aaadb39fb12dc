// How the bench calls into a plugin; for the bench's own files.
#pragma once

#include "allocations.h"
#include "bench.h"
#include "child.h"

namespace hkl::validate {

template <typename F>
hkl_status Bench::step(const char* name, Inputs& inputs, F&& call) {
  hkl_error blank{};
  blank.struct_size = sizeof blank;
  hkl_error* err = inputs.room(blank);
  inputs.hand_over();
  hkl_status status = HKL_INTERNAL;
  {
    const Doing now(name);
    const HostDouble::Call standing(host_);
    const Inside inside;
    status = call(err);
  }
  return after_step(name, status, *err);
}

// Of each function that the bench lends to a plugin: a visit to the host, and
// nothing that is thrown gets out.
struct BenchSinks {
  template <typename F>
  static hkl_status take(void* user, const char* function, F&& put) noexcept {
    const NoFailures kept;
    try {
      auto& bench = *static_cast<Bench*>(user);
      const HostDouble::Visit visit(bench.host_, function, HostDouble::Tag::in_call);
      if (visit.status() != HKL_OK) return visit.status();
      return put(bench);
    } catch (const std::exception&) {
      return HKL_RESOURCE;
    }
  }
  static Asked& asked(Bench& bench) { return bench.asked_; }
  static std::vector<hkl_endpoint>& wanted(Bench& bench) { return bench.wanted_; }
  static std::vector<ScanRow>& rows(Bench& bench) { return bench.rows_; }
  static std::vector<Behind>& behind(Bench& bench) { return bench.behind_; }
  static std::string& definition(Bench& bench) { return bench.definition_; }
  static std::uint64_t refused_row(const Bench& bench) { return bench.refuse_row_; }
};

}  // namespace hkl::validate
