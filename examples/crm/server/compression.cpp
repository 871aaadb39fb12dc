#include "compression.h"

#include <Poco/DeflatingStream.h>

#include <charconv>
#include <sstream>

#include "secrets.h"

namespace crm {
namespace {

// Below it the headers weigh more than what is saved.
constexpr std::size_t kWorthIt = 1024;
constexpr int kQuickLevel = 5;

bool has_header(const Reply& reply, const char* name) {
  for (const auto& [key, value] : reply.headers)
    if (key == name) return true;
  return false;
}

bool is_text(const std::string& type) {
  return type.starts_with("text/") || type.find("json") != std::string::npos || type.find("svg") != std::string::npos;
}

// "bytes=100-" or "bytes=100-199", one range alone.
void cut(const std::string& range, Reply& reply) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return;
  const char* const end = range.data() + range.size();
  std::size_t first = 0;
  const auto begun = std::from_chars(range.data() + kUnit.size(), end, first);
  if (begun.ec != std::errc() || begun.ptr == end || *begun.ptr != '-') return;
  std::size_t last = reply.body.size() - 1;
  if (begun.ptr + 1 != end && std::from_chars(begun.ptr + 1, end, last).ptr != end) return;
  const auto size = reply.body.size();
  if (first >= size || last < first) {
    reply = problem(416, "the recording has " + std::to_string(size) + " bytes");
    reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return;
  }
  last = std::min(last, size - 1);
  reply.status = 206;
  reply.headers.emplace_back(
      "Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(size));
  reply.body = reply.body.substr(first, last - first + 1);
}

}  // namespace

std::string gzipped(const std::string& text) {
  std::ostringstream out;
  Poco::DeflatingOutputStream deflating(out, Poco::DeflatingStreamBuf::STREAM_GZIP, kQuickLevel);
  deflating << text;
  deflating.close();
  return out.str();
}

void finish(const Request& request, Reply& reply) {
  if (reply.stream || reply.status != 200 || has_header(reply, "ETag")) return;
  if (reply.type.starts_with("audio/") && !reply.body.empty()) {
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    cut(request.header("range"), reply);
    return;
  }
  if (request.method == "GET") {
    const auto etag = "W/\"" + sha256_hex(reply.body).substr(0, 32) + '"';
    reply.headers.emplace_back("ETag", etag);
    if (request.header("if-none-match") == etag) {
      reply.status = 304;
      reply.body.clear();
      return;
    }
  }
  if (!is_text(reply.type) || reply.body.size() < kWorthIt) return;
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.header("accept-encoding").find("gzip") == std::string::npos) return;
  reply.body = gzipped(reply.body);
  reply.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace crm
