// TraceReaderTest: record files made here: good, killed, truncated, foreign, damaged.
#include "tracer/report/TraceReader.h"
#include "tracer/record/Record.h"
#include "tracer/report/Cycles.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace threadlint::tracing {
namespace {

namespace record = threadlint::trace;
using record::TableKind;

/// A record file in memory.
class File {
public:
  File() : bytes_(sizeof(record::Header), '\0') {
    std::memcpy(header_.magic, record::kMagic, sizeof header_.magic);
    header_.version = record::kFormatVersion;
    header_.byteOrder = record::kByteOrderMark;
    header_.headerSize = sizeof header_;
    header_.pid = 77;
  }
  template <class Row>
  void table(TableKind kind, const std::vector<Row> &rows, std::size_t spare = 2) {
    record::Table &table = header_.tables[static_cast<std::size_t>(kind)];
    table.offset = bytes_.size();
    table.capacity = table.populated = rows.size() + spare;
    table.count = rows.size();
    table.recordSize = sizeof(Row);
    bytes_.append(reinterpret_cast<const char *>(rows.data()), rows.size() * sizeof(Row));
    bytes_.append(spare * sizeof(Row), '\0');
  }
  record::Table &row(TableKind kind) { return header_.tables[static_cast<std::size_t>(kind)]; }
  record::Header &header() { return header_; }
  std::string bytes() {
    std::memcpy(bytes_.data(), &header_, sizeof header_);
    return bytes_;
  }

private:
  record::Header header_{};
  std::string bytes_;
};

record::Node node(std::uint32_t parent, std::uint32_t object, std::uint32_t site,
                  std::uint32_t depth) {
  record::Node node{};
  node.published = 1;
  node.parent = parent;
  node.object = object;
  node.site = site;
  node.stack = record::kNone;
  node.depth = depth;
  node.companion = record::kNone;
  return node;
}

record::Tuple tuple(std::uint32_t thread, std::uint32_t node) {
  record::Tuple tuple{};
  tuple.published = 1;
  tuple.thread = thread;
  tuple.node = node;
  tuple.rangeCount = 1;
  tuple.ranges[0] = {1, 1};
  return tuple;
}

/// Two threads, two mutexes, both orders.
File abba() {
  File file;
  std::vector<char> strings{'\0'};
  file.table(TableKind::Strings, strings);
  std::vector<record::Frame> frames(4);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].published = 1;
    frames[i].module = record::kNone;
    frames[i].pc = 1000 * (i + 1);
  }
  file.table(TableKind::Frames, frames);
  std::vector<record::Lock> locks(2);
  for (record::Lock &lock : locks) {
    lock.published = 1;
    lock.module = record::kNone;
  }
  file.table(TableKind::Locks, locks);
  std::vector<record::Thread> threads(2);
  for (record::Thread &thread : threads) {
    thread.published = 1;
    thread.parent = thread.startFrame = thread.createSite = thread.createStack = record::kNone;
  }
  file.table(TableKind::Threads, threads);
  file.table(TableKind::Nodes,
             std::vector<record::Node>{node(record::kNone, 0, 0, 1), node(0, 1, 1, 2),
                                       node(record::kNone, 1, 2, 1), node(2, 0, 3, 2)});
  file.table(TableKind::Tuples, std::vector<record::Tuple>{tuple(0, 1), tuple(1, 3)});
  return file;
}

std::size_t cyclesIn(const std::string &bytes) {
  TraceReadResult read = readTrace(bytes);
  EXPECT_EQ(read.error, "");
  std::size_t count = 0;
  for (const TraceCycle &cycle : findTraceCycles(read.trace).cycles)
    count += !cycle.pruned;
  return count;
}

TEST(TraceReader, ReadsWhatIsThere) {
  TraceReadResult read = readTrace(abba().bytes());
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.trace.processId, 77u);
  EXPECT_EQ(read.trace.acquisitions.size(), 2u);
  ASSERT_EQ(read.trace.acquisitions[0].held.size(), 1u);
  EXPECT_EQ(read.trace.acquisitions[0].held[0].lock, 0u);
  EXPECT_EQ(read.trace.end, "not ended");
  EXPECT_TRUE(read.trace.remarks.empty());
  EXPECT_EQ(cyclesIn(abba().bytes()), 1u);
}

