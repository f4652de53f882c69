// HtmlAssets: the parts of the HTML report that are no C++, embedded at build time by cmake/EmbedHtml.cmake.
#pragma once

#include <string_view>

namespace threadlint {

std::string_view htmlStyle();
std::string_view htmlScript();
/// cytoscape and its dagre layout; empty when npm was not there at build time.
std::string_view htmlGraphLibraries();

} // namespace threadlint
