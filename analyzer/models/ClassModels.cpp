// ClassModels: the table of library types. Boost, Qt and Abseil classes with the meaning of a standard one are rows like any other.
#include "analyzer/models/LibraryModels.h"

#include <unordered_map>

namespace threadlint {
namespace {

using T = TypeClass;
using K = LockKind;
constexpr LockMode X = LockMode::Exclusive;
constexpr LockMode S = LockMode::Shared;

constexpr ClassModel kClasses[] = {
    // locks
    {"std::mutex", T::Lock},
    {"std::timed_mutex", T::Lock},
    {"std::__timed_mutex_impl", T::Lock},
    {"std::recursive_mutex", T::Lock, K::Recursive},
    {"std::recursive_timed_mutex", T::Lock, K::Recursive},
    {"std::shared_mutex", T::Lock, K::Shared},
    {"std::shared_timed_mutex", T::Lock, K::Shared},
    {"pthread_mutex_t", T::Lock},
    {"pthread_rwlock_t", T::Lock, K::Shared},
    {"pthread_spinlock_t", T::Lock, K::Spin},
    {"mtx_t", T::Lock},
    {"CRITICAL_SECTION", T::Lock, K::Recursive},
    {"RTL_CRITICAL_SECTION", T::Lock, K::Recursive},
    {"SRWLOCK", T::Lock, K::Shared},
    {"spinlock_t", T::Lock, K::Spin},
    {"raw_spinlock_t", T::Lock, K::Spin},
    {"boost::mutex", T::Lock},
    {"boost::timed_mutex", T::Lock},
    {"boost::recursive_mutex", T::Lock, K::Recursive},
    {"boost::recursive_timed_mutex", T::Lock, K::Recursive},
    {"boost::shared_mutex", T::Lock, K::Shared},
    {"boost::upgrade_mutex", T::Lock, K::Shared},
    {"absl::Mutex", T::Lock, K::Shared},
    {"QMutex", T::Lock},
    {"QBasicMutex", T::Lock},
    {"QRecursiveMutex", T::Lock, K::Recursive},
    {"QReadWriteLock", T::Lock, K::Shared},
    // guards
    {"std::lock_guard", T::Guard},
    {"std::unique_lock", T::Guard},
    {"std::scoped_lock", T::Guard},
    {"std::shared_lock", T::Guard, K::Normal, S},
    {"boost::lock_guard", T::Guard},
    {"boost::unique_lock", T::Guard},
    {"boost::shared_lock", T::Guard, K::Normal, S},
    {"boost::shared_lock_guard", T::Guard, K::Normal, S},
    {"absl::MutexLock", T::Guard},
    {"absl::ReleasableMutexLock", T::Guard},
    {"absl::WriterMutexLock", T::Guard},
    {"absl::ReaderMutexLock", T::Guard, K::Normal, S},
    {"QMutexLocker", T::Guard},
    {"QReadLocker", T::Guard, K::Normal, S},
    {"QWriteLocker", T::Guard, K::Normal, X},
    // threads
    {"std::thread", T::Thread},
    {"std::jthread", T::JThread},
    {"pthread_t", T::Thread},
    {"thrd_t", T::Thread},
    {"boost::thread", T::Thread},
    // waiting
    {"std::condition_variable", T::CondVar},
    {"std::condition_variable_any", T::CondVar},
    {"std::_V2::condition_variable_any", T::CondVar},
    {"pthread_cond_t", T::CondVar},
    {"cnd_t", T::CondVar},
    {"CONDITION_VARIABLE", T::CondVar},
    {"boost::condition_variable", T::CondVar},
    {"boost::condition_variable_any", T::CondVar},
    {"absl::CondVar", T::CondVar},
    {"QWaitCondition", T::CondVar},
    {"sem_t", T::Semaphore},
    {"std::counting_semaphore", T::Semaphore},
    {"std::binary_semaphore", T::Semaphore},
    {"QSemaphore", T::Semaphore},
    {"pthread_barrier_t", T::Barrier},
    {"std::barrier", T::Barrier},
    {"boost::barrier", T::Barrier},
    {"std::latch", T::Latch},
    {"boost::latch", T::Latch},
    {"std::once_flag", T::OnceFlag},
    {"once_flag", T::OnceFlag},
    {"pthread_once_t", T::OnceFlag},
    {"boost::once_flag", T::OnceFlag},
    {"std::future", T::Future},
    {"std::shared_future", T::Future},
    {"std::__basic_future", T::Future},
    {"boost::future", T::Future},
    {"boost::unique_future", T::Future},
    {"std::promise", T::Promise},
    {"boost::promise", T::Promise},
    {"std::stop_token", T::StopToken},
    {"std::stop_source", T::StopToken},
    {"std::stop_callback", T::StopToken},
    {"pthread_mutexattr_t", T::LockAttribute},
    {"pthread_rwlockattr_t", T::LockAttribute},
    {"pthread_condattr_t", T::LockAttribute},
    {"pthread_barrierattr_t", T::LockAttribute},
    {"pthread_attr_t", T::ThreadAttribute},
    // callables and pointers
    {"std::function", T::Callable},
    {"std::move_only_function", T::Callable},
    {"std::packaged_task", T::Callable},
    {"std::_Bind", T::Callable},
    {"std::_Bind_result", T::Callable},
    {"std::_Bind_front", T::Callable},
    {"std::_Mem_fn", T::Callable},
    {"std::_Mem_fn_base", T::Callable},
    {"std::_Not_fn", T::Callable},
    {"std::__bind", T::Callable},
    {"std::__mem_fn", T::Callable},
    {"boost::function", T::Callable},
    {"absl::AnyInvocable", T::Callable},
    {"std::unique_ptr", T::SmartPointer},
    {"std::shared_ptr", T::SmartPointer},
    {"std::__shared_ptr", T::SmartPointer},
    {"std::__shared_ptr_access", T::SmartPointer},
    {"std::weak_ptr", T::SmartPointer},
    {"std::__weak_ptr", T::SmartPointer},
    {"std::auto_ptr", T::SmartPointer},
    {"std::optional", T::SmartPointer},
    {"std::_Optional_base", T::SmartPointer},
    {"std::_Optional_base_impl", T::SmartPointer},
    {"boost::shared_ptr", T::SmartPointer},
    {"boost::scoped_ptr", T::SmartPointer},
    {"boost::intrusive_ptr", T::SmartPointer},
    {"boost::optional", T::SmartPointer},
    {"QSharedPointer", T::SmartPointer},
    {"QScopedPointer", T::SmartPointer},
    // containers
    {"std::vector", T::Container},
    {"std::list", T::Container},
    {"std::__cxx11::list", T::Container},
    {"std::forward_list", T::Container},
    {"std::deque", T::Container},
    {"std::array", T::Container},
    {"std::span", T::Container},
    {"std::map", T::Container},
    {"std::multimap", T::Container},
    {"std::set", T::Container},
    {"std::multiset", T::Container},
    {"std::unordered_map", T::Container},
    {"std::unordered_multimap", T::Container},
    {"std::unordered_set", T::Container},
    {"std::unordered_multiset", T::Container},
    {"std::queue", T::Container},
    {"std::priority_queue", T::Container},
    {"std::stack", T::Container},
    {"std::basic_string", T::Container},
    {"std::basic_string_view", T::Container},
    {"std::valarray", T::Container},
    {"std::bitset", T::Container},
    {"std::flat_map", T::Container},
    {"std::flat_set", T::Container},
    // iterators
    {"__gnu_cxx::__normal_iterator", T::Iterator},
    {"std::_Rb_tree_iterator", T::Iterator},
    {"std::_Rb_tree_const_iterator", T::Iterator},
    {"std::_List_iterator", T::Iterator},
    {"std::_List_const_iterator", T::Iterator},
    {"std::_Fwd_list_iterator", T::Iterator},
    {"std::_Fwd_list_const_iterator", T::Iterator},
    {"std::_Deque_iterator", T::Iterator},
    {"std::__detail::_Node_iterator", T::Iterator},
    {"std::__detail::_Node_const_iterator", T::Iterator},
    {"std::__detail::_Node_iterator_base", T::Iterator},
    {"std::_Bit_iterator", T::Iterator},
    {"std::_Bit_const_iterator", T::Iterator},
    {"std::reverse_iterator", T::Iterator},
    {"std::move_iterator", T::Iterator},
    {"std::__wrap_iter", T::Iterator},
    {"std::__tree_iterator", T::Iterator},
    {"std::__tree_const_iterator", T::Iterator},
    {"std::__map_iterator", T::Iterator},
    {"std::__map_const_iterator", T::Iterator},
    {"std::__list_iterator", T::Iterator},
    {"std::__list_const_iterator", T::Iterator},
    {"std::__hash_iterator", T::Iterator},
    {"std::__hash_map_iterator", T::Iterator},
    // atomics
    {"std::atomic", T::Other, K::Normal, X, true},
    {"std::__atomic_base", T::Other, K::Normal, X, true},
    {"std::__atomic_float", T::Other, K::Normal, X, true},
    {"std::atomic_flag", T::Other, K::Normal, X, true},
    {"std::atomic_ref", T::Other, K::Normal, X, true},
    {"std::__atomic_ref", T::Other, K::Normal, X, true},
    {"std::__atomic_ref_base", T::Other, K::Normal, X, true},
    {"boost::atomic", T::Other, K::Normal, X, true},
    {"QAtomicInt", T::Other, K::Normal, X, true},
    {"QAtomicInteger", T::Other, K::Normal, X, true},
    {"QAtomicPointer", T::Other, K::Normal, X, true},
    {"QBasicAtomicInteger", T::Other, K::Normal, X, true},
    {"QBasicAtomicPointer", T::Other, K::Normal, X, true},
    // internally synchronised streams
    {"std::basic_ostream", T::Stream},
    {"std::basic_istream", T::Stream},
    {"std::basic_iostream", T::Stream},
    {"std::basic_ios", T::Stream},
    {"std::ios_base", T::Stream},
    {"FILE", T::Stream},
    {"_IO_FILE", T::Stream},
};

} // namespace

const ClassModel *findClassModel(std::string_view qualifiedName) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const ClassModel *> map;
    for (const ClassModel &model : kClasses)
      map.emplace(model.name, &model);
    return map;
  }();
  auto found = index.find(qualifiedName);
  return found == index.end() ? nullptr : found->second;
}

bool isHandleClass(TypeClass cls) {
  switch (cls) {
  case TypeClass::Lock:
  case TypeClass::Guard:
  case TypeClass::Thread:
  case TypeClass::JThread:
  case TypeClass::CondVar:
  case TypeClass::Semaphore:
  case TypeClass::Barrier:
  case TypeClass::Latch:
  case TypeClass::OnceFlag:
  case TypeClass::Future:
  case TypeClass::Promise:
  case TypeClass::StopToken:
  case TypeClass::Callable:
  case TypeClass::SmartPointer:
  case TypeClass::Container:
  case TypeClass::Iterator:
  case TypeClass::LockAttribute:
  case TypeClass::ThreadAttribute:
  case TypeClass::Stream:
    return true;
  case TypeClass::Other:
  case TypeClass::Integer:
  case TypeClass::Bool:
  case TypeClass::Enum:
  case TypeClass::Pointer:
  case TypeClass::Record:
  case TypeClass::Array:
  case TypeClass::Function:
    return false;
  }
  return false;
}

} // namespace threadlint
