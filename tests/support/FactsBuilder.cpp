// FactsBuilder: a tokenizer and one recursive-descent parser that appends events as it reads.
#include "tests/support/FactsBuilder.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

namespace threadlint {
namespace {

struct Token {
  std::string text;
  std::uint32_t line = 0, column = 0;
};

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::uint32_t line = 1, column = 1;
  auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    if (text[i] == '\n') {
      tokens.push_back({";", line, column});
      ++line, column = 1, ++i;
      continue;
    }
    if (isWord(text[i]))
      while (i + length < text.size() &&
             (isWord(text[i + length]) || (text.substr(i + length, 2) == "::" && ++length)))
        ++length;
    else if (std::string_view two = text.substr(i, 2); two == "->" || two == "==" || two == "!=")
      length = 2;
    if (text[i] != ' ')
      tokens.push_back({std::string(text.substr(i, length)), line, column});
    i += length;
    column += static_cast<std::uint32_t>(length);
  }
  tokens.push_back({";", line, column});
  return tokens;
}

struct Type {
  TypeInfo info;
  int inner = -1; ///< pointee or element
};

class Parser {
public:
  Parser(std::string_view text, const std::string &mainFile) : tokens_(tokenize(text)) {
    facts_.mainFile = mainFile;
    facts_.files.push_back(mainFile);
    intType_ = addType(TypeClass::Integer, "int");
  }

  TuFacts run() {
    while (skipSeparators(), next_ < tokens_.size())
      declaration();
    return std::move(facts_);
  }

private:
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  TuFacts facts_;
  std::map<std::string, StringId> strings_;
  std::vector<Type> types_;
  std::map<std::string, int> recordTypes_;
  std::map<std::string, std::size_t> records_;
  std::vector<int> varTypes_, fieldTypes_;
  std::map<std::string, VarId> globals_, locals_;
  std::map<std::string, BlockId> labels_;
  std::map<std::string, std::uint32_t> captures_;
  FunctionFacts *function_ = nullptr;
  BlockId block_ = 0;
  Token statement_;
  int intType_ = 0;

