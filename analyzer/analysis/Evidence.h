// Evidence: what a lock and a public function of a library tell of the intent behind them.
//
// A lock of the accessed object that one side holds shows that the field is meant to be guarded, unless it is there for other
// fields. Two public functions may run in parallel, unless the library itself says how they follow each other. Both are judgements
// for the confidence of a conflict, never reasons to drop it.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <set>

namespace threadlint {

class Evidence {
public:
  Evidence(Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  void clear() {
    writtenUnder_.clear();
    lockFields_.clear();
    hasLockFields_ = false;
  }
  /// What is written under a lock of the same object shows what that lock is for; so does what is written under a pointer to it.
  void note(PointsTo &points, const Access &access);
  /// Whether `lock`, held at the reading side only, is meant for `location`: somebody also writes it under the lock, or
  /// the lock has no other purpose. Settings that are read inside a big operation are not what its lock is for, nor is
  /// the variable of a callback that is called under a lock.
  bool isMeantFor(Term lock, Term location) const;
  /// Whether the location is a part of an object that the root function was called with, not of one further away.
  bool isHandedOver(const Access &access) const;
  /// Whether the public function behind `step` is a step of what the other side does: of a thread of the library, or of a
  /// function that does the rest without the lock (`onlyStepHolds`). Nothing says then that others call it meanwhile.
  bool isStep(ThreadId step, ThreadId other, bool onlyStepHolds);
  /// Whether `open` reads where its function has given `lock` back for a while: it changed a field of the object under the lock
  /// before, and `guarded` belongs to one who looks at that field under the lock to learn whether it may change the object.
  bool isWindow(ThreadId openThread, const Access &open, ThreadId otherThread,
                const Access &guarded, Term lock);
  /// A lock of the object that a public method works on, if it takes it on one of two ways that exclude each other and makes the same
  /// access on the other without it. Two calls of the method meet.
  Term oneWayLock(ThreadId method, const Access &a, const Access &b) const;
  /// Whether other classes of the library call this public function: how its callers may meet is known from there.
  bool isUsedInside(const ThreadInstance &thread);
  /// Whether the function that makes the access takes a lock in its own body.
  bool takesLocks(const Access &access);
  /// Whether a public function that does without `lock` may well be right to: it makes or destroys the lock, so it has the object to
  /// itself; or it works for other classes of the library, and from there it is seen what they hold and whether the object is new.
  bool isDoubtful(const ThreadInstance &open, Term lock, bool besideThread);
  /// Whether it is only a guess that two callers of a library, or a caller and a thread of it, meet at one object: one of them gets at it
  /// through more than one pointer, or through an element of a container; or the side without the lock is a method of a class that has
  /// the lock for others to take.
  bool isFarFetched(const ThreadInstance &open, const Access &openAccess, const Access &guarded,
                    Term lock);
  /// The field that keeps the pointer to a lock, or kUnknownTerm: a record may have its lock elsewhere.
  Term pointerTo(Term lock) const;
  /// Whether a thread that was started makes this very access, too.
  bool doesItself(ThreadId thread, const Access &access) const;
  /// Whether the function call that makes an access takes `acquired` as well, itself or in what it calls.
  bool isInOneCall(WitnessId access, WitnessId acquired) const;
  /// Whether a public function gives back a lock, or waits with one, that it has not taken: its callers hold more than is seen.
  static bool isCalledUnderLock(const ThreadInstance &thread) {
    return thread.kind == RootKind::Interface && thread.summary &&
           !(thread.summary->interrupted.empty() && thread.summary->waitNeeds.empty());
  }

private:
  Engine &engine_;
  const ThreadModel &model_;
  std::map<FieldId, std::set<FieldId>>
      writtenUnder_; ///< lock field -> fields of its record that somebody writes while holding it
  std::map<FunctionId, std::set<FunctionId>> reached_;
  std::vector<bool> usedInside_; ///< by function
  std::map<FunctionId, bool> takesLocks_;
  std::map<ThreadId, std::set<std::pair<FunctionId, std::uint64_t>>> takenIn_;
  std::map<FieldId, std::set<FieldId>> lockFields_; ///< pointer field -> fields it is pointed to
  bool hasLockFields_ = false;
  /// The fields that a pointer to a lock, kept in a field, may lead to.
  const std::set<FieldId> &lockFieldsBehind(PointsTo &points, Term lock);
  /// The field of the lock's record that `location` is a part of, or kNone when it is a part of something else.
  FieldId partOf(FieldId lock, Term location) const;
  bool holds(const Access &access, std::uint64_t lockClass) const;
  bool isWithinReach(Term location) const;
  bool isOnePath(Term a, Term b) const;
  /// Whether a function takes a lock of this class, by itself or through a locking function, that its callers do not hold.
  bool takesItself(ThreadId thread, FunctionId function, std::uint64_t lockClass);
};

} // namespace threadlint
