# EmbedPages: writes OUTPUT, a C++ source holding every Markdown page of FOLDER as a raw string.
#
# Run as a script (cmake -DOUTPUT=... -DFOLDER=... -P EmbedPages.cmake). Pages are sorted by name.
file(GLOB pages "${FOLDER}/*.md")
list(SORT pages)
set(content "// CheckPages: generated from docs/checks by cmake/EmbedPages.cmake.\n#include \"analyzer/cli/CheckPages.h\"\n\n")
string(APPEND content "namespace threadlint {\n\nstd::string_view checkPage([[maybe_unused]] std::string_view id) {\n")
foreach(page IN LISTS pages)
  get_filename_component(id "${page}" NAME_WE)
  file(READ "${page}" text)
  string(REGEX REPLACE "<!-- expect: [^\n]*\n" "" text "${text}") # only tests read these
  # Compilers limit the length of one literal; adjacent literals are joined.
  string(LENGTH "${text}" length)
  string(APPEND content "  if (id == \"${id}\")\n    return")
  set(offset 0)
  while(offset LESS length)
    string(SUBSTRING "${text}" ${offset} 8000 part)
    string(APPEND content " R\"page(${part})page\"")
    math(EXPR offset "${offset} + 8000")
  endwhile()
  if(length EQUAL 0)
    string(APPEND content " \"\"")
  endif()
  string(APPEND content ";\n")
endforeach()
string(APPEND content "  return {};\n}\n\n} // namespace threadlint\n")
file(WRITE "${OUTPUT}" "${content}")
