# ThreadlintOptions: what every target is compiled with.

option(THREADLINT_WERROR "Treat warnings as errors" OFF)
option(THREADLINT_BUILD_TESTS "Build the tests" ON)
option(THREADLINT_BUILD_BENCH "Build the benchmarks" OFF)
set(THREADLINT_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize=")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON) # the static libraries end up in the clang-tidy plugin
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

add_compile_options(-Wall -Wextra -fno-exceptions -fvisibility-inlines-hidden)
if(THREADLINT_WERROR)
  add_compile_options(-Werror)
endif()
if(THREADLINT_SANITIZE)
  add_compile_options(-fsanitize=${THREADLINT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${THREADLINT_SANITIZE})
endif()
add_compile_definitions(JSON_NOEXCEPTION)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(THREADLINT_LLD NAMES ld.lld-22)
  if(THREADLINT_LLD)
    add_link_options(-fuse-ld=lld -Wno-unused-command-line-argument)
  endif()
endif()

# Parsing and analysis allocate much: jemalloc takes a fifth off the time of the analysis. Sanitizers bring their own allocator.
find_library(THREADLINT_JEMALLOC jemalloc)
if(THREADLINT_JEMALLOC AND NOT THREADLINT_SANITIZE)
  set(THREADLINT_ALLOCATOR -Wl,--push-state,--no-as-needed "${THREADLINT_JEMALLOC}" -Wl,--pop-state)
endif()

find_program(THREADLINT_CCACHE NAMES ccache)
if(THREADLINT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers need these relaxations; see "Precompiled headers" in ccache(1).
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${THREADLINT_CCACHE}")
endif()
