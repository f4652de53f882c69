// ThreadExtractionTest: threads, waiting, atomics, callables.
#include "tests/extract/ExtractionTable.h"

namespace threadlint {
namespace {

class ThreadExtraction : public testing::TestWithParam<ExtractionCase> {};
TEST_P(ThreadExtraction, Events) { checkExtraction(GetParam()); }

const ExtractionCase kCases[] = {
    {"StdThread",
     "#include <thread>\nvoid w(int); void f() { std::thread t(w, 3); t.join(); }",
     {"spawn std-thread t = c:@F@w#I# (3)", "join t", "handle-destroy std-thread t"}},
    {"MemberFunction",
     "#include <thread>\nstruct S { void run(int); std::thread t; S() : t(&S::run, this, 1) {} "
     "~S() { t.join(); } };",
     {"spawn std-thread this->t = c:@S@S@F@run#I# (this, 1)", "join this->t",
      "handle-destroy std-thread this->t"}},
    {"Lambda",
     "#include <thread>\nint x; void f() { int a = 0; std::thread t([&a] { x = a; }); t.join(); }",
     {"spawn std-thread t = closure c:@F@f##lambda#0(&a)", "read *^0", "write x"}},
    {"Containers",
     "#include <thread>\n#include <vector>\nvoid w(); void f() { std::vector<std::thread> v; "
     "v.emplace_back(w); "
     "v.push_back(std::thread(w)); for (auto &t : v) t.join(); }",
     {"spawn std-thread v[*]", "spawn std-thread $", "handle-move v[*] = &$",
      "handle-destroy std-thread v[*]", "define t = __begin1", "join *t"}},
    {"Assignment",
     "#include <thread>\nvoid w(); void f() { std::thread t; t = std::thread(w); t.detach(); }",
     {"spawn std-thread $0", "handle-move t = &$0", "detach t"}},
    {"Heap",
     "#include <thread>\n#include <memory>\nvoid w(); void f() { auto p = "
     "std::make_unique<std::thread>(w); auto *q = new "
     "std::thread(w); p->join(); q->join(); delete q; }",
     {"alloc", "spawn std-thread *$", "define p", "alloc", "spawn std-thread *$", "define q",
      "join *p", "join *q", "handle-destroy std-thread *q", "free = q",
      "handle-destroy std-thread *p"}},
    {"ImplicitDestructor",
     "#include <thread>\nstruct S { std::thread t; }; void f() { S s; }",
     {"~S# (&s) [implicit destructor]", "handle-destroy std-thread this->t"}},
    {"ImplicitConstructor",
     "#include <memory>\n#include <thread>\nvoid w(); struct S { std::thread t{w}; int k = 3; S() "
     "= default; }; void f() { "
     "std::make_unique<S>(); }",
     {"call c:@S@S@F@S# ($0) [constructor]", "spawn std-thread this->t = c:@F@w#",
      "write this->k = 3 [initialization]"}},
    {"UndeclaredConstructor",
     "#include <memory>\n#include <thread>\nvoid w(int *); struct S { int k = 3; std::thread t{w, "
     "&k}; }; void f() { "
     "std::make_unique<S>(); }",
     {"write $0->k = 3", "spawn std-thread $0->t = c:@F@w#*I# (&$0->k)"}},
    {"BoundObjectIsCallable",
     "#include <functional>\nvoid w(int); void f() { auto b = std::bind(w, 3); b(); }",
     {"define b = bind(c:@F@w#I#, 3)", "call = b"}},
    {"Pthread",
     "#include <pthread.h>\nvoid *w(void *); int d; void f(void) { pthread_t t[2]; for (int i = 0; "
     "i < 2; i++) "
     "pthread_create(&t[i], 0, w, &d); pthread_join(t[0], 0); }",
     {"read t[0]", "join t[0]", "spawn pthread t[i] = c:@F@w (&d)"},
     {},
     "test.c"},
    {"Async",
     "#include <future>\nint w(); void f() { auto r = std::async(std::launch::async, w); r.get(); "
     "auto l = "
     "std::async(std::launch::deferred, w); }",
     {"spawn async = c:@F@w# -> $", "define r", "future-get (&r)", "call = c:@F@w#"}},
    {"Promise",
     "#include <future>\nvoid f() { std::promise<int> p; auto g = p.get_future(); p.set_value(1); "
     "g.wait(); }",
     {"future-from", "(&p)", "promise-set (&p)", "future-get (&g)"}},
    {"CondVar",
     "#include <condition_variable>\nstd::mutex m; std::condition_variable c; bool r; void f() { "
     "std::unique_lock<std::mutex> "
     "l(m); c.wait(l, [] { return r; }); c.wait(l); c.notify_all(); }",
     {"wait l (&c) [predicate interrupted]", "call = closure c:@F@f##lambda#0()", "wait l (&c)",
      "notify (&c) #1", "read r"}},
    {"PthreadCond",
     "#include <pthread.h>\npthread_cond_t c; pthread_mutex_t m; int r; void f(void) { while (!r) "
     "pthread_cond_wait(&c, "
     "&m); pthread_cond_signal(&c); }",
     {"read r", "if !(r) true", "notify (&c)", "wait (&c, &m)"},
     {},
     "test.c"},
    {"Atomics",
     "#include <atomic>\nstd::atomic<int> a; void f() { a++; a.store(1, "
     "std::memory_order_release); int v = "
     "a.load(std::memory_order_acquire); a = v; }",
     {"read-write a -> $0 seq_cst [atomic]", "write a = 1 release [atomic]",
      "read a acquire [atomic]", "write a = v seq_cst [atomic]"}},
    {"CAtomics",
     "#include <stdatomic.h>\n_Atomic int a; int b; void f(void) { a++; atomic_fetch_add(&a, 2); "
     "__atomic_load_n(&b, __ATOMIC_ACQUIRE); __sync_fetch_and_add(&b, 1); }",
     {"read-write a = (a + 1) seq_cst [atomic]", "read-write a", "read b acquire [atomic]",
      "read-write b"},
     {},
     "test.c"},
    {"Semaphore",
     "#include <semaphore.h>\nsem_t s; void f(void) { sem_init(&s, 0, 2); sem_wait(&s); "
     "sem_post(&s); }",
     {"semaphore-init (&s) -> $0 #2", "semaphore-wait (&s)", "semaphore-post (&s)"},
     {},
     "test.c"},
    {"Once",
     "#include <mutex>\nstd::once_flag o; int x; void f() { std::call_once(o, [] { x = 1; }); }",
     {"once = closure", "(&o)"}},
    {"StoredFunction",
     "#include <functional>\nint x; std::function<void()> g; void f() { g = [] { x = 1; }; g(); }",
     {"write g = closure", "read g", "call = g"}},
    {"Bind",
     "#include <functional>\n#include <thread>\nvoid w(int, int); void f() { std::thread "
     "t(std::bind(w, std::placeholders::_1, "
     "2)); t.join(); }",
     {"spawn std-thread t = bind(c:@F@w#I#I#, ?, 2)"}},
    {"Functor",
     "#include <thread>\nstruct F { void operator()(int); }; void f() { F o; std::thread t(o, 1); "
     "t.join(); }",
     {"spawn std-thread t = bind(c:@S@F@F@operator()#I#, &o) (1)"}},
    {"CallbackIsCalledHere",
     "#include <algorithm>\n#include <vector>\nint n; void f(std::vector<int> &v) { "
     "std::for_each(v.begin(), "
     "v.end(), [](int k) { n += k; }); }",
     {"call = closure c:@F@f#&$@N@std@S@vector>#I#$@N@std@S@allocator>#I##lambda#0() (?)"}},
    {"FunctionPointerTable",
     "struct ops { void (*go)(int); }; static void w(int i) {} struct ops t[1] = {{.go = w}}; void "
     "f(void) { "
     "t[0].go(1); }",
     {"read t[0].go", "call = t[0].go (1)", "write t[0].go = c:test.c@F@w@test.c [initialization]"},
     {},
     "test.c"},
    {"Coroutine",
     "#include <coroutine>\nstruct T { struct promise_type { T get_return_object(); "
     "std::suspend_never initial_suspend() "
     "noexcept; std::suspend_never final_suspend() noexcept; void return_void(); void "
     "unhandled_exception(); }; };\nint x; T "
     "f() { x = 1; co_await std::suspend_always{}; x = 2; }",
     {"coroutine", "write x = 1", "suspend", "write x = 2"}},
    {"SignalAndFork",
     "#include <signal.h>\n#include <unistd.h>\nvoid h(int s) {} void f(void) { signal(2, h); "
     "fork(); sleep(1); _exit(0); }",
     {"signal-handler = c:@F@h", "fork", "block c:@F@sleep", "no-return"},
     {},
     "test.c"},
};
INSTANTIATE_TEST_SUITE_P(Table, ThreadExtraction, testing::ValuesIn(kCases), caseName);

} // namespace
} // namespace threadlint
