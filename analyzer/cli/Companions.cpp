// Companions: headers by their include lines, sources by their names, need by the keys of functions.
#include "analyzer/cli/Companions.h"

#include "analyzer/cli/Paths.h"
#include "analyzer/facts/ProjectPath.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>

namespace threadlint {
namespace {

constexpr std::size_t kMaxCompanions = 8, kMaxHeaders = 64;
constexpr std::string_view kSourceEndings[] = {".c", ".cc", ".cpp", ".cxx"};

bool isFile(const std::filesystem::path &path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

/// The files named by `#include "..."` in `path` that stand beside it.
std::vector<std::string> headersBeside(const std::string &path) {
  std::vector<std::string> headers;
  std::ifstream in(path);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  for (std::string line; std::getline(in, line);) {
    std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line[at] != '#')
      continue;
    at = line.find_first_not_of(" \t", at + 1);
    constexpr std::string_view kInclude = "include";
    if (at == std::string::npos || line.compare(at, kInclude.size(), kInclude) != 0)
      continue;
    std::size_t begin = line.find_first_not_of(" \t", at + kInclude.size());
    if (begin == std::string::npos || line[begin] != '"')
      continue;
    std::size_t end = line.find('"', begin + 1);
    if (end == std::string::npos)
      continue;
    std::string header = absolutePath(line.substr(begin + 1, end - begin - 1), folder);
    if (isFile(header))
      headers.push_back(std::move(header));
  }
  return headers;
}

std::set<std::string> headersOf(const std::vector<CompileCommand> &given) {
  std::set<std::string> headers;
  std::vector<std::string> work;
  for (const CompileCommand &command : given)
    work.push_back(command.file);
  while (!work.empty() && headers.size() < kMaxHeaders) {
    std::string file = std::move(work.back());
    work.pop_back();
    for (std::string &header : headersBeside(file))
      if (headers.insert(header).second)
        work.push_back(std::move(header));
  }
  return headers;
}

std::set<std::string_view> definitionsOf(const TuFacts &facts) {
  std::set<std::string_view> keys;
  for (const FunctionFacts &function : facts.functions)
    keys.insert(facts.strings[function.key]);
  return keys;
}

std::set<std::string_view> undefinedCalls(const TuFacts &facts) {
  std::set<std::string_view> defined = definitionsOf(facts), calls;
  for (const FunctionFacts &function : facts.functions)
    for (const Block &block : function.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Call && event.callee != 0 &&
            (event.flags & Flag::SystemCallee) == 0 &&
            !defined.contains(facts.strings[event.callee]))
          calls.insert(facts.strings[event.callee]);
  return calls;
}

bool isUsable(const TuFacts &facts) {
  return std::none_of(facts.limitations.begin(), facts.limitations.end(),
                      [](const Limitation &l) { return l.incomplete; }) &&
         std::none_of(facts.functions.begin(), facts.functions.end(),
                      [](const FunctionFacts &f) { return (f.flags & FunctionFlag::Main) != 0; });
}

} // namespace

std::vector<CompileCommand> companionCommands(const std::vector<CompileCommand> &given) {
  if (given.empty())
    return {};
  std::set<std::string> known, sources;
  for (const CompileCommand &command : given)
    known.insert(resolvedPath(command.file));
  for (const std::string &header : headersOf(given))
    for (std::string_view ending : kSourceEndings) {
      std::string source = std::filesystem::path(header).replace_extension(ending).string();
      if (isFile(source) && !known.contains(resolvedPath(source)))
        sources.insert(std::move(source));
    }
  if (sources.size() > kMaxCompanions)
    return {};
  std::vector<CompileCommand> commands;
  for (const std::string &source : sources) {
    // The same language as the first source that is given: its flags would not fit another one.
    CompileCommand command = given.front();
    if (source.ends_with(".c") != command.file.ends_with(".c"))
      continue;
    std::replace(command.arguments.begin(), command.arguments.end(), command.file, source);
    command.file = source;
    commands.push_back(std::move(command));
  }
  return commands;
}

bool callsUndefined(const std::vector<TuFacts> &tus) {
  return std::any_of(tus.begin(), tus.end(),
                     [](const TuFacts &facts) { return !undefinedCalls(facts).empty(); });
}

std::vector<TuFacts> neededCompanions(const std::vector<TuFacts> &given,
                                      std::vector<TuFacts> candidates) {
  std::erase_if(candidates, [](const TuFacts &facts) { return !isUsable(facts); });
  std::vector<bool> isNeeded(candidates.size(), false);
  std::vector<const TuFacts *> work;
  for (const TuFacts &facts : given)
    work.push_back(&facts);
  while (!work.empty()) {
    std::set<std::string_view> calls = undefinedCalls(*work.back());
    work.pop_back();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (isNeeded[i])
        continue;
      for (std::string_view key : definitionsOf(candidates[i]))
        isNeeded[i] = isNeeded[i] || calls.contains(key);
      if (isNeeded[i])
        work.push_back(&candidates[i]);
    }
  }
  std::vector<TuFacts> needed;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (isNeeded[i])
      needed.push_back(std::move(candidates[i]));
  return needed;
}

} // namespace threadlint
