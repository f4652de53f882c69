// LockExtractionTest: locks and guards of C++ and C as events.
#include "tests/extract/ExtractionTable.h"

namespace threadlint {
namespace {

class LockExtraction : public testing::TestWithParam<ExtractionCase> {};
TEST_P(LockExtraction, Events) { checkExtraction(GetParam()); }

const ExtractionCase kCases[] = {
    {"MutexMembers",
     "#include <mutex>\nstd::mutex m; int x; void f() { m.lock(); x = 1; m.unlock(); }",
     {"acquire (&m)", "write x = 1", "release (&m)"}},
    {"LockGuard",
     "#include <mutex>\nstd::mutex m; int x; void f() { std::lock_guard<std::mutex> g(m); x = 1; }",
     {"guard-init lock g (&m)", "write x = 1", "guard-destroy g"}},
    {"TagsByParameterType",
     "#include <mutex>\nstd::mutex a, b, c; void f() { std::unique_lock<std::mutex> d(a, "
     "std::defer_lock), e(b, std::adopt_lock), "
     "t(c, std::try_to_lock); }",
     {"guard-init defer d (&a)", "guard-init adopt e (&b)", "guard-init try t (&c)"}},
    {"ScopedLockIsOneGroup",
     "#include <mutex>\nstd::mutex a, b; void f() { std::scoped_lock s(a, b); }",
     {"guard-init lock s (&a, &b)"}},
    {"StdLockIsOneGroup",
     "#include <mutex>\nstd::mutex a, b; void f() { std::lock(a, b); }",
     {"acquire (&a, &b)"}},
    {"SharedLock",
     "#include <shared_mutex>\nstd::shared_mutex m; void f() { std::shared_lock<std::shared_mutex> "
     "l(m); }",
     {"guard-init shared lock l (&m)"}},
    {"UnnamedTemporary",
     "#include <mutex>\nstd::mutex m; int x; void f() { std::lock_guard<std::mutex>{m}; x = 1; }",
     {"guard-init lock $0 (&m)", "guard-destroy $0", "write x = 1"}},
    {"GuardMoves",
     "#include <mutex>\nstd::mutex m; std::unique_lock<std::mutex> f() { "
     "std::unique_lock<std::mutex> l(m); return l; }\n"
     "void g() { auto h = f(); auto i = std::move(h); i.unlock(); }",
     {"guard-move $0 = &l", "return = $0", "guard-move h = &$0", "guard-move i = &h",
      "guard-unlock i", "guard-destroy i"}},
    {"OwnsLock",
     "#include <mutex>\nstd::mutex m; void f() { std::unique_lock<std::mutex> l(m); if (l) "
     "l.release(); }",
     {"guard-owns l -> $0", "if $0 true", "guard-release l"}},
    {"ByValueParameterDies",
     "#include <mutex>\nint x; void f(std::unique_lock<std::mutex> l) { x = 1; }",
     {"write x = 1", "guard-destroy l"}},
    {"LambdasTellInstancesApart",
     "int g; template <class F> void run(F f) { f(); } void f() { run([] { g = 1; }); run([] { g = "
     "2; }); }",
     {"function run", "##lambda#0$", "function run", "##lambda#1$"}},
    {"TryLockResult",
     "#include <mutex>\nstd::mutex m; void f() { if (m.try_lock()) m.unlock(); }",
     {"acquire (&m) -> $0 ok non-zero [try]", "if $0 true", "release (&m)"}},
    {"MemberOfParameter",
     "#include <mutex>\nstruct P { std::mutex mu; int x; }; void f(P *p) { p->mu.lock(); p->x++; }",
     {"acquire (&p->mu)", "read-write p->x"}},
    {"UserGuardIsOrdinary",
     "#include <mutex>\nstruct R { R(std::mutex &m) : m(m) { m.lock(); } ~R() { m.unlock(); } "
     "std::mutex &m; }; std::mutex k; void f() "
     "{ R r(k); }",
     {"acquire (m)", "release (this->m)", "[constructor initialization]", "[implicit destructor]"}},
    {"GuardMember",
     "#include <mutex>\nstd::mutex m; struct S { std::unique_lock<std::mutex> l{m}; }; void f() { "
     "S s; }",
     {"[implicit destructor]", "guard-init lock this->l (&m)", "guard-destroy this->l"}},
    {"PthreadMutex",
     "#include <pthread.h>\npthread_mutex_t m; int x; void f(void) { if (pthread_mutex_trylock(&m) "
     "== 0) "
     "pthread_mutex_unlock(&m); pthread_mutex_lock(&m); }",
     {"acquire (&m) -> $0 ok zero #16 [try]", "if ($0 == 0) true", "release (&m)", "acquire (&m)"},
     {},
     "test.c"},
    {"StaticRecursive",
     "#define _GNU_SOURCE\n#include <pthread.h>\npthread_mutex_t m = "
     "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;",
     {"var m global lock {c:@m} recursive"},
     {"write m"},
     "test.c"},
    {"Attributes",
     "#include <pthread.h>\npthread_mutex_t m; void f(void) { pthread_mutexattr_t a; "
     "pthread_mutexattr_init(&a); "
     "pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_init(&m, &a); }",
     {"attribute-set recursive (&a)", "lock-init normal = &a (&m)"},
     {},
     "test.c"},
    {"RowsNeedADeclaration",
     "typedef struct { int v; } lk; void spin_lock(lk *l); void mutex_lock(lk *l) { l->v = 1; } lk "
     "a; void f(void) "
     "{ spin_lock(&a); mutex_lock(&a); }",
     {"write l->v = 1", "acquire (&a)", "call c:@F@mutex_lock (&a)"},
     {},
     "test.c"},
    {"ArrayElement",
     "#include <pthread.h>\nstruct B { pthread_mutex_t mu; int x; } t[4]; void f(int i) { "
     "pthread_mutex_lock(&t[i].mu); "
     "t[i].x = 1; }",
     {"acquire (&t[i].mu)", "write t[i].x = 1"},
     {},
     "test.c"},
    {"Optional",
     "#include <mutex>\n#include <optional>\nstd::mutex m; void f() { "
     "std::optional<std::lock_guard<std::mutex>> o; "
     "o.emplace(m); }",
     {"guard-init lock *o (&m)", "guard-destroy *o"}},
};
INSTANTIATE_TEST_SUITE_P(Table, LockExtraction, testing::ValuesIn(kCases), caseName);

} // namespace
} // namespace threadlint
