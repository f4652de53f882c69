// annotate: what a program can tell threadlint's lock tracer. Header-only, C and C++, and free when no tracer is there: a test or two.
//
//   THREADLINT_LOCK_NAME(&mutex, "queue.mutex");   reports show this name
//   THREADLINT_HAPPENS_BEFORE(tag);                what this thread did so far comes before what follows ...
//   THREADLINT_HAPPENS_AFTER(tag);                 ... a later HAPPENS_AFTER with the same address
//   THREADLINT_ACQUIRED(&lock, shared);            a lock of your own making was taken (shared: 0 or 1), after it was taken
//   THREADLINT_RELEASED(&lock);                    before it is released
//
// With THREADLINT_NO_ANNOTATIONS defined they are nothing at all.
#pragma once

#if !defined(THREADLINT_NO_ANNOTATIONS) && defined(__GNUC__) && defined(__ELF__)

#ifdef __cplusplus
extern "C" {
#endif
__attribute__((weak)) void threadlint_trace_lock_name(const volatile void *lock, const char *name);
__attribute__((weak)) void threadlint_trace_happens_before(const volatile void *tag);
__attribute__((weak)) void threadlint_trace_happens_after(const volatile void *tag);
__attribute__((weak)) void threadlint_trace_acquired(const volatile void *lock, int shared);
__attribute__((weak)) void threadlint_trace_released(const volatile void *lock);
#ifdef __cplusplus
}
#endif

/* Linkers resolve weak symbols of programs at fixed addresses to nothing; those ask the dynamic loader, once. */
#ifdef __cplusplus
extern "C"
#else
extern
#endif
    __attribute__((weak)) void *dlsym(void *library, const char *name)
#if defined(__cplusplus) && defined(__THROW)
        __THROW
#endif
    ;
static __inline__ __attribute__((unused)) void *threadlint_annotation_(void **known,
                                                                       const char *name) {
  void *found = __atomic_load_n(known, __ATOMIC_RELAXED);
  if (!found) {
    found = dlsym ? dlsym((void *)0, name) : (void *)0;
    __atomic_store_n(known, found ? found : (void *)known, __ATOMIC_RELAXED);
  }
  return found == (void *)known ? (void *)0 : found;
}

#define THREADLINT_ANNOTATION_(function, arguments)                                                \
  do {                                                                                             \
    static void *threadlint_known_;                                                                \
    __typeof__(&function) threadlint_call_ = function;                                             \
    if (!threadlint_call_)                                                                         \
      threadlint_call_ =                                                                           \
          (__typeof__(&function))threadlint_annotation_(&threadlint_known_, #function);            \
    if (threadlint_call_)                                                                          \
      threadlint_call_ arguments;                                                                  \
  } while (0)
#define THREADLINT_LOCK_NAME(lock, name)                                                           \
  THREADLINT_ANNOTATION_(threadlint_trace_lock_name, (lock, name))
#define THREADLINT_HAPPENS_BEFORE(tag)                                                             \
  THREADLINT_ANNOTATION_(threadlint_trace_happens_before, (tag))
#define THREADLINT_HAPPENS_AFTER(tag) THREADLINT_ANNOTATION_(threadlint_trace_happens_after, (tag))
#define THREADLINT_ACQUIRED(lock, shared)                                                          \
  THREADLINT_ANNOTATION_(threadlint_trace_acquired, (lock, shared))
#define THREADLINT_RELEASED(lock) THREADLINT_ANNOTATION_(threadlint_trace_released, (lock))

#else

#define THREADLINT_LOCK_NAME(lock, name) ((void)0)
#define THREADLINT_HAPPENS_BEFORE(tag) ((void)0)
#define THREADLINT_HAPPENS_AFTER(tag) ((void)0)
#define THREADLINT_ACQUIRED(lock, shared) ((void)0)
#define THREADLINT_RELEASED(lock) ((void)0)

#endif
