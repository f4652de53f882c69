// Unwind: see Unwind.h.
#include "tracer/runtime/Unwind.h"

#include "tracer/runtime/Modules.h"
#include "tracer/runtime/System.h"

#include <sys/syscall.h>
#include <sys/uio.h>

namespace threadlint::trace {

namespace {

#if defined(__x86_64__)
constexpr uint32_t kRegisters = 17, kFramePointer = 6, kStackPointer = 7, kReturn = 16;
#else
constexpr uint32_t kRegisters = 33, kFramePointer = 29, kStackPointer = 31, kReturn = 30;
#endif

struct CpuState {
  uint64_t value[kRegisters];
  uint64_t pc;
  uint64_t low, high; // of the stack; high 0: not known
};

/// Reads a word of the stack, which may be damaged or not be the thread's own.
bool readWord(const CpuState &machine, uint64_t address, uint64_t &word) {
  if (address & 7)
    return false;
  if (address >= machine.low && address + 8 <= machine.high) {
    word = *reinterpret_cast<const uint64_t *>(address);
    return true;
  }
  iovec here{&word, 8}, there{reinterpret_cast<void *>(address), 8};
  return systemCall(SYS_process_vm_readv, currentPid(), reinterpret_cast<long>(&here), 1,
                    reinterpret_cast<long>(&there), 1, 0) == 8;
}

enum class Rule : uint8_t { Same, Undefined, Offset, ValueOffset, Register, Unknown };

struct Rules {
  uint64_t cfaRegister;
  int64_t cfaOffset;
  bool cfaUnknown;
  Rule rule[kRegisters];
  int64_t argument[kRegisters];
};

constexpr int kSavedRules = 8;
struct Unwinder {
  CpuState machine, before;
  Rules rules, initial, saved[kSavedRules];
};
static_assert(sizeof(Unwinder) <= sizeof(WalkSpace::unwinder));

struct Cursor {
  const uint8_t *at, *end;

