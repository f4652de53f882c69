// LibraryFunctions: library functions whose address is taken, as functions with a body of one event.
//
// `pthread_cleanup_push((void *)pthread_mutex_unlock, &lock)` and tables of functions call them through pointers.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

bool isCalledByPointer(const CallModel *model) {
  return model && (model->effect == Effect::Acquire || model->effect == Effect::Release);
}

void FunctionLowering::lowerModelled(const clang::FunctionDecl *function, const CallModel &model) {
  start(function);
  out_.entry = newBlock();
  out_.exit = newBlock();
  current_ = out_.entry;
  const auto object = static_cast<unsigned>(model.object);
  if (model.object >= 0 && object < function->getNumParams()) {
    ValueId lock = loadOf(variablePath(function->getParamDecl(object)));
    Event &event =
        emit(model.effect == Effect::Release ? EventKind::Release : EventKind::Acquire, out_.range);
    event.args.push_back(lock);
    event.mode = model.mode;
    event.flags = model.flags;
    event.success = model.success;
  }
  out_.blocks[current_].edges.push_back({EdgeKind::Always, out_.exit});
}

} // namespace threadlint
