// FactsFormat: one description of the layout (`archive`), used by the writer and by the reader.
#include "analyzer/facts/FactsFormat.h"

#include "analyzer/facts/FactsValidation.h"

#include <cassert>
#include <cstring>
#include <type_traits>
#include <unordered_map>

namespace threadlint {
namespace {

// The line ends in the middle show a transfer that changed them, as in PNG.
constexpr std::string_view kMagic{"\x89TLF\r\n\x1a\n", 8};
constexpr std::size_t kHeaderSize = 8 + 4 + 8 + 8;

std::uint64_t load64(const char *bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i)
    word |= std::uint64_t(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return word;
}

struct TypeHash {
  std::size_t operator()(const TypeInfo &type) const {
    std::uint64_t bits = std::uint64_t(type.cls) | std::uint64_t(type.lockKind) << 8 |
                         std::uint64_t(type.isAtomic) << 16 | std::uint64_t(type.isConst) << 17 |
                         std::uint64_t(type.isVolatile) << 18 |
                         std::uint64_t(type.isReference) << 19;
    bits = (bits ^ std::uint64_t(type.record) << 20) * 0x9e3779b97f4a7c15u;
    bits = (bits ^ type.name) * 0xff51afd7ed558ccdu;
    return bits ^ bits >> 32;
  }
};

void appendVarint(std::string &out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

/// Appends what it is given. Types are collected into a table that is written before the records.
class Writer {
public:
  static constexpr bool kReads = false;
  std::string bytes;
  std::vector<TypeInfo> types;

  void integer(std::uint64_t value) { appendVarint(bytes, value); }
  void text(const std::string &value) {
    integer(value.size());
    bytes += value;
  }
  void type(const TypeInfo &type) {
    auto [place, isNew] = typeIds_.try_emplace(type, static_cast<std::uint32_t>(types.size()));
    if (isNew)
      types.push_back(type);
    integer(place->second);
  }

private:
  std::unordered_map<TypeInfo, std::uint32_t, TypeHash> typeIds_;
};

/// Takes values from the front of `bytes`. After the first failure everything reads as zero.
class Reader {
public:
  static constexpr bool kReads = true;
  std::vector<TypeInfo> types;

  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
  bool failed() const { return failed_; }
  bool atEnd() const { return at_ == end_; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

  void fail() {
    failed_ = true;
    at_ = end_;
  }
  std::uint64_t integer() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_)
        break;
      auto byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1)
        break;
      value |= std::uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
    fail();
    return 0;
  }
  /// A number of elements, each of which takes at least one byte.
  std::size_t count() {
    std::uint64_t value = integer();
    if (value <= remaining())
      return value;
    fail();
    return 0;
  }
  void text(std::string &value) {
    std::size_t size = count();
    value.assign(at_, size);
    at_ += size;
  }
  void type(TypeInfo &type) {
    std::uint64_t index = integer();
    if (index < types.size())
      type = types[index];
    else
      fail();
  }

private:
  const char *at_, *end_;
  bool failed_ = false;
};

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

/// Writer or reader plus what depends on the order of the records.
template <class Stream> struct Archive {
  Stream stream;
  SourceRange previous;

  template <class T> void integer(T &value) {
    using Plain = std::remove_const_t<T>;
    if constexpr (Stream::kReads) {
      std::uint64_t raw = stream.integer();
      if constexpr (std::is_same_v<Plain, std::uint32_t>) {
        if (raw > 0xffffffffu)
          stream.fail();
        value = static_cast<std::uint32_t>(raw) - 1;
      } else if constexpr (std::is_same_v<Plain, std::int64_t>) {
        value = unzigzag(raw);
      } else if constexpr (std::is_same_v<Plain, std::uint64_t>) {
        value = raw;
      } else {
        if (raw > (std::is_same_v<Plain, bool> ? 1u : 0xffu))
          stream.fail();
        value = static_cast<Plain>(raw);
      }
    } else {
      if constexpr (std::is_same_v<Plain, std::uint32_t>)
        stream.integer(static_cast<std::uint32_t>(value + 1)); // kNone takes one byte
      else if constexpr (std::is_same_v<Plain, std::int64_t>)
        stream.integer(zigzag(value));
      else
        stream.integer(static_cast<std::uint64_t>(value));
    }
  }

  /// `value` as a difference to `base`, modulo 2^32.
  template <class T> void difference(T &value, std::uint32_t base) {
    if constexpr (Stream::kReads) {
      std::uint64_t raw = stream.integer();
      if (raw > 0xffffffffu)
        stream.fail();
      value = base + static_cast<std::uint32_t>(unzigzag(raw));
    } else {
      stream.integer(zigzag(static_cast<std::int32_t>(value - base)));
    }
  }
};

template <class A, class T> void archive(A &a, T &value);

template <class A, class T> void archiveVector(A &a, T &elements) {
  if constexpr (std::is_const_v<T>)
    a.stream.integer(elements.size());
  else
    elements.resize(a.stream.count());
  for (auto &element : elements)
    archive(a, element);
}

/// The members that differ from a default-constructed object, behind a bit mask that tells which.
template <class A, class T, class... Members>
void archiveMembers(A &a, T &object, Members... members) {
  static const std::remove_const_t<T> defaults{};
  std::uint64_t mask = 0;
  unsigned bit = 0;
  if constexpr (std::is_const_v<T>) {
    ((mask |= std::uint64_t(!(object.*members == defaults.*members)) << bit++), ...);
    a.stream.integer(mask);
  } else {
    mask = a.stream.integer();
    if (mask >> sizeof...(members) != 0)
      a.stream.fail();
  }
  bit = 0;
  ((mask >> bit++ & 1 ? archive(a, object.*members) : void()), ...);
}

template <class A, class R> void archiveRange(A &a, R &range) {
  a.difference(range.file, a.previous.file);
  a.difference(range.line, a.previous.line);
  a.integer(range.column);
  a.difference(range.endLine, range.line);
  a.integer(range.endColumn);
  a.previous = range;
}

template <class A, class E> void archiveEvent(A &a, E &event) {
  a.integer(event.kind);
  archiveMembers(a, event, &Event::range, &Event::path, &Event::value, &Event::args, &Event::result,
                 &Event::flags, &Event::callee, &Event::unwind, &Event::number, &Event::type,
                 &Event::mode, &Event::lockKind, &Event::tag, &Event::success, &Event::spawnKind,
                 &Event::order, &Event::extra);
}

template <class A, class F> void archiveFunction(A &a, F &function) {
  using T = FunctionFacts;
  archiveMembers(a, function, &T::key, &T::name, &T::pattern, &T::record, &T::enclosing, &T::flags,
                 &T::range, &T::params, &T::captureCount, &T::captureNames, &T::captureByReference,
                 &T::tempCount, &T::paths, &T::values, &T::blocks, &T::entry, &T::exit,
                 &T::exceptionalExit, &T::returnType, &T::bodyHash);
}

template <class T> inline constexpr bool kIsVector = false;
template <class E> inline constexpr bool kIsVector<std::vector<E>> = true;

template <class A, class T> void archive(A &a, T &value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_integral_v<Plain> || std::is_enum_v<Plain>)
    a.integer(value);
  else if constexpr (kIsVector<Plain>)
    archiveVector(a, value);
  else if constexpr (std::is_same_v<Plain, std::string>)
    a.stream.text(value);
  else if constexpr (std::is_same_v<Plain, TypeInfo>)
    a.stream.type(value);
  else if constexpr (std::is_same_v<Plain, SourceRange>)
    archiveRange(a, value);
  else if constexpr (std::is_same_v<Plain, PathStep>)
    archiveMembers(a, value, &PathStep::kind, &PathStep::field, &PathStep::index,
                   &PathStep::indexValue);
  else if constexpr (std::is_same_v<Plain, Path>)
    archiveMembers(a, value, &Path::base, &Path::id, &Path::steps, &Path::type);
  else if constexpr (std::is_same_v<Plain, Value>)
    archiveMembers(a, value, &Value::kind, &Value::number, &Value::path, &Value::function,
                   &Value::op, &Value::operands);
  else if constexpr (std::is_same_v<Plain, Event>)
    archiveEvent(a, value);
  else if constexpr (std::is_same_v<Plain, Edge>)
    archiveMembers(a, value, &Edge::kind, &Edge::target, &Edge::condition, &Edge::caseValue);
  else if constexpr (std::is_same_v<Plain, Block>)
    archiveMembers(a, value, &Block::events, &Block::edges);
  else if constexpr (std::is_same_v<Plain, FunctionFacts>)
    archiveFunction(a, value);
  else if constexpr (std::is_same_v<Plain, VarFacts>)
    archiveMembers(a, value, &VarFacts::key, &VarFacts::name, &VarFacts::kind, &VarFacts::type,
                   &VarFacts::range, &VarFacts::addressTaken, &VarFacts::isDefinition,
                   &VarFacts::external, &VarFacts::staticLockKind);
  else if constexpr (std::is_same_v<Plain, FieldFacts>)
    archiveMembers(a, value, &FieldFacts::key, &FieldFacts::record, &FieldFacts::name,
                   &FieldFacts::type, &FieldFacts::isBitField, &FieldFacts::isMutable,
                   &FieldFacts::storageUnit);
  else if constexpr (std::is_same_v<Plain, RecordFacts>)
    archiveMembers(a, value, &RecordFacts::key, &RecordFacts::name, &RecordFacts::isUnion,
                   &RecordFacts::isPolymorphic, &RecordFacts::isLambda, &RecordFacts::bases,
                   &RecordFacts::fields, &RecordFacts::destructor, &RecordFacts::overriders);
  else if constexpr (std::is_same_v<Plain, Suppression>)
    archiveMembers(a, value, &Suppression::kind, &Suppression::file, &Suppression::line,
                   &Suppression::globs);
  else if constexpr (std::is_same_v<Plain, Limitation>)
    archiveMembers(a, value, &Limitation::kind, &Limitation::message, &Limitation::range,
                   &Limitation::incomplete);
  else
    static_assert(!sizeof(Plain), "no layout for this type");
}

