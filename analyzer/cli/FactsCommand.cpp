// FactsCommand: `threadlint facts`, which is to `threadlint link` what compiling is to linking.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/SourceSelection.h"
#include "analyzer/facts/FactsFormat.h"
#include "analyzer/facts/FactsJson.h"

namespace threadlint {
namespace {

/// Facts of the one source that was named, or of a facts file (to show it as JSON).
llvm::Expected<TuFacts> factsOfInput(const Run &run) {
  if (run.options.inputs[0].ends_with(".tlf"))
    return readFactsFile(run.options.inputs[0]);
  llvm::Expected<SelectedSources> sources = selectSources(run.options, run.environment, run.root);
  if (!sources)
    return sources.takeError();
  if (!sources->remark.empty())
    run.note(sources->remark);
  std::vector<CompileCommand> &commands = sources->commands;
  if (commands.empty())
    return failure("'--exclude' leaves no file");
  if (commands.front().file != commands.back().file)
    return failure("'threadlint facts' takes one source file, '" + run.options.inputs[0] +
                   "' names several");
  commands.resize(1); // of several configurations the first in sort order
  llvm::Expected<std::vector<TuFacts>> facts = extractWithProgress(run, commands, run.root);
  if (!facts)
    return facts.takeError();
  return std::move(facts->front());
}

} // namespace

llvm::Expected<int> runFacts(const Options &options, const Environment &environment) {
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  bool isJson = options.factsForm == FactsForm::Json;
  const std::string path = factsOutputPath(options);
  if (!path.empty())
    if (llvm::Error error = checkWritable(path))
      return std::move(error);
  llvm::Expected<TuFacts> facts = factsOfInput(*run);
  if (!facts)
    return facts.takeError();
  if (llvm::Error error = checkFactsSurvive(*run, {&*facts, 1}))
    return std::move(error);
  std::string bytes = isJson ? factsToJson(*facts) : writeFacts(*facts);
  if (llvm::Error error =
          path.empty() ? writeStandardOutput(bytes, environment) : writeOutputFile(path, bytes))
    return std::move(error);
  return isIncomplete(*facts) && isStrict(*run) ? 3 : 0;
}

} // namespace threadlint