  uint8_t byte() { return at < end ? *at++ : 0; }
  template <typename T> T fixed() {
    T value{};
    if (at + sizeof(T) <= end)
      __builtin_memcpy(&value, at, sizeof(T));
    at += sizeof(T);
    return value;
  }
  uint64_t unsignedNumber() {
    uint64_t value = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
      uint8_t next = *at++;
      if (shift < 64)
        value |= static_cast<uint64_t>(next & 127) << shift;
      if (!(next & 128))
        break;
    }
    return value;
  }
  int64_t signedNumber() {
    int64_t value = 0;
    unsigned shift = 0;
    while (at < end) {
      uint8_t next = *at++;
      if (shift < 64)
        value |= static_cast<int64_t>(next & 127) << shift;
      shift += 7;
      if (!(next & 128)) {
        if ((next & 64) && shift < 64)
          value |= -(static_cast<int64_t>(1) << shift);
        break;
      }
    }
    return value;
  }
  /// A pointer as DW_EH_PE_* says.
  uint64_t pointer(uint8_t encoding, uint64_t dataBase) {
    if (encoding == 0xff)
      return 0;
    auto base = reinterpret_cast<uint64_t>(at);
    uint64_t value = 0;
    switch (encoding & 15) {
    case 0:
      value = fixed<uint64_t>();
      break;
    case 1:
      value = unsignedNumber();
      break;
    case 2:
      value = fixed<uint16_t>();
      break;
    case 3:
      value = fixed<uint32_t>();
      break;
    case 4:
      value = fixed<uint64_t>();
      break;
    case 9:
      value = static_cast<uint64_t>(signedNumber());
      break;
    case 10:
      value = static_cast<uint64_t>(static_cast<int64_t>(fixed<int16_t>()));
      break;
    case 11:
      value = static_cast<uint64_t>(static_cast<int64_t>(fixed<int32_t>()));
      break;
    case 12:
      value = fixed<uint64_t>();
      break;
    default:
      return 0;
    }
    if (!value)
      return 0;
    if ((encoding & 0x70) == 0x10)
      value += base;
    else if ((encoding & 0x70) == 0x30)
      value += dataBase;
    return value;
  }
};

struct Cie {
  uint64_t codeAlign;
  int64_t dataAlign;
  uint64_t returnRegister;
  uint8_t encoding;
  bool signalFrame;
  Cursor program;
};

bool readCie(const uint8_t *at, Cie &cie) {
  uint32_t length;
  __builtin_memcpy(&length, at, 4);
  if (!length || length == 0xffffffff)
    return false;
  Cursor cursor{at + 8, at + 4 + length};
  uint8_t version = cursor.byte();
  const char *augmentation = reinterpret_cast<const char *>(cursor.at);
  while (cursor.byte()) {
  }
  cie = {};
  cie.codeAlign = cursor.unsignedNumber();
  cie.dataAlign = cursor.signedNumber();
  cie.returnRegister = version == 1 ? cursor.byte() : cursor.unsignedNumber();
  if (*augmentation == 'z') {
    uint64_t size = cursor.unsignedNumber();
    const uint8_t *after = cursor.at + size;
    for (const char *letter = augmentation + 1; *letter; ++letter)
      if (*letter == 'R')
        cie.encoding = cursor.byte();
      else if (*letter == 'P')
        cursor.pointer(cursor.byte() & 15, 0);
      else if (*letter == 'L')
        cursor.byte();
      else if (*letter == 'S')
        cie.signalFrame = true;
    cursor.at = after;
  }
  cie.program = cursor;
  return true;
}

/// Runs call frame instructions up to `target`, the code address.
bool run(Cursor program, const Cie &cie, uint64_t location, uint64_t target, Unwinder &unwinder) {
  Rules &rules = unwinder.rules, *saved = unwinder.saved;
  const Rules &initial = unwinder.initial;
  int depth = 0;
  auto set = [&](uint64_t reg, Rule rule, int64_t argument) {
    if (reg < kRegisters) {
      rules.rule[reg] = rule;
      rules.argument[reg] = argument;
    }
  };
  while (program.at < program.end) {
    uint8_t code = program.byte(), low = code & 63;
    switch (code >> 6) {
    case 1:
      location += low * cie.codeAlign;
      if (location > target)
        return true;
      continue;
    case 2:
      set(low, Rule::Offset, static_cast<int64_t>(program.unsignedNumber()) * cie.dataAlign);
      continue;
    case 3:
      if (low < kRegisters)
        set(low, initial.rule[low], initial.argument[low]);
      continue;
    default:
      break;
    }
    uint64_t reg;
    switch (code) {
    case 0x00:
      break; // nop
    case 0x01:
      location = program.pointer(cie.encoding, 0);
      break;
    case 0x02:
      location += program.byte() * cie.codeAlign;
      break;
    case 0x03:
      location += program.fixed<uint16_t>() * cie.codeAlign;
      break;
    case 0x04:
      location += program.fixed<uint32_t>() * cie.codeAlign;
      break;
    case 0x05:
      reg = program.unsignedNumber();
      set(reg, Rule::Offset, static_cast<int64_t>(program.unsignedNumber()) * cie.dataAlign);
      break;
    case 0x06:
      reg = program.unsignedNumber();
      if (reg < kRegisters)
        set(reg, initial.rule[reg], initial.argument[reg]);
      break;
    case 0x07:
      set(program.unsignedNumber(), Rule::Undefined, 0);
      break;
    case 0x08:
      set(program.unsignedNumber(), Rule::Same, 0);
      break;
    case 0x09:
      reg = program.unsignedNumber();
      set(reg, Rule::Register, static_cast<int64_t>(program.unsignedNumber()));
      break;
    case 0x0a:
      if (depth == kSavedRules)
        return false;
      saved[depth++] = rules;
      break;
    case 0x0b:
      if (!depth)
        return false;
      rules = saved[--depth];
      break;
    case 0x0c:
      rules.cfaRegister = program.unsignedNumber();
      rules.cfaOffset = static_cast<int64_t>(program.unsignedNumber());
      rules.cfaUnknown = false;
      break;
    case 0x0d:
      rules.cfaRegister = program.unsignedNumber();
      break;
    case 0x0e:
      rules.cfaOffset = static_cast<int64_t>(program.unsignedNumber());
      break;
    case 0x0f:
      rules.cfaUnknown = true;
      program.at += program.unsignedNumber();
      break;
    case 0x10:
    case 0x16: {
      reg = program.unsignedNumber();
      uint64_t size = program.unsignedNumber();
      program.at += size;
      set(reg, Rule::Unknown, 0);
      break;
    }
    case 0x11:
      reg = program.unsignedNumber();
      set(reg, Rule::Offset, program.signedNumber() * cie.dataAlign);
      break;
    case 0x12:
      rules.cfaRegister = program.unsignedNumber();
      rules.cfaOffset = program.signedNumber() * cie.dataAlign;
      rules.cfaUnknown = false;
      break;
    case 0x13:
      rules.cfaOffset = program.signedNumber() * cie.dataAlign;
      break;
    case 0x14:
      reg = program.unsignedNumber();
      set(reg, Rule::ValueOffset, static_cast<int64_t>(program.unsignedNumber()) * cie.dataAlign);
      break;
    case 0x15:
      reg = program.unsignedNumber();
      set(reg, Rule::ValueOffset, program.signedNumber() * cie.dataAlign);
      break;
    case 0x2d:
      break; // arm64: the return address is signed; the signature is cut off below
    case 0x2e:
      program.unsignedNumber();
      break;
    default:
      return false;
    }
    if (code >= 0x01 && code <= 0x04 && location > target)
      return true;
  }
  return true;
}

/// The rules in effect at `pc`.
bool findRules(uint64_t pc, Unwinder &unwinder, uint64_t &returnRegister) {
  const ModuleView *module = moduleAt(pc);
  if (!module || !module->unwindTable)
    return false;
  const auto *header = reinterpret_cast<const uint8_t *>(module->unwindTable);
  if (header[0] != 1 || header[3] != 0x3b)
    return false;
  Cursor cursor{header + 4, header + 64};
  cursor.pointer(header[1], module->unwindTable);
  uint64_t count = cursor.pointer(header[2], module->unwindTable);
  const auto *table = reinterpret_cast<const int32_t *>(cursor.at);
  uint64_t low = 0, high = count;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (module->unwindTable + static_cast<uint64_t>(static_cast<int64_t>(table[2 * middle])) <= pc)
      low = middle + 1;
    else
      high = middle;
  }
  if (!low)
    return false;
  const auto *fde = reinterpret_cast<const uint8_t *>(
      module->unwindTable + static_cast<uint64_t>(static_cast<int64_t>(table[2 * low - 1])));
  uint32_t length, back;
  __builtin_memcpy(&length, fde, 4);
  __builtin_memcpy(&back, fde + 4, 4);
  Cie cie;
  if (!length || length == 0xffffffff || !readCie(fde + 4 - back, cie))
    return false;
  Cursor body{fde + 8, fde + 4 + length};
  uint64_t start = body.pointer(cie.encoding, module->unwindTable);
  uint64_t size = body.pointer(cie.encoding & 15, module->unwindTable);
  if (pc < start || pc >= start + size)
    return false;
  uint64_t augmentation = body.unsignedNumber(); // every CIE in use has 'z'
  body.at += augmentation;
  __builtin_memset(&unwinder.rules, 0, sizeof unwinder.rules);
  __builtin_memset(&unwinder.initial, 0, sizeof unwinder.initial);
  if (!run(cie.program, cie, start, ~uint64_t{0}, unwinder))
    return false;
  unwinder.initial = unwinder.rules;
  returnRegister = cie.returnRegister;
  return run(body, cie, start, pc, unwinder);
}

