# ThreadlintClang: finds LLVM/Clang 22 and wraps it in two interface targets.
#
# threadlint_clang_headers is for compiling (extract/, checks/tidy/); threadlint_clang_libs is for linking executables. They are
# apart because the clang-tidy plugin compiles against Clang and links none of it.

# LLVM's package looks for libedit and tries its header, where it is installed, with a C compiler.
include(CheckLanguage)
check_language(C)
if(CMAKE_C_COMPILER)
  enable_language(C)
endif()

find_package(Clang CONFIG QUIET HINTS /usr/lib/llvm-22/lib/cmake/clang)
if(NOT Clang_FOUND OR NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "LLVM/Clang 22 not found: install libclang-22-dev and llvm-22-dev, or run './dev build'")
endif()

add_library(threadlint_clang_headers INTERFACE)
# Debian's libc++-22-dev puts the headers of libc++ into the same folder, where they would shadow those of the compiler in use.
set(threadlint_llvm_include "${PROJECT_BINARY_DIR}/llvm-include")
file(MAKE_DIRECTORY "${threadlint_llvm_include}")
foreach(base IN LISTS LLVM_INCLUDE_DIRS CLANG_INCLUDE_DIRS)
  foreach(folder llvm llvm-c clang clang-c clang-tidy)
    if(EXISTS "${base}/${folder}")
      file(CREATE_LINK "${base}/${folder}" "${threadlint_llvm_include}/${folder}" SYMBOLIC)
    endif()
  endforeach()
endforeach()
target_include_directories(threadlint_clang_headers SYSTEM INTERFACE "${threadlint_llvm_include}")
separate_arguments(threadlint_llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(threadlint_clang_headers INTERFACE ${threadlint_llvm_definitions})
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(threadlint_clang_headers INTERFACE -fno-rtti)
endif()

add_library(threadlint_clang_libs INTERFACE)
target_link_libraries(threadlint_clang_libs INTERFACE clang-cpp LLVM)

# Clang's own headers (stddef.h and friends), always passed to the extraction.
execute_process(COMMAND "${LLVM_TOOLS_BINARY_DIR}/clang" -print-resource-dir
                OUTPUT_VARIABLE THREADLINT_RESOURCE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT THREADLINT_RESOURCE_DIR)
  set(THREADLINT_RESOURCE_DIR "${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR}")
endif()
