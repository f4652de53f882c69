// RecordFile: the bytes of a record file, checked once, then read by table.
//
// The one place besides TraceReader that knows the format (tracer/record/Record.h). Every access stays inside the file.
#pragma once

#include "tracer/record/Record.h"
#include "tracer/report/Trace.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint::tracing {

namespace record = threadlint::trace;

/// One table of the file, by record number. Some of the records may not be published.
template <class Row> class RecordRows {
public:
  RecordRows(std::string_view bytes, const record::Table &table)
      : bytes_(bytes), offset_(table.offset), stride_(table.recordSize) {
    count_ = stride_ == 0 ? 0 : std::min(table.count, table.capacity);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(count_); }
  /// A later version's records may be longer, an earlier one's shorter: what is missing is zero.
  Row at(std::uint32_t index) const {
    Row row{};
    std::memcpy(&row, bytes_.data() + offset_ + index * stride_, std::min(sizeof row, stride_));
    return row;
  }

private:
  std::string_view bytes_;
  std::size_t offset_, stride_, count_;
};

class RecordFile {
public:
  /// Whether the bytes begin like a record file, of any version.
  static bool isOne(std::string_view bytes);

  explicit RecordFile(std::string_view bytes);

  /// Why it cannot be read; empty when it can.
  const std::string &error() const { return error_; }
  const record::Header &header() const { return header_; }
  template <class Row> RecordRows<Row> rows(record::TableKind kind) const {
    return RecordRows<Row>(bytes_, table(kind));
  }
  std::string string(std::uint32_t offset) const;
  /// How the process ended: "exit 0", "killed by signal 9", "not ended".
  std::string end() const;
  /// Whether it ended by itself, but not in a way that the tracer sees.
  bool endsUnseen() const;
  /// The limits that were reached.
  std::vector<Overflow> overflows() const;

private:
  std::string check();
  const record::Table &table(record::TableKind kind) const {
    return header_.tables[static_cast<std::size_t>(kind)];
  }

  std::string_view bytes_;
  record::Header header_{};
  std::string error_;
};

} // namespace threadlint::tracing
