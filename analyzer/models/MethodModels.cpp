// MethodModels: what the methods of modelled classes do, by class of the object and method name.
#include "analyzer/models/LibraryModels.h"

#include <string>
#include <unordered_map>

namespace threadlint {
namespace {

using T = TypeClass;
using E = Effect;
constexpr LockMode X = LockMode::Exclusive;
constexpr LockMode S = LockMode::Shared;
constexpr std::uint32_t kTry = Flag::Try;
constexpr std::uint32_t kTimed = Flag::Try | Flag::Timed;
constexpr Success kTrue = Success::NonZero;

struct MethodRow {
  TypeClass cls;
  CallModel model;
};

constexpr MethodRow kMethods[] = {
    // locks
    {T::Lock, {"lock", E::Acquire}},
    {T::Lock, {"try_lock", E::Acquire, 0, 1, X, kTry, kTrue}},
    {T::Lock, {"try_lock_for", E::Acquire, 0, 1, X, kTimed, kTrue}},
    {T::Lock, {"try_lock_until", E::Acquire, 0, 1, X, kTimed, kTrue}},
    {T::Lock, {"timed_lock", E::Acquire, 0, 1, X, kTimed, kTrue}},
    {T::Lock, {"unlock", E::Release}},
    {T::Lock, {"lock_shared", E::Acquire, 0, 1, S}},
    {T::Lock, {"try_lock_shared", E::Acquire, 0, 1, S, kTry, kTrue}},
    {T::Lock, {"try_lock_shared_for", E::Acquire, 0, 1, S, kTimed, kTrue}},
    {T::Lock, {"try_lock_shared_until", E::Acquire, 0, 1, S, kTimed, kTrue}},
    {T::Lock, {"unlock_shared", E::Release, 0, 1, S}},
    {T::Lock, {"native_handle", E::AddressOf}},
    {T::Lock, {"Lock", E::Acquire}},
    {T::Lock, {"Unlock", E::Release}},
    {T::Lock, {"WriterLock", E::Acquire}},
    {T::Lock, {"WriterUnlock", E::Release}},
    {T::Lock, {"ReaderLock", E::Acquire, 0, 1, S}},
    {T::Lock, {"ReaderUnlock", E::Release, 0, 1, S}},
    {T::Lock, {"TryLock", E::Acquire, 0, 1, X, kTry, kTrue}},
    {T::Lock, {"WriterTryLock", E::Acquire, 0, 1, X, kTry, kTrue}},
    {T::Lock, {"ReaderTryLock", E::Acquire, 0, 1, S, kTry, kTrue}},
    {T::Lock, {"AssertHeld", E::None}},
    {T::Lock, {"AssertReaderHeld", E::None}},
    {T::Lock, {"tryLock", E::Acquire, 0, 1, X, kTry, kTrue}},
    {T::Lock, {"lockForRead", E::Acquire, 0, 1, S}},
    {T::Lock, {"lockForWrite", E::Acquire}},
    {T::Lock, {"tryLockForRead", E::Acquire, 0, 1, S, kTry, kTrue}},
    {T::Lock, {"tryLockForWrite", E::Acquire, 0, 1, X, kTry, kTrue}},
    // guards
    {T::Guard, {"lock", E::GuardLock}},
    {T::Guard, {"try_lock", E::GuardLock, 0, 1, X, kTry, kTrue}},
    {T::Guard, {"try_lock_for", E::GuardLock, 0, 1, X, kTimed, kTrue}},
    {T::Guard, {"try_lock_until", E::GuardLock, 0, 1, X, kTimed, kTrue}},
    {T::Guard, {"relock", E::GuardLock}},
    {T::Guard, {"unlock", E::GuardUnlock}},
    {T::Guard, {"Release", E::GuardUnlock}},
    {T::Guard, {"release", E::GuardRelease}},
    {T::Guard, {"swap", E::Swap}},
    {T::Guard, {"owns_lock", E::GuardOwns}},
    {T::Guard, {"operator bool", E::GuardOwns}},
    {T::Guard, {"isLocked", E::GuardOwns}},
    {T::Guard, {"mutex", E::GuardMutex}},
    // threads
    {T::Thread, {"join", E::Join}},
    {T::Thread, {"timed_join", E::Join, 0, 1, X, Flag::Timed}},
    {T::Thread, {"try_join_for", E::Join, 0, 1, X, Flag::Timed}},
    {T::Thread, {"detach", E::Detach}},
    {T::Thread, {"joinable", E::Joinable}},
    {T::Thread, {"swap", E::Swap}},
    {T::Thread, {"get_id", E::None}},
    {T::Thread, {"native_handle", E::None}},
    {T::Thread, {"hardware_concurrency", E::None}},
    {T::JThread, {"join", E::Join}},
    {T::JThread, {"detach", E::Detach}},
    {T::JThread, {"joinable", E::Joinable}},
    {T::JThread, {"swap", E::Swap}},
    {T::JThread, {"get_id", E::None}},
    {T::JThread, {"native_handle", E::None}},
    {T::JThread, {"request_stop", E::None}},
    {T::JThread, {"get_stop_token", E::None}},
    {T::JThread, {"get_stop_source", E::None}},
    {T::JThread, {"hardware_concurrency", E::None}},
    // condition variables: the lock or guard is argument 0
    {T::CondVar, {"wait", E::Wait, 0, 0}},
    {T::CondVar, {"wait_for", E::Wait, 0, 0, X, Flag::Timed}},
    {T::CondVar, {"wait_until", E::Wait, 0, 0, X, Flag::Timed}},
    {T::CondVar, {"timed_wait", E::Wait, 0, 0, X, Flag::Timed}},
    {T::CondVar, {"notify_one", E::NotifyOne}},
    {T::CondVar, {"notify_all", E::NotifyAll}},
    {T::CondVar, {"Wait", E::Wait, 0, 0}},
    {T::CondVar, {"WaitWithTimeout", E::Wait, 0, 0, X, Flag::Timed}},
    {T::CondVar, {"WaitWithDeadline", E::Wait, 0, 0, X, Flag::Timed}},
    {T::CondVar, {"Signal", E::NotifyOne}},
    {T::CondVar, {"SignalAll", E::NotifyAll}},
    {T::CondVar, {"wakeOne", E::NotifyOne}},
    {T::CondVar, {"wakeAll", E::NotifyAll}},
    {T::CondVar, {"native_handle", E::None}},
    // semaphores, barriers, latches
    {T::Semaphore, {"acquire", E::SemWait}},
    {T::Semaphore, {"try_acquire", E::SemWait, 0, 1, X, kTry, kTrue}},
    {T::Semaphore, {"try_acquire_for", E::SemWait, 0, 1, X, kTimed, kTrue}},
    {T::Semaphore, {"try_acquire_until", E::SemWait, 0, 1, X, kTimed, kTrue}},
    {T::Semaphore, {"tryAcquire", E::SemWait, 0, 1, X, kTry, kTrue}},
    {T::Semaphore, {"release", E::SemPost}},
    {T::Barrier, {"arrive_and_wait", E::BarrierWait}},
    {T::Barrier, {"wait", E::BarrierWait}},
    {T::Barrier, {"arrive", E::LatchArrive}},
    {T::Barrier, {"arrive_and_drop", E::LatchArrive}},
    {T::Latch, {"count_down", E::LatchArrive}},
    {T::Latch, {"wait", E::LatchWait}},
    {T::Latch, {"try_wait", E::None}},
    {T::Latch, {"arrive_and_wait", E::LatchArriveWait}},
    // futures and promises
    {T::Future, {"get", E::FutureGet}},
    {T::Future, {"wait", E::FutureGet}},
    {T::Future, {"wait_for", E::FutureGet, 0, 1, X, Flag::Timed}},
    {T::Future, {"wait_until", E::FutureGet, 0, 1, X, Flag::Timed}},
    {T::Future, {"share", E::FutureShare}},
    {T::Future, {"valid", E::None}},
    {T::Promise, {"get_future", E::FutureFrom}},
    {T::Promise, {"set_value", E::PromiseSet}},
    {T::Promise, {"set_exception", E::PromiseSet}},
    {T::Promise, {"set_value_at_thread_exit", E::PromiseSet}},
    {T::Promise, {"set_exception_at_thread_exit", E::PromiseSet}},
    {T::Promise, {"swap", E::Swap}},
    // callables
    {T::Callable, {"operator()", E::CallObject}},
    {T::Callable, {"get_future", E::FutureFrom}},
    {T::Callable, {"make_ready_at_thread_exit", E::CallObject}},
    {T::Callable, {"operator bool", E::Inspect}},
    {T::Callable, {"valid", E::Inspect}},
    {T::Callable, {"target", E::Inspect}},
    {T::Callable, {"target_type", E::Inspect}},
    {T::Callable, {"reset", E::Mutate}},
    {T::Callable, {"swap", E::Swap}},
    // smart pointers and optional
    {T::SmartPointer, {"operator*", E::Dereference}},
    {T::SmartPointer, {"operator->", E::PointerValue}},
    {T::SmartPointer, {"operator[]", E::Dereference}},
    {T::SmartPointer, {"get", E::PointerValue}},
    {T::SmartPointer, {"lock", E::PointerValue}},
    {T::SmartPointer, {"data", E::PointerValue}},
    {T::SmartPointer, {"value", E::Dereference}},
    {T::SmartPointer, {"value_or", E::Inspect}},
    {T::SmartPointer, {"operator bool", E::PointerValue}},
    {T::SmartPointer, {"has_value", E::PointerValue}},
    {T::SmartPointer, {"use_count", E::Inspect}},
    {T::SmartPointer, {"expired", E::Inspect}},
    {T::SmartPointer, {"unique", E::Inspect}},
    {T::SmartPointer, {"reset", E::Reset}},
    {T::SmartPointer, {"release", E::ReleasePointer}},
    {T::SmartPointer, {"emplace", E::EmplaceObject}},
    {T::SmartPointer, {"swap", E::Swap}},
    {T::SmartPointer, {"get_deleter", E::None}},
    // containers; any other method inspects when const and mutates otherwise
    {T::Container, {"operator[]", E::Element}},
    {T::Container, {"at", E::Element}},
    {T::Container, {"front", E::Element}},
    {T::Container, {"back", E::Element}},
    {T::Container, {"top", E::Element}},
    {T::Container, {"data", E::Iterate}},
    {T::Container, {"c_str", E::Iterate}},
    {T::Container, {"begin", E::Iterate}},
    {T::Container, {"cbegin", E::Iterate}},
    {T::Container, {"rbegin", E::Iterate}},
    {T::Container, {"crbegin", E::Iterate}},
    {T::Container, {"before_begin", E::Iterate}},
    {T::Container, {"end", E::Iterate}},
    {T::Container, {"cend", E::Iterate}},
    {T::Container, {"rend", E::Iterate}},
    {T::Container, {"crend", E::Iterate}},
    {T::Container, {"find", E::Iterate}},
    {T::Container, {"lower_bound", E::Iterate}},
    {T::Container, {"upper_bound", E::Iterate}},
    {T::Container, {"push_back", E::Insert}},
    {T::Container, {"push_front", E::Insert}},
    {T::Container, {"push", E::Insert}},
    {T::Container, {"insert", E::Insert}},
    {T::Container, {"insert_or_assign", E::Insert}},
    {T::Container, {"try_emplace", E::Emplace, 0, 1}},
    {T::Container, {"emplace", E::Emplace}},
    {T::Container, {"emplace_hint", E::Emplace}},
    {T::Container, {"emplace_back", E::Emplace}},
    {T::Container, {"emplace_front", E::Emplace}},
    {T::Container, {"swap", E::Swap}},
    {T::Container, {"clear", E::Mutate}},
    {T::Container, {"erase", E::Mutate}},
    {T::Container, {"pop_back", E::Mutate}},
    {T::Container, {"pop_front", E::Mutate}},
    {T::Container, {"pop", E::Mutate}},
    {T::Container, {"fill", E::Mutate}},
    // iterators
    {T::Iterator, {"operator*", E::Dereference}},
    {T::Iterator, {"operator->", E::PointerValue}},
    {T::Iterator, {"operator[]", E::Dereference}},
    {T::Iterator, {"operator++", E::Identity}},
    {T::Iterator, {"operator--", E::Identity}},
    {T::Iterator, {"operator+=", E::Identity}},
    {T::Iterator, {"operator-=", E::Identity}},
    {T::Iterator, {"operator+", E::PointerValue}},
    {T::Iterator, {"operator-", E::PointerValue}},
    {T::Iterator, {"base", E::PointerValue}},
};

constexpr CallModel kAtomicMethods[] = {
    {"load", E::AtomicLoad},
    {"store", E::AtomicStore},
    {"exchange", E::AtomicExchange},
    {"compare_exchange_weak", E::AtomicUpdate, 0, 1, X, kTry, kTrue},
    {"compare_exchange_strong", E::AtomicUpdate, 0, 1, X, kTry, kTrue},
    {"fetch_add", E::AtomicUpdate},
    {"fetch_sub", E::AtomicUpdate},
    {"fetch_and", E::AtomicUpdate},
    {"fetch_or", E::AtomicUpdate},
    {"fetch_xor", E::AtomicUpdate},
    {"fetch_max", E::AtomicUpdate},
    {"fetch_min", E::AtomicUpdate},
    {"operator++", E::AtomicUpdate},
    {"operator--", E::AtomicUpdate},
    {"operator+=", E::AtomicUpdate},
    {"operator-=", E::AtomicUpdate},
    {"operator&=", E::AtomicUpdate},
    {"operator|=", E::AtomicUpdate},
    {"operator^=", E::AtomicUpdate},
    {"operator=", E::AtomicStore},
    {"test_and_set", E::AtomicUpdate},
    {"clear", E::AtomicStore},
    {"test", E::AtomicLoad},
    {"wait", E::AtomicLoad},
    {"notify_one", E::None},
    {"notify_all", E::None},
    {"is_lock_free", E::None},
    // Qt
    {"loadRelaxed", E::AtomicLoad},
    {"loadAcquire", E::AtomicLoad},
    {"storeRelaxed", E::AtomicStore},
    {"storeRelease", E::AtomicStore},
    {"ref", E::AtomicUpdate},
    {"deref", E::AtomicUpdate},
    {"fetchAndAddOrdered", E::AtomicUpdate},
    {"testAndSetOrdered", E::AtomicUpdate},
};

constexpr CallModel kAtomicConversion = {"operator", E::AtomicLoad};

std::string methodKey(TypeClass cls, std::string_view method) {
  std::string key(1, static_cast<char>('A' + static_cast<int>(cls)));
  return key.append(method);
}

} // namespace

const CallModel *findMethodModel(TypeClass cls, std::string_view method) {
  static const auto index = [] {
    std::unordered_map<std::string, const CallModel *> map;
    for (const MethodRow &row : kMethods)
      map.emplace(methodKey(row.cls, row.model.name), &row.model);
    for (const CallModel &model : kAtomicMethods)
      map.emplace(methodKey(TypeClass::Other, model.name), &model);
    return map;
  }();
  auto found = index.find(methodKey(cls, method));
  if (found != index.end())
    return found->second;
  // The conversion operator of std::atomic<T> is spelled with T's name.
  if (cls == TypeClass::Other && method.starts_with("operator ") && method.size() > 9)
    return &kAtomicConversion;
  return nullptr;
}

} // namespace threadlint
