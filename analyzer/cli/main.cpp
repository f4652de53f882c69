// main: the threadlint program.
#include "analyzer/cli/Commands.h"

int main(int argc, char **argv) { return threadlint::runThreadlint(argc, argv); }
