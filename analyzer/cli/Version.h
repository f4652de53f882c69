// Version: what `threadlint --version` and the reports say; set by the project() line of CMakeLists.txt.
#pragma once

#ifndef THREADLINT_VERSION
#error "THREADLINT_VERSION comes from CMakeLists.txt"
#endif

namespace threadlint {

inline constexpr const char *kVersion = THREADLINT_VERSION;

} // namespace threadlint