TEST(TraceReader, OrdersCount) {
  for (auto [first, second, expected] :
       {std::tuple(record::EventKind::HappensBefore, record::EventKind::HappensAfter, 0u),
        std::tuple(record::EventKind::SemPost, record::EventKind::SemWait, 0u),
        std::tuple(record::EventKind::BarrierArrive, record::EventKind::BarrierLeave, 0u),
        std::tuple(record::EventKind::CondSignal, record::EventKind::CondWake, 1u)}) {
    File file = abba();
    std::vector<record::Tuple> tuples{tuple(0, 1), tuple(1, 3)};
    tuples[1].ranges[0] = {2, 2};
    file.table(TableKind::Tuples, tuples);
    std::vector<record::Event> events(2);
    for (std::uint32_t i : {0u, 1u}) {
      events[i].published = 1;
      events[i].thread = i;
      events[i].epoch = 1;
      events[i].sequence = i;
      events[i].value = 1;
      events[i].site = record::kNone;
    }
    events[0].kind = static_cast<std::uint8_t>(first);
    events[1].kind = static_cast<std::uint8_t>(second);
    file.table(TableKind::Events, events);
    EXPECT_EQ(cyclesIn(file.bytes()), expected) << static_cast<int>(events[0].kind);
  }
}

TEST(TraceReader, WhatWasNotPublishedIsSkipped) {
  File file = abba();
  std::vector<record::Tuple> tuples{tuple(0, 1), tuple(1, 3)};
  tuples[1].published = 0; // killed while it was written
  file.table(TableKind::Tuples, tuples);
  file.row(TableKind::Tuples).count = 100; // begun, and past the capacity
  EXPECT_EQ(cyclesIn(file.bytes()), 0u);
}

TEST(TraceReader, WhatMayHaveNoMemoryIsNotTouched) {
  File file = abba();
  file.row(TableKind::Tuples).populated = 1; // the second was begun, and the file system was full
  EXPECT_EQ(cyclesIn(file.bytes()), 0u);
  file.row(TableKind::Tuples).count = file.row(TableKind::Tuples).capacity = 1 << 20;
  EXPECT_EQ(cyclesIn(file.bytes()), 0u) << "it is no table past the end of the file either";
}

TEST(TraceReader, AStackIsNoLongerThanStacksCanBe) {
  File file = abba();
  file.table(TableKind::StackFrames, std::vector<std::uint32_t>(100'000));
  std::vector<record::Stack> stacks(1000);
  for (record::Stack &stack : stacks) {
    stack.published = 1;
    stack.count = 0xffffffff;
  }
  stacks.back().first = 0xffffffff;
  file.table(TableKind::Stacks, stacks);
  TraceReadResult read = readTrace(file.bytes());
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.trace.stacks.front().frames.size(), 256u);
  EXPECT_EQ(read.trace.stacks[999].frames.size(), 0u);
}

TEST(TraceReader, LimitsAreSaid) {
  File file = abba();
  file.row(TableKind::Tuples).dropped = 5;
  file.header().counters[static_cast<std::size_t>(record::Counter::HeldOverflow)] = 3;
  TraceReadResult read = readTrace(file.bytes());
  ASSERT_EQ(read.trace.overflows.size(), 2u);
  EXPECT_EQ(read.trace.overflows[0].limit, "acquisitions while more locks were held than are kept");
  EXPECT_EQ(read.trace.overflows[1].limit, "acquisitions without room in the trace");
}

TEST(TraceReader, SaysWhyItCannotRead) {
  std::string good = abba().bytes();
  auto errorOf = [](const std::string &bytes) { return readTrace(bytes).error; };
  EXPECT_EQ(errorOf(""), "not a trace of threadlint-trace");
  EXPECT_EQ(errorOf("{\"findings\": []}"), "not a trace of threadlint-trace");
  EXPECT_EQ(errorOf(good.substr(0, 9)), "truncated: the file ends in its header");
  EXPECT_EQ(errorOf(good.substr(0, 100)), "truncated: the file ends in its header");
  EXPECT_EQ(errorOf(good.substr(0, good.size() - 400)),
            "truncated: a table ends past the end of the file");
  File newer = abba();
  newer.header().version = 9;
  EXPECT_EQ(errorOf(newer.bytes()), "format version 9, this reader knows version 1");
  File other = abba();
  other.header().byteOrder = 0x04030201;
  EXPECT_EQ(errorOf(other.bytes()), "of a machine with another byte order");
}

TEST(TraceReader, ADamagedFileIsNoCrash) {
  std::string good = abba().bytes();
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 8; ++i)
      bytes[sizeof(record::Header) + random() % (bytes.size() - sizeof(record::Header))] =
          static_cast<char>(random());
    if (TraceReadResult read = readTrace(bytes); read.error.empty())
      findTraceCycles(read.trace);
  }
  // References that lead nowhere are counted.
  File file = abba();
  file.table(TableKind::Tuples, std::vector<record::Tuple>{tuple(0, 1), tuple(9, 3), tuple(1, 99)});
  TraceReadResult read = readTrace(file.bytes());
  ASSERT_EQ(read.trace.remarks.size(), 1u);
  EXPECT_EQ(read.trace.remarks[0], "2 references of the trace lead nowhere: it is damaged");
}

} // namespace
} // namespace threadlint::tracing
