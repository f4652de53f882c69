// ExtractionTable: see the header.
#include "tests/extract/ExtractionTable.h"

#include "analyzer/extract/Extract.h"
#include "analyzer/facts/FactsValidation.h"
#include "tests/extract/Dump.h"

namespace threadlint {

std::string extractDump(const std::string &code, const std::string &file,
                        const std::vector<std::string> &options) {
  CompileCommand command;
  command.directory = "/";
  command.file = "/project/" + file;
  command.arguments = {file.ends_with(".c") ? "cc" : "c++"};
  if (!file.ends_with(".c"))
    command.arguments.push_back("-std=c++20");
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.arguments.push_back(command.file);
  ExtractOptions extractOptions;
  extractOptions.projectRoot = "/project";
  extractOptions.overlayContent = code;
  TuFacts facts = extractTu(command, extractOptions);
  EXPECT_EQ(validateFacts(facts), "");
  return dumpFacts(facts);
}

void checkExtraction(const ExtractionCase &test) {
  std::string dump = extractDump(test.code, test.file, test.options);
  std::size_t position = 0;
  for (const std::string &expected : test.expected) {
    std::size_t found = dump.find(expected, position);
    EXPECT_NE(found, std::string::npos) << "missing, or out of order: " << expected << "\nin\n"
                                        << dump;
    if (found != std::string::npos)
      position = found + expected.size();
  }
  for (const std::string &absent : test.absent)
    EXPECT_EQ(dump.find(absent), std::string::npos) << "must not occur: " << absent << "\nin\n"
                                                    << dump;
}

} // namespace threadlint
