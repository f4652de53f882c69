// Confidence: how sure a result is, and how much it matters; the words every stage shares.
#pragma once

#include <cstdint>

namespace threadlint {

enum class Severity : std::uint8_t { Error, Warning, Note };
/// High: shown by default. docs/explanation/architecture.md says what each check asks for it.
enum class Confidence : std::uint8_t { High, Medium, Low };

} // namespace threadlint
