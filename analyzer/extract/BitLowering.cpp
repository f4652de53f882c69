// BitLowering: the objects that stand for one bit of a container: `std::vector<bool>::reference`, `std::bitset::reference`.
//
// Bits share words, so an element is named without its index: whoever writes one writes its neighbours.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

bool isBitReference(clang::QualType type) {
  const clang::CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->getIdentifier() || !record->isInStdNamespace())
    return false;
  if (record->getName() == "reference") {
    const auto *outer = llvm::dyn_cast<clang::CXXRecordDecl>(record->getDeclContext());
    return outer && outer->getIdentifier() && outer->getName() == "bitset";
  }
  return record->getName() == "_Bit_reference" || record->getName() == "__bit_reference";
}

PathId FunctionLowering::bitPath(const clang::Expr *reference) {
  const clang::Expr *bare = reference->IgnoreImplicit();
  Lowered bit = lower(bare);
  return bit.path != kNone ? bit.path : pathOf(reference);
}

std::optional<Lowered> FunctionLowering::lowerBit(const clang::CallExpr *call,
                                                  const clang::CXXMethodDecl *method) {
  Lowered result;
  if (const auto *assignment = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call)) {
    if (assignment->getOperator() != clang::OO_Equal || call->getNumArgs() != 2)
      return std::nullopt;
    ValueId stored = kNone;
    if (isBitReference(call->getArg(1)->getType()))
      access(EventKind::Read, bitPath(call->getArg(1)), rangeOf(call->getArg(1)));
    else
      stored = valueOf(call->getArg(1));
    result.path = bitPath(call->getArg(0));
    access(EventKind::Write, result.path, rangeOf(call->getArg(0)), 0, stored);
    return result;
  }
  const auto *member = llvm::dyn_cast<clang::MemberExpr>(call->getCallee()->IgnoreParens());
  if (!member || member->isArrow())
    return std::nullopt;
  const bool isFlip = method->getIdentifier() && method->getName() == "flip";
  if (!isFlip && !llvm::isa<clang::CXXConversionDecl>(method))
    return std::nullopt;
  PathId bit = bitPath(member->getBase());
  access(isFlip ? EventKind::ReadWrite : EventKind::Read, bit, rangeOf(call));
  if (isFlip)
    result.path = bit;
  else
    result.value = loadOf(bit);
  return result;
}

} // namespace threadlint
