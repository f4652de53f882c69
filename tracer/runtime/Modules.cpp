// Modules: see Modules.h.
#include "tracer/runtime/Modules.h"

#include "tracer/runtime/Sites.h"
#include "tracer/runtime/Store.h"
#include "tracer/runtime/Threads.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#if defined(DLFO_STRUCT_HAS_EH_DBASE) && !defined(THREADLINT_TRACE_STATIC)
#define TL_FIND_OBJECT
#endif
#ifdef THREADLINT_TRACE_STATIC
extern "C" __attribute__((weak, visibility("hidden"))) char __start_threadlint_text[],
    __stop_threadlint_text[];
#endif

namespace threadlint::trace {

namespace {

constexpr uint32_t kMaxModules = 4096;
constexpr uint32_t kMaxWrappers = 1 << 16;

#ifdef TL_FIND_OBJECT
int (*findObject)(void *, dl_find_object *); // takes no lock; null before glibc 2.35
#endif

struct Range {
  uint64_t start, end;
};

ModuleView *modules;
uint32_t moduleCount;
Range *wrappers;
uint32_t wrapperCount;
uint32_t busy; // tid of the thread that changes the list, or 0
uint64_t lastAdds, lastRemovals;
// The runtime's own code: the whole library, or in a static program the section that its archive was put in.
uint64_t tracerStart, tracerEnd;

/// Held for a moment only, never while anything of the program runs: hooks do not nest. Should one nest all the same, in a signal
/// handler that was taken for something else, it gets no turn.
struct Turn {
  Turn() {
    uint32_t own = currentTid();
    while (!exchangeIf(busy, 0u, own)) {
      if (loadRelaxed(busy) == own)
        return;
      sched_yield();
    }
    mine = true;
  }
  ~Turn() {
    if (mine)
      storeRelease(busy, 0u);
  }
  bool mine = false;
};

const char *baseName(const char *path) {
  const char *base = path;
  for (; *path; ++path)
    if (*path == '/')
      base = path + 1;
  return base;
}

void recordModule(ModuleView &view, const char *path, const uint8_t *buildId,
                  uint32_t buildIdSize) {
  view.index = reserve<Module>();
  if (view.index == kNone)
    return;
  auto &module = record<Module>(view.index);
  module.path = storeText(path);
  module.bias = view.bias;
  module.start = view.start;
  module.end = view.end;
  module.loadedSequence = addRelaxed(storeHeader->sequence, 1);
  module.flags = view.flags;
  module.buildIdSize = buildIdSize;
  for (uint32_t at = 0; at < buildIdSize; ++at)
    module.buildId[at] = buildId[at];
  publish(module);
}

void findBuildId(const dl_phdr_info &info, const uint8_t *&id, uint32_t &size) {
  for (int at = 0; at < info.dlpi_phnum; ++at) {
    const ElfW(Phdr) &segment = info.dlpi_phdr[at];
    if (segment.p_type != PT_NOTE)
      continue;
    uint64_t note = info.dlpi_addr + segment.p_vaddr, end = note + segment.p_memsz;
    while (note + sizeof(ElfW(Nhdr)) < end) {
      const auto *header = reinterpret_cast<const ElfW(Nhdr) *>(note);
      uint64_t name = note + sizeof *header, content = name + (header->n_namesz + 3) / 4 * 4;
      if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4 &&
          header->n_descsz <= sizeof(Module::buildId)) {
        id = reinterpret_cast<const uint8_t *>(content);
        size = header->n_descsz;
        return;
      }
      note = content + (header->n_descsz + 3) / 4 * 4;
    }
  }
}

struct Refresh {
  bool first = true;
  bool again; // after fork: known modules get a record in the new file
  bool seen[kMaxModules];
  char path[4096];
};

int visitModule(dl_phdr_info *info, size_t, void *argument) {
  auto &refresh = *static_cast<Refresh *>(argument);
  bool isMain = refresh.first;
  refresh.first = false;
  uint64_t start = ~uint64_t{0}, end = 0, table = 0;
  for (int at = 0; at < info->dlpi_phnum; ++at) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[at];
    uint64_t from = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      start = from < start ? from : start;
      end = from + segment.p_memsz > end ? from + segment.p_memsz : end;
    }
    if (segment.p_type == PT_GNU_EH_FRAME)
      table = from;
  }
  if (start >= end)
    return 0;
  ModuleView *view = nullptr;
  for (uint32_t at = 0; at < moduleCount; ++at)
    if (modules[at].loaded && modules[at].start == start && modules[at].end == end &&
        modules[at].unwindTable == table) {
      refresh.seen[at] = true;
      view = &modules[at];
    }
  if (view && !refresh.again)
    return 0;
  const char *name = isMain ? nullptr : info->dlpi_name;
  if (!name || !*name) {
    long length =
        isMain ? systemCall(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>("/proc/self/exe"),
                            reinterpret_cast<long>(refresh.path), sizeof refresh.path - 1)
               : 0;
    refresh.path[length > 0 ? length : 0] = 0;
    name = isMain ? refresh.path : "[vdso]";
  }
  const uint8_t *buildId = nullptr;
  uint32_t buildIdSize = 0;
  findBuildId(*info, buildId, buildIdSize);
  if (view) {
    recordModule(*view, name, buildId, buildIdSize);
    return 0;
  }
  if (moduleCount == kMaxModules)
    return 0;
  ModuleView &fresh = modules[moduleCount];
  const char *base = baseName(name);
  fresh = {start, end, info->dlpi_addr, table, kNone, 0, true, false, 0, 0};
  if (isMain)
    fresh.flags |= kModuleMain;
  if (startsWith(base, "libstdc++.so") || startsWith(base, "libc++.so") ||
      startsWith(base, "libc++abi.so") || startsWith(base, "libc.so.6") ||
      startsWith(base, "libpthread.so"))
    fresh.flags |= kModuleStandardLibrary;
  if (!isMain && start <= tracerStart && tracerStart < end) {
    fresh.flags |= kModuleTracer;
    tracerStart = start;
    tracerEnd = end;
  }
  if (sameText(name, "[vdso]") || startsWith(name, "linux-vdso"))
    fresh.flags |= kModuleVdso;
  recordModule(fresh, name, buildId, buildIdSize);
  refresh.seen[moduleCount] = true;
  storeRelease(moduleCount, moduleCount + 1);
  return 0;
}

