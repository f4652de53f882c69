// The library itself uses none of the specialisations it names.
#include "sinks.h"
