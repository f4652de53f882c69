// GoldenRunner: expected reports in testdata/golden/, rewritten by `./dev golden`.
#pragma once

#include <string>

namespace threadlint {

/// Compares with testdata/golden/<name>. Empty when equal, else a description with both texts. When THREADLINT_UPDATE_GOLDEN is set, writes
/// the file instead. `actual` must not depend on the host: replace folders with `withoutFolder` first.
std::string compareGolden(const std::string &name, const std::string &actual);

/// `text` with every occurrence of `folder` replaced by `<root>`.
std::string withoutFolder(std::string text, const std::string &folder);

} // namespace threadlint
