// Files beside the store that may tell of people: recorded bytes and recordings.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "contacts/erased_names.h"
#include "values/instant.h"
#include "values/result.h"

namespace hkl {

// What `record:` of a source has made in its folder (endpoints/recorder.h).
std::vector<std::string> captures_of(const std::string& folder, const std::string& source);
// Whether the bytes of a file tell the person in plain text: not what is packed
// or encoded. A file that cannot be read tells nothing.
bool tells(const std::string& file, const NameEraser& person);
// All regular files below a folder; links are not followed.
std::vector<std::string> files_below(const std::string& folder);
// Last written to before `until`.
bool is_older(const std::string& file, Instant until);
// One that is not there is gone, which is what was wanted.
Done remove_file(const std::string& file);
// The file of a name that a PBX gave, if it is within the folder: neither dots
// nor a link lead out of it. "" where there is none.
std::string file_within(const std::string& folder, const std::string& name);

}  // namespace hkl
