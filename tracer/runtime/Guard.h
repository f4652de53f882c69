// Guard: what has to be done when an exception or a cancellation leaves a call of libc.
//
// The runtime is compiled without exceptions and links no C++ library, so no destructor of its own runs then. Only callGuarded has a
// personality routine, which runs the newest guard of the thread and lets the unwinder go on.
#pragma once

namespace threadlint::trace {

struct Guard {
  void (*leave)(Guard &guard);
  Guard *outer;
};

/// Calls `call(argument)`; runs `guard.leave` when that is left by unwinding.
int callGuarded(Guard &guard, int (*call)(void *argument), void *argument);

/// The same for function objects.
template <typename Call, typename Leave> int guarded(Call call, Leave leave) {
  struct Leaving : Guard {
    Leave &leave;
  };
  Leaving guard{{[](Guard &it) { static_cast<Leaving &>(it).leave(); }, nullptr}, leave};
  return callGuarded(guard, [](void *it) { return (*static_cast<Call *>(it))(); }, &call);
}

} // namespace threadlint::trace