/// True when a module is gone.
bool refreshUnderTurn(bool again) {
  static Refresh refresh; // too large for a stack; `busy` guards it
  refresh.first = true;
  refresh.again = again;
  for (uint32_t at = 0; at < moduleCount; ++at)
    refresh.seen[at] = false;
  dl_iterate_phdr(visitModule, &refresh);
  bool removed = false;
  for (uint32_t at = 0; at < moduleCount; ++at)
    if (modules[at].loaded && !refresh.seen[at]) {
      modules[at].loaded = false;
      removed = true;
      if (modules[at].index != kNone)
        storeRelease(record<Module>(modules[at].index).unloadedSequence,
                     addRelaxed(storeHeader->sequence, 1));
    }
  return removed;
}

/// The dynamic loader's counters of modules that came and went.
int readCounters(dl_phdr_info *info, size_t size, void *argument) {
  auto *counters = static_cast<uint64_t *>(argument);
  if (size >= offsetof(dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs) {
    counters[0] = info->dlpi_adds;
    counters[1] = info->dlpi_subs;
  }
  return 1;
}

ModuleView *knownModuleAt(uint64_t address) {
  for (uint32_t at = loadAcquire(moduleCount); at-- > 0;)
    if (modules[at].loaded && modules[at].start <= address && address < modules[at].end)
      return &modules[at];
  return nullptr;
}

/// Does another module lie at the address than the list says? libc unloads its own (gconv, NSS) without a call of dlclose.
bool isStale([[maybe_unused]] const ModuleView &known, [[maybe_unused]] uint64_t address) {
#ifdef TL_FIND_OBJECT
  dl_find_object found;
  return findObject && findObject(reinterpret_cast<void *>(address), &found) == 0 &&
         (reinterpret_cast<uint64_t>(found.dlfo_eh_frame) != known.unwindTable ||
          reinterpret_cast<uint64_t>(found.dlfo_map_end) != known.end);
#else
  return false;
#endif
}

/// Collects the wrappers in the symbol table of a module's file.
void searchWrappers(ModuleView &module) {
  module.firstWrapper = wrapperCount;
  const char *path = module.flags & kModuleMain ? "/proc/self/exe"
                     : module.index != kNone
                         ? static_cast<const char *>(
                               recordAt(TableKind::Strings, record<Module>(module.index).path))
                         : "";
  long file = systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return;
  struct stat status;
  long memory = -1;
  if (systemCall(SYS_fstat, file, reinterpret_cast<long>(&status)) == 0 &&
      status.st_size > static_cast<off_t>(sizeof(ElfW(Ehdr))))
    memory = systemCall(SYS_mmap, 0, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  systemCall(SYS_close, file);
  if (isError(memory))
    return;
  const char *base = reinterpret_cast<const char *>(memory);
  auto size = static_cast<uint64_t>(status.st_size);
  const auto *header = reinterpret_cast<const ElfW(Ehdr) *>(base);
  auto fits = [&](uint64_t offset, uint64_t length) {
    return offset <= size && length <= size - offset && offset % alignof(ElfW(Shdr)) == 0;
  };
  bool sound = base[0] == 0x7f && header->e_shoff &&
               fits(header->e_shoff, uint64_t{header->e_shnum} * sizeof(ElfW(Shdr)));
  for (unsigned at = 0; sound && at < header->e_shnum; ++at) {
    const auto *sections = reinterpret_cast<const ElfW(Shdr) *>(base + header->e_shoff);
    const ElfW(Shdr) &table = sections[at];
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= header->e_shnum ||
        !fits(table.sh_offset, table.sh_size))
      continue;
    const ElfW(Shdr) &names = sections[table.sh_link];
    if (names.sh_offset > size || names.sh_size > size - names.sh_offset || !names.sh_size ||
        base[names.sh_offset + names.sh_size - 1])
      continue;
    const auto *symbols = reinterpret_cast<const ElfW(Sym) *>(base + table.sh_offset);
    for (uint64_t symbol = 0;
         symbol < table.sh_size / sizeof(ElfW(Sym)) && wrapperCount < kMaxWrappers; ++symbol) {
      const ElfW(Sym) &entry = symbols[symbol];
      if ((entry.st_info & 15) != STT_FUNC || !entry.st_value || entry.st_name >= names.sh_size)
        continue;
      if (isWrapperName(base + names.sh_offset + entry.st_name))
        wrappers[wrapperCount++] = {module.bias + entry.st_value,
                                    module.bias + entry.st_value + entry.st_size};
    }
  }
  systemCall(SYS_munmap, memory, status.st_size);
  module.wrapperCount = wrapperCount - module.firstWrapper;
}

/// After the names of std, __1 and __gnu_cxx: the classes whose members wrap locks, and functions.
bool isWrapperClass(const char *name) {
  static constexpr const char *kNames[] = {"5mutex",
                                           "11timed_mutex",
                                           "15recursive_mutex",
                                           "21recursive_timed_mutex",
                                           "12shared_mutex",
                                           "18shared_timed_mutex",
                                           "22__shared_mutex_pthread",
                                           "18__timed_mutex_impl",
                                           "12__mutex_base",
                                           "22__recursive_mutex_base",
                                           "10lock_guard",
                                           "11unique_lock",
                                           "11scoped_lock",
                                           "11shared_lock",
                                           "18condition_variable",
                                           "22condition_variable_any",
                                           "6thread4join",
                                           "6thread6detach",
                                           "6threadC",
                                           "7jthreadC",
                                           "7jthreadD",
                                           "4lock",
                                           "8try_lock",
                                           "9call_once",
                                           "9once_flag",
                                           "6__lock",
                                           "10__try_lock",
                                           "13__scoped_lock",
                                           "23__glibcxx_rwlock",
                                           "24__glibcxx_rwlock",
                                           "25__glibcxx_rwlock",
                                           "26__glibcxx_rwlock",
                                           "27__glibcxx_rwlock",
                                           "19__shared_mutex_base",
                                           "27__shared_timed_mutex_base",
                                           "17_Lock",
                                           "6__cond",
                                           "8__detail",
                                           "15__glibcxx_",
                                           "12__lock_first",
                                           "17__lock_impl",
                                           "11__lock_impl",
                                           "15__try_lock_impl",
                                           "7jthread4join",
                                           "19__mutex",
                                           "7__mutex"};
  for (const char *wrapper : kNames)
    if (startsWith(name, wrapper)) {
      // "4lock" is the function only with its template arguments or parameters after it; class names end where their length says.
      return true;
    }
  return false;
}

} // namespace