bool stepBySignalFrame(CpuState &machine) {
  if (!moduleAt(machine.pc))
    return false;
  const auto *code = reinterpret_cast<const uint8_t *>(machine.pc);
#if defined(__x86_64__)
  static constexpr uint8_t kReturnFromSignal[] = {0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05};
  for (size_t at = 0; at < sizeof kReturnFromSignal; ++at)
    if (code[at] != kReturnFromSignal[at])
      return false;
  uint64_t saved = machine.value[kStackPointer] + 40;
  static constexpr uint32_t kOrder[] = {8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7};
  for (uint32_t at = 0; at < 16; ++at)
    if (!readWord(machine, saved + 8 * at, machine.value[kOrder[at]]))
      return false;
  return readWord(machine, saved + 8 * 16, machine.pc);
#else
  uint32_t words[2];
  __builtin_memcpy(words, code, sizeof words);
  if (words[0] != 0xd2801168 || words[1] != 0xd4000001)
    return false;
  uint64_t saved = machine.value[kStackPointer] + 128 + 176 + 8;
  for (uint32_t at = 0; at < 32; ++at)
    if (!readWord(machine, saved + 8 * at, machine.value[at]))
      return false;
  return readWord(machine, saved + 8 * 32, machine.pc);
#endif
}

/// To the caller. 1: done, 0: the outermost frame was reached, -1: cannot go on. Gives the frame's CFA.
int step(Unwinder &unwinder, bool exact, uint64_t &cfa) {
  CpuState &machine = unwinder.machine, &before = unwinder.before;
  const Rules &rules = unwinder.rules;
  uint64_t returnRegister = kReturn;
  if (!findRules(exact ? machine.pc : machine.pc - 1, unwinder, returnRegister) ||
      rules.cfaUnknown || rules.cfaRegister >= kRegisters || returnRegister >= kRegisters) {
    // Frame pointers, when they look right.
    uint64_t frame = machine.value[kFramePointer], next, pc;
    if (!frame)
      return 0; // the mark of the outermost frame
    if (frame < machine.value[kStackPointer] || (machine.high && frame + 16 > machine.high) ||
        !readWord(machine, frame, next) || !readWord(machine, frame + 8, pc) || !moduleAt(pc))
      return -1;
    cfa = frame + 16;
    machine.value[kFramePointer] = next;
    machine.value[kStackPointer] = cfa;
    machine.pc = pc;
    return 1;
  }
  cfa = machine.value[rules.cfaRegister] + static_cast<uint64_t>(rules.cfaOffset);
  if (rules.rule[returnRegister] == Rule::Undefined)
    return 0;
  before = machine;
  for (uint32_t reg = 0; reg < kRegisters; ++reg)
    switch (rules.rule[reg]) {
    case Rule::Offset:
      if (!readWord(before, cfa + static_cast<uint64_t>(rules.argument[reg]), machine.value[reg]))
        return -1;
      break;
    case Rule::ValueOffset:
      machine.value[reg] = cfa + static_cast<uint64_t>(rules.argument[reg]);
      break;
    case Rule::Register:
      if (static_cast<uint64_t>(rules.argument[reg]) < kRegisters)
        machine.value[reg] = before.value[rules.argument[reg]];
      break;
    case Rule::Unknown:
      machine.value[reg] = 0;
      break;
    case Rule::Same:
    case Rule::Undefined:
      break;
    }
  machine.value[kStackPointer] = cfa;
  machine.pc = machine.value[returnRegister];
#if defined(__aarch64__)
  machine.pc &= 0x0000ffffffffffff; // without the pointer authentication code
#endif
  if (!machine.pc)
    return 0;
  return cfa <= before.value[kStackPointer] && machine.pc == before.pc ? -1 : 1;
}

} // namespace