template <class A, class T> void archiveType(A &a, T &type) {
  archiveMembers(a, type, &TypeInfo::cls, &TypeInfo::lockKind, &TypeInfo::isAtomic,
                 &TypeInfo::isConst, &TypeInfo::isVolatile, &TypeInfo::isReference,
                 &TypeInfo::record, &TypeInfo::name);
}

template <class A, class F> void archiveTables(A &a, F &facts) {
  archive(a, facts.mainFile);
  archive(a, facts.linkUnit);
  archive(a, facts.strings);
  archive(a, facts.files);
}

template <class A, class F> void archiveRecords(A &a, F &facts) {
  archive(a, facts.vars);
  archive(a, facts.fields);
  archive(a, facts.records);
  archive(a, facts.functions);
  archive(a, facts.suppressions);
  archive(a, facts.limitations);
}

void appendFixed(std::string &out, std::uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i)
    out.push_back(static_cast<char>(value >> (8 * i)));
}

TuFacts readPayload(Reader reader, bool &ok) {
  TuFacts facts;
  Archive<Reader> a{std::move(reader), {}};
  archiveTables(a, facts);
  a.stream.types.resize(a.stream.count());
  for (TypeInfo &type : a.stream.types)
    archiveType(a, type);
  archiveRecords(a, facts);
  ok = !a.stream.failed() && a.stream.atEnd();
  return facts;
}

} // namespace