bool isWrapperName(const char *name) {
  if (!startsWith(name, "_Z"))
    return false;
  name += 2;
  if (name[0] == 'L') { // static functions of libstdc++'s and libc++'s thread layers
    ++name;
    while (*name >= '0' && *name <= '9')
      ++name;
    return startsWith(name, "__gthread_") || startsWith(name, "__gthrw_") ||
           startsWith(name, "__libcpp_");
  }
  bool nested = name[0] == 'N';
  if (nested) {
    ++name;
    while (*name == 'K' || *name == 'V' || *name == 'R')
      ++name;
  }
  if (startsWith(name, "St"))
    name += 2;
  else if (nested && startsWith(name, "9__gnu_cxx"))
    name += 10;
  else
    return false;
  if (startsWith(name, "3__1"))
    name += 4;
  if (startsWith(name, "B")) { // an ABI tag
    ++name;
    uint32_t length = 0;
    while (*name >= '0' && *name <= '9')
      length = length * 10 + static_cast<uint32_t>(*name++ - '0');
    for (; length && *name; --length)
      ++name;
  }
  if (startsWith(name, "L"))
    ++name;
  const char *digits = name;
  while (*digits >= '0' && *digits <= '9')
    ++digits;
  if (startsWith(digits, "__libcpp_") || startsWith(digits, "__glibcxx_") ||
      startsWith(digits, "__gthread_"))
    return true;
  return isWrapperClass(name);
}

