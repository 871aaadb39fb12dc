#include "api/arrow_stream.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

// The formats of the Arrow C data interface.
constexpr const char *kText = "u", *kInteger = "l", *kDecimal = "g";

struct Column {
  std::string name, format;
  std::vector<std::uint8_t> validity;
  std::vector<std::int32_t> offsets = {0};
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> decimals;
  std::int64_t null_count = 0;
};

const char* format_of(const std::string& type) {
  if (type == "integer" || type == "money") return kInteger;
  if (type == "decimal" || type == "percent") return kDecimal;
  return kText;
}

void append(Column& column, const Json& cell, std::size_t row) {
  const bool is_null = cell.is_null();
  if (row % 8 == 0) column.validity.push_back(0);
  if (is_null) {
    ++column.null_count;
  } else {
    column.validity.back() = static_cast<std::uint8_t>(column.validity.back() | (1u << (row % 8)));
  }
  if (column.format == kInteger) {
    column.integers.push_back(is_null ? 0 : cell.get<std::int64_t>());
  } else if (column.format == kDecimal) {
    column.decimals.push_back(is_null ? 0 : cell.get<double>());
  } else {
    if (!is_null) column.text += cell.is_string() ? cell.get<std::string>() : cell.dump();
    column.offsets.push_back(static_cast<std::int32_t>(column.text.size()));
  }
}

struct Table {
  std::vector<std::unique_ptr<Column>> columns;
  std::int64_t row_count = 0;
  bool was_read = false;
};

// --- Schema: each node owns its texts and children.
struct SchemaNode {
  std::string name, format;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

void release_schema(ArrowSchema* schema) {
  auto* node = static_cast<SchemaNode*>(schema->private_data);
  for (auto& child : node->children)
    if (child.release != nullptr) child.release(&child);
  delete node;
  schema->release = nullptr;
}

void fill_schema(ArrowSchema& schema, std::string name, std::string format, std::vector<ArrowSchema> children) {
  auto node = std::make_unique<SchemaNode>();
  node->name = std::move(name);
  node->format = std::move(format);
  node->children = std::move(children);
  for (auto& child : node->children) node->pointers.push_back(&child);
  schema = ArrowSchema{};
  schema.format = node->format.c_str();
  schema.name = node->name.c_str();
  schema.flags = ARROW_FLAG_NULLABLE;
  schema.n_children = static_cast<std::int64_t>(node->pointers.size());
  schema.children = node->pointers.empty() ? nullptr : node->pointers.data();
  schema.release = release_schema;
  schema.private_data = node.release();
}

// --- Arrays: the struct array owns the columns, its children point into them.
struct ArrayNode {
  std::unique_ptr<Column> column;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

void release_array(ArrowArray* array) {
  auto* node = static_cast<ArrayNode*>(array->private_data);
  for (auto& child : node->children)
    if (child.release != nullptr) child.release(&child);
  delete node;
  array->release = nullptr;
}

void finish_array(ArrowArray& array, std::unique_ptr<ArrayNode> node, std::int64_t length, std::int64_t null_count) {
  for (auto& child : node->children) node->pointers.push_back(&child);
  array = ArrowArray{};
  array.length = length;
  array.null_count = null_count;
  array.n_buffers = static_cast<std::int64_t>(node->buffers.size());
  array.buffers = node->buffers.data();
  array.n_children = static_cast<std::int64_t>(node->pointers.size());
  array.children = node->pointers.empty() ? nullptr : node->pointers.data();
  array.release = release_array;
  array.private_data = node.release();
}

ArrowArray column_array(std::unique_ptr<Column> column, std::int64_t length) {
  auto node = std::make_unique<ArrayNode>();
  const auto& c = *column;
  node->buffers = {c.validity.data()};
  if (c.format == kInteger) {
    node->buffers.push_back(c.integers.data());
  } else if (c.format == kDecimal) {
    node->buffers.push_back(c.decimals.data());
  } else {
    node->buffers.push_back(c.offsets.data());
    node->buffers.push_back(c.text.data());
  }
  const auto null_count = c.null_count;
  node->column = std::move(column);
  ArrowArray array;
  finish_array(array, std::move(node), length, null_count);
  return array;
}

Table& table_of(ArrowArrayStream* stream) { return *static_cast<Table*>(stream->private_data); }

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  try {
    std::vector<ArrowSchema> children;
    for (const auto& column : table_of(stream).columns)
      fill_schema(children.emplace_back(), column->name, column->format, {});
    fill_schema(*out, "", "+s", std::move(children));
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  try {
    auto& table = table_of(stream);
    *out = ArrowArray{};
    if (std::exchange(table.was_read, true)) return 0;  // released: the end
    auto node = std::make_unique<ArrayNode>();
    node->buffers = {nullptr};
    for (auto& column : table.columns) {
      auto copy = std::make_unique<Column>(*column);  // the schema stays answerable
      node->children.push_back(column_array(std::move(copy), table.row_count));
    }
    finish_array(*out, std::move(node), table.row_count, 0);
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream*) { return "out of memory"; }

void release_stream(ArrowArrayStream* stream) {
  delete &table_of(stream);
  stream->release = nullptr;
}

}  // namespace

Done arrow_stream_of_report(const std::string& report_json, ArrowArrayStream& out) {
  const auto report = Json::parse(report_json);
  if (!report.is_object() || !report.contains("columns"))
    return fail(HKL_UNSUPPORTED, "only a report's rows come as Arrow; leave `drill` empty");
  auto table = std::make_unique<Table>();
  for (const auto& told : report.at("columns")) {
    auto column = std::make_unique<Column>();
    column->name = told.at("id").get<std::string>();
    column->format = format_of(told.at("type").get<std::string>());
    std::size_t row = 0;
    for (const auto& cells : report.at("rows")) append(*column, cells.at("cells").value(column->name, Json()), row++);
    table->columns.push_back(std::move(column));
  }
  table->row_count = static_cast<std::int64_t>(report.at("rows").size());
  out = ArrowArrayStream{};
  out.get_schema = get_schema;
  out.get_next = get_next;
  out.get_last_error = get_last_error;
  out.release = release_stream;
  out.private_data = table.release();
  return {};
}

}  // namespace hkl
