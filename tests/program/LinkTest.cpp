// LinkTest: one numbering for all translation units, whatever their order.
#include "analyzer/program/Program.h"

#include "checks/Checks.h"
#include "tests/support/FactsBuilder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace threadlint {
namespace {

Program linkTexts(const std::vector<std::string> &texts) {
  std::vector<TuFacts> tus;
  for (std::size_t i = 0; i < texts.size(); ++i)
    tus.push_back(buildFacts(texts[i], std::string(1, static_cast<char>('a' + i)) + ".cpp"));
  return link(std::move(tus));
}

std::vector<std::string> functionNames(const Program &program) {
  std::vector<std::string> names;
  for (FunctionId id = 0; id < program.functions.size(); ++id)
    names.push_back(program.functionName(id));
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Link, FunctionsMergeByKey) {
  struct Row {
    std::vector<std::string> texts, expected;
  };
  const Row rows[] = {
      {{"fn f { }", "fn g { }"}, {"f", "g"}},
      {{"fn f { }", "fn f { }"}, {"f"}},
      {{"static fn f { }", "static fn f { }"}, {"f", "f"}},
      {{"fn f { }; fn main { }", "fn f { }; fn main { }"}, {"f", "main", "main"}},
  };
  for (const Row &row : rows)
    EXPECT_EQ(functionNames(linkTexts(row.texts)), row.expected) << row.texts[0];
}

TEST(Link, VariablesMergeAndTheDefinitionWins) {
  Program program = linkTexts({"extern int x; fn f { write x }", "int x; fn g { write x }"});
  ASSERT_EQ(program.vars.size(), 1u);
  EXPECT_TRUE(program.vars[0].isDefinition);
  EXPECT_EQ(program.files[program.vars[0].range.file], "b.cpp");
  for (const Function &function : program.functions)
    EXPECT_EQ(function.facts.paths.at(0).id, 0u);
  Program separate =
      linkTexts({"static int x; fn f { write x }", "static int x; fn g { write x }"});
  EXPECT_EQ(separate.vars.size(), 2u);
  EXPECT_NE(separate.functions[0].facts.paths.at(0).id, separate.functions[1].facts.paths.at(0).id);
}

TEST(Link, AddressTakenInOneUnitCountsForAll) {
  Program program = linkTexts({"int x; fn f { write x }", "extern int x; fn g { int* p; p = &x }"});
  for (const VarFacts &var : program.vars)
    if (program.text(var.name) == "x") {
      EXPECT_TRUE(var.addressTaken);
    }
}

TEST(Link, FieldsAndRecordsMerge) {
  Program program =
      linkTexts({"record S { int a; int b }; S s; fn f { write s.b }",
                 "record T { int c }; record S { int a; int b }; extern S s; fn g { write s.b }"});
  EXPECT_EQ(program.records.size(), 2u);
  EXPECT_EQ(program.fields.size(), 3u);
  FieldId first = program.functions[0].facts.paths.at(0).steps.at(0).field,
          second = program.functions[1].facts.paths.at(0).steps.at(0).field;
  EXPECT_EQ(first, second);
  EXPECT_EQ(program.text(program.fields[first].name), "b");
  EXPECT_TRUE(program.fieldWritten[first]);
}

TEST(Link, CallersAreCountedAcrossUnits) {
  Program program = linkTexts({"fn f { }; fn g { call f() }", "fn h { call f(); call g() }"});
  for (FunctionId id = 0; id < program.functions.size(); ++id)
    EXPECT_EQ(program.functions[id].callers, program.functionName(id) == "f"   ? 2u
                                             : program.functionName(id) == "g" ? 1u
                                                                               : 0u)
        << program.functionName(id);
}

TEST(Link, OverridersAreTransitive) {
  Program program = linkTexts(
      {"record A { int n }; record B : A { int k }; overrides B::f A::f; fn A::f { }; fn B::f { }",
       "record B { int k }; record C : B { int l }; overrides C::f B::f; fn C::f { }"});
  std::vector<std::string> names;
  for (StringId key = 0; key < program.strings.size(); ++key)
    if (program.strings[key] == "A::f")
      for (FunctionId id : program.overriders.at(key))
        names.push_back(program.functionName(id));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"A::f", "B::f", "C::f"}));
}

TEST(Link, PlacesKeepTheirFiles) {
  Program program = linkTexts({"int x; fn f { write x }", "extern int x\nfn g {\n write x }"});
  for (const Function &function : program.functions) {
    const Event &write = function.facts.blocks[0].events.at(0);
    bool isFirst = program.text(function.facts.name) == "f";
    EXPECT_EQ(program.files[write.range.file], isFirst ? "a.cpp" : "b.cpp");
    EXPECT_EQ(write.range.line, isFirst ? 1u : 3u);
  }
}

