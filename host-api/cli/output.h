// Where an answer goes: standard output, or a file that is there whole or not
// at all (written beside it under another name, then renamed).
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "hookline/hookline.h"
#include "progress.h"

namespace cli {

class Output {
 public:
  // "": standard output. `trouble()` says whether it could be opened.
  explicit Output(const std::string& path);
  ~Output();  // without finish() the file is as it was before
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Tells `progress`, which is there as long as something is written, how much that is.
  void show_on(Progress& progress) { steps_ = progress.abi(); }

  // For the library; valid as long as this object.
  hkl_writer writer();
  // All is written: flush, and give the file its name. False: see trouble().
  bool finish();

  // What went wrong, "" when nothing did.
  const std::string& trouble() const { return trouble_; }
  // The reader has gone (`hookline calls | head`): no reason to complain.
  bool is_unread() const { return is_unread_; }

 private:
  hkl_status write(hkl_bytes bytes);
  void note_trouble(int number);

  std::string path_, part_;
  std::FILE* file_ = stdout;
  std::string trouble_;
  bool is_unread_ = false;
  hkl_progress steps_{};  // no step: nobody watches
  std::uint64_t written_ = 0;
};

}  // namespace cli
