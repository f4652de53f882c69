// FactsFormat: the binary form of a TuFacts, behind one writer and one reader.
//
//   TuFacts  --writeFacts-->  bytes (.tlf files, pipes between processes)  --readFacts-->  TuFacts
//
// magic, version, payload size, checksum, then the payload: string table, file table, type table, records. Integers are
// LEB128 varints, members that have their default value are left out, source lines are differences to the previous range.
// Equal facts give equal bytes. The reader accepts only what the writer of the same version produced: anything foreign,
// truncated or changed gives an error, and every index of an accepted TuFacts is in range (FactsValidation.h).
// Format: docs/reference/facts-format.md. The version rises with every change of layout or meaning; there is no migration,
// facts are cheap to extract again.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>
#include <string_view>

namespace threadlint {

inline constexpr std::uint32_t kFactsVersion = 1;

/// Either facts, or a non-empty error such as "truncated facts file".
struct FactsReadResult {
  TuFacts facts;
  std::string error;
};

/// The facts as bytes. Precondition: validateFacts(facts) finds nothing.
std::string writeFacts(const TuFacts &facts);

/// The facts in `bytes`, or why there are none.
FactsReadResult readFacts(std::string_view bytes);

/// The checksum of a payload as it stands in the header (to build hostile files in tests).
std::uint64_t factsChecksum(std::string_view payload);

} // namespace threadlint
