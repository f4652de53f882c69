// Places: see Places.h.
#include "tracer/run/Places.h"

#include "tracer/report/TraceResult.h"

#include <llvm/DebugInfo/DIContext.h>
#include <llvm/DebugInfo/Symbolize/Symbolize.h>

#include <cstring>
#include <map>

namespace threadlint::trace {

struct Places::Tables {
  llvm::symbolize::LLVMSymbolizer symbolizer{[] {
    llvm::symbolize::LLVMSymbolizer::Options options;
    options.Demangle = true;
    return options;
  }()};
};

Places::Places() : tables_(std::make_unique<Tables>()) {}
Places::~Places() = default;

namespace {

/// Calls that tell nobody anything: the standard library's lock functions and what starts threads.
bool isLibraryCall(const std::string &file) {
  for (const char *folder : {"/include/c++/", "/include/x86_64-linux-gnu/c++/",
                             "/include/aarch64-linux-gnu/c++/", "/__mutex/", "/__thread/"})
    if (file.find(folder) != std::string::npos)
      return true;
  return false;
}

using tracing::baseName, tracing::hex;

const char *kindName(LockKind kind) {
  switch (kind) {
  case LockKind::Mutex:
    return "mutex";
  case LockKind::RwLock:
    return "rwlock";
  case LockKind::Spin:
    return "spinlock";
  case LockKind::Once:
    return "once flag";
  case LockKind::StaticGuard:
    return "static-local guard";
  case LockKind::Semaphore:
    return "semaphore";
  case LockKind::Barrier:
    return "barrier";
  case LockKind::Condition:
    return "condition variable";
  case LockKind::Custom:
    return "lock";
  }
  return "lock";
}

} // namespace

std::vector<std::string> Places::callsAt(const LiveTrace &trace, std::uint32_t number) {
  const auto *frame = trace.get<Frame>(TableKind::Frames, number);
  if (!frame)
    return {};
  const auto *module = trace.get<Module>(TableKind::Modules, frame->module);
  if (!module)
    return {hex(frame->pc)};
  std::string path = trace.text(module->path);
  std::uint64_t address = frame->pc - module->bias,
                lookUp = address - (frame->flags & kFrameExact ? 0 : 1);
  std::vector<std::string> calls;
  auto inlined = tables_->symbolizer.symbolizeInlinedCode(
      path, {lookUp, llvm::object::SectionedAddress::UndefSection});
  if (!inlined) {
    llvm::consumeError(inlined.takeError());
  } else {
    for (std::uint32_t level = 0; level < inlined->getNumberOfFrames(); ++level) {
      const llvm::DILineInfo &line = inlined->getFrame(level);
      if (line.FunctionName == llvm::DILineInfo::BadString &&
          line.FileName == llvm::DILineInfo::BadString)
        continue;
      std::string place =
          line.FileName == llvm::DILineInfo::BadString
              ? baseName(path) + "+" + hex(address)
              : line.FileName + ":" + std::to_string(line.Line) + ":" + std::to_string(line.Column);
      if (level + 1 < inlined->getNumberOfFrames() && isLibraryCall(place))
        continue; // inlined into what is of interest
      calls.push_back(
          (line.FunctionName == llvm::DILineInfo::BadString ? "" : line.FunctionName + " ") +
          place);
    }
  }
  if (calls.empty())
    calls.push_back(baseName(path) + "+" + hex(address));
  return calls;
}

std::string Places::dataAt(const LiveTrace &trace, std::uint32_t number, std::uint64_t address) {
  const auto *module = trace.get<Module>(TableKind::Modules, number);
  if (!module)
    return {};
  auto global = tables_->symbolizer.symbolizeData(
      trace.text(module->path),
      {address - module->bias, llvm::object::SectionedAddress::UndefSection});
  if (!global) {
    llvm::consumeError(global.takeError());
    return {};
  }
  if (global->Name == llvm::DILineInfo::BadString || global->Name.empty())
    return {};
  std::uint64_t offset = address - module->bias - global->Start;
  return global->Name + (offset ? "+" + std::to_string(offset) : "");
}

namespace {

/// " bank.cpp:12 #2" as the report after the run says it: where the lock was taken first, and which of those that have no name either.
std::string placeName(Places &places, const LiveTrace &trace, std::uint32_t number) {
  constexpr std::size_t kPlaces = 256;          // looked up while the program hangs
  std::map<std::uint32_t, std::uint32_t> sites; // lock -> frame
  for (std::uint32_t at = 0; at < trace.count(TableKind::Nodes); ++at)
    if (const auto *node = trace.get<Node>(TableKind::Nodes, at);
        node && node->op == static_cast<std::uint8_t>(Op::Acquire) && node->object <= number)
      sites.try_emplace(node->object, node->site);
  auto own = sites.find(number);
  if (own == sites.end())
    return {};
  std::map<std::uint32_t, std::string> names; // frame -> file and line
  auto nameAt = [&](std::uint32_t frame) {
    auto [place, isNew] = names.try_emplace(frame);
    if (isNew && names.size() <= kPlaces) {
      std::string call = siteText(places, trace, frame);
      call = tracing::baseName(call.substr(call.rfind(' ') + 1));
      place->second = call.substr(0, call.rfind(':')); // without the column
    }
    return place->second;
  };
  std::string name = nameAt(own->second);
  unsigned before = 0;
  for (auto other = sites.begin(); other != own; ++other)
    if (const auto *lock = trace.get<Lock>(TableKind::Locks, other->first);
        lock && !lock->name && nameAt(other->second) == name)
      ++before;
  return " " + name + (before ? " #" + std::to_string(before + 1) : "");
}

} // namespace

std::string lockName(Places &places, const LiveTrace &trace, std::uint32_t number,
                     std::uint64_t address, LockKind kind) {
  if (number == kNone) // its holder has given it a number meanwhile
    number = trace.newestLockAt(address);
  const auto *lock = trace.get<Lock>(TableKind::Locks, number);
  std::uint32_t module = lock ? lock->module : kNone;
  for (std::uint32_t at = 0; !lock && at < trace.count(TableKind::Modules); ++at)
    if (const auto *holder = trace.get<Module>(TableKind::Modules, at);
        holder && !holder->unloadedSequence && holder->start <= address && address < holder->end)
      module = at;
  std::string name = lock ? trace.text(lock->name) : "";
  if (name.empty())
    name = places.dataAt(trace, module, address);
  std::string text = kindName(lock ? static_cast<LockKind>(lock->kind) : kind);
  if (!name.empty())
    return text + " '" + name + "'";
  std::string place = lock ? placeName(places, trace, number) : "";
  return text + place + (place.empty() ? " " + hex(address) : " (" + hex(address) + ")");
}

std::string threadName(const LiveTrace &trace, std::uint32_t number) {
  const auto *thread = trace.get<Thread>(TableKind::Threads, number);
  if (!thread)
    return "an unknown thread";
  std::string name(thread->name, strnlen(thread->name, sizeof thread->name));
  std::string text =
      thread->flags & kThreadMain ? "main thread" : "thread " + std::to_string(number);
  if (!name.empty() && !(thread->flags & kThreadMain))
    text += " '" + name + "'";
  return text + " (tid " + std::to_string(thread->tid) + ")";
}

std::string siteText(Places &places, const LiveTrace &trace, std::uint32_t frame) {
  std::vector<std::string> calls = places.callsAt(trace, frame);
  return calls.empty() ? "an unknown place" : calls.front();
}

std::string stackText(Places &places, const LiveTrace &trace, std::uint32_t stack,
                      const std::string &indent) {
  std::string text;
  int number = 0;
  for (std::uint32_t frame : trace.stack(stack)) {
    const auto *entry = trace.get<Frame>(TableKind::Frames, frame);
    if (entry && entry->flags & kFrameWrapper)
      continue;
    for (const std::string &call : places.callsAt(trace, frame))
      text += indent + "#" + std::to_string(number++) + " " + call + "\n";
  }
  return text;
}

} // namespace threadlint::trace
