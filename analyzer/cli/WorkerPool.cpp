// WorkerPool: a single-threaded poll loop over the workers' pipes.
#include "analyzer/cli/WorkerPool.h"

#include "analyzer/cli/Worker.h"
#include "analyzer/facts/FactsFormat.h"
#include "analyzer/facts/ProjectPath.h"

#include <algorithm>
#include <csignal>
#include <poll.h>

namespace threadlint {
namespace {

using Clock = Worker::Clock;

/// While it lives, the signals that ask for the end come only where the pool waits: one that comes between its question and its
/// sleep would be noticed at the next answer of a worker, which may be long after.
class SignalsWhileWaiting {
public:
  SignalsWhileWaiting() {
    sigset_t asking;
    sigemptyset(&asking);
    for (int number : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&asking, number);
    pthread_sigmask(SIG_BLOCK, &asking, &before_);
  }
  ~SignalsWhileWaiting() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWhileWaiting(const SignalsWhileWaiting &) = delete;
  SignalsWhileWaiting &operator=(const SignalsWhileWaiting &) = delete;

  const sigset_t *before() const { return &before_; }

private:
  sigset_t before_;
};

class Pool {
public:
  Pool(std::span<const CompileCommand> commands, const Extractor &extract, const Observer &observe,
       const PoolOptions &options)
      : commands_(commands), extract_(extract), observe_(observe), options_(options),
        facts_(commands.size()) {}

