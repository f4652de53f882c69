// CommandLine: see the header.
#include "analyzer/extract/CommandLine.h"

#include "analyzer/extract/SourceMap.h"

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

/// Families of options that only GCC has, without `-f` or `-m` and without `no-`: they change code generation or GCC's messages.
constexpr StringRef kGccFamilies[] = {
    "abi-", "aggressive-loop", "allow-", "analyzer", "auto-inc-dec", "branch-", "btr-", "call-",
    "callgraph-info", "canonical-system", "check-data", "checking", "chkp-", "cilkplus",
    "code-hoisting", "combine-stack", "compare-", "concepts", "conserve-", "constexpr-", "cprop-",
    "crossjumping", "cse-", "dbg-cnt", "dce", "deduce-init", "delayed-branch", "delete-dead",
    "devirtualize-", "disable-", "dse", "early-inlining", "eliminate-", "emit-", "enable-",
    "exec-charset", "ext-numeric", "extern-tls", "fat-lto", "forward-prop", "gcse", "gimple",
    "gnu-", "graphite", "guess-branch", "harden-", "hoist-", "if-conversion", "implicit-const",
    "indirect-inlining", "inhibit-", "inline-", "ipa-", "ira-", "isolate-erroneous", "ivopts",
    "keep-", "leading-", "lifetime-dse", "limit-function", "live-", "loop-", "lra-", "max-errors",
    "mem-report", "merge-debug", "module", "move-loop", "non-call", "nonansi-", "nothrow-opt",
    "offload-", "openacc", "opt-info", "optimize-", "partial-", "peel-", "peephole", "permissive",
    "plan9-", "predictive-", "prefetch-", "printf-return", "random-seed", "ree", "reg-struct",
    "rename-", "reorder-", "report-bug", "rerun-", "reschedule-", "rounding-", "sanitize", "sched",
    "section-anchors", "sel-", "selective-", "self-test", "shrink-wrap", "signaling-", "simd-cost",
    "split-", "ssa-", "sso-struct", "stack-", "stats", "stdarg-opt", "store-merging",
    "strict-volatile", "strong-eval", "sync-", "template-", "thread-jumps", "toplevel-",
    "track-macro", "trampolines", "tree-", "unconstrained-", "unroll-", "use-", "var-tracking",
    "vect-", "version-loops", "vpt", "vtable-verify", "vtv-", "web", "weak", "whole-program",
    "wide-exec", "working-dir", "zee",
    // -m
    "128bit-long", "96bit-long", "abm", "accumulate-", "align-", "avx256-split", "branch-cost",
    "cet-switch", "cld", "direct-extern", "dispatch-", "force-", "fp-ret", "function-return",
    "fused-madd", "hle", "incoming-stack", "indirect-", "instrument-", "large-data", "manual-endbr",
    "memcpy-", "memset-", "move-max", "pc32", "pc64", "pc80", "prefer-", "preferred-stack",
    "push-args", "record-", "relax-cmpxchg", "stringop", "stv", "tls-dialect", "tune-", "veclibabi",
    "vzeroupper", "fancy-math", "fentry-"};

enum class Family { Clang, Gcc, Other };

Family familyOf(StringRef compiler) {
  if (compiler.contains("clang"))
    return Family::Clang;
  bool isGcc = compiler.contains("gcc") || compiler.contains("g++") || compiler == "cc" ||
               compiler == "c++" || compiler.ends_with("-cc") || compiler.ends_with("-c++");
  return isGcc ? Family::Gcc : Family::Other;
}

/// Whether an option that Clang does not know belongs to the compiler the command was written for. Clang's own commands may have
/// GCC's options, because people paste them; which options of a machine some GCC has is not for us to know.
bool isForeign(StringRef option, Family family) {
  if (family == Family::Other || option.starts_with("--param") || option.starts_with("-d"))
    return true;
  if (!option.consume_front("-f") && !option.consume_front("-m"))
    return false;
  option.consume_front("no-");
  return family == Family::Gcc ||
         llvm::any_of(kGccFamilies, [&](StringRef prefix) { return option.starts_with(prefix); });
}

/// `@file` becomes the words of the file, which may name more such files.
void expandResponseFile(const std::string &argument, const std::string &directory, unsigned depth,
                        ParsingArguments &result, std::vector<std::string> &words) {
  constexpr unsigned kMaxDepth = 20;
  if (argument.size() < 2 || argument[0] != '@') {
    words.push_back(argument);
    return;
  }
  const std::string path = absolutePath(directory, StringRef(argument).drop_front());
  llvm::sys::fs::file_status status;
  const bool isSpecial = !llvm::sys::fs::status(path, status) && // a pipe has no end
                         status.type() != llvm::sys::fs::file_type::regular_file;
  auto buffer = isSpecial ? std::make_error_code(std::errc::invalid_argument)
                          : llvm::MemoryBuffer::getFile(path);
  if (!buffer || depth == kMaxDepth) {
    std::string cause = isSpecial ? "is not a regular file"
                        : buffer  ? "it contains itself"
                                  : buffer.getError().message();
    result.problems.push_back("cannot read the response file '" + argument.substr(1) +
                              "': " + cause);
    return;
  }
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *, 32> tokens;
  llvm::cl::TokenizeGNUCommandLine((*buffer)->getBuffer(), saver, tokens);
  for (const char *token : tokens)
    expandResponseFile(token, directory, depth + 1, result, words);
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

ParsingArguments parsingArguments(const CompileCommand &command, const ExtractOptions &options) {
  ParsingArguments parsing;
  std::vector<std::string> given;
  for (const std::string &argument : command.arguments)
    expandResponseFile(argument, command.directory, 0, parsing, given);
  std::vector<std::string> &result = parsing.arguments;
  result.push_back("/usr/lib/llvm-22/bin/clang");
  StringRef extension = llvm::sys::path::extension(command.file);
  bool cxxDriver = false;
  bool hasLanguage = false;
  Family family = Family::Other;
  std::size_t first = 0;
  if (!given.empty()) {
    first = compilerIndex(given);
    StringRef name = llvm::sys::path::filename(given[first]);
    cxxDriver = name.contains("++");
    family = familyOf(name);
    // Cross compilers carry their target in their name.
    std::size_t dash = name.find("-linux-");
    if (dash != StringRef::npos && name.rfind('-') > dash && name.count('-') >= 2)
      result.push_back("--target=" + name.take_front(name.rfind('-')).str());
    ++first;
  }
  const std::string source = absolutePath(command.directory, command.file);
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

  // What Clang's own option table does not know is another compiler's, or a mistake.
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
    if (unknown.contains(i) && !isForeign(kept[i], family))
      parsing.problems.push_back("unknown argument: '" + kept[i] + "'");
  if (missingCount != 0)
    parsing.problems.push_back("argument to '" + kept[missingIndex] + "' is missing");
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
  result.push_back(source);
  return parsing;
}

} // namespace threadlint
