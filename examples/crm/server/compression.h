// gzip, ETag and byte ranges: what a finished answer still gets.
#pragma once

#include <string>

#include "message.h"

namespace crm {

std::string gzipped(const std::string& text);
// Compresses texts that are worth it, answers 304 to who has the same already
// and 206 to who asked for a part of a recording.
void finish(const Request& request, Reply& reply);

}  // namespace crm
