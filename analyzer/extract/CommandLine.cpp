// CommandLine: see the header.
#include "analyzer/extract/CommandLine.h"

#include "clang/Options/Options.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

namespace threadlint {
namespace {

using llvm::StringRef;

/// Options that take the next argument and go together with it.
bool dropsWithValue(StringRef option) {
  return llvm::StringSwitch<bool>(option)
      .Cases({"-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics", "-include-pch",
              "-dependency-file"},
             true)
      .Cases({"-index-store-path", "-arch_only", "--param", "-wrapper", "-T", "-z", "-u"}, true)
      .Default(false);
}

bool drops(StringRef option) {
  if (option.starts_with("-o") && option.size() > 2 && !option.starts_with("-obj"))
    return true;
  if (option.starts_with("-M") && !option.starts_with("-Mach"))
    return true;
  if (option.starts_with("-W"))
    return true; // warnings are off; also -Werror and -Wp, -Wl, -Wa
  for (StringRef prefix :
       {"-fplugin", "-fdump-", "-fdiagnostics-", "-fcolor-diagnostics", "-save-temps", "-flto",
        "-fprofile", "-ftest-coverage", "-fcoverage", "--coverage", "-gsplit",
        "-fcrash-diagnostics", "-ftime-", "-fsanitize-blacklist", "-fsanitize-ignorelist",
        "-specs=", "-fpch-", "-ferror-limit"})
    if (option.starts_with(prefix))
      return true;
  return llvm::StringSwitch<bool>(option)
      .Cases({"-c", "-S", "-E", "-fsyntax-only", "-pipe", "-emit-llvm", "-emit-ast",
              "-Winvalid-pch", "-v", "-###", "--verbose"},
             true)
      .Cases({"-pedantic", "-pedantic-errors", "-s", "-static", "-shared", "-rdynamic",
              "-fconserve-stack", "-Qunused-arguments"},
             true)
      .Default(false);
}

std::vector<std::string> expandResponseFiles(const CompileCommand &command) {
  std::vector<std::string> result;
  bool any = false;
  for (const std::string &argument : command.arguments)
    any |= argument.size() > 1 && argument[0] == '@';
  if (!any)
    return command.arguments;
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  for (const std::string &argument : command.arguments) {
    if (argument.size() < 2 || argument[0] != '@') {
      result.push_back(argument);
      continue;
    }
    llvm::SmallString<256> path(StringRef(argument).drop_front());
    if (!llvm::sys::path::is_absolute(path)) {
      llvm::SmallString<256> joined(command.directory);
      llvm::sys::path::append(joined, path);
      path = joined;
    }
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer)
      continue;
    llvm::SmallVector<const char *, 32> tokens;
    llvm::cl::TokenizeGNUCommandLine((*buffer)->getBuffer(), saver, tokens);
    result.insert(result.end(), tokens.begin(), tokens.end());
  }
  return result;
}

/// Index of the compiler among leading launchers: `ccache g++ ...`.
std::size_t compilerIndex(const std::vector<std::string> &arguments) {
  for (std::size_t i = 0; i < arguments.size() && i < 4; ++i) {
    StringRef name = llvm::sys::path::stem(arguments[i]);
    if (!llvm::is_contained({"ccache", "sccache", "distcc", "icecc", "gomacc", "env", "libtool"},
                            name))
      return i;
  }
  return 0;
}

std::string resourceDirectory(const ExtractOptions &options) {
  if (!options.resourceDir.empty())
    return options.resourceDir;
  std::vector<std::string> candidates;
#ifdef THREADLINT_RESOURCE_DIR
  candidates.push_back(THREADLINT_RESOURCE_DIR);
#endif
  candidates.push_back("/usr/lib/llvm-22/lib/clang/22");
  candidates.push_back("/usr/lib/clang/22");
  candidates.push_back("/usr/local/lib/clang/22");
  for (const std::string &candidate : candidates)
    if (llvm::sys::fs::exists(candidate + "/include/stddef.h"))
      return candidate;
  return candidates.front();
}

} // namespace