bool isTracerCode(uint64_t pc) { return tracerStart <= pc && pc < tracerEnd; }

bool openModules() {
#ifdef THREADLINT_TRACE_STATIC
  tracerStart = reinterpret_cast<uint64_t>(__start_threadlint_text);
  tracerEnd = reinterpret_cast<uint64_t>(__stop_threadlint_text);
#else
  tracerStart = reinterpret_cast<uint64_t>(&isWrapperName);
#endif
#ifdef TL_FIND_OBJECT
  findObject = reinterpret_cast<decltype(findObject)>(dlsym(RTLD_DEFAULT, "_dl_find_object"));
#endif
  modules = static_cast<ModuleView *>(mapPrivate(kMaxModules * sizeof(ModuleView)));
  wrappers = static_cast<Range *>(mapPrivate(kMaxWrappers * sizeof(Range)));
  if (!modules || !wrappers)
    return false;
  refreshModules();
  return true;
}

void refreshModules() {
  if (Turn turn; turn.mine)
    refreshUnderTurn(false);
}

void recordModulesAgain() {
  storeRelease(busy, 0u); // another thread of the parent may have been at it
  if (Turn turn; turn.mine)
    refreshUnderTurn(true);
}

const ModuleView *moduleAt(uint64_t address) {
  const ModuleView *known = knownModuleAt(address);
  if (known && !isStale(*known, address))
    return known;
  uint64_t counters[2] = {0, 0};
  dl_iterate_phdr(readCounters, counters);
  bool removed = false;
  {
    Turn turn;
    if (!turn.mine || (counters[0] == lastAdds && counters[1] == lastRemovals && counters[0]))
      return known; // null: code that was made at run time
    removed = refreshUnderTurn(false);
    lastAdds = counters[0];
    lastRemovals = counters[1];
  }
  if (removed)
    forgetEverywhere();
  return knownModuleAt(address);
}

const ModuleView *moduleOfData(uint64_t address) { return knownModuleAt(address); }

bool isLockWrapper(uint64_t pc) {
  auto *module = const_cast<ModuleView *>(moduleAt(pc));
  if (!module)
    return false;
  if (isTracerCode(pc) || (module->flags & kModuleStandardLibrary))
    return true;
  if (!module->searched) {
    Turn turn;
    if (turn.mine && !module->searched) {
      searchWrappers(*module);
      storeRelease(module->searched, true);
    }
  }
  for (uint32_t at = 0; at < module->wrapperCount; ++at)
    if (const Range &range = wrappers[module->firstWrapper + at];
        range.start < pc && pc <= range.end)
      return true;
  return false;
}

} // namespace threadlint::trace
