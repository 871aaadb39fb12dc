#include "recordings.h"

#include <Poco/DateTimeParser.h>
#include <Poco/Timespan.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace crm {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, const char*> kTypes = {{".wav", "audio/wav"},
                                                   {".mp3", "audio/mpeg"},
                                                   {".ogg", "audio/ogg"},
                                                   {".opus", "audio/ogg"},
                                                   {".m4a", "audio/mp4"}};

// A file's name: no folder, no drive, nothing hidden.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find_first_of("/\\:") == std::string::npos &&
         name.find('\0') == std::string::npos;
}

bool is_older(const std::string& iso, int days) {
  int offset = 0;
  Poco::DateTime at;
  if (!Poco::DateTimeParser::tryParse("%Y-%m-%dT%H:%M:%S.%iZ", iso, at, offset)) return false;
  return Poco::DateTime() - at > Poco::Timespan(days, 0, 0, 0, 0);
}

}  // namespace

Reply Recordings::of_call(const nlohmann::ordered_json& call) const {
  if (!call.contains("recordings") || call["recordings"].empty()) return problem(404, "this call was not recorded");
  const auto name = call["recordings"][0].get<std::string>();
  if (keep_days_ > 0 && is_older(call.value("started_at", ""), keep_days_))
    return problem(410, "recordings are kept for " + std::to_string(keep_days_) + " days; this one is older");
  const auto type = kTypes.find(fs::path(name).extension().string());
  if (!is_plain_name(name) || type == kTypes.end())
    return problem(404, "the recording \"" + name + "\" is no file of the recordings' folder; the PBX keeps it itself");
  const auto path = fs::path(folder_) / name;
  // A link in the folder could lead out of it.
  std::error_code failed;
  if (folder_.empty() || !fs::is_regular_file(fs::symlink_status(path, failed)))
    return problem(404, "the recording is not in the folder; is --recordings right?");
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  if (!file) return problem(500, "the recording cannot be read");
  Reply reply;
  reply.type = type->second;
  reply.body = bytes.str();
  reply.headers = {{"Cache-Control", "private, no-store"}};
  return reply;
}

}  // namespace crm
