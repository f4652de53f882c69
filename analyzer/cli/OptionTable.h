// OptionTable: one row per option; the help text, the configuration file, its schema and the suggestions come from the same table.
#pragma once

#include "analyzer/cli/Options.h"

#include <span>

namespace threadlint {

enum class OptionKind : std::uint8_t {
  Switch, ///< no value
  Value,  ///< the last one counts
  List,   ///< each occurrence adds one
  Map,    ///< each occurrence is NAME=VALUE
};

struct OptionRow {
  std::string_view name;     ///< "--min-confidence"
  std::string_view key;      ///< in the configuration file; empty = only on the command line
  std::string_view argument; ///< in the help; empty = a switch
  std::string_view help;
  OptionKind kind = OptionKind::Value;
  bool isPath = false; ///< relative to the configuration file's folder
  llvm::Error (*apply)(llvm::StringRef value, Options &options);
  /// What a fixed set of values allows; empty = anything.
  std::span<const std::string_view> values = {};
  std::string_view opposite = {}; ///< of a switch: the option that `key: false` stands for
};

std::span<const OptionRow> optionTable();

/// Sets what the option says. An empty value is an error for every option that takes one: it comes from a variable that is not set.
llvm::Error applyOption(const OptionRow &row, llvm::StringRef value, Options &options);

/// By its name or one of its short forms; null when there is none.
const OptionRow *findOption(std::string_view name);

} // namespace threadlint
