// CompileDatabase: nlohmann/json without exceptions; the first malformed entry ends the reading with its number.
#include "analyzer/cli/CompileDatabase.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Paths.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/Allocator.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/StringSaver.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace threadlint {
namespace {

using Json = nlohmann::json;

std::vector<std::string> splitCommand(const std::string &command) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *, 64> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  return {words.begin(), words.end()};
}

/// The string member `name`, or an empty string when it is missing; false when it is something else.
bool readString(const Json &entry, const char *name, std::string &result) {
  auto place = entry.find(name);
  if (place == entry.end())
    return true;
  if (!place->is_string())
    return false;
  result = place->get_ref<const std::string &>();
  return true;
}

/// What is wrong with the entry, or nothing.
std::string readEntry(const Json &entry, const std::string &databaseFolder,
                      CompileCommand &result) {
  if (!entry.is_object())
    return "is not an object";
  std::string command;
  for (auto [name, target] :
       {std::pair{"directory", &result.directory}, {"file", &result.file}, {"command", &command}})
    if (!readString(entry, name, *target))
      return std::string("has a '") + name + "' that is not a string";
  if (result.file.empty())
    return "has no 'file'";
  if (auto arguments = entry.find("arguments"); arguments != entry.end()) {
    if (!arguments->is_array())
      return "has 'arguments' that are not an array";
    for (const Json &argument : *arguments) {
      if (!argument.is_string())
        return "has 'arguments' that are not strings";
      result.arguments.push_back(argument.get<std::string>());
    }
  } else {
    result.arguments = splitCommand(command);
  }
  if (result.arguments.empty())
    return "has neither 'arguments' nor 'command'";
  result.directory = absolutePath(result.directory, databaseFolder);
  result.file = absolutePath(result.file, result.directory);
  return {};
}

bool makesPrecompiledHeader(const CompileCommand &command) {
  auto isHeaderLanguage = [](const std::string &word) { return word.ends_with("-header"); };
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const std::string &word = command.arguments[i];
    if (word.starts_with("-x") &&
        (isHeaderLanguage(word) || (word == "-x" && i + 1 < command.arguments.size() &&
                                    isHeaderLanguage(command.arguments[i + 1]))))
      return true;
  }
  return false;
}

/// The arguments without those that only say what to write.
std::vector<std::string> meaningfulArguments(const CompileCommand &command) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const std::string &word = command.arguments[i];
    if (word == "-o" || word == "-MF" || word == "-MT" || word == "-MQ")
      ++i;
    else if (word != "-c" && word != "-MD" && word != "-MMD" && word != "-MP")
      kept.push_back(word);
  }
  return kept;
}

} // namespace

bool isCName(const std::string &file) { return llvm::sys::path::extension(file) == ".c"; }

bool isSourceName(const std::string &file) {
  return llvm::StringSwitch<bool>(llvm::sys::path::extension(file))
      .Cases({".c", ".cc", ".cpp", ".cxx", ".c++", ".cp", ".C", ".CPP", ".CC", ".cppm", ".ixx"},
             true)
      .Default(false);
}

bool isHeaderName(const std::string &file) {
  return llvm::StringSwitch<bool>(llvm::sys::path::extension(file))
      .Cases({".h", ".hh", ".hpp", ".hxx", ".h++", ".H"}, true)
      .Default(false);
}

void sortCommands(std::vector<CompileCommand> &commands) {
  struct Keyed {
    std::vector<std::string> key;
    CompileCommand command;
  };
  std::vector<Keyed> keyed;
  for (CompileCommand &command : commands) {
    Keyed entry{meaningfulArguments(command), std::move(command)};
    entry.key.insert(entry.key.begin(), {entry.command.file, entry.command.directory});
    keyed.push_back(std::move(entry));
  }
  std::sort(keyed.begin(), keyed.end(), [](const Keyed &a, const Keyed &b) {
    return std::tie(a.key, a.command.arguments) < std::tie(b.key, b.command.arguments);
  });
  commands.clear();
  for (std::size_t i = 0; i < keyed.size(); ++i)
    if (i == 0 || keyed[i].key != keyed[i - 1].key)
      commands.push_back(std::move(keyed[i].command));
}

namespace {

/// Why a text is not JSON.
std::string whyBad(const std::string &content) {
  if (std::optional<unsigned> line = lineOfBinary(content))
    return "line " + std::to_string(*line) + ": it is not text in UTF-8";
  struct Reader : nlohmann::json_sax<Json> {
    std::size_t position = 0;
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(Json::number_integer_t) override { return true; }
    bool number_unsigned(Json::number_unsigned_t) override { return true; }
    bool number_float(Json::number_float_t, const std::string &) override { return true; }
    bool string(std::string &) override { return true; }
    bool binary(Json::binary_t &) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(std::string &) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t at, const std::string &, const Json::exception &) override {
      position = at;
      return false;
    }
  } reader;
  Json::sax_parse(content, &reader);
  const std::size_t at = std::min(std::max<std::size_t>(reader.position, 1) - 1, content.size());
  const auto end = content.begin() + static_cast<std::ptrdiff_t>(at);
  return "not valid JSON from line " + std::to_string(1 + std::count(content.begin(), end, '\n')) +
         " on";
}

} // namespace

llvm::Expected<std::vector<CompileCommand>> readCompileDatabase(const std::string &path) {
  llvm::Expected<std::string> content = readInputFile(path);
  if (!content)
    return content.takeError();
  Json json = Json::parse(*content, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return failure("cannot read '" + path + "': " + whyBad(*content));
  if (!json.is_array())
    return failure("cannot read '" + path + "': not an array of compile commands");
  if (json.empty())
    return failure("the compile database '" + path + "' is empty");

  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  std::vector<CompileCommand> commands;
  for (std::size_t i = 0; i < json.size(); ++i) {
    CompileCommand command;
    if (std::string problem = readEntry(json[i], folder, command); !problem.empty())
      return failure("cannot read '" + path + "': entry " + std::to_string(i + 1) + " " + problem);
    if (isSourceName(command.file) && !makesPrecompiledHeader(command))
      commands.push_back(std::move(command));
  }
  if (commands.empty())
    return failure("the compile database '" + path + "' has no C or C++ files");
  sortCommands(commands);
  return commands;
}

} // namespace threadlint
