// The recordings of calls.
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "rest/routes.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostOfACall = 100;

const char* content_type_of(const std::string& file) {
  const auto extension = std::filesystem::path(file).extension().string();
  if (extension == ".mp3") return "audio/mpeg";
  if (extension == ".wav") return "audio/wav";
  if (extension == ".ogg" || extension == ".opus") return "audio/ogg";
  return extension == ".m4a" ? "audio/mp4" : "application/octet-stream";
}

Done send_file(RestCall& call, const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    return fail(HKL_NOT_FOUND, "the recording is no more where it was");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rb"), [](std::FILE* open) { return open == nullptr ? 0 : std::fclose(open); });
  if (!file) return fail(HKL_NOT_FOUND, "the recording is no more where it was");
  call.reply.head.content_type = content_type_of(path);
  std::array<char, 65536> piece{};
  while (const auto got = std::fread(piece.data(), 1, piece.size(), file.get()))
    if (auto sent = call.reply.text({piece.data(), got}); !sent) return sent;
  if (std::ferror(file.get()) != 0) return fail(HKL_UNAVAILABLE, "the recording could not be read to its end");
  return {};
}

Done hear(RestCall& call) {
  const auto number = call.query.take_number("number", 1, kMostOfACall);
  if (!number) return fail(number.error());
  if (auto done = call.query.no_others(); !done) return done;
  const auto found = call.backend.recording(call.names.at("id"), *number - 1, call.asker());
  if (!found) return fail(found.error());
  if (found->address.empty()) return send_file(call, found->file);
  call.reply.head.status = 302;
  call.reply.head.location = found->address;
  return {};
}

}  // namespace

std::vector<RestRoute> recording_routes() {
  return {{"GET",
           "/recordings/{id}",
           "hearCall",
           "A call's recording: its bytes, or where it is",
           "Recording",
           {{"number", "integer", "which of them, the first unless set"}},
           "",
           hear}};
}

}  // namespace hkl
