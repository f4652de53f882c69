// Locks: see Locks.h.
#include "tracer/runtime/Locks.h"

#include "tracer/runtime/Chains.h"
#include "tracer/runtime/Map.h"
#include "tracer/runtime/Modules.h"
#include "tracer/runtime/Real.h"
#include "tracer/runtime/Sites.h"

namespace threadlint::trace {

namespace {

/// By address; addresses stay for ever, values come and go.
class AddressTable {
public:
  bool open(uint64_t capacity) { return slots_.open(capacity); }
  void clear() { slots_.clear(); }
  ObjectSlot *at(uint64_t address, bool make) {
    while (ObjectSlot *slot = slots_.look(address)) {
      if (loadAcquire(slot->address) == address)
        return slot;
      if (!make)
        return nullptr;
      if (exchangeIf(slot->address, uint64_t{0}, address))
        return slot;
    }
    return nullptr;
  }

private:
  SlotLevels<ObjectSlot> slots_;
};

AddressTable objects;
AddressTable threads;

/// `seen`: what the slot of the object must still say for the record to become the object's; whatever it says where null.
uint32_t makeLock(PerThread &state, uint64_t address, LockKind kind, uint16_t flags, uint64_t site,
                  uint32_t thread, const uint32_t *seen = nullptr) {
  uint32_t index = reserve<Lock>();
  if (index == kNone)
    return kNone;
  auto &lock = record<Lock>(index);
  lock.kind = static_cast<uint8_t>(kind);
  lock.flags = flags;
  lock.address = address;
  lock.firstSite = frameOf(site, 0);
  lock.firstThread = thread;
  lock.firstStack = thread == state.index ? stackOfSite(site) : kNone;
  lock.holdMaxSite = lock.waitMaxSite = kNone;
  const ModuleView *module = moduleOfData(address);
  lock.module = module ? module->index : kNone;
  if (ObjectSlot *slot = objects.at(address, true)) {
    uint32_t previous = seen ? *seen : loadAcquire(slot->value);
    uint32_t nameless =
        previous && previous <= tableOf(TableKind::Locks).count ? previous - 1 : kNone;
    if (nameless != kNone) {
      auto &old = record<Lock>(nameless);
      lock.generation = old.generation + 1;
      if (old.flags & kLockNamed && old.kind == lock.kind && !old.acquisitions && !old.contended &&
          old.firstSite == kNone) {
        lock.name = old.name; // named before its first use
        lock.flags |= kLockNamed;
        lock.generation = old.generation;
      }
    }
    if (seen)
      __atomic_compare_exchange_n(&slot->value, &previous, index + 1, false, __ATOMIC_ACQ_REL,
                                  __ATOMIC_ACQUIRE);
    else
      storeRelease(slot->value, index + 1);
  }
  publish(lock);
  return index;
}

uint32_t readNumber(const Words &words) {
  uint32_t id = loadAcquire(*words.id);
  return id && !(id & kUnshared) ? id - 1 : kNone;
}

} // namespace

bool openLocks() { return objects.open(1 << 21) && threads.open(1 << 17); }

void clearLocks() {
  objects.clear();
  threads.clear();
}

void testLockWords() {
  process.mutexWords = process.rwlockWords = false;
#if !defined(__GLIBC__)
  return;
#endif
  if (!process.options.lockWords || sizeof(pthread_mutex_t) < 40 || sizeof(pthread_rwlock_t) < 56)
    return;
  auto fill = [](const Words &words) {
    *words.id = 0x1234567, *words.owner = 0x89abcdef, *words.check = 0xfedcba9876543210;
  };
  auto intact = [](const Words &words) {
    return *words.id == 0x1234567 && *words.owner == 0x89abcdef &&
           *words.check == 0xfedcba9876543210;
  };
  process.mutexWords = true;
  static constexpr int kKinds[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE,
                                   PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ADAPTIVE_NP};
  for (int kind : kKinds) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    mutex.__data.__kind = kind;
    Words words = wordsOfMutex(&mutex);
    bool zero = !*words.id && !*words.owner && !*words.check;
    fill(words);
    bool works = real.pthread_mutex_trylock(&mutex) == 0 &&
                 real.pthread_mutex_unlock(&mutex) == 0 && real.pthread_mutex_lock(&mutex) == 0 &&
                 real.pthread_mutex_unlock(&mutex) == 0;
    process.mutexWords &=
        zero && works && intact(words) && mutex.__data.__lock == 0 && mutex.__data.__owner == 0;
  }
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  Words words = wordsOfRwlock(&rwlock);
  bool zero = !*words.id && !*words.owner && !*words.check;
  fill(words);
  process.rwlockWords =
      zero &&
      (!real.pthread_rwlock_rdlock ||
       (real.pthread_rwlock_rdlock(&rwlock) == 0 && real.pthread_rwlock_unlock(&rwlock) == 0 &&
        real.pthread_rwlock_wrlock(&rwlock) == 0 && real.pthread_rwlock_unlock(&rwlock) == 0));
  process.rwlockWords &= intact(words);
}

