#include "static_site.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "compression.h"
#include "secrets.h"

namespace crm {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, const char*> kTypes = {{".html", "text/html; charset=utf-8"},
                                                   {".js", "text/javascript; charset=utf-8"},
                                                   {".css", "text/css; charset=utf-8"},
                                                   {".svg", "image/svg+xml"},
                                                   {".json", "application/json"}};

// The pages' libraries as they come in their packages: address, place.
const std::pair<const char*, const char*> kLibraries[] = {
    {"/lib/lit-html/lit-html.js", "lit-html/lit-html.js"},
    {"/lib/lit-html/directive.js", "lit-html/directive.js"},
    {"/lib/lit-html/directive-helpers.js", "lit-html/directive-helpers.js"},
    {"/lib/lit-html/directives/repeat.js", "lit-html/directives/repeat.js"},
    {"/lib/lit-html/directives/live.js", "lit-html/directives/live.js"},
    {"/lib/lit-html/directives/ref.js", "lit-html/directives/ref.js"},
    {"/lib/lit-html/async-directive.js", "lit-html/async-directive.js"},
    {"/lib/echarts.js", "echarts/dist/echarts.esm.min.js"}};

// Addresses of the application itself; the page's script reads the rest.
bool is_page(const std::string& path) {
  static const char* const kPages[] = {"/board", "/reports",  "/calls",    "/inquiries", "/leads",
                                       "/tasks", "/contacts", "/settings", "/login"};
  if (path == "/") return true;
  for (const std::string page : kPages)
    if (path == page || path.starts_with(page + "/")) return true;
  return false;
}

}  // namespace

StaticSite::StaticSite(const std::string& folder) {
  const fs::path root(folder);
  if (!fs::exists(root / "index.html"))
    throw std::runtime_error(folder + ": has no index.html; name the folder of the pages with --web");
  for (const char* part : {"css", "js", "embed"}) {
    if (!fs::exists(root / part)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / part))
      if (entry.is_regular_file() && kTypes.contains(entry.path().extension().string()))
        add("/" + fs::relative(entry.path(), root).generic_string(), entry.path().string(), false);
  }
  add("/crm/openapi.json", (root / "openapi.json").string(), false);
  add("/index.html", (root / "index.html").string(), false);
  for (const auto& [address, place] : kLibraries) {
    const auto path = root / "node_modules" / place;
    if (!fs::exists(path))
      throw std::runtime_error(path.string() + " is missing: run `npm ci --omit=dev` in " + folder);
    add(address, path.string(), true);
  }
}

void StaticSite::add(const std::string& address, const std::string& path, bool is_library) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(path + ": cannot be read");
  File file{kTypes.at(fs::path(path).extension().string()), text.str(), "", "", is_library};
  file.gzip = gzipped(file.body);
  file.etag = '"' + sha256_hex(file.body).substr(0, 32) + '"';
  files_[address] = std::move(file);
}

Reply StaticSite::find(const Request& request) const {
  auto found = files_.find(request.path);
  if (found == files_.end() && is_page(request.path)) found = files_.find("/index.html");
  if (found == files_.end()) return problem(404, "there is no page " + request.path);
  const auto& file = found->second;
  Reply reply;
  reply.type = file.type;
  reply.headers = {{"ETag", file.etag},
                   {"Cache-Control", file.is_library ? "public, max-age=86400" : "no-cache"},
                   {"Vary", "Accept-Encoding"}};
  // Modules of a component that a vendor's own page embeds.
  if (file.type.starts_with("text/javascript") || file.type.starts_with("text/css"))
    reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (request.header("if-none-match") == file.etag) {
    reply.status = 304;
    return reply;
  }
  const bool takes_gzip = request.header("accept-encoding").find("gzip") != std::string::npos;
  if (takes_gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  reply.body = takes_gzip ? file.gzip : file.body;
  return reply;
}

}  // namespace crm