  llvm::Expected<std::vector<TuFacts>> run() {
    std::vector<std::size_t> all(commands_.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = i;
    if (llvm::Error error = extractThese(all, std::max(1u, options_.jobs)))
      return std::move(error);
    mayRetry_ = false;
    std::vector<std::size_t> crashed = std::move(crashed_);
    std::sort(crashed.begin(), crashed.end());
    for (std::size_t command : crashed)
      if (llvm::Error error = extractThese({command}, 1))
        return std::move(error);
    return std::move(facts_);
  }

private:
  /// Keeps up to `jobs` workers busy until every command of the queue has facts or is noted as crashed.
  llvm::Error extractThese(std::vector<std::size_t> queue, unsigned jobs) {
    std::reverse(queue.begin(), queue.end());
    std::vector<Worker> workers;
    auto busy = [&] {
      return std::any_of(workers.begin(), workers.end(), [](auto &w) { return w.command(); });
    };
    while (!queue.empty() || busy()) {
      if (const char *reason = stopReason()) {
        giveUp(workers, queue, reason);
        break;
      }
      while (workers.size() < jobs && !queue.empty()) {
        llvm::Expected<Worker> worker =
            Worker::start(commands_, extract_, workers, options_.memoryMegabytes);
        if (!worker && !workers.empty()) {
          jobs = static_cast<unsigned>(workers.size());
          std::string cause = llvm::toString(worker.takeError());
          if (options_.onFewerWorkers)
            options_.onFewerWorkers(jobs, cause);
          break;
        }
        if (!worker)
          return worker.takeError();
        assignNext(*worker, queue);
        workers.push_back(std::move(*worker));
      }
      waitForOutput(workers);
      for (std::size_t i = 0; i < workers.size();)
        if (serve(workers[i], readable_[i], queue))
          ++i;
        else
          erase(workers, i);
    }
    for (Worker &worker : workers)
      worker.stop();
    return llvm::Error::success();
  }

  /// The kind of limitation for what is not done, when the run has to end now.
  const char *stopReason() const {
    if (options_.isInterrupted && options_.isInterrupted())
      return "interrupted";
    return options_.deadline && Clock::now() >= *options_.deadline ? "timeout" : nullptr;
  }

  void giveUp(std::vector<Worker> &workers, std::vector<std::size_t> &queue, const char *kind) {
    for (Worker &worker : workers) {
      if (worker.command())
        queue.push_back(*worker.command());
      worker.stop();
    }
    workers.clear();
    queue.insert(queue.end(), crashed_.begin(), crashed_.end());
    crashed_.clear();
    for (std::size_t command : queue)
      limit(command, kind,
            kind == std::string_view("timeout")
                ? "the time for the whole run was over before this file was analysed"
                : "the run was interrupted before this file was analysed");
    queue.clear();
  }

  void assignNext(Worker &worker, std::vector<std::size_t> &queue) {
    if (queue.empty())
      return;
    std::optional<Clock::time_point> deadline;
    if (options_.timeoutSeconds > 0)
      deadline = Clock::now() + std::chrono::seconds(options_.timeoutSeconds);
    worker.assign(queue.back(), deadline);
    queue.pop_back();
  }

  void erase(std::vector<Worker> &workers, std::size_t at) {
    workers.erase(workers.begin() + static_cast<std::ptrdiff_t>(at));
    readable_.erase(readable_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  /// Sleeps until a worker has written, has ended, or is late.
  void waitForOutput(const std::vector<Worker> &workers) {
    std::vector<pollfd> polled;
    int timeout = -1;
    auto wakeAt = [&](const std::optional<Clock::time_point> &deadline) {
      if (!deadline)
        return;
      auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      int milliseconds = static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
      timeout = timeout < 0 ? milliseconds : std::min(timeout, milliseconds);
    };
    wakeAt(options_.deadline);
    for (const Worker &worker : workers) {
      polled.push_back({worker.descriptor(), POLLIN, 0});
      wakeAt(worker.deadline());
    }
    const timespec duration{timeout / 1000, timeout % 1000 * 1'000'000L};
    bool isSignal = ppoll(polled.data(), polled.size(), timeout < 0 ? nullptr : &duration,
                          signals_.before()) < 0;
    readable_.clear();
    for (const pollfd &entry : polled)
      readable_.push_back(!isSignal && entry.revents != 0);
  }

  /// False when the worker is gone.
  bool serve(Worker &worker, bool isReadable, std::vector<std::size_t> &queue) {
    if (isReadable && !worker.receive()) {
      std::optional<std::size_t> command = worker.command();
      std::string cause = worker.stop();
      if (command)
        crashed(*command, cause);
      return false;
    }
    std::optional<std::size_t> command = worker.command();
    if (std::optional<std::string> answer = worker.takeAnswer()) {
      FactsReadResult result = readFacts(*answer);
      if (result.error.empty())
        complete(*command, std::move(result.facts));
      else
        limit(*command, "crash", "the extraction gave unusable facts: " + result.error);
      assignNext(worker, queue);
    } else if (worker.deadline() && Clock::now() >= *worker.deadline()) {
      limit(*command, "timeout",
            "the analysis of this file took longer than " +
                std::to_string(options_.timeoutSeconds) + " s");
      worker.stop();
      return false;
    }
    return true;
  }

  void crashed(std::size_t command, const std::string &cause) {
    if (options_.memoryMegabytes > 0 && Worker::ranOutOfMemory(cause)) {
      limit(command, "memory",
            "the analysis of this file needs more than " +
                std::to_string(options_.memoryMegabytes) + " MB");
      return;
    }
    if (mayRetry_)
      crashed_.push_back(command);
    else
      limit(command, "crash", "the analysis of this file crashed: " + cause);
  }

  void limit(std::size_t command, const char *kind, const std::string &message) {
    complete(command, limitedFacts(projectPath(commands_[command].file, options_.projectRoot), kind,
                                   message));
  }

  void complete(std::size_t command, TuFacts facts) {
    facts_[command] = std::move(facts);
    observe_(command);
  }

  std::span<const CompileCommand> commands_;
  const Extractor &extract_;
  const Observer &observe_;
  const PoolOptions &options_;
  const SignalsWhileWaiting signals_;
  std::vector<TuFacts> facts_;
  std::vector<bool> readable_;
  std::vector<std::size_t> crashed_;
  bool mayRetry_ = true;
};

} // namespace

llvm::Expected<std::vector<TuFacts>> extractAll(std::span<const CompileCommand> commands,
                                                const Extractor &extract, const Observer &observe,
                                                const PoolOptions &options) {
  return Pool(commands, extract, observe, options).run();
}

TuFacts limitedFacts(const std::string &file, const std::string &kind, const std::string &message) {
  TuFacts facts;
  facts.mainFile = file;
  facts.files.push_back(file);
  facts.strings.insert(facts.strings.end(), {kind, message});
  facts.limitations.push_back({1, 2, {1, 1, 1, 1, 1}, true});
  return facts;
}

} // namespace threadlint