TL_NOINLINE WalkEnd walkStack(WalkSpace &space, uint32_t limit, uint32_t &count, uint64_t stackLow,
                              uint64_t stackHigh) {
  auto &unwinder = *reinterpret_cast<Unwinder *>(space.unwinder);
  CpuState &machine = unwinder.machine;
  __builtin_memset(&machine, 0, sizeof machine);
  WalkedFrame *frames = space.frames;
#if defined(__x86_64__)
  __asm__ volatile("leaq 0(%%rip), %%rax\n\tmovq %%rax, %0\n\tmovq %%rsp, %1\n\tmovq %%rbp, "
                   "%2\n\tmovq %%rbx, %3\n\t"
                   "movq %%r12, %4\n\tmovq %%r13, %5\n\tmovq %%r14, %6\n\tmovq %%r15, %7"
                   : "=m"(machine.pc), "=m"(machine.value[7]), "=m"(machine.value[6]),
                     "=m"(machine.value[3]), "=m"(machine.value[12]), "=m"(machine.value[13]),
                     "=m"(machine.value[14]), "=m"(machine.value[15])
                   :
                   : "rax");
#else
  uint64_t *values = machine.value;
  __asm__ volatile("stp x19, x20, [%0, #152]\n\tstp x21, x22, [%0, #168]\n\tstp x23, x24, [%0, "
                   "#184]\n\tstp x25, x26, [%0, #200]\n\t"
                   "stp x27, x28, [%0, #216]\n\tstp x29, x30, [%0, #232]\n\tmov x9, sp\n\tstr x9, "
                   "[%0, #248]\n\tadr x9, .\n\tstr x9, [%1]"
                   :
                   : "r"(values), "r"(&machine.pc)
                   : "x9", "memory");
#endif
  machine.low =
      stackLow && stackLow <= machine.value[kStackPointer] ? machine.value[kStackPointer] : 0;
  machine.high = stackHigh > machine.value[kStackPointer] ? stackHigh : 0;
  if (!machine.low || !machine.high)
    machine.low = machine.high = 0;
  count = 0;
  bool exact = true, ownCode = true;
  for (uint32_t steps = 0; steps < 2048; ++steps) {
    if (ownCode) {
      const ModuleView *module = moduleAt(machine.pc);
      ownCode = module && isTracerCode(machine.pc);
    }
    if (!ownCode) {
      if (count == limit)
        return WalkEnd::Truncated;
      frames[count++] = {machine.pc, 0, exact};
    }
    if (stepBySignalFrame(machine)) {
      if (!ownCode)
        --count; // the trampoline tells nobody anything
      exact = true;
      continue;
    }
    uint64_t cfa = 0;
    int result = step(unwinder, exact, cfa);
    if (!ownCode)
      frames[count - 1].cfa = cfa;
    if (result == 0)
      return WalkEnd::Complete;
    if (result < 0) // past the frame in which the thread began, libc may have no information
      return machine.high && machine.value[kStackPointer] + 256 >= machine.high ? WalkEnd::Complete
                                                                                : WalkEnd::Broken;
    exact = false;
  }
  return WalkEnd::Broken;
}

} // namespace threadlint::trace
