// Interruption: SIGINT and SIGTERM as a question instead of an end.
//
// The first signal is noted; a second one ends the process at once, as usual. System calls that wait return early with EINTR.
#pragma once

namespace threadlint {

/// From here on the first SIGINT or SIGTERM is noted.
void noteInterruptions();
bool isInterrupted();

} // namespace threadlint