  // -- tokens
  [[noreturn]] void fail(const std::string &problem) const {
    const Token &at = next_ < tokens_.size() ? tokens_[next_] : tokens_.back();
    std::fprintf(stderr, "facts text %u:%u: %s at '%s'\n", at.line, at.column, problem.c_str(),
                 at.text.c_str());
    std::abort();
  }
  const std::string &peek(std::size_t ahead = 0) const {
    static const std::string kEnd;
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead].text : kEnd;
  }
  bool accept(std::string_view text) { return peek() == text ? ++next_, true : false; }
  void expect(std::string_view text) {
    if (!accept(text))
      fail("expected '" + std::string(text) + "'");
  }
  bool isWord(std::size_t ahead = 0) const {
    const std::string &t = peek(ahead);
    return !t.empty() && (std::isalpha(static_cast<unsigned char>(t[0])) || t[0] == '_');
  }
  std::string word() {
    return isWord() ? tokens_[next_++].text : (fail("expected a name"), std::string());
  }
  void skipSeparators() {
    while (next_ < tokens_.size() && peek() == ";")
      ++next_;
  }
  bool atEnd() const { return peek() == ";" || peek() == "}" || peek().empty(); }

  StringId intern(const std::string &text) {
    if (text.empty())
      return 0;
    auto [it, isNew] = strings_.try_emplace(text, static_cast<StringId>(facts_.strings.size()));
    if (isNew)
      facts_.strings.push_back(text);
    return it->second;
  }

  // -- types
  int addType(TypeClass cls, const std::string &name, LockKind kind = LockKind::Normal) {
    Type type;
    type.info.cls = cls;
    type.info.lockKind = kind;
    type.info.name = intern(name);
    types_.push_back(type);
    return static_cast<int>(types_.size()) - 1;
  }
  std::optional<int> namedType(const std::string &name) {
    static const std::map<std::string, std::pair<TypeClass, LockKind>> kTypes = {
        {"int", {TypeClass::Integer, LockKind::Normal}},
        {"bool", {TypeClass::Bool, LockKind::Normal}},
        {"atomic", {TypeClass::Integer, LockKind::Normal}},
        {"mutex", {TypeClass::Lock, LockKind::Normal}},
        {"recursive", {TypeClass::Lock, LockKind::Recursive}},
        {"errorcheck", {TypeClass::Lock, LockKind::ErrorCheck}},
        {"rwlock", {TypeClass::Lock, LockKind::Shared}},
        {"thread", {TypeClass::Thread, LockKind::Normal}},
        {"pthread", {TypeClass::Thread, LockKind::Normal}},
        {"jthread", {TypeClass::JThread, LockKind::Normal}},
        {"sem", {TypeClass::Semaphore, LockKind::Normal}},
        {"cond", {TypeClass::CondVar, LockKind::Normal}},
        {"once", {TypeClass::OnceFlag, LockKind::Normal}},
        {"attr", {TypeClass::LockAttribute, LockKind::Normal}},
        {"guardtype", {TypeClass::Guard, LockKind::Normal}}};
    if (auto record = recordTypes_.find(name); record != recordTypes_.end())
      return record->second;
    auto known = kTypes.find(name);
    if (known == kTypes.end())
      return std::nullopt;
    int type = addType(known->second.first, name, known->second.second);
    types_.back().info.isAtomic = name == "atomic";
    return type;
  }
  bool atType() {
    return isWord() && namedType(peek()) &&
           (isWord(1) || peek(1) == "*" || (peek(1) == "[" && peek(2) == "]"));
  }
  int type() {
    std::optional<int> result = namedType(word());
    if (!result)
      fail("unknown type before");
    for (;;) {
      TypeClass cls = TypeClass::Pointer;
      if (accept("[")) {
        expect("]");
        cls = TypeClass::Array;
      } else if (!accept("*")) {
        return *result;
      }
      int outer = addType(cls, "");
      types_.back().inner = *result;
      types_.back().info.record = types_[static_cast<std::size_t>(*result)].info.record;
      result = outer;
    }
  }
  bool isClass(int type, TypeClass cls) const {
    return type >= 0 && types_[static_cast<std::size_t>(type)].info.cls == cls;
  }
  int innerOf(int type) const {
    return type < 0 ? -1 : types_[static_cast<std::size_t>(type)].inner;
  }

  // -- declarations
  VarId addVar(const std::string &key, const std::string &name, VarKind kind, int type) {
    VarFacts var;
    var.key = intern(key);
    var.name = intern(name);
    var.kind = kind;
    var.type = types_[static_cast<std::size_t>(type)].info;
    var.range = here();
    var.external = kind == VarKind::Global;
    facts_.vars.push_back(var);
    varTypes_.push_back(type);
    return static_cast<VarId>(facts_.vars.size() - 1);
  }
  SourceRange here() const {
    return {1, statement_.line, statement_.column, statement_.line, statement_.column + 1};
  }

  void declaration() {
    statement_ = tokens_[next_];
    bool isStatic = accept("static"), isExtern = accept("extern"), isThreadLocal = accept("tls");
    if (accept("fn"))
      return function(isStatic);
    if (accept("record"))
      return record();
    if (accept("overrides")) {
      std::string method = word(), base = word();
      RecordFacts &owner = facts_.records[records_.at(method.substr(0, method.find("::")))];
      owner.overriders.push_back(intern(method));
      owner.overriders.push_back(intern(base));
      return;
    }
    int kind = type();
    while (!atEnd()) {
      std::string name = word();
      VarId var = addVar(isStatic ? name + "@" + facts_.mainFile : name, name,
                         isThreadLocal ? VarKind::ThreadLocal : VarKind::Global, kind);
      facts_.vars[var].isDefinition = !isExtern;
      facts_.vars[var].external = !isStatic;
      globals_[name] = var;
    }
  }

  void record() {
    std::string name = word();
    RecordFacts record;
    record.key = record.name = intern(name);
    if (accept(":"))
      record.bases.push_back(intern(word()));
    int self = addType(TypeClass::Record, name);
    types_.back().info.record = record.key;
    recordTypes_[name] = self;
    records_[name] = facts_.records.size();
    expect("{");
    while (skipSeparators(), !accept("}")) {
      int fieldType = type();
      while (!atEnd()) {
        FieldFacts field;
        std::string fieldName = word();
        field.key = intern(name + "::" + fieldName);
        field.name = intern(fieldName);
        field.record = record.key;
        field.type = types_[static_cast<std::size_t>(fieldType)].info;
        record.fields.push_back(static_cast<FieldId>(facts_.fields.size()));
        facts_.fields.push_back(field);
        fieldTypes_.push_back(fieldType);
      }
    }
    facts_.records.push_back(record);
  }

  void function(bool isStatic) {
    FunctionFacts function;
    std::string name = word();
    function.name = intern(name);
    function.key = intern(isStatic ? name + "@" + facts_.mainFile : name);
    function.flags = name == "main" ? FunctionFlag::Main | FunctionFlag::External
                     : isStatic     ? 0u
                                    : FunctionFlag::External;
    function.range = here();
    if (std::size_t colons = name.rfind("::"); colons != std::string::npos) {
      std::string owner = name.substr(0, colons), method = name.substr(colons + 2);
      function.record = intern(owner);
      function.flags |= FunctionFlag::Method;
      if (method == owner)
        function.flags |= FunctionFlag::Constructor;
    }
    function.blocks.resize(3);
    function.exit = 1;
    function.exceptionalExit = 2;
    function_ = &function;
    block_ = 0;
    locals_.clear();
    labels_.clear();
    captures_.clear();
    if (accept("["))
      for (function.flags |= FunctionFlag::Lambda; !accept("]"); accept(","))
        captures_.emplace(word(), function.captureCount++);
    if (accept("("))
      for (; !accept(")"); accept(",")) {
        int paramType = atType() ? type() : intType_;
        std::string param = word();
        VarId var = addVar(name + "::" + param, param, VarKind::Param, paramType);
        locals_[param] = var;
        function.params.push_back(var);
      }
    body();
    jump(1);
    function_ = nullptr;
    facts_.functions.push_back(std::move(function));
  }

  // -- blocks
  BlockId newBlock() {
    function_->blocks.emplace_back();
    return static_cast<BlockId>(function_->blocks.size() - 1);
  }
  void jump(BlockId target) {
    function_->blocks[block_].edges.push_back(Edge{EdgeKind::Always, target, kNone, 0});
  }
  void branch(ValueId condition, BlockId yes, BlockId no) {
    function_->blocks[block_].edges.push_back(Edge{EdgeKind::True, yes, condition, 0});
    function_->blocks[block_].edges.push_back(Edge{EdgeKind::False, no, condition, 0});
  }
  BlockId label(const std::string &name) {
    auto [it, isNew] = labels_.try_emplace(name, 0);
    if (isNew)
      it->second = newBlock();
    return it->second;
  }
  void body() {
    skipSeparators();
    expect("{");
    while (skipSeparators(), !accept("}"))
      statement();
  }

  Event &event(EventKind kind) {
    Event event;
    event.kind = kind;
    event.range = here();
    function_->blocks[block_].events.push_back(event);
    return function_->blocks[block_].events.back();
  }

  // -- paths and values
  VarId variable(const std::string &name, bool declare = false, int type = -1) {
    if (auto local = locals_.find(name); local != locals_.end())
      return local->second;
    if (auto global = globals_.find(name); global != globals_.end())
      return global->second;
    if (!declare)
      fail("unknown variable '" + name + "' before");
    VarId var = addVar(std::string(facts_.strings[function_->name]) + "::" + name, name,
                       VarKind::Local, type < 0 ? intType_ : type);
    return locals_[name] = var;
  }
  PathId addPath(Path path, int type) {
    if (type >= 0)
      path.type = types_[static_cast<std::size_t>(type)].info;
    function_->paths.push_back(std::move(path));
    pathTypes_[static_cast<PathId>(function_->paths.size() - 1)] = type;
    return static_cast<PathId>(function_->paths.size() - 1);
  }
  std::map<PathId, int> pathTypes_;

  PathId path(bool declare = false, int declaredType = -1) {
    unsigned derefs = 0;
    while (accept("*"))
      ++derefs;
    Path path;
    int type = -1;
    if (accept("$")) {
      path.base = BaseKind::Capture;
      path.id = captures_.at(word());
    } else if (accept("this")) {
      path.base = BaseKind::This;
      std::string owner = facts_.strings[function_->record];
      type = addType(TypeClass::Pointer, "");
      types_.back().inner = recordTypes_.count(owner) ? recordTypes_.at(owner) : -1;
    } else {
      path.base = BaseKind::Var;
      path.id = variable(word(), declare, declaredType);
      type = varTypes_[path.id];
    }
    auto deref = [&] {
      path.steps.push_back({StepKind::Deref, kNone, 0, kNone});
      type = innerOf(type);
    };
    for (;;) {
      if (peek() == "." || peek() == "->") {
        if (tokens_[next_++].text == "->")
          deref();
        FieldId id = field(word(), type);
        path.steps.push_back({StepKind::Field, id, 0, kNone});
        type = fieldTypes_[id];
      } else if (accept("[")) {
        if (isClass(type, TypeClass::Pointer))
          deref();
        PathStep step{StepKind::AnyIndex, kNone, 0, kNone};
        if (std::isdigit(static_cast<unsigned char>(peek()[0])))
          step = {StepKind::Index, kNone, std::atoll(tokens_[next_++].text.c_str()), kNone};
        else if (peek() != "]")
          step.indexValue = value();
        expect("]");
        path.steps.push_back(step);
        type = innerOf(type);
      } else {
        break;
      }
    }
    while (derefs-- > 0)
      deref();
    return addPath(path, type);
  }
  FieldId field(const std::string &name, int type) {
    StringId record = type >= 0 ? types_[static_cast<std::size_t>(type)].info.record : 0;
    for (FieldId id = 0; id < facts_.fields.size(); ++id)
      if (facts_.strings[facts_.fields[id].name] == name &&
          (record == 0 || facts_.fields[id].record == record))
        return id;
    fail("unknown field '" + name + "' before");
  }

  ValueId addValue(Value value) {
    function_->values.push_back(std::move(value));
    return static_cast<ValueId>(function_->values.size() - 1);
  }
  ValueId addressOf(PathId at) {
    Value value;
    value.kind = ValueKind::Address;
    value.path = at;
    if (const Path &p = function_->paths[at];
        p.base == BaseKind::Var && (p.steps.empty() || p.steps[0].kind != StepKind::Deref))
      facts_.vars[p.id].addressTaken = true;
    return addValue(value);
  }
  ValueId lockAddress(PathId at) { // naming a lock in a call of lock() shows it to nobody else
    Value value;
    value.kind = ValueKind::Address;
    value.path = at;
    return addValue(value);
  }
  ValueId loadOf(PathId at) {
    Value value;
    value.kind = ValueKind::Load;
    value.path = at;
    return addValue(value);
  }
  std::string functionKey(const std::string &name) const {
    for (const FunctionFacts &f : facts_.functions)
      if (facts_.strings[f.name] == name)
        return facts_.strings[f.key];
    return name;
  }
  ValueId functionValue(const std::string &name) {
    Value value;
    value.kind = ValueKind::Function;
    value.function = intern(functionKey(name));
    return addValue(value);
  }
  std::vector<ValueId> values() {
    std::vector<ValueId> result;
    if (accept("("))
      for (; !accept(")"); accept(","))
        result.push_back(value());
    return result;
  }
  ValueId primary() {
    Value v;
    if (accept("?"))
      return addValue(v);
    if (accept("&"))
      return addressOf(path());
    if (accept("@"))
      return functionValue(word());
    if (accept("!")) {
      v.kind = ValueKind::Op;
      v.op = ValueOp::Not;
      v.operands = {primary()};
      return addValue(v);
    }
    if (accept("closure")) {
      v.kind = ValueKind::Closure;
      v.function = intern(functionKey(word()));
      v.operands = values();
      return addValue(v);
    }
    if (accept("bind")) {
      v.kind = ValueKind::Bind;
      v.operands = values();
      return addValue(v);
    }
    if (bool isNegative = accept("-");
        isNegative || std::isdigit(static_cast<unsigned char>(peek()[0]))) {
      v.kind = ValueKind::Int;
      v.number = std::atoll(tokens_[next_++].text.c_str()) * (isNegative ? -1 : 1);
      return addValue(v);
    }
    return loadOf(path());
  }
  ValueId value() {
    static const std::map<std::string, ValueOp> kOps = {
        {"==", ValueOp::Eq}, {"!=", ValueOp::Ne}, {"<", ValueOp::Lt}, {"+", ValueOp::Add}};
    ValueId left = primary();
    auto op = kOps.find(peek());
    if (op == kOps.end())
      return left;
    ++next_;
    Value v;
    v.kind = ValueKind::Op;
    v.op = op->second;
    v.operands = {left, primary()};
    return addValue(v);
  }

  // -- statements
  void statement() {
    statement_ = tokens_[next_];
    if (atType()) {
      for (int kind = type(); !atEnd();)
        locals_[peek()] =
            addVar(facts_.strings[function_->name] + "::" + peek(), peek(), VarKind::Local, kind),
        ++next_;
      return;
    }
    if (control() || memory() || locks() || guards() || threads() || leaving())
      return;
    if (peek() == "call" || peek() == "icall" || peek() == "vcall") {
      call(kNone);
      return;
    }
    PathId target = path(true);
    expect("=");
    assign(target);
  }

  std::uint32_t newTemp() { return function_->tempCount++; }
  ValueId loadTemp(std::uint32_t temp) {
    return loadOf(addPath(Path{BaseKind::Temp, temp, {}, {}}, -1));
  }

  void assign(PathId target) {
    auto emit = [&](ValueId stored) {
      const Path &to = function_->paths[target];
      bool isLocal = to.base == BaseKind::Var && to.steps.empty() &&
                     locals_.count(facts_.strings[facts_.vars[to.id].name]);
      Event &define = event(isLocal ? EventKind::Define : EventKind::Write);
      define.path = target;
      define.value = stored;
    };
    std::uint32_t temp = newTemp();
    auto result = [&](EventKind kind) -> Event & {
      Event &e = event(kind);
      e.result = temp;
      return e;
    };
    if (peek() == "call" || peek() == "icall" || peek() == "vcall") {
      call(temp);
    } else if (accept("alloc")) {
      TypeInfo allocated = isWord() ? types_[static_cast<std::size_t>(type())].info : TypeInfo{};
      result(EventKind::Alloc).type = allocated;
    } else if (peek() == "try" || peek() == "trylock") {
      Success success = tokens_[next_++].text == "try" ? Success::NonZero : Success::Zero;
      LockMode mode = accept("shared") ? LockMode::Shared : LockMode::Exclusive;
      std::vector<ValueId> args = lockArguments();
      Event &e = result(EventKind::Acquire);
      e.flags = Flag::Try;
      e.success = success;
      e.mode = mode;
      e.args = args;
    } else if (accept("gtry")) {
      PathId guard = path();
      Event &e = result(EventKind::GuardLock);
      e.flags = Flag::Try;
      e.success = Success::NonZero;
      e.path = guard;
    } else if (accept("owns")) {
      PathId guard = path();
      result(EventKind::GuardOwns).path = guard;
    } else if (accept("joinable")) {
      PathId handle = path();
      result(EventKind::HandleJoinable).path = handle;
    } else {
      return emit(value());
    }
    emit(loadTemp(temp));
  }

  void call(std::uint32_t temp) {
    std::string how = word();
    ValueId callable = kNone;
    StringId callee = 0;
    if (how == "icall")
      callable = primary();
    else
      callee = intern(functionKey(word()));
    std::vector<ValueId> args = values();
    Event &e = event(EventKind::Call);
    e.callee = callee;
    e.value = callable;
    e.args = args;
    e.result = temp;
    e.flags = how == "vcall" ? static_cast<std::uint32_t>(Flag::Virtual) : 0u;
  }

  bool control() {
    if (accept("if") || peek() == "while") {
      bool isLoop = accept("while");
      if (isLoop) {
        BlockId header = newBlock();
        jump(header);
        block_ = header;
      }
      BlockId head = block_, yes = newBlock(), after = newBlock();
      ValueId condition = accept("?") ? kNone : value();
      bool hasElse = false;
      branch(condition, yes, after);
      block_ = yes;
      body();
      jump(isLoop ? head : after);
      if (!isLoop && (hasElse = accept("else"))) {
        BlockId end = newBlock();
        function_->blocks[block_].edges.back().target = end;
        block_ = after;
        body();
        jump(end);
        after = end;
      }
      block_ = after;
      return true;
    }
    if (accept("goto")) {
      jump(label(word()));
      block_ = newBlock();
      return true;
    }
    if (accept("label")) {
      BlockId target = label(word());
      jump(target);
      block_ = target;
      return true;
    }
    return false;
  }

  bool memory() {
    struct Row {
      const char *word;
      EventKind kind;
      std::uint32_t flags;
    };
    static constexpr Row kRows[] = {{"read", EventKind::Read, 0},
                                    {"write", EventKind::Write, 0},
                                    {"rmw", EventKind::ReadWrite, 0},
                                    {"init", EventKind::Write, Flag::Initialization},
                                    {"aread", EventKind::Read, Flag::Atomic},
                                    {"awrite", EventKind::Write, Flag::Atomic}};
    for (const Row &row : kRows)
      if (accept(row.word)) {
        PathId at = path();
        ValueId stored = atEnd() ? kNone : value();
        Event &e = event(row.kind);
        e.flags = row.flags;
        e.order = row.flags & Flag::Atomic ? Order::SeqCst : Order::None;
        e.path = at;
        e.value = stored;
        return true;
      }
    return false;
  }

  std::vector<ValueId> lockArguments() {
    std::vector<ValueId> args;
    static const std::map<std::string, GuardTag> kTags = {
        {"defer", GuardTag::Defer}, {"adopt", GuardTag::Adopt}, {"try", GuardTag::Try}};
    while (!atEnd() && !kTags.count(peek()) && peek() != "shared")
      args.push_back(lockAddress(path()));
    return args;
  }

  bool locks() {
    if (peek() == "lock" || peek() == "unlock") {
      EventKind kind = tokens_[next_++].text == "lock" ? EventKind::Acquire : EventKind::Release;
      LockMode mode = accept("shared") ? LockMode::Shared : LockMode::Exclusive;
      std::vector<ValueId> args = lockArguments();
      Event &e = event(kind);
      e.mode = mode;
      e.args = args;
      return true;
    }
    if (accept("initlock")) {
      ValueId lock = lockAddress(path());
      LockKind kind = types_[static_cast<std::size_t>(type())].info.lockKind;
      Event &e = event(EventKind::LockInit);
      e.args = {lock};
      e.lockKind = kind;
      return true;
    }
    return false;
  }

  bool guards() {
    int guardType = -1;
    if (accept("guard")) {
      guardType = *namedType("guardtype");
      PathId guard = path(true, guardType);
      std::vector<ValueId> args = lockArguments();
      GuardTag tag = args.empty() ? GuardTag::Empty : GuardTag::Lock;
      LockMode mode = LockMode::Exclusive;
      for (; !atEnd(); ++next_)
        if (peek() == "shared")
          mode = LockMode::Shared;
        else
          tag = peek() == "defer"   ? GuardTag::Defer
                : peek() == "adopt" ? GuardTag::Adopt
                                    : GuardTag::Try;
      Event &e = event(EventKind::GuardInit);
      e.path = guard;
      e.args = args;
      e.tag = tag;
      e.mode = mode;
      return true;
    }
    static const std::map<std::string, EventKind> kOne = {{"glock", EventKind::GuardLock},
                                                          {"gunlock", EventKind::GuardUnlock},
                                                          {"grelease", EventKind::GuardRelease},
                                                          {"end", EventKind::GuardDestroy}};
    if (auto one = kOne.find(peek()); one != kOne.end()) {
      ++next_;
      PathId guard = path();
      event(one->second).path = guard;
      return true;
    }
    if (peek() == "gmove" || peek() == "gswap") {
      bool isMove = tokens_[next_++].text == "gmove";
      PathId to = path(true, *namedType("guardtype")), from = path();
      ValueId source = isMove ? loadOf(from) : lockAddress(from);
      Event &e = event(isMove ? EventKind::GuardMove : EventKind::GuardSwap);
      e.path = to;
      e.value = source;
      return true;
    }
    return false;
  }

  bool threads() {
    if (accept("spawn")) {
      PathId handle = path(true, *namedType("pthread"));
      ValueId callable = isWord() && peek() != "closure" && peek() != "bind" &&
                                 !locals_.count(peek()) && !globals_.count(peek())
                             ? functionValue(word())
                             : primary();
      std::vector<ValueId> args = values();
      bool isDetached = accept("detached");
      Event &e = event(EventKind::Spawn);
      e.path = handle;
      e.value = callable;
      e.args = args;
      e.number = isDetached;
      int type = pathTypes_[handle];
      std::string name =
          type >= 0 ? facts_.strings[types_[static_cast<std::size_t>(type)].info.name] : "";
      e.spawnKind = name == "thread"    ? SpawnKind::StdThread
                    : name == "jthread" ? SpawnKind::JThread
                                        : SpawnKind::PThread;
      return true;
    }
    static const std::map<std::string, EventKind> kHandles = {{"join", EventKind::Join},
                                                              {"detach", EventKind::Detach},
                                                              {"drop", EventKind::HandleDestroy}};
    if (auto handle = kHandles.find(peek()); handle != kHandles.end()) {
      ++next_;
      PathId at = path();
      event(handle->second).path = at;
      return true;
    }
    if (accept("hmove")) {
      PathId to = path(true, *namedType("thread")), from = path();
      ValueId source = loadOf(from);
      Event &e = event(EventKind::HandleMove);
      e.path = to;
      e.value = source;
      return true;
    }
    static const std::map<std::string, EventKind> kObjects = {{"post", EventKind::SemPost},
                                                              {"wait", EventKind::SemWait},
                                                              {"notify", EventKind::Notify},
                                                              {"cwait", EventKind::Wait}};
    if (auto object = kObjects.find(peek()); object != kObjects.end()) {
      ++next_;
      std::vector<ValueId> args = lockArguments();
      event(object->second).args = args;
      return true;
    }
    if (accept("oncecall")) {
      ValueId flag = lockAddress(path()), callable = primary();
      Event &e = event(EventKind::Once);
      e.args = {flag};
      e.value = callable;
      return true;
    }
    return false;
  }

  bool leaving() {
    if (accept("return")) {
      if (!atEnd()) {
        ValueId result = value();
        event(EventKind::Return).value = result;
      }
      jump(1);
    } else if (accept("throw")) {
      event(EventKind::Throw).unwind = 2;
    } else if (peek() == "exit" || peek() == "threadexit") {
      event(EventKind::NoReturn).number = tokens_[next_++].text == "threadexit";
    } else {
      return false;
    }
    block_ = newBlock();
    return true;
  }
};

} // namespace

TuFacts buildFacts(std::string_view text, const std::string &mainFile) {
  return Parser(text, mainFile).run();
}

} // namespace threadlint
