// BodyExtractionTest: accesses, control flow, unwinding, keys, suppressions, broken code.
#include "analyzer/extract/Extract.h"
#include "tests/extract/ExtractionTable.h"

namespace threadlint {
namespace {

class BodyExtraction : public testing::TestWithParam<ExtractionCase> {};
TEST_P(BodyExtraction, Events) { checkExtraction(GetParam()); }

const ExtractionCase kCases[] = {
    {"PrivateLocals",
     "int g; void f(int n) { int a = n; a++; g = a; }",
     {"define a = n", "write g = a"},
     {"read a", "write a"}},
    {"AddressTakenLocals",
     "void h(int *); void f() { int a = 1; h(&a); a = 2; }",
     {"write a = 1 [initialization]", "call c:@F@h#*I# (&a)", "write a = 2"}},
    {"Pointers",
     "struct N { N *next; int x; }; void f(N *p) { p->next->x = 1; p = p->next; p->x++; }",
     {"read p->next", "write p->next->x = 1", "read p->next", "define p = p->next",
      "read-write p->x"}},
    {"References",
     "void f(int &r) { int &q = r; q = 1; r++; }",
     {"define q = r", "write *q = 1", "read-write *r"}},
    {"ConditionOnCall",
     "int g(); int x; void f() { int rc; if ((rc = g()) != 0) x = 1; }",
     {"call c:@F@g# -> $0", "define rc = $0", "if (rc != 0) true"}},
    {"Conditional",
     "int a, b; void f(bool c) { int *p = c ? &a : &b; *p = 1; }",
     {"define $0 = &b", "define $0 = &a", "define p = $0", "write *p = 1"}},
    {"LogicalValue",
     "int a, b; void f() { bool d = a && b; if (d) a = 1; }",
     {"if b true", "define d = $0", "define $0 = 0", "define $0 = 1"}},
    {"Switch",
     "int g; void f(int k) { switch (k) { case 1: g = 1; break; case 2: g = 2; break; default: g = "
     "3; } }",
     {"if k case 2", "if k case 1", "if k default"}},
    {"StructuredBinding",
     "#include <map>\nint s; std::map<int, int> m; void f() { for (auto &[k, v] : m) s += v; }",
     {"->second"}},
    {"MapIndexInserts",
     "#include <map>\nstd::map<int, int> m; void f() { m[1] = 2; m.at(1); }",
     {"read-write m [mutator]", "write m[*].second = 2", "read m"}},
    {"SmartPointers",
     "#include <memory>\nstruct S { int x; }; std::shared_ptr<S> g; void f() { auto p = g; p->x = "
     "1; }",
     {"read g", "define p = g", "write p->x = 1"}},
    {"ThrowDestroysLocals",
     "#include <mutex>\nstd::mutex m; int x; void t(); void f() { std::lock_guard<std::mutex> "
     "o(m); try { std::lock_guard<std::mutex> "
     "i(m); t(); } catch (...) { x = 1; } }",
     {"guard-init lock o", "write x = 1", "guard-init lock i", "call c:@F@t# unwind b",
      "guard-destroy i"}},
    {"ExceptionalExit",
     "#include <mutex>\nstd::mutex m; void t(); void n() noexcept; void f() { "
     "std::lock_guard<std::mutex> o(m); t(); "
     "n(); }",
     {"call c:@F@t# unwind b", "call c:@F@n#\n", "guard-destroy o", "guard-destroy o", "(throws)"}},
    {"Virtual",
     "struct B { virtual void v(); void n(); }; void f(B *b) { b->v(); b->n(); b->B::v(); }",
     {"call c:@S@B@F@v# (b) [virtual]", "call c:@S@B@F@n# (b) unwind",
      "call c:@S@B@F@v# (b) unwind"}},
    {"Templates",
     "int g; template <class T> void s(T t) { g = t; } template <class T> void n(T t) { g = 2; "
     "t.x(); } void f() { s(1); "
     "s('a'); }",
     {"function s {c:@F@s<#I>#I#} external instantiation",
      "function s {c:@F@s<#C>#C#} external instantiation", "function n", "pattern"}},
    {"KeysOfLocals",
     "int g; void f() { auto a = [] { g = 1; }; auto b = [] { g = 2; }; a(); b(); struct L { void "
     "m() {} } l; l.m(); static "
     "int s; s++; }",
     {"function lambda in f {c:@F@f##lambda#0}", "function lambda in f {c:@F@f##lambda#1}",
      "function f::L::m {c:@F@f##class#L#0#m(void ())}"}},
    {"InternalLinkage",
     "static void h() {} void f() { h(); }",
     {"function h {c:test.cpp@F@h#@test.cpp} static"}},
    {"Captures",
     "struct S { int y; void go() { int a = 0; auto l = [this, a, &b = y] { y = a; b = 2; }; l(); "
     "} };",
     {"closure c:@S@S@F@go##lambda#0(this, a, &this->y)", "write ^0->y = ^1", "write *^2 = 2"}},
    {"StaticLocal",
     "int g(); int f() { static int s = g(); return s; }",
     {"var f::s static-local", "write f::s = $0 [initialization static]"}},
    {"Suppressions",
     "int a; // NOLINT\n// NOLINTNEXTLINE(threadlint-*, other)\nint b; // NOLINT()\n// "
     "NOLINTBEGIN(x)\n// NOLINTEND(x)\n"
     "void f() { a = b; }",
     {"nolint nolint 1\n", "nolint nolintnextline 2 threadlint-* other\n",
      "nolint nolintbegin 4 x\n", "nolint nolintend 5 x\n"}},
    {"BrokenCode",
     "int g; void f() { g = 1; } void h() { foo x; }",
     {"write g = 1", "limitation parse-error: 1 error: unknown type name 'foo'"}},
    {"OldC", "int g; f() { g = h(1); }", {"write g"}, {"limitation"}, "test.c"},
    {"ForeignOptions",
     "int g; void f() { g = 1; }",
     {"write g = 1"},
     {"limitation"},
     "test.cpp",
     {"-fno-tree-vectorize", "-fconserve-stack", "-Werror", "-Wno-such-warning", "-MD", "-MF",
      "x.d", "-o", "x.o", "-c", "-include-pch", "no.pch", "-mno-fp-ret-in-387"}},
    {"BitFields",
     "struct B { int x : 3; int y : 2; int z; }; void f(B *b) { b->x = 1; }",
     {"write b->x = 1"}},
    {"ErrnoIsPrivate",
     "#include <errno.h>\nint g; void f(void) { errno = 0; if (errno) g = 1; }",
     {"write g = 1"},
     {"errno_location", "write *"},
     "test.c"},
    {"Volatile", "volatile int v; void f() { v = 1; }", {"write v = 1 [volatile]"}},
    {"HeapFields",
     "#include <stdlib.h>\nstruct S { int x; }; void f(void) { struct S *s = malloc(sizeof *s); "
     "s->x = 1; free(s); }",
     {"alloc -> $0 struct S", "define s = $0", "write s->x = 1", "free = s"},
     {},
     "test.c"},
};
INSTANTIATE_TEST_SUITE_P(Table, BodyExtraction, testing::ValuesIn(kCases), caseName);

TEST(Extract, SameBytesTwice) {
  const char *code = "#include <map>\n#include <thread>\nstd::map<int, int> m; void f() { "
                     "std::thread t([] { m[1] = 2; }); t.join(); }";
  EXPECT_EQ(extractDump(code), extractDump(code));
}

TEST(Extract, UnreadableFile) {
  CompileCommand command;
  command.directory = "/";
  command.file = "/does/not/exist.cpp";
  command.arguments = {"c++", command.file};
  TuFacts facts = extractTu(command, {});
  ASSERT_EQ(facts.limitations.size(), 1u);
  EXPECT_EQ(facts.strings[facts.limitations[0].kind], "unreadable");
  EXPECT_TRUE(facts.limitations[0].incomplete);
}

TEST(Extract, DeepNestingIsAnOrdinaryError) {
  std::string code =
      "int f() { return " + std::string(100000, '(') + "1" + std::string(100000, ')') + "; }";
  EXPECT_NE(extractDump(code).find("limitation parse-error"), std::string::npos);
}

TEST(Extract, NulBytesAreNoError) {
  EXPECT_NE(extractDump(std::string("int g;\0void f() { g = 1; }", 26)).find("write g = 1"),
            std::string::npos);
}

TEST(Extract, BodyHashIgnoresTheRestOfTheFile) {
  CompileCommand command;
  command.directory = "/";
  command.file = "/project/a.cpp";
  command.arguments = {"c++", command.file};
  ExtractOptions options;
  options.projectRoot = "/project";
  options.overlayContent = "int g; void f() { g = 1; } void h() {}";
  TuFacts first = extractTu(command, options);
  options.overlayContent = "int g; void f() { g = 1; } int other; void k() { other = 2; }";
  TuFacts second = extractTu(command, options);
  EXPECT_EQ(first.functions[0].bodyHash, second.functions[0].bodyHash);
  EXPECT_NE(first.functions[0].bodyHash, first.functions[1].bodyHash);
}

} // namespace
} // namespace threadlint