/// Random programs over several units: functions of any unit call, lock and start each other.
class RandomUnits {
public:
  explicit RandomUnits(unsigned seed) : random_(seed) {}

  std::vector<std::string> texts(unsigned units) {
    std::vector<std::string> result;
    for (unsigned unit = 0; unit < units; ++unit) {
      std::string head = unit == 0 ? "" : "extern ";
      std::string text = "record R { mutex mu; int n }\nrecord Q { int n; mutex mu }\n" + head +
                         "mutex m0 m1 m2\n" + head + "int x0 x1 x2\n" + head + "R r\n" + head +
                         "Q q\n" + head + "pthread t0 t1 t2\nstatic mutex own\n";
      for (unsigned k = 0; k < kFunctions; ++k)
        text += "fn " + name(unit, k) + " {\n" + body(units, 4) + "}\n";
      text +=
          "fn shared(R* p) {\nlock p->mu\nwrite p->n\nunlock p->mu\n}\n"; // one inline function in every unit
      if (unit == 0)
        text += "fn main {\nspawn t0 " + name(0, 0) + "()\nspawn t1 " + name(units - 1, 1) +
                "()\n" + body(units, 6) + "}\n";
      result.push_back(text);
    }
    return result;
  }

private:
  static constexpr unsigned kFunctions = 3;
  std::mt19937 random_;
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  static std::string name(unsigned unit, unsigned k) {
    return "f" + std::to_string(unit) + "_" + std::to_string(k);
  }

  std::string body(unsigned units, unsigned length) {
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
      std::string digit = std::to_string(pick(3));
      switch (pick(8)) {
      case 0:
        text += "lock m" + digit + "\n";
        break;
      case 1:
        text += "unlock m" + digit + "\n";
        break;
      case 2:
        text += "write x" + digit + "\n";
        break;
      case 3:
        text += "lock own\nread x" + digit + "\nunlock own\n";
        break;
      case 4:
        text += "call " + name(pick(units), pick(kFunctions)) + "()\n";
        break;
      case 5:
        text += "call shared(&r)\nwrite q.n\n";
        break;
      case 6:
        text += "if ? {\nlock r.mu\nwrite r.n\nunlock r.mu\n}\n";
        break;
      default:
        text += "lock m" + digit + "\nlock q.mu\nunlock q.mu\nunlock m" + digit + "\n";
        break;
      }
    }
    return text;
  }
};

/// C lets `void my_lock();` be called both ways; then no call of it names the lock.
TEST(Link, LockFunctionsAreCalledInOneWay) {
  const std::pair<const char *, std::size_t> rows[] = {
      {"mutex m; fn f { call my_lock(&m); call my_unlock(&m) }; fn g { call my_lock(&m) }", 0},
      {"mutex m; fn f { call my_lock(&m); call my_unlock(&m) }; fn g { call my_lock() }", 3},
      {"mutex m; fn a { call my_lock() }; fn f { call my_lock(&m); call my_unlock(&m) }", 3},
  };
  for (const auto &[text, remaining] : rows) {
    TuFacts facts = buildFacts(text);
    for (std::string &string : facts.strings)
      if (string == "my_lock" || string == "my_unlock")
        string.insert(0, "c:@F@");
    std::vector<TuFacts> tus;
    tus.push_back(std::move(facts));
    Program program = link(std::move(tus));
    std::size_t calls = 0;
    for (const Function &function : program.functions)
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events) {
          calls += event.kind == EventKind::Call;
          for (ValueId arg : event.args)
            EXPECT_LT(arg, function.facts.values.size()) << text;
        }
    EXPECT_EQ(calls, remaining) << text;
  }
}

TEST(Link, ResultDoesNotDependOnTheOrderOfUnits) {
  std::size_t findings = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    unsigned units = 2 + seed % 4;
    std::vector<std::string> texts = RandomUnits(seed).texts(units);
    std::vector<TuFacts> tus;
    for (unsigned i = 0; i < units; ++i)
      tus.push_back(buildFacts(texts[i], "src/" + std::to_string(i) + ".cpp"));
    AnalysisResult expected = analyzeProgram(tus);
    findings += expected.findings.size();
    std::mt19937 random(seed);
    for (int round = 0; round < 3; ++round) {
      std::shuffle(tus.begin(), tus.end(), random);
      AnalysisResult result = analyzeProgram(tus);
      EXPECT_TRUE(result.findings == expected.findings) << "seed " << seed;
      EXPECT_TRUE(result.limitations == expected.limitations) << "seed " << seed;
    }
  }
  EXPECT_GT(findings, 100u);
}

} // namespace
} // namespace threadlint
