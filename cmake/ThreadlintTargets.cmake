# ThreadlintTargets: functions that turn a folder into a stage library, a test binary or the plugin.

# threadlint_stage(<name> <folder> [DEPENDS <stage>...] [USES_CLANG] [USES_LLVM] [EXCLUDE <file>...])
# Static library threadlint_<name> of all sources directly in <folder>; an INTERFACE library while the folder is empty.
function(threadlint_stage name folder)
  cmake_parse_arguments(arg "USES_CLANG;USES_LLVM" "" "DEPENDS;EXCLUDE" ${ARGN})
  set(target threadlint_${name})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  foreach(excluded IN LISTS arg_EXCLUDE)
    list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/${folder}/${excluded}")
  endforeach()
  set(scope PUBLIC)
  if(sources OR name STREQUAL "cli")
    add_library(${target} STATIC ${sources})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${PROJECT_SOURCE_DIR}")
  foreach(dependency IN LISTS arg_DEPENDS)
    target_link_libraries(${target} ${scope} threadlint_${dependency})
  endforeach()
  if(scope STREQUAL "INTERFACE")
    return()
  endif()
  if(arg_USES_CLANG)
    # PRIVATE headers only: executables link Clang through threadlint_clang_libs, the plugin not at all.
    target_link_libraries(${target} PRIVATE threadlint_clang_headers)
    target_compile_definitions(${target} PRIVATE THREADLINT_RESOURCE_DIR="${THREADLINT_RESOURCE_DIR}")
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    target_precompile_headers(${target} PRIVATE
      <clang/AST/ASTContext.h> <clang/AST/RecursiveASTVisitor.h> <clang/ASTMatchers/ASTMatchFinder.h>
      <clang/Analysis/CFG.h> <clang/Frontend/CompilerInstance.h> <clang/Index/USRGeneration.h>
      <clang/Lex/Preprocessor.h> <clang/Tooling/Tooling.h> <string> <vector>)
  elseif(arg_USES_LLVM)
    target_link_libraries(${target} PUBLIC threadlint_clang_headers)
  endif()
endfunction()

# threadlint_executable(<name> <source>...): a program over all stages.
function(threadlint_executable name)
  foreach(source IN LISTS ARGN)
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${source}")
      return()
    endif()
  endforeach()
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE sources)
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE threadlint_cli threadlint_clang_libs ${THREADLINT_ALLOCATOR})
endfunction()