/// Word-wise multiplicative hash. Each step is a bijection of the state, so one changed word always shows.
std::uint64_t factsChecksum(std::string_view bytes) {
  std::uint64_t state = 0x9e3779b97f4a7c15u ^ bytes.size();
  auto mix = [&state](std::uint64_t word) {
    state = (state ^ word) * 0xff51afd7ed558ccdu;
    state ^= state >> 32;
  };
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8)
    mix(load64(bytes.data() + at, 8));
  mix(load64(bytes.data() + at, bytes.size() - at));
  return state;
}

std::string writeFacts(const TuFacts &facts) {
  assert(validateFacts(facts).empty());
  Archive<Writer> records{};
  archiveRecords(records, facts);
  Archive<Writer> tables{};
  archiveTables(tables, facts);
  tables.stream.integer(records.stream.types.size());
  for (const TypeInfo &type : records.stream.types)
    archiveType(tables, type);

  std::string payload = std::move(tables.stream.bytes);
  payload += records.stream.bytes;
  std::string bytes{kMagic};
  bytes.reserve(kHeaderSize + payload.size());
  appendFixed(bytes, kFactsVersion, 4);
  appendFixed(bytes, payload.size(), 8);
  appendFixed(bytes, factsChecksum(payload), 8);
  return bytes += payload;
}

FactsReadResult readFacts(std::string_view bytes) {
  FactsReadResult result;
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) {
    result.error = "not a threadlint facts file";
  } else if (bytes.size() < kHeaderSize) {
    result.error = "truncated facts file";
  } else if (std::uint64_t version = load64(bytes.data() + 8, 4); version != kFactsVersion) {
    result.error = "facts format version " + std::to_string(version) +
                   " is not supported, this threadlint reads version " +
                   std::to_string(kFactsVersion);
  } else {
    std::uint64_t size = load64(bytes.data() + 12, 8);
    std::string_view payload = bytes.substr(kHeaderSize);
    if (payload.size() < size) {
      result.error = "truncated facts file";
    } else if (payload.size() > size) {
      result.error = "corrupted facts file: bytes after its end";
    } else if (factsChecksum(payload) != load64(bytes.data() + 20, 8)) {
      result.error = "corrupted facts file: wrong checksum";
    } else {
      bool ok = false;
      result.facts = readPayload(Reader(payload), ok);
      if (!ok)
        result.error = "corrupted facts file: malformed record";
      else if (std::string problem = validateFacts(result.facts); !problem.empty())
        result.error = "corrupted facts file: " + problem;
      if (!result.error.empty())
        result.facts = TuFacts{};
    }
  }
  return result;
}

} // namespace threadlint
