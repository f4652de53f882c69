// FactsBuilder: declarations, functions and statements; each statement appends its events as it is read.
#include "tests/support/FactsBuilder.h"

#include "tests/support/FactsValues.h"

namespace threadlint {
namespace {

class Parser : ValueReader {
public:
  Parser(std::string_view text, const std::string &mainFile) : ValueReader(text, mainFile) {}

  TuFacts run() {
    while (skipSeparators(), next_ < tokens_.size())
      declaration();
    return std::move(facts_);
  }

private:
  std::map<std::string, BlockId> labels_;
  BlockId block_ = 0;

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
      bool isGuard = to.type.cls == TypeClass::Guard;
      Event &define = event(isGuard   ? EventKind::GuardMove
                            : isLocal ? EventKind::Define
                                      : EventKind::Write);
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
