"""A daemon of one's own for a test: a free port, a temporary store, killed at the end."""

import contextlib
import http.client
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    def __init__(self, executable, store, programme="rules/department-store"):
        self.arguments = [executable, "serve", "--programme", str(ROOT / programme),
                          "--store", store, "--sandbox", "--log-level", "warning"]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.arguments + ["--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the daemon ended: " + self.process.stderr.read().decode())
            with contextlib.suppress(OSError):
                if self.call("GET", "/readyz")[0] == 200:
                    return
            time.sleep(0.02)
        raise RuntimeError("the daemon is not ready")

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read().decode()
            is_json = "json" in answer.getheader("Content-Type", "")
            return answer.status, json.loads(content) if content and is_json else content
        finally:
            connection.close()

    def set_clock(self, now):
        status, answer = self.call("PUT", "/v1/sandbox/clock", {"now": now})
        assert status == 200, answer

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        finally:
            self.process.kill()
            self.process.stderr.close()


@contextlib.contextmanager
def running(executable, programme="rules/department-store", now="2026-11-21T12:00:00Z"):
    """Yields the daemon and a store URI that others may open too."""
    with tempfile.TemporaryDirectory(prefix="laurel-example-") as folder:
        store = f"sqlite:{folder}/laurel.db"
        daemon = Daemon(executable, store, programme)
        try:
            daemon.start()
            daemon.set_clock(now)
            daemon.store = store
            daemon.folder = folder
            yield daemon
        finally:
            daemon.stop()


def expect(what, wanted, seen):
    if wanted != seen:
        raise SystemExit(f"{what}: expected {wanted!r}, got {seen!r}")