# threadlint_embed_pages(<target> <folder>): the Markdown pages of <folder> as a generated source of <target>.
function(threadlint_embed_pages target folder)
  file(GLOB pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.md")
  set(output "${PROJECT_BINARY_DIR}/generated/CheckPages.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFOLDER=${PROJECT_SOURCE_DIR}/${folder}"
            -P "${PROJECT_SOURCE_DIR}/cmake/EmbedPages.cmake"
    DEPENDS ${pages} "${PROJECT_SOURCE_DIR}/cmake/EmbedPages.cmake"
    COMMENT "Embedding ${folder}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()

# threadlint_embed_html(<target> <folder>): style, script and, with npm, the graph libraries of the HTML report.
option(THREADLINT_GRAPH_LIBRARIES "Let npm install the graph libraries of the HTML report" ON)
function(threadlint_embed_html target folder)
  set(npm "")
  if(THREADLINT_GRAPH_LIBRARIES)
    find_program(THREADLINT_NPM NAMES npm)
    if(THREADLINT_NPM)
      set(npm "${THREADLINT_NPM}")
    endif()
  endif()
  file(GLOB assets CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*")
  set(output "${PROJECT_BINARY_DIR}/generated/HtmlAssets.cpp")
  # The command leaves no file 'complete' when npm failed, so the next build repeats it.
  add_custom_command(OUTPUT "${PROJECT_BINARY_DIR}/html/complete" "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFOLDER=${PROJECT_SOURCE_DIR}/${folder}"
            "-DWORK=${PROJECT_BINARY_DIR}/html" "-DNPM=${npm}" -P "${PROJECT_SOURCE_DIR}/cmake/EmbedHtml.cmake"
    DEPENDS ${assets} "${PROJECT_SOURCE_DIR}/cmake/EmbedHtml.cmake"
    COMMENT "Embedding ${folder}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()

# threadlint_tidy_plugin(<folder>): libthreadlint-tidy-22.so. The host clang-tidy provides every LLVM symbol; it cannot provide a
# sanitizer's runtime, so sanitizer builds have no plugin.
function(threadlint_tidy_plugin folder)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  if(NOT sources OR THREADLINT_SANITIZE)
    return()
  endif()
  add_library(threadlint-tidy-22 MODULE ${sources})
  target_compile_options(threadlint-tidy-22 PRIVATE -fno-rtti)
  target_link_libraries(threadlint-tidy-22 PRIVATE
    threadlint_clang_headers threadlint_extract threadlint_checks threadlint_report)
endfunction()

# threadlint_trace_runtime(<folder>): lib/libthreadlint-trace.so, which is preloaded, and for static programs lib/libthreadlint-trace.a
# with the linker options lib/threadlint-trace.wrap. Both depend on libc alone, and are optimised and without sanitizers in every preset.
function(threadlint_trace_runtime folder)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  add_library(threadlint-trace-library SHARED ${sources})
  add_library(threadlint-trace-archive STATIC ${sources})
  foreach(target threadlint-trace-library threadlint-trace-archive)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME threadlint-trace CXX_VISIBILITY_PRESET hidden NO_SONAME OFF)
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
    target_compile_options(${target} PRIVATE -O2 -gdwarf-4 -fno-sanitize=all -fno-rtti -fno-threadsafe-statics -fno-stack-protector
      -fomit-frame-pointer -fasynchronous-unwind-tables
      -Wframe-larger-than=1024 -Werror=frame-larger-than) # threads and handlers have small stacks
  endforeach()
  set_source_files_properties("${PROJECT_SOURCE_DIR}/${folder}/Store.cpp" PROPERTIES
    COMPILE_OPTIONS "-Wframe-larger-than=8192") # at the start of the process and after fork
  target_link_options(threadlint-trace-library PRIVATE -fno-sanitize=all -nodefaultlibs -Wl,-z,defs -Wl,-z,now)
  target_link_libraries(threadlint-trace-library PRIVATE c gcc)
  target_compile_definitions(threadlint-trace-archive PRIVATE THREADLINT_TRACE_STATIC)
  # Its own section tells the tracer's code from the program's.
  add_custom_command(TARGET threadlint-trace-archive POST_BUILD
    COMMAND "${CMAKE_OBJCOPY}" --rename-section .text=threadlint_text "$<TARGET_FILE:threadlint-trace-archive>" VERBATIM)
  file(READ "${PROJECT_SOURCE_DIR}/${folder}/Real.h" lines)
  string(REGEX REPLACE "[^A-Za-z0-9_()]" "" lines "${lines}") # names may be broken over lines
  string(REGEX MATCHALL "FN\\([a-z][A-Za-z0-9_]*\\)|FN\\(_[A-Za-z]*\\)" functions "${lines}")
  list(TRANSFORM functions REPLACE "FN\\((.*)\\)" "-Wl,--wrap=\\1 -Wl,--undefined=__wrap_\\1\n")
  list(FILTER functions EXCLUDE REGEX "=name ")
  list(JOIN functions "" options)
  file(CONFIGURE OUTPUT "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/threadlint-trace.wrap" CONTENT "${options}")
endfunction()

# threadlint_test(<folder> [SHARDS <n>]): test binary <name>-tests of all sources in tests/<folder>.
function(threadlint_test folder)
  cmake_parse_arguments(arg "" "SHARDS" "" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${folder}/*.cpp")
  if(NOT sources OR (folder STREQUAL "tidy" AND NOT TARGET threadlint-tidy-22))
    return()
  endif()
  set(target ${folder}-tests)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE
    threadlint_test_support threadlint_tracecommand threadlint_cli threadlint_clang_libs GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE
    THREADLINT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" THREADLINT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  foreach(program threadlint threadlint-tidy-22) # that the tests start
    if(TARGET ${program} AND folder MATCHES "^(cli|clients|tidy)$")
      add_dependencies(${target} ${program})
    endif()
  endforeach()
  if(folder MATCHES "^(runtime|tracer)$")
    add_dependencies(${target} threadlint threadlint-trace threadlint-trace-library threadlint-trace-archive)
  endif()
  if(NOT arg_SHARDS)
    add_test(NAME ${folder} COMMAND ${target})
    return()
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${folder}-${shard} COMMAND ${target})
    set_tests_properties(${folder}-${shard} PROPERTIES
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()
