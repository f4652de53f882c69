// PrimitivesTest: every primitive of the C++ and C libraries that the models name is recognised, one small program each.
//
// A row says which checks report something in its program; the empty text is a program that is right.
#include "tests/support/AnnotationRunner.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

void expectChecks(const std::string &name, const std::string &file, const std::string &code,
                  const std::string &checks) {
  EXPECT_EQ(checksOf(AnnotatedSource{file, code}, THREADLINT_SOURCE_DIR), checks) << name << "\n"
                                                                                  << code;
}

/// The first line of a C program.
const std::string kCFlags = "// flags: -std=gnu17\n";

/// Two threads run `body`, which uses `int g`.
struct Body {
  const char *name, *header, *declarations, *body, *checks;
};

const Body kCxxBodies[] = {
    {"timed try_lock_for", "mutex", "#include <chrono>\nstd::timed_mutex m;",
     "if (m.try_lock_for(std::chrono::seconds(1))) { ++g; m.unlock(); }", ""},
    {"shared lock_shared write", "shared_mutex", "std::shared_mutex m;",
     "m.lock_shared(); ++g; m.unlock_shared();", "data-race"},
    {"lock_guard", "mutex", "std::mutex m;", "std::lock_guard<std::mutex> l(m); ++g;", ""},
    {"unique_lock", "mutex", "std::mutex m;", "std::unique_lock<std::mutex> l(m); ++g;", ""},
    {"unique_lock unlocked", "mutex", "std::mutex m;",
     "std::unique_lock<std::mutex> l(m); l.unlock(); ++g;", "data-race"},
    {"unique_lock deferred", "mutex", "std::mutex m;",
     "std::unique_lock<std::mutex> l(m, std::defer_lock); ++g;", "data-race"},
    {"shared_lock", "shared_mutex", "std::shared_mutex m;",
     "std::shared_lock<std::shared_mutex> l(m); ++g;", "data-race"},
    {"scoped_lock", "mutex", "std::mutex m, n;", "std::scoped_lock l(m, n); ++g;", ""},
    {"std::lock", "mutex", "std::mutex m, n;", "std::lock(m, n); ++g; m.unlock(); n.unlock();", ""},
    {"std::lock adopt", "mutex", "std::mutex m, n;",
     "std::lock(m, n); std::lock_guard a(m, std::adopt_lock); std::lock_guard b(n, "
     "std::adopt_lock); ++g;",
     ""},
    {"std::try_lock", "mutex", "std::mutex m, n;",
     "if (std::try_lock(m, n) == -1) { ++g; m.unlock(); n.unlock(); }", ""},
    {"call_once", "mutex", "std::once_flag m;", "std::call_once(m, []{ ++g; });", ""},
    {"atomic", "atomic", "std::atomic<int> h;", "++h;", ""},
    {"atomic_flag spin", "atomic", "std::atomic_flag h;",
     "while (h.test_and_set()) {} ++g; h.clear();", ""},
    {"atomic_ref", "atomic", "", "std::atomic_ref<int> r(g); ++r;", ""},
    {"thread_local", "mutex", "thread_local int tl;", "++tl;", ""},
    {"none", "mutex", "", "++g;", "data-race"},
};

std::string cxxProgram(const std::string &header, const std::string &declarations,
                       const std::string &body) {
  return "#include <thread>\n#include <" + header + ">\n" + declarations + "\nint g;\nvoid f() { " +
         body + " }\nint main() { std::thread a(f), b(f); a.join(); b.join(); }\n";
}

TEST(Primitives, OfCxxBetweenTwoThreads) {
  for (const Body &row : kCxxBodies)
    expectChecks(row.name, "primitive.cpp", cxxProgram(row.header, row.declarations, row.body),
                 row.checks);
}

struct Mutex {
  const char *type, *header, *whenTakenTwice;
};

const Mutex kMutexes[] = {
    {"mutex", "mutex", "self-deadlock"},
    {"recursive_mutex", "mutex", ""},
    {"timed_mutex", "mutex", "self-deadlock"},
    {"recursive_timed_mutex", "mutex", ""},
    {"shared_mutex", "shared_mutex", "self-deadlock"},
    {"shared_timed_mutex", "shared_mutex", "self-deadlock"},
};

