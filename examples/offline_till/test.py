"""A till is killed in its delivery, at the worst moment, and delivers exactly once."""

import pathlib
import signal
import socket
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from daemon import expect, free_port, running  # noqa: E402

CARD = "6301001234567890"


class Forwarder:
    """Passes requests on to the daemon; swallows the n-th answer and kills the till there."""

    def __init__(self, daemon_port, kill_at):
        self.daemon_port, self.kill_at, self.till, self.count = daemon_port, kill_at, None, 0
        self.port = free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.forward(client)

    def forward(self, client):
        with client, socket.create_connection(("127.0.0.1", self.daemon_port)) as daemon:
            daemon.sendall(read_message(client))
            answer = read_message(daemon)
            self.count += 1
            if self.count == self.kill_at:
                self.till.send_signal(signal.SIGKILL)
                self.till.wait()
            else:
                client.sendall(answer)


def read_message(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, body = data.split(b"\r\n\r\n", 1)
    size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length"))
    while len(body) < size:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def till(*arguments):
    return subprocess.Popen([sys.executable, str(HERE / "till.py"), *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main(executable):
    with running(executable) as daemon:
        queue = daemon.folder + "/queue.ndjson"
        daemon.call("POST", "/v1/members", {
            "id": "E-1", "source": "desk", "at": "2026-11-20T09:00:00Z",
            "identifiers": [{"type": "card", "value": CARD}]})

        nobody = f"http://127.0.0.1:{free_port()}"
        for minute in range(10):  # no network: the till sells all the same
            process = till("sell", "--queue", queue, "--till", "till-7", "--card", CARD,
                           "--amount", "10.00", "--at", f"2026-11-21T10:{minute:02}:00Z")
            expect("sold", f"sold {minute + 1:06} 10.00\n", process.communicate()[0])
        process = till("deliver", "--queue", queue, "--url", nobody)
        process.communicate()
        expect("offline", 3, process.returncode)

        forwarder = Forwarder(daemon.port, kill_at=4)
        url = f"http://127.0.0.1:{forwarder.port}"
        process = till("deliver", "--queue", queue, "--url", url)
        forwarder.till = process
        process.wait()
        expect("killed in the middle", -signal.SIGKILL, process.returncode)

        # A power cut also left half a sale at the end of the queue.
        with open(queue, "a", encoding="utf-8") as file:
            file.write('{"source": "till-7", "id": "0000')
        process = till("deliver", "--queue", queue, "--url", url)
        output, errors = process.communicate()
        expect(f"delivered ({errors})", 0, process.returncode)
        expect("the first of the rest", "delivered 000004 (stood already)",
               output.splitlines()[0])
        expect("sales of this delivery", 7, len(output.splitlines()))
        process = till("deliver", "--queue", queue, "--url", url)
        expect("nothing left", "", process.communicate()[0])

        status, found = daemon.call("POST", "/v1/members/lookup",
                                    {"identifiers": [{"type": "card", "value": CARD}]})
        expect("found", 200, status)
        wallet = found["member"]["wallets"]["points"]
        expect("points of ten sales, each once", 100, wallet["available"] + wallet["pending"])


main(*sys.argv[1:])
