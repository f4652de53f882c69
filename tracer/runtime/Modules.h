// Modules: the executables and libraries that are loaded, and which of their functions wrap lock calls.
//
// The list is read with dl_iterate_phdr when an address is met that belongs to no known module, or to another one than was known, so
// dlopen needs no hook. A module's
// symbol table is looked at once, for the standard library's lock wrappers that were not inlined.
#pragma once

#include "tracer/record/Record.h"

#include <cstdint>

namespace threadlint::trace {

struct ModuleView {
  uint64_t start, end, bias;
  uint64_t unwindTable; // address of .eh_frame_hdr, or 0
  uint32_t index;       // in the Modules table
  uint32_t flags;       // ModuleFlag
  bool loaded;
  bool searched; // for wrappers
  uint32_t firstWrapper, wrapperCount;
};

bool openModules();
/// Reads the list of loaded modules again: new ones are recorded, those that are gone are marked.
void refreshModules();
/// After fork, in the child: records every loaded module in the new file.
void recordModulesAgain();
/// The module that holds the address, or null. May refresh the list.
const ModuleView *moduleAt(uint64_t address);
/// The module whose static data holds the address, or null. Never refreshes.
const ModuleView *moduleOfData(uint64_t address);
/// Is the address in the runtime's own code?
bool isTracerCode(uint64_t pc);
/// Is the return address inside a function that only takes or releases a lock for its caller?
bool isLockWrapper(uint64_t pc);
/// Same for the name of a function, as the linker knows it. Exposed for tests.
bool isWrapperName(const char *name);

} // namespace threadlint::trace
