#include "app/serve.hpp"

#include <pthread.h>
#include <signal.h>

#include <cstdio>

#include "app/daemon.hpp"

namespace laurel::daemon {

namespace {

constexpr int kFine = 0;
constexpr int kCouldNotBeDone = 3;

// Blocked in every thread from now on, and taken by whoever waits for them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::string host_of(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

void print_start(const ServeOptions& options, Daemon& daemon) {
  if (options.sandbox) {
    std::puts("this is a SANDBOX: no keys, a clock that can be set, data that can be reset");
  } else if (daemon.service().keys().size() == 0) {
    std::puts("there are no API keys yet; make one with: laurel key create");
  }
  if (const auto stale = daemon.service().stale()) {
    std::printf("the programme folder is broken and was not taken: %s\n", stale->reason.c_str());
  }
  std::printf("listening on http://%s:%u\n", host_of(options.listen).c_str(),
              static_cast<unsigned>(daemon.port()));
  std::fflush(stdout);
}

// Until SIGTERM or SIGINT; SIGHUP reads the programme folder again.
void wait_for_end(Daemon& daemon, const sigset_t& signals) {
  for (;;) {
    int signal_number = 0;
    if (sigwait(&signals, &signal_number) != 0) continue;
    if (signal_number != SIGHUP) return;
    const auto reloaded = daemon.service().reload_programme();
    daemon.log().write(LogLevel::kInfo, reloaded ? "programme folder read again"
                                                 : "programme folder read again and not taken");
  }
}

}  // namespace

int run_daemon(const ServeOptions& options) {
  const sigset_t signals = block_signals();
  auto daemon = Daemon::start(options);
  if (!daemon) {
    std::fprintf(stderr, "laurel: %s\n", daemon.error().detail.c_str());
    for (const FieldFault& fault : daemon.error().faults) {
      std::fprintf(stderr, "  %s %s\n", fault.pointer.c_str(), fault.detail.c_str());
    }
    return kCouldNotBeDone;
  }
  print_start(options, **daemon);
  wait_for_end(**daemon, signals);
  (*daemon)->log().write(LogLevel::kInfo, "stopping");
  const bool drained = (*daemon)->stop(std::chrono::seconds(options.drain_seconds));
  if (!drained) (*daemon)->log().write(LogLevel::kWarning, "some requests were cut off");
  return kFine;
}

}  // namespace laurel::daemon
