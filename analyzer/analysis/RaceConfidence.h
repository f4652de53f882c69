// RaceConfidence: what makes a conflict likely to be meant by its author, so that it is no high-confidence report.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

#include <functional>
#include <initializer_list>

namespace threadlint {

/// A volatile scalar that is only read, or set to a constant under a lock: a flag that one thread polls between its waits. A race by the
/// letter of the standard, but one whose author took care.
bool isPolledFlag(const Engine &engine, const Access &a, const Access &b);

/// `outside` is a public function of a library that takes no lock for this access, `inside` holds a lock that callers of the library can
/// name and take as well: they may be meant to. Locks that guard other data (`isAside`) do not count on the outside.
bool mayBeLockedOutside(const Engine &engine, const ThreadInstance &outside,
                        const Access &outsideAccess, const Access &inside,
                        const std::function<bool(Term)> &isAside);

/// Each side holds an element of one array of locks: whether it is the same one hangs on indexes that are not known.
bool mayShareLock(const Engine &engine, const Access &a, const Access &b);

/// Both sides hold a lock of one class, and nothing tells that they are two: one is reached through a pointer that nobody knows, or
/// that may lead to the other.
bool mayBeOneLock(const Engine &engine, PointsTo &points, const Access &a, const Access &b);

/// Whether an object that both sides reach through pointers may be one of many: nothing tells that it is made only once.
bool isOneOfMany(Engine &engine, Term location, const Access &a, const Access &b);

/// Both are elements of one array, and of at least one of them it is not known which.
bool isAnyElement(const Terms &terms, const Access &a, const Access &b);

/// Whether the access is made by the function that starts such a thread, before it does: when the function runs once more, it is for
/// another object, or the first thread has ended.
bool isBeforeStart(Engine &engine, const Access &access, const ThreadInstance &started);

/// Whether one of the ways calls a function that several programs of the database have, from a file that may belong to any of them.
bool maySwitchPrograms(const Engine &engine, std::initializer_list<WitnessId> ways);

/// Whether a way that begins in one `main` runs through a file that has another one: the two are never linked together, so a pointer was
/// taken for a function of another program of the database.
bool isOfAnotherProgram(const Engine &engine, FunctionId root, WitnessId way);

/// The constructor that initialises a member has started the other thread before: members are initialised in the order of their
/// declarations, and the thread's own member is declared first.
bool isInitialisedLate(const Engine &engine, const Access &access, ThreadId by,
                       const ThreadInstance &other);

/// A write of a public function that ends the library: it joins a thread or destroys a lock.
bool isTeardown(const ThreadInstance &thread, const Access &access);

/// One is made inside a once flag's initialisation, and the function that makes the other, or a caller of its, has gone through the
/// same flag before, or has found that it need not.
bool areBehindOnce(const Engine &engine, const Access &a, const Access &b);

/// What the two sides access and hold belongs to one object that they take for objects of two classes, neither of which derives from the
/// other: steps that are reached through virtual functions of both do not belong together.
bool areOfTwoClasses(const Engine &engine, const Access &a, const Access &b);

/// The access stands between the destruction of its object's lock and the release of its memory: nobody uses the object then, but a
/// thread that this one has started and not joined.
bool isAfterEnd(Engine &engine, const ThreadModel &model, const Access &access, ThreadId other);

/// Whether states with different locks were mixed up on the way to one of them: a lock that is held on some of these ways only, and with it what
/// else told the ways apart, is lost.
bool isMixedUp(const Engine &engine, const Access &a, const Access &b);

/// Whether the location belongs to an object behind a pointer that code out of view, or one of several ways, gave to two threads of one
/// function: each may have got its own. What a function of a library's interface was called with is one object.
bool isOfUnknownOrigin(Engine &engine, Term location, const ThreadInstance &a,
                       const ThreadInstance &b);

/// Whether a lock is an element of an array that a loop walks over: what holds for the first element is no better known for it.
bool isPickedInLoop(Engine &engine, Term lock, WitnessId at);

} // namespace threadlint
