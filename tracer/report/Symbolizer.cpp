// Symbolizer: LLVM's symbolizer library; the only place of tracer/report/ that knows LLVM.
#include "tracer/report/Symbolizer.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/DebugInfo/Symbolize/Symbolize.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/Object/BuildID.h>
#include <llvm/Object/ObjectFile.h>

#include <cstdlib>
#include <map>

namespace threadlint::tracing {
namespace {

/// "Account::add" for the name of a function in its object file: no parameters, no template arguments of the function itself, no suffix of
/// a compiler's clone.
std::string functionName(const std::string &linkage) {
  std::string name = linkage;
  for (const char *suffix : {".part.", ".constprop.", ".isra.", ".cold", ".lto_priv."})
    if (std::size_t at = name.find(suffix); at != std::string::npos && at > 0)
      name.resize(at);
  llvm::ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(name.c_str()) || !demangler.isFunction())
    return name;
  auto take = [](char *text) {
    std::string result = text ? text : "";
    std::free(text);
    return result;
  };
  std::string context = take(demangler.getFunctionDeclContextName(nullptr, nullptr));
  std::string base = take(demangler.getFunctionBaseName(nullptr, nullptr));
  return context.empty() ? base : context + "::" + base;
}

llvm::symbolize::LLVMSymbolizer::Options options() {
  llvm::symbolize::LLVMSymbolizer::Options options;
  options.Demangle = false;
  options.DebugFileDirectory = {"/usr/lib/debug"};
  return options;
}

} // namespace

class Symbolizer::Files {
public:
  explicit Files(const Trace &trace)
      : trace_(trace), symbolizer_(options()), states_(trace.modules.size()),
        frames_(trace.code.size()) {}

  const std::vector<SiteFrame> &frames(std::uint32_t code) {
    std::vector<SiteFrame> &frames = frames_[code];
    if (frames.empty())
      frames = resolve(trace_.code[code]);
    return frames;
  }

  std::string data(std::uint32_t module, std::uint64_t address) {
    if (module >= states_.size() || !isUsable(module))
      return {};
    std::uint64_t own = address - trace_.modules[module].bias;
    llvm::Expected<llvm::DIGlobal> global = symbolizer_.symbolizeData(
        trace_.modules[module].path, {own, llvm::object::SectionedAddress::UndefSection});
    if (!global) {
      llvm::consumeError(global.takeError());
      return {};
    }
    if (global->Name.empty() || global->Name == llvm::DILineInfo::BadString)
      return {};
    std::string name = llvm::demangle(global->Name);
    return own > global->Start ? name + "+" + std::to_string(own - global->Start) : name;
  }

  std::vector<std::string> problems() const {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const Module &module = trace_.modules[i];
      if (!states_[i].problem.empty())
        list.push_back("'" + module.path + "' " + states_[i].problem);
      else if (states_[i].places == 0 && states_[i].misses > 0 && !module.isLibrary)
        list.push_back("'" + module.path +
                       "' has no line tables: build it with -g1 or more to see places");
    }
    return list;
  }

private:
  struct State {
    bool isChecked = false;
    std::string problem;
    std::size_t places = 0, misses = 0;
  };

  bool isUsable(std::uint32_t index) {
    State &state = states_[index];
    const Module &module = trace_.modules[index];
    if (state.isChecked)
      return state.problem.empty();
    state.isChecked = true;
    auto file = llvm::object::ObjectFile::createObjectFile(module.path);
    if (!file) {
      llvm::consumeError(file.takeError());
      // The kernel's own has no file; nobody misses it.
      state.problem = "cannot be read, so places in it are addresses only";
      return false;
    }
    std::string found =
        llvm::toHex(llvm::object::getBuildID(file->getBinary()), /*LowerCase=*/true);
    if (found != module.buildId)
      state.problem = "is from another build than the traced one (build id " +
                      (found.empty() ? "missing" : found) + ", traced " +
                      (module.buildId.empty() ? "without one" : module.buildId) +
                      "), so places in it are addresses only";
    return state.problem.empty();
  }

  std::vector<SiteFrame> resolve(const CodeAddress &code) {
    if (code.module >= states_.size())
      return {{{}, hex(code.address)}};
    const Module &module = trace_.modules[code.module];
    std::uint64_t own = code.address - module.bias;
    std::string fallback = baseName(module.path) + "+" + hex(own);
    if (!isUsable(code.module))
      return {{{}, fallback}};
    std::uint64_t lookUp = code.isExact ? own : own - 1; // the call is before its return address
    llvm::Expected<llvm::DIInliningInfo> found = symbolizer_.symbolizeInlinedCode(
        module.path, {lookUp, llvm::object::SectionedAddress::UndefSection});
    if (!found) {
      llvm::consumeError(found.takeError());
      return {{{}, fallback}};
    }
    std::vector<SiteFrame> frames;
    for (std::uint32_t i = 0; i < found->getNumberOfFrames(); ++i) {
      const llvm::DILineInfo &line = found->getFrame(i);
      SiteFrame frame;
      if (line.FileName != llvm::DILineInfo::BadString && line.Line != 0)
        frame.place = {normalized(line.FileName), line.Line, line.Column, 0, 0};
      frame.function = line.FunctionName == llvm::DILineInfo::BadString
                           ? fallback
                           : functionName(line.FunctionName);
      ++(frame.place.line == 0 ? states_[code.module].misses : states_[code.module].places);
      frames.push_back(std::move(frame));
    }
    if (frames.empty())
      frames.push_back({{}, fallback});
    return frames;
  }

  /// Without "." and "..", as the static side names files.
  static std::string normalized(const std::string &path) {
    std::string result;
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= path.size();) {
      std::size_t end = std::min(path.find('/', at), path.size());
      std::string part = path.substr(at, end - at);
      if (part == ".." && !parts.empty() && parts.back() != "..")
        parts.pop_back();
      else if (!part.empty() && part != ".")
        parts.push_back(part);
      at = end + 1;
    }
    for (const std::string &part : parts)
      result += (result.empty() && !path.starts_with('/') ? "" : "/") + part;
    return result;
  }

  const Trace &trace_;
  llvm::symbolize::LLVMSymbolizer symbolizer_;
  std::vector<State> states_;                  ///< by module
  std::vector<std::vector<SiteFrame>> frames_; ///< by position in Trace::code
};

Symbolizer::Symbolizer(const Trace &trace) : files_(std::make_unique<Files>(trace)) {}
Symbolizer::~Symbolizer() = default;

const std::vector<SiteFrame> &Symbolizer::frames(std::uint32_t code) {
  return files_->frames(code);
}
std::string Symbolizer::data(std::uint32_t module, std::uint64_t address) {
  return files_->data(module, address);
}
std::vector<std::string> Symbolizer::problems() const { return files_->problems(); }

} // namespace threadlint::tracing