TEST(Primitives, EveryMutexOfCxx) {
  for (const Mutex &mutex : kMutexes) {
    auto expect = [&](const std::string &way, const std::string &body, const std::string &checks) {
      expectChecks(mutex.type + way, "primitive.cpp",
                   cxxProgram(mutex.header, "std::" + std::string(mutex.type) + " m;", body),
                   checks);
    };
    expect("", "m.lock(); ++g; m.unlock();", "");
    expect(" try_lock", "if (m.try_lock()) { ++g; m.unlock(); }", "");
    expect(" not held", "m.lock(); m.unlock(); ++g;", "data-race");
    expect(" leak", "m.lock();", "lock-leak");
    expect(" twice", "m.lock(); m.lock(); ++g; m.unlock(); m.unlock();", mutex.whenTakenTwice);
  }
}

/// The same in C; `setup` is what main does first.
struct CBody {
  const char *name, *header, *declarations, *body, *setup, *checks;
};

const CBody kCBodies[] = {
    {"pthread none", "pthread.h", "", "++g;", "", "data-race"},
    {"pthread_mutex", "pthread.h", "pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "pthread_mutex_lock(&m);++g;pthread_mutex_unlock(&m);", "", ""},
    {"pthread_mutex_trylock", "pthread.h", "pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "if(pthread_mutex_trylock(&m)==0){++g;pthread_mutex_unlock(&m);}", "", ""},
    {"pthread_mutex_timedlock", "time.h", "pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "struct timespec t={0,0}; "
     "if(pthread_mutex_timedlock(&m,&t)==0){++g;pthread_mutex_unlock(&m);}",
     "", ""},
    {"pthread_mutex_clocklock", "time.h",
     "#include <time.h>\npthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "struct timespec t={0,0}; "
     "if(pthread_mutex_clocklock(&m,CLOCK_MONOTONIC,&t)==0){++g;pthread_mutex_unlock(&m);}",
     "", ""},
    {"rwlock wr", "pthread.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "pthread_rwlock_wrlock(&m);++g;pthread_rwlock_unlock(&m);", "", ""},
    {"rwlock rd", "pthread.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "pthread_rwlock_rdlock(&m);++g;pthread_rwlock_unlock(&m);", "", "data-race"},
    {"rwlock rd read", "pthread.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "pthread_rwlock_rdlock(&m);int y=g;(void)y;pthread_rwlock_unlock(&m); "
     "pthread_rwlock_wrlock(&m);++g;pthread_rwlock_unlock(&m);",
     "", ""},
    {"rwlock trywr", "pthread.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "if(!pthread_rwlock_trywrlock(&m)){++g;pthread_rwlock_unlock(&m);}", "", ""},
    {"rwlock tryrd", "pthread.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "if(!pthread_rwlock_tryrdlock(&m)){++g;pthread_rwlock_unlock(&m);}", "", "data-race"},
    {"rwlock timedwr", "time.h", "pthread_rwlock_t m=PTHREAD_RWLOCK_INITIALIZER;",
     "struct timespec t={0,0}; "
     "if(!pthread_rwlock_timedwrlock(&m,&t)){++g;pthread_rwlock_unlock(&m);}",
     "", ""},
    {"spin", "pthread.h", "pthread_spinlock_t m;",
     "pthread_spin_lock(&m);++g;pthread_spin_unlock(&m);", "pthread_spin_init(&m,0);", ""},
    {"spin try", "pthread.h", "pthread_spinlock_t m;",
     "if(pthread_spin_trylock(&m)==0){++g;pthread_spin_unlock(&m);}", "pthread_spin_init(&m,0);",
     ""},
    {"pthread_once", "pthread.h",
     "extern int g; pthread_once_t o=PTHREAD_ONCE_INIT; void i(void){++g;}", "pthread_once(&o,i);",
     "", ""},
    {"sem as lock", "semaphore.h", "sem_t s;", "sem_wait(&s);++g;sem_post(&s);",
     "sem_init(&s,0,1);", ""},
    {"__atomic", "pthread.h", "", "__atomic_fetch_add(&g,1,__ATOMIC_SEQ_CST);", "", ""},
    {"__atomic_store/load", "pthread.h", "",
     "__atomic_store_n(&g,1,__ATOMIC_RELEASE); int y=__atomic_load_n(&g,__ATOMIC_ACQUIRE);(void)y;",
     "", ""},
    {"__atomic_exchange/cas", "pthread.h", "",
     "int e=0; __atomic_exchange_n(&g,1,__ATOMIC_SEQ_CST); "
     "__atomic_compare_exchange_n(&g,&e,2,0,__ATOMIC_SEQ_CST,__ATOMIC_SEQ_CST);",
     "", ""},
    {"__sync", "pthread.h", "", "__sync_fetch_and_add(&g,1); __sync_bool_compare_and_swap(&g,1,2);",
     "", ""},
    {"_Atomic", "pthread.h", "_Atomic int h;", "h++;", "", ""},
    {"_Atomic stdatomic", "stdatomic.h", "atomic_int h;", "atomic_fetch_add(&h,1);", "", ""},
    {"_Thread_local", "pthread.h", "_Thread_local int h;", "h++;", "", ""},
    {"__thread", "pthread.h", "static __thread int h;", "h++;", "", ""},
    {"self-deadlock", "pthread.h", "pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "pthread_mutex_lock(&m);pthread_mutex_lock(&m);++g;pthread_mutex_unlock(&m);", "",
     "self-deadlock"},
    {"double-unlock", "pthread.h", "pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER;",
     "pthread_mutex_lock(&m);++g;pthread_mutex_unlock(&m);pthread_mutex_unlock(&m);", "",
     "unlock-not-held"},
};

TEST(Primitives, OfPosixBetweenTwoThreads) {
  for (const CBody &row : kCBodies)
    expectChecks(row.name, "primitive.c",
                 kCFlags + "#include <pthread.h>\n#include <" + std::string(row.header) + ">\n" +
                     row.declarations + "\nint g;\nvoid *f(void *x) { " + row.body +
                     " return 0; }\nint main(void) { " + row.setup +
                     " pthread_t a, b; pthread_create(&a, 0, f, 0); pthread_create(&b, 0, f, 0); "
                     "pthread_join(a, 0); pthread_join(b, 0); }\n",
                 row.checks);
}

/// Whole programs.
struct WholeProgram {
  const char *name, *code, *checks;
};

#define COROUTINE_TASK                                                                             \
  "struct Task{ struct promise_type{ Task get_return_object(){return {};} std::suspend_never "     \
  "initial_suspend(){return {};} std::suspend_never final_suspend() noexcept {return {};} void "   \
  "return_void(){} void unhandled_exception(){} }; };\n"

const WholeProgram kCxxPrograms[] = {
    {"thread unjoined", "#include <thread>\nint main(){ std::thread a([]{}); }\n",
     "unjoined-thread"},
    {"jthread", "#include <thread>\nint g; int main(){ { std::jthread a([]{ ++g; }); } ++g; }\n",
     ""},
    {"jthread race", "#include <thread>\nint g; int main(){ std::jthread a([]{ ++g; }); ++g; }\n",
     "data-race"},
    {"async get",
     "#include <thread>\n#include <future>\nint g; int main(){ auto "
     "a=std::async(std::launch::async,[]{ ++g; }); a.get(); ++g; }\n",
     ""},
    {"async race",
     "#include <thread>\n#include <future>\nint g; int main(){ auto "
     "a=std::async(std::launch::async,[]{ ++g; }); ++g; a.get(); }\n",
     "data-race"},
    {"promise",
     "#include <thread>\n#include <future>\nint g; std::promise<void> p; int main(){ auto "
     "f=p.get_future(); std::thread a([]{ ++g; p.set_value(); }); f.get(); ++g; a.join(); }\n",
     ""},
    {"promise race",
     "#include <thread>\n#include <future>\nint g; std::promise<void> p; int main(){ auto "
     "f=p.get_future(); std::thread a([]{ p.set_value(); ++g; }); f.get(); ++g; a.join(); }\n",
     "data-race"},
    {"packaged_task",
     "#include <thread>\n#include <future>\nint g; int main(){ std::packaged_task<void()> p([]{ "
     "++g; }); auto f=p.get_future(); std::thread a(std::move(p)); f.get(); ++g; a.join(); }\n",
     ""},
    {"packaged_task race",
     "#include <thread>\n#include <future>\nint g; int main(){ std::packaged_task<void()> p([]{ "
     "++g; }); auto f=p.get_future(); std::thread a(std::move(p)); ++g; f.get(); a.join(); }\n",
     "data-race"},
    {"condition_variable",
     "#include <thread>\n#include <mutex>\n#include <condition_variable>\nstd::mutex m; "
     "std::condition_variable c; bool r; int g; int main(){ std::thread a([]{ g=1; { "
     "std::lock_guard l(m); r=true; } c.notify_one(); }); { std::unique_lock l(m); "
     "c.wait(l,[]{return r;}); } ++g; a.join(); }\n",
     ""},
    {"condition_variable_any",
     "#include <thread>\n#include <mutex>\n#include <condition_variable>\nstd::mutex m; "
     "std::condition_variable_any c; bool r; int g; int main(){ std::thread a([]{ g=1; { "
     "std::lock_guard l(m); r=true; } c.notify_one(); }); { std::unique_lock l(m); "
     "c.wait(l,[]{return r;}); } ++g; a.join(); }\n",
     ""},
    {"counting_semaphore",
     "#include <thread>\n#include <semaphore>\nstd::counting_semaphore<4> s{0}; int g; int main(){ "
     "std::thread a([]{ g=1; s.release(); }); s.acquire(); ++g; a.join(); }\n",
     ""},
    {"binary_semaphore",
     "#include <thread>\n#include <semaphore>\nstd::binary_semaphore s{0}; int g; int main(){ "
     "std::thread a([]{ g=1; s.release(); }); s.acquire(); ++g; a.join(); }\n",
     ""},
    {"binary_semaphore race",
     "#include <thread>\n#include <semaphore>\nstd::binary_semaphore s{0}; int g; int main(){ "
     "std::thread a([]{ s.release(); g=1; }); s.acquire(); ++g; a.join(); }\n",
     "data-race"},
    {"latch",
     "#include <thread>\n#include <latch>\nstd::latch s{1}; int g; int main(){ std::thread a([]{ "
     "g=1; s.count_down(); }); s.wait(); ++g; a.join(); }\n",
     ""},
    {"latch race",
     "#include <thread>\n#include <latch>\nstd::latch s{1}; int g; int main(){ std::thread a([]{ "
     "s.count_down(); g=1; }); s.wait(); ++g; a.join(); }\n",
     "data-race"},
    {"barrier",
     "#include <thread>\n#include <barrier>\nstd::barrier s{2}; int g; int main(){ std::thread "
     "a([]{ g=1; s.arrive_and_wait(); }); s.arrive_and_wait(); ++g; a.join(); }\n",
     ""},
    {"stop_token",
     "#include <thread>\n#include <stop_token>\nint g; int main(){ std::jthread "
     "a([](std::stop_token t){ while(!t.stop_requested()) ++g; }); a.request_stop(); a.join(); "
     "++g; }\n",
     ""},
    {"stop_token race",
     "#include <thread>\n#include <stop_token>\nint g; int main(){ std::jthread "
     "a([](std::stop_token t){ while(!t.stop_requested()) ++g; }); ++g; }\n",
     "data-race"},
    {"lambda ref",
     "#include <thread>\nint main(){ int g=0; std::thread a([&]{ ++g; }); ++g; a.join(); }\n",
     "data-race"},
    {"lambda value",
     "#include <thread>\nint main(){ int g=0; std::thread a([g]() mutable { ++g; }); ++g; "
     "a.join(); }\n",
     ""},
    {"lambda init capture",
     "#include <thread>\nint main(){ int g=0; std::thread a([p=&g]{ ++*p; }); ++g; a.join(); }\n",
     "data-race"},
    {"bind ref",
     "#include <thread>\n#include <functional>\nvoid f(int&x){ ++x; } int main(){ int g=0; "
     "std::thread a(std::bind(f,std::ref(g))); ++g; a.join(); }\n",
     "data-race"},
    {"std::ref",
     "#include <thread>\n#include <functional>\nvoid f(int&x){ ++x; } int main(){ int g=0; "
     "std::thread a(f,std::ref(g)); ++g; a.join(); }\n",
     "data-race"},
    {"std::function",
     "#include <thread>\n#include <functional>\nint g; int main(){ std::function<void()> f=[]{ "
     "++g; }; std::thread a(f); ++g; a.join(); }\n",
     "data-race"},
    {"member pointer",
     "#include <thread>\nstruct S{ int x=0; void f(){ ++x; } }; int main(){ S s; std::thread "
     "a(&S::f,&s); ++s.x; a.join(); }\n",
     "data-race"},
    {"structured binding",
     "#include <thread>\n#include <mutex>\n#include <utility>\nstruct S{ std::mutex m; int x=0; }; "
     "S s; void f(){ auto&[m,x]=s; std::lock_guard l(m); ++x; } int main(){ std::thread a(f), "
     "b(f); a.join(); b.join(); }\n",
     ""},
    {"structured binding race",
     "#include <thread>\n#include <mutex>\nstruct S{ std::mutex m; int x=0; }; S s; void f(){ "
     "auto&[m,x]=s; ++x; } int main(){ std::thread a(f), b(f); a.join(); b.join(); }\n",
     "data-race"},
    {"range-for join",
     "#include <thread>\n#include <vector>\nint g; int main(){ std::vector<std::thread> v; for(int "
     "i=0;i<3;++i) v.emplace_back([]{}); for(auto&t:v) t.join(); ++g; }\n",
     ""},
    {"range-for race",
     "#include <thread>\n#include <vector>\nint g; int main(){ std::vector<std::thread> v; for(int "
     "i=0;i<3;++i) v.emplace_back([]{ ++g; }); for(auto&t:v) t.join(); }\n",
     "data-race"},
    {"coroutine body",
     "#include <thread>\n#include <coroutine>\n" COROUTINE_TASK
     "int g; Task co(){ ++g; co_await std::suspend_never{}; } int main(){ std::thread a([]{ co(); "
     "}); co(); a.join(); }\n",
     "data-race"},
    {"coroutine body locked",
     "#include <thread>\n#include <mutex>\n#include <coroutine>\n" COROUTINE_TASK
     "std::mutex m; int g; Task co(){ { std::lock_guard l(m); ++g; } co_return; } int main(){ "
     "std::thread a([]{ co(); }); co(); a.join(); }\n",
     ""},
    {"coroutine leak",
     "#include <mutex>\n#include <coroutine>\n" COROUTINE_TASK
     "std::mutex m; int g; Task co(int x){ m.lock(); if (x) co_return; m.unlock(); } int main(int "
     "c,char**){ co(c); }\n",
     "lock-leak"},
    {"exception leak",
     "#include <mutex>\nstd::mutex m; void f(int x){ m.lock(); if(x) throw 1; m.unlock(); } int "
     "main(int c,char**){ try { f(c); } catch(...) {} }\n",
     "lock-leak"},
    {"exception guard",
     "#include <mutex>\nstd::mutex m; void f(int x){ std::lock_guard l(m); if(x) throw 1; } int "
     "main(int c,char**){ try { f(c); } catch(...) { f(0); } }\n",
     ""},
    {"exception thread",
     "#include <thread>\nvoid g(int x){ if(x) throw 1; } int main(int c,char**){ try { std::thread "
     "a([]{}); g(c); a.join(); } catch(...) {} }\n",
     "unjoined-thread"},
    {"goto leak",
     "#include <mutex>\nstd::mutex m; void f(int x){ m.lock(); if(x) goto out; m.unlock(); out:; } "
     "int main(int c,char**){ f(c); }\n",
     "lock-leak"},
    {"goto ok",
     "#include <mutex>\nstd::mutex m; void f(int x){ m.lock(); if(x) goto out; x=2; out: "
     "m.unlock(); } int main(int c,char**){ f(c); }\n",
     ""},
    {"switch leak",
     "#include <mutex>\nstd::mutex m; void f(int x){ m.lock(); switch(x){ case 1: m.unlock(); "
     "break; case 2: break; default: m.unlock(); } } int main(int c,char**){ f(c); }\n",
     "lock-leak"},
    {"switch ok",
     "#include <mutex>\nstd::mutex m; void f(int x){ m.lock(); switch(x){ case 1: m.unlock(); "
     "break; case 2: default: m.unlock(); } } int main(int c,char**){ f(c); }\n",
     ""},
    {"constexpr if",
     "#include <mutex>\nstd::mutex m; template<bool B> void f(){ if constexpr(B) m.lock(); if "
     "constexpr(B) m.unlock(); } int main(){ f<true>(); f<false>(); }\n",
     ""},
    {"constexpr if leak",
     "#include <mutex>\nstd::mutex m; template<bool B> void f(){ if constexpr(B) m.lock(); if "
     "constexpr(!B) m.unlock(); } int main(){ f<true>(); }\n",
     "lock-leak"},
    {"template race",
     "#include <thread>\nint g; template<class T> void f(T&x){ ++x; } int main(){ std::thread "
     "a([]{ f(g); }); f(g); a.join(); }\n",
     "data-race"},
    {"macro lock",
     "#include <thread>\n#include <mutex>\n#define LOCK(m) std::lock_guard<std::mutex> "
     "l_##__LINE__(m)\nstd::mutex m; int g; void f(){ LOCK(m); ++g; } int main(){ std::thread "
     "a(f), b(f); a.join(); b.join(); }\n",
     ""},
};

const WholeProgram kCPrograms[] = {
    {"pthread_barrier",
     "#include <pthread.h>\npthread_barrier_t c;int "
     "g;void*f(void*x){g=1;pthread_barrier_wait(&c);return 0;}int main(void){pthread_t "
     "a;pthread_barrier_init(&c,0,2);pthread_create(&a,0,f,0);pthread_barrier_wait(&c);++g;pthread_"
     "join(a,0);}\n",
     ""},
    {"pthread_join",
     "#include <pthread.h>\nint g;void*f(void*x){++g;return 0;}int main(void){pthread_t "
     "a;pthread_create(&a,0,f,0);pthread_join(a,0);++g;}\n",
     ""},
    {"pthread_detach",
     "#include <pthread.h>\nint g;void*f(void*x){return 0;}int main(void){pthread_t "
     "a;pthread_create(&a,0,f,0);pthread_detach(a);}\n",
     ""},
    {"pthread unjoined",
     "#include <pthread.h>\nint g;void*f(void*x){return 0;}int main(void){pthread_t "
     "a;pthread_create(&a,0,f,0);}\n",
     "unjoined-thread"},
    {"attr detached",
     "#include <pthread.h>\nint g;void*f(void*x){return 0;}int main(void){pthread_t "
     "a;pthread_attr_t "
     "t;pthread_attr_init(&t);pthread_attr_setdetachstate(&t,PTHREAD_CREATE_DETACHED);pthread_"
     "create(&a,&t,f,0);}\n",
     ""},
    {"attr recursive",
     "#include <pthread.h>\npthread_mutex_t m;int main(void){pthread_mutexattr_t "
     "t;pthread_mutexattr_init(&t);pthread_mutexattr_settype(&t,PTHREAD_MUTEX_RECURSIVE);pthread_"
     "mutex_init(&m,&t);pthread_mutex_lock(&m);pthread_mutex_lock(&m);pthread_mutex_unlock(&m);"
     "pthread_mutex_unlock(&m);}\n",
     ""},
    {"attr errorcheck",
     "#include <pthread.h>\npthread_mutex_t m;int main(void){pthread_mutexattr_t "
     "t;pthread_mutexattr_init(&t);pthread_mutexattr_settype(&t,PTHREAD_MUTEX_ERRORCHECK);pthread_"
     "mutex_init(&m,&t);pthread_mutex_lock(&m);pthread_mutex_lock(&m);pthread_mutex_unlock(&m);}\n",
     ""},
    {"attr normal",
     "#include <pthread.h>\npthread_mutex_t m;int main(void){pthread_mutexattr_t "
     "t;pthread_mutexattr_init(&t);pthread_mutexattr_settype(&t,PTHREAD_MUTEX_NORMAL);pthread_"
     "mutex_init(&m,&t);pthread_mutex_lock(&m);pthread_mutex_lock(&m);pthread_mutex_unlock(&m);}\n",
     "self-deadlock"},
    {"sem_t",
     "#include <pthread.h>\n#include <semaphore.h>\nsem_t s;int "
     "g;void*f(void*x){g=1;sem_post(&s);return 0;}int main(void){sem_init(&s,0,0);pthread_t "
     "a;pthread_create(&a,0,f,0);sem_wait(&s);++g;pthread_join(a,0);}\n",
     ""},
    {"c11 none",
     "#include <threads.h>\n\nint g;\nint f(void*x){ ++g; return 0; }\nint main(void){  thrd_t "
     "a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     "data-race"},
    {"c11 mtx",
     "#include <threads.h>\nmtx_t m;\nint g;\nint f(void*x){ mtx_lock(&m);++g;mtx_unlock(&m); "
     "return 0; }\nint main(void){ mtx_init(&m,mtx_plain); thrd_t a,b; thrd_create(&a,f,0); "
     "thrd_create(&b,f,0); thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     ""},
    {"c11 mtx trylock",
     "#include <threads.h>\nmtx_t m;\nint g;\nint f(void*x){ "
     "if(mtx_trylock(&m)==thrd_success){++g;mtx_unlock(&m);} return 0; }\nint main(void){ "
     "mtx_init(&m,mtx_plain); thrd_t a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); "
     "thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     ""},
    {"c11 mtx timedlock",
     "#include <threads.h>\n#include <time.h>\nmtx_t m;\nint g;\nint f(void*x){ struct timespec "
     "t={0,0};if(mtx_timedlock(&m,&t)==thrd_success){++g;mtx_unlock(&m);} return 0; }\nint "
     "main(void){ mtx_init(&m,mtx_timed); thrd_t a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); "
     "thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     ""},
    {"c11 mtx recursive",
     "#include <threads.h>\nmtx_t m;\nint g;\nint f(void*x){ "
     "mtx_lock(&m);mtx_lock(&m);++g;mtx_unlock(&m);mtx_unlock(&m); return 0; }\nint main(void){ "
     "mtx_init(&m,mtx_plain|mtx_recursive); thrd_t a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); "
     "thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     ""},
    {"c11 mtx twice",
     "#include <threads.h>\nmtx_t m;\nint g;\nint f(void*x){ "
     "mtx_lock(&m);mtx_lock(&m);++g;mtx_unlock(&m); return 0; }\nint main(void){ "
     "mtx_init(&m,mtx_plain); thrd_t a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); "
     "thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     "self-deadlock"},
    {"c11 call_once",
     "#include <threads.h>\nextern int g; once_flag o=ONCE_FLAG_INIT; void i(void){++g;}\nint "
     "g;\nint f(void*x){ call_once(&o,i); return 0; }\nint main(void){  thrd_t a,b; "
     "thrd_create(&a,f,0); thrd_create(&b,f,0); thrd_join(a,0);thrd_join(b,0); return 0; }\n",
     ""},
    {"c11 detach",
     "#include <threads.h>\n\nint g;\nint f(void*x){  return 0; }\nint main(void){  thrd_t a,b; "
     "thrd_create(&a,f,0); thrd_create(&b,f,0); thrd_detach(a);thrd_detach(b); return 0; }\n",
     ""},
    {"c11 unjoined",
     "#include <threads.h>\n\nint g;\nint f(void*x){  return 0; }\nint main(void){  thrd_t a,b; "
     "thrd_create(&a,f,0); thrd_create(&b,f,0);  return 0; }\n",
     "unjoined-thread"},
    {"c11 cnd",
     "#include <threads.h>\nmtx_t m;cnd_t c;int r;\nint g;\nint f(void*x){ "
     "mtx_lock(&m);++g;r=1;cnd_signal(&c);mtx_unlock(&m); return 0; }\nint main(void){ "
     "mtx_init(&m,mtx_plain);cnd_init(&c); thrd_t a,b; thrd_create(&a,f,0); thrd_create(&b,f,0); "
     "mtx_lock(&m);while(!r)cnd_wait(&c,&m);++g;mtx_unlock(&m);thrd_join(a,0);thrd_join(b,0); "
     "return 0; }\n",
     ""},
    {"abba",
     "#include <pthread.h>\n#include <pthread.h>\npthread_mutex_t "
     "m=PTHREAD_MUTEX_INITIALIZER;pthread_mutex_t "
     "n=PTHREAD_MUTEX_INITIALIZER;void*k(void*x){pthread_mutex_lock(&n);pthread_mutex_lock(&m);"
     "pthread_mutex_unlock(&m);pthread_mutex_unlock(&n);return 0;}\nint g;\nvoid*f(void*x){ "
     "pthread_mutex_lock(&m);pthread_mutex_lock(&n);++g;pthread_mutex_unlock(&n);pthread_mutex_"
     "unlock(&m); return 0; }\nint main(void){ pthread_t q;pthread_create(&q,0,k,0); pthread_t "
     "a,b; pthread_create(&a,0,f,0); pthread_create(&b,0,f,0); "
     "pthread_join(a,0);pthread_join(b,0);pthread_join(q,0); }\n",
     "lock-order-inversion"},
};

TEST(Primitives, InWholePrograms) {
  for (const WholeProgram &row : kCxxPrograms)
    expectChecks(row.name, "primitive.cpp", row.code, row.checks);
  for (const WholeProgram &row : kCPrograms)
    expectChecks(row.name, "primitive.c", kCFlags + row.code, row.checks);
}

} // namespace
} // namespace threadlint