LockView viewOfMutex(const void *mutex) {
  uint32_t kind = static_cast<uint32_t>(static_cast<const pthread_mutex_t *>(mutex)->__data.__kind);
  uint32_t flags = 0;
  switch (kind & 3) {
  case PTHREAD_MUTEX_RECURSIVE:
    flags |= kLockRecursive;
    break;
  case PTHREAD_MUTEX_ERRORCHECK:
    flags |= kLockErrorCheck;
    break;
  case PTHREAD_MUTEX_ADAPTIVE_NP:
    flags |= kLockAdaptive;
    break;
  default:
    break;
  }
  flags |= (kind & 16 ? kLockRobust : 0) | (kind & 32 ? kLockPriorityInherit : 0) |
           (kind & 128 ? kLockProcessShared : 0);
  LockView view{reinterpret_cast<uint64_t>(mutex),
                LockKind::Mutex,
                static_cast<uint16_t>(flags),
                {nullptr, nullptr, nullptr}};
  if (process.mutexWords && !(kind & 0xfc))
    view.words = wordsOfMutex(mutex);
  return view;
}

LockView viewOfRwlock(const void *rwlock) {
  const auto &data = static_cast<const pthread_rwlock_t *>(rwlock)->__data;
  uint16_t flags =
      (data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP ? kLockWriterPreferred : 0) |
      (data.__shared ? kLockProcessShared : 0);
  LockView view{
      reinterpret_cast<uint64_t>(rwlock), LockKind::RwLock, flags, {nullptr, nullptr, nullptr}};
  if (process.rwlockWords && !data.__shared)
    view.words = wordsOfRwlock(rwlock);
  return view;
}

uint32_t numberOf(PerThread &state, const LockView &lock, uint64_t site) {
  if (!lock.words.id)
    return objectNumber(state, objectAt(lock.address, true), lock.kind, site, lock.flags);
  const Words &words = lock.words;
  uint64_t mine = checkOf(reinterpret_cast<void *>(lock.address));
  for (int turn = 0; turn < 1000; ++turn) {
    uint64_t check = loadAcquire(*words.check);
    if (check == mine) {
      uint32_t id = loadAcquire(*words.id);
      if (id && !(id & kUnshared))
        return id - 1;
      if (!id || !exchangeIf(*words.check, check, kWordsBusy))
        continue;
      // Unshared so far: what the thread named in the words did with it becomes a record now.
      uint32_t frame = id & ~kUnshared, thread = loadRelaxed(*words.owner) - 1;
      uint64_t first = frame < tableOf(TableKind::Frames).count ? record<Frame>(frame).pc : site;
      uint32_t number = makeLock(state, lock.address, lock.kind, lock.flags, first, thread);
      if (number != kNone) {
        storeRelaxed(*words.id, number + 1);
        recordFirst(state, thread, number, first);
      }
      storeRelease(*words.check, mine);
      return number;
    }
    if (check == kWordsBusy) {
      sched_yield();
      continue;
    }
    if (!exchangeIf(*words.check, check, kWordsBusy))
      continue;
    uint32_t number = makeLock(state, lock.address, lock.kind, lock.flags, site, state.index);
    storeRelaxed(*words.id, number == kNone ? 0 : number + 1);
    storeRelease(*words.check, number == kNone ? 0 : mine);
    return number;
  }
  return kNone;
}