std::vector<std::string> parsingArguments(const CompileCommand &command,
                                          const ExtractOptions &options) {
  std::vector<std::string> given = expandResponseFiles(command);
  std::vector<std::string> result{"/usr/lib/llvm-22/bin/clang"};
  StringRef extension = llvm::sys::path::extension(command.file);
  bool cxxDriver = false;
  bool hasLanguage = false;
  std::size_t first = 0;
  if (!given.empty()) {
    first = compilerIndex(given);
    StringRef name = llvm::sys::path::filename(given[first]);
    cxxDriver = name.contains("++");
    // Cross compilers carry their target in their name.
    std::size_t dash = name.find("-linux-");
    if (dash != StringRef::npos && name.rfind('-') > dash && name.count('-') >= 2)
      result.push_back("--target=" + name.take_front(name.rfind('-')).str());
    ++first;
  }
  llvm::SmallString<256> source(command.file);
  if (!llvm::sys::path::is_absolute(source)) {
    llvm::SmallString<256> joined(command.directory);
    llvm::sys::path::append(joined, source);
    source = joined;
  }
  std::vector<std::string> kept;
  bool onlyInputs = false;
  for (std::size_t i = first; i < given.size(); ++i) {
    StringRef argument = given[i];
    if (argument == "--") {
      onlyInputs = true;
      continue;
    }
    bool isOption = argument.size() > 1 && argument[0] == '-' && !onlyInputs;
    if (!isOption) {
      // The input comes last. Anything else without a dash would be a second input.
      continue;
    }
    if (dropsWithValue(argument)) {
      ++i;
      continue;
    }
    if (argument == "-Xclang") {
      if (i + 1 < given.size() && (given[i + 1] == "-include-pch" || given[i + 1] == "-load" ||
                                   given[i + 1] == "-add-plugin" || given[i + 1] == "-plugin"))
        i += 3;
      else if (i + 1 < given.size() && StringRef(given[i + 1]).starts_with("-emit"))
        ++i;
      else if (i + 1 < given.size()) {
        kept.push_back(argument.str());
        kept.push_back(given[++i]);
      }
      continue;
    }
    if (drops(argument))
      continue;
    if (argument == "-x" || argument.starts_with("-x"))
      hasLanguage = true;
    kept.push_back(argument.str());
    // Options whose value is a separate argument keep it, whatever it looks like.
    static const llvm::StringSet<> kSeparate = {
        "-I",       "-isystem",     "-iquote", "-idirafter",        "-D",        "-U",
        "-include", "-imacros",     "-x",      "-target",           "-isysroot", "--sysroot",
        "-iprefix", "-iwithprefix", "-arch",   "-Xpreprocessor",    "-mllvm",    "-iframework",
        "-F",       "-cxx-isystem", "-std",    "-stdlib++-isystem", "-A"};
    if (kSeparate.contains(argument) && i + 1 < given.size())
      kept.push_back(given[++i]);
  }
  for (const std::string &extra : options.extraArgs)
    kept.push_back(extra);

  // What Clang's own option table does not know is GCC's.
  std::vector<const char *> raw;
  for (const std::string &argument : kept)
    raw.push_back(argument.c_str());
  unsigned missingIndex = 0, missingCount = 0;
  llvm::opt::InputArgList parsed = clang::getDriverOptTable().ParseArgs(
      raw, missingIndex, missingCount, llvm::opt::Visibility(clang::options::ClangOption));
  llvm::DenseSet<unsigned> unknown;
  for (const llvm::opt::Arg *argument : parsed.filtered(clang::options::OPT_UNKNOWN))
    unknown.insert(argument->getIndex());
  for (unsigned i = 0; i < kept.size(); ++i)
    if (!unknown.contains(i) && !(missingCount != 0 && i >= missingIndex))
      result.push_back(kept[i]);

  for (const char *fixed :
       {"-fsyntax-only", "-w", "-Wno-error", "-Qunused-arguments", "-fno-spell-checking"})
    result.push_back(fixed);
  bool isC = extension == ".c" || extension == ".i";
  if (isC)
    for (const char *leniency :
         {"-Wno-error=int-conversion", "-Wno-error=implicit-function-declaration",
          "-Wno-error=implicit-int", "-Wno-error=incompatible-pointer-types",
          "-Wno-error=incompatible-function-pointer-types", "-Wno-error=return-type"})
      result.push_back(leniency);
  bool isHeader = extension == ".h" || extension == ".hpp" || extension == ".hh" ||
                  extension == ".hxx" || extension == ".inc" || extension == ".inl" ||
                  extension == ".ipp";
  if (isHeader && !hasLanguage) {
    result.push_back("-x");
    result.push_back(cxxDriver || extension != ".h" ? "c++" : "c");
  }
  result.push_back("-resource-dir=" + resourceDirectory(options));
  result.push_back("--");
  result.push_back(std::string(source));
  return result;
}

} // namespace threadlint
