#include "columns/table_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace hkl {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr int kFormat = 4;
constexpr const char* kManifest = "manifest.json";
constexpr std::size_t kAlign = 64;

Error io_error(const char* what, const fs::path& path) {
  return {HKL_RESOURCE, fmt::format("{} {}: {}", what, path.string(), std::strerror(errno))};
}
Error unusable(std::string why) { return {HKL_INVALID, std::move(why)}; }

std::size_t aligned(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

// A file being put together in memory.
class Sheaf {
 public:
  template <typename T>
  void put(const T* things, std::size_t count) {
    bytes_.append(reinterpret_cast<const char*>(things), count * sizeof(T));
  }
  void align() { bytes_.resize(aligned(bytes_.size())); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Reads what a Sheaf holds; empty spans past the end.
class Leaf {
 public:
  Leaf(std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}
  template <typename T>
  std::span<T> take(std::size_t count) {
    if (count > (size_ - at_) / sizeof(T)) {
      is_short_ = true;
      return {};
    }
    std::span<T> things(reinterpret_cast<T*>(bytes_ + at_), count);
    at_ += count * sizeof(T);
    return things;
  }
  void align() { at_ = std::min(size_, aligned(at_)); }
  bool is_short() const { return is_short_; }

 private:
  std::uint8_t* bytes_;
  std::size_t size_, at_ = 0;
  bool is_short_ = false;
};

Done write_durably(const fs::path& path, const std::string& bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return fail(io_error("making", path));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto wrote = ::write(file, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  const bool is_whole = done == bytes.size() && ::fsync(file) == 0;
  const auto error = is_whole ? Error() : io_error("writing", path);
  ::close(file);
  return is_whole ? Done() : fail(error);
}

void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  // Without it a crash of the machine may lose the cache, nothing else.
  (void)::fsync(file);
  ::close(file);
}

std::uint64_t checksum_of(const void* bytes, std::size_t size) { return XXH3_64bits(bytes, size); }

// Heads of all columns, then each column's codes.
void put_columns(Sheaf& sheaf, const std::vector<const NarrowColumn*>& columns) {
  for (const auto* column : columns) sheaf.put(&column->head(), 1);
  for (const auto* column : columns) {
    sheaf.align();
    sheaf.put(column->bytes(), column->byte_count());
  }
}

std::vector<NarrowColumn> take_columns(Leaf& leaf, std::size_t count) {
  const auto heads = leaf.take<NarrowHead>(count);
  std::vector<NarrowColumn> columns;
  for (const auto& head : heads) {
    leaf.align();
    const auto bytes = leaf.take<std::uint8_t>(head.byte_count());
    columns.push_back(NarrowColumn::over(head, bytes.data()));
  }
  return columns;
}

std::string bytes_of(const Dictionary& texts) {
  Sheaf sheaf;
  const std::uint64_t count = texts.size();
  sheaf.put(&count, 1);
  std::uint64_t end = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    end += texts.text(i).size();
    sheaf.put(&end, 1);
  }
  const auto order = texts.order();
  sheaf.put(order.data(), order.size());
  for (std::uint32_t i = 0; i < count; ++i) sheaf.put(texts.text(i).data(), texts.text(i).size());
  sheaf.align();
  return sheaf.bytes();
}

std::int64_t schema_cookie(Sql& sql) {
  auto query = sql.query("PRAGMA schema_version");
  return query.step() ? query.integer(0) : 0;
}

}  // namespace

std::string mark_of_change(Sql& sql, std::int64_t change) {
  if (change == 0) return "none";
  auto query = sql.query("SELECT mark FROM fact_changes WHERE seq = ?");
  query.bind(change);
  return query.step() ? std::to_string(query.integer(0)) : std::string();
}

// A file in memory, written to by nobody but this process: changes in place
// stay here (MAP_PRIVATE).
class TableFiles::Mapping {
 public:
  Mapping(void* bytes, std::size_t size) : bytes_(bytes), size_(size) {}
  ~Mapping() {
    if (size_ > 0) ::munmap(bytes_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::uint8_t* bytes() const { return static_cast<std::uint8_t*>(bytes_); }
  std::size_t size() const { return size_; }
  // Whether to read on behind what is touched: who looks at the beginning alone need not wait for megabytes.
  void read_ahead(bool on) const { ::madvise(bytes_, size_, on ? MADV_NORMAL : MADV_RANDOM); }

 private:
  void* bytes_;
  std::size_t size_;
};

TableFiles::~TableFiles() = default;

std::shared_ptr<TableFiles::Mapping> TableFiles::map(const std::string& name, std::uint64_t size) {
  const auto path = folder_ / name;
  std::error_code code;
  if (fs::file_size(path, code) != size || code || size == 0) return nullptr;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* bytes = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  ::close(file);
  if (bytes == MAP_FAILED) return nullptr;
  return std::make_shared<Mapping>(bytes, size);
}

Done TableFiles::open(Table& table, ClassSets& classes, Sql& sql) {
  std::ifstream file(folder_ / kManifest);
  if (!file) return fail(unusable("there are no columns yet"));
  const auto manifest = Json::parse(file, nullptr, false);
  try {
    const bool is_ours = manifest.is_object() && manifest.at("format") == kFormat &&
                         manifest.at("columns") == table.schema().fingerprint();
    if (!is_ours) return fail(unusable("the columns were made by another version"));
    const std::int64_t change = manifest.at("change");
    const auto mark = mark_of_change(sql, change);
    if (mark.empty() || manifest.at("mark") != mark || manifest.at("cookie") != schema_cookie(sql))
      return fail(unusable("the columns are of another state of the store"));
    const auto mapped = [&](const Json& entry) { return map(entry.at("file").get<std::string>(), entry.at("size")); };
    const auto checked_when_used = [](const Json& entry, const std::shared_ptr<Mapping>& mapping) {
      return std::make_shared<CheckedBytes>(mapping->bytes(), mapping->size(), entry.at("checksum"), mapping);
    };
    // Reading them for the checksum is what opening costs; of all else that is compared when it is first used.
    const auto& texts_entry = manifest.at("texts");
    const auto texts = mapped(texts_entry);
    const bool is_sound = texts && checksum_of(texts->bytes(), texts->size()) == texts_entry.at("checksum");
    if (!is_sound) return fail(unusable("the columns' texts are damaged"));
    Leaf leaf(texts->bytes(), texts->size());
    for (auto& dictionary : table.dictionaries_) {
      const auto count = leaf.take<std::uint64_t>(1);
      if (count.empty()) return fail(unusable("the columns' texts are cut off"));
      const auto ends = leaf.take<std::uint64_t>(count[0]);
      const auto order = leaf.take<std::uint32_t>(count[0]);
      const auto bytes = leaf.take<char>(ends.empty() ? 0 : ends.back());
      leaf.align();
      dictionary->map({ends, order, bytes.data(), texts});
    }
    for (const auto& entry : manifest.at("segments")) {
      const auto mapping = mapped(entry);
      if (!mapping) return fail(unusable("a segment of the columns is missing or damaged"));
      auto segment = std::make_shared<Segment>();
      segment->rows = entry.at("rows");
      segment->least_at = entry.at("least_at");
      segment->greatest_at = entry.at("greatest_at");
      segment->mapped = checked_when_used(entry, mapping);
      Leaf columns(mapping->bytes(), mapping->size());
      mapping->read_ahead(false);
      segment->columns = take_columns(columns, table.schema().columns().size());
      mapping->read_ahead(true);
      if (leaf.is_short() || columns.is_short()) return fail(unusable("the columns are cut off"));
      table.sealed_.push_back(std::move(segment));
    }
    for (const auto& entry : manifest.at("classes")) {
      const auto mapping = mapped(entry);
      if (!mapping) continue;  // made anew when asked
      Leaf codes(mapping->bytes(), mapping->size());
      KeptClasses kept;
      kept.fingerprint = entry.at("fingerprint");
      mapping->read_ahead(false);
      const auto answers = codes.take<std::uint64_t>(entry.at("count"));
      kept.answers.assign(answers.begin(), answers.end());
      kept.columns = take_columns(codes, table.sealed_.size());
      mapping->read_ahead(true);
      kept.mapped = checked_when_used(entry, mapping);
      if (!codes.is_short()) classes.keep(std::move(kept));
    }
    table.change_ = change;
    generation_ = manifest.at("generation");
    return {};
  } catch (const Json::exception&) {
    return fail(unusable("the columns' manifest is damaged"));
  }
}

Done TableFiles::remove() {
  std::error_code failed;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, failed);
  if (failed)
    return fail(HKL_RESOURCE, fmt::format("{}: cannot be removed ({}); remove it by hand, it is made anew",
                                          folder_.string(), failed.message()));
  return {};
}

Done TableFiles::save(const Table& table, ClassSets& classes, Sql& sql) {
  std::error_code code;
  fs::create_directories(folder_, code);
  if (code) return fail(HKL_RESOURCE, fmt::format("making {}: {}", folder_.string(), code.message()));
  ++generation_;
  Json manifest = {{"format", kFormat},
                   {"columns", table.schema().fingerprint()},
                   {"generation", generation_},
                   {"change", table.change()},
                   {"mark", mark_of_change(sql, table.change())},
                   {"cookie", schema_cookie(sql)},
                   {"segments", Json::array()},
                   {"classes", Json::array()}};
  std::set<std::string> named = {kManifest};
  const auto put = [&](const std::string& name, const std::string& bytes) -> Result<Json> {
    named.insert(name);
    if (auto done = write_durably(folder_ / name, bytes); !done) return fail(done.error());
    return Json{{"file", name}, {"size", bytes.size()}, {"checksum", checksum_of(bytes.data(), bytes.size())}};
  };
  std::string texts;
  for (const auto& dictionary : table.dictionaries_) texts += bytes_of(*dictionary);
  auto texts_entry = put(fmt::format("texts-{}.hkc", generation_), texts);
  if (!texts_entry) return fail(texts_entry.error());
  manifest["texts"] = *texts_entry;
  std::size_t number = 0;
  for (const auto& segment : table.sealed_) {
    segment->check();
    Sheaf sheaf;
    std::vector<const NarrowColumn*> columns;
    for (const auto& column : segment->columns) columns.push_back(&column);
    put_columns(sheaf, columns);
    auto entry = put(fmt::format("segment-{}-{}.hkc", generation_, number++), sheaf.bytes());
    if (!entry) return fail(entry.error());
    (*entry)["rows"] = segment->rows;
    (*entry)["least_at"] = segment->least_at;
    (*entry)["greatest_at"] = segment->greatest_at;
    manifest["segments"].push_back(*entry);
  }
  number = 0;
  for (const auto& set : classes.sets()) {
    std::vector<const NarrowColumn*> columns;
    for (const auto& segment : table.sealed_)
      if (const auto kept = segment->classes.find(set->number()); kept != segment->classes.end())
        columns.push_back(&kept->second);
    if (columns.size() != table.sealed_.size()) continue;
    Sheaf sheaf;
    std::vector<std::uint64_t> answers;
    for (std::uint32_t i = 0; i < set->size(); ++i) answers.push_back(set->answers(i));
    sheaf.put(answers.data(), answers.size());
    put_columns(sheaf, columns);
    auto entry = put(fmt::format("classes-{}-{}.hkc", generation_, number++), sheaf.bytes());
    if (!entry) return fail(entry.error());
    (*entry)["fingerprint"] = set->fingerprint();
    (*entry)["count"] = answers.size();
    manifest["classes"].push_back(*entry);
  }
  const auto temporary = folder_ / "manifest.new";
  if (auto done = write_durably(temporary, manifest.dump()); !done) return done;
  fs::rename(temporary, folder_ / kManifest, code);
  if (code) return fail(HKL_RESOURCE, fmt::format("replacing {}: {}", (folder_ / kManifest).string(), code.message()));
  sync_folder(folder_);
  for (const auto& entry : fs::directory_iterator(folder_, code))
    if (!named.contains(entry.path().filename().string())) fs::remove(entry.path(), code);
  return {};
}

}  // namespace hkl