uint32_t knownNumberOf(const LockView &lock) {
  if (lock.words.id)
    return loadAcquire(*lock.words.check) == checkOf(reinterpret_cast<void *>(lock.address))
               ? readNumber(lock.words)
               : kNone;
  ObjectSlot *slot = objectAt(lock.address, false);
  uint32_t value = slot ? loadAcquire(slot->value) : 0;
  return value ? value - 1 : kNone;
}

void forgetLock(const LockView &lock) {
  uint32_t number = knownNumberOf(lock);
  if (number != kNone)
    storeRelaxed(record<Lock>(number).destroyedNs, nowNs());
  if (lock.words.id) {
    if (loadAcquire(*lock.words.check) == checkOf(reinterpret_cast<void *>(lock.address)))
      *lock.words.check = 0, *lock.words.id = 0, *lock.words.owner = 0;
  } else if (ObjectSlot *slot = objectAt(lock.address, false)) {
    // The number stays for the next generation's count; a destroyed record is not used again.
    slot->count = 0;
  }
}

void nameLock(PerThread &state, const void *address, const char *name) {
  auto place = reinterpret_cast<uint64_t>(address);
  // A lock that has been used: the newest record at the address. Else a record that its first use will find.
  ObjectSlot *slot = objectAt(place, true);
  if (!slot)
    return;
  uint32_t value = loadAcquire(slot->value);
  uint32_t number = value ? value - 1 : kNone;
  if (number == kNone || record<Lock>(number).destroyedNs) {
    uint32_t index = reserve<Lock>();
    if (index == kNone)
      return;
    auto &lock = record<Lock>(index);
    lock.kind = static_cast<uint8_t>(LockKind::Mutex);
    lock.flags = kLockNamed;
    lock.address = place;
    lock.generation = number == kNone ? 0 : record<Lock>(number).generation + 1;
    lock.module = lock.firstSite = lock.firstStack = lock.holdMaxSite = lock.waitMaxSite = kNone;
    lock.firstThread = state.index;
    lock.name = storeText(name);
    publish(lock);
    storeRelease(slot->value, index + 1);
    return;
  }
  auto &lock = record<Lock>(number);
  storeRelease(lock.name, storeText(name));
  __atomic_fetch_or(&lock.flags, uint16_t{kLockNamed}, __ATOMIC_RELAXED);
}

ObjectSlot *objectAt(uint64_t address, bool make) { return objects.at(address, make); }
ObjectSlot *threadSlot(uint64_t handle, bool make) { return threads.at(handle, make); }

uint32_t objectNumber(PerThread &state, ObjectSlot *slot, LockKind kind, uint64_t site,
                      uint16_t flags) {
  if (!slot)
    return kNone;
  uint32_t value = loadAcquire(slot->value);
  auto isCurrent = [&] {
    if (!value)
      return false;
    auto &lock = record<Lock>(value - 1);
    return !lock.destroyedNs && lock.kind == static_cast<uint8_t>(kind) &&
           (lock.firstSite != kNone || !(lock.flags & kLockNamed));
  };
  if (isCurrent())
    return value - 1;
  // Two threads may make a record each: the object keeps the first one, and both go by it.
  uint32_t number = makeLock(state, slot->address, kind, flags, site, state.index, &value);
  value = loadAcquire(slot->value);
  return isCurrent() ? value - 1 : number;
}

} // namespace threadlint::trace
