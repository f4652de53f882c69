// Interruption: SIGINT and SIGTERM as a question instead of an end.
//
// Signals are counted; the fifth ends the process at once, as usual. System calls that wait return early with EINTR.
#pragma once

namespace threadlint {

/// From here on SIGINT and SIGTERM are counted, unless the program was started with them ignored.
void noteInterruptions();
int countInterruptions();
bool isInterrupted();

} // namespace threadlint
