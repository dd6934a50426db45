"""The checkout and a running daemon on one SQLite file."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from daemon import expect, running  # noqa: E402

CARD = "6301001234567890"


def checkout(program, store, receipt):
    done = subprocess.run([program, store, CARD, receipt], capture_output=True, text=True,
                          timeout=60)
    expect(f"exit code ({done.stderr})", 0, done.returncode)
    return done.stdout.splitlines()


def main(executable, program):
    with running(executable) as daemon:
        status, enrolled = daemon.call("POST", "/v1/members", {
            "id": "E-1", "source": "desk", "at": "2026-11-20T09:00:00Z",
            "identifiers": [{"type": "card", "value": CARD}]})
        expect("enrolled", 201, status)

        first = checkout(program, daemon.store, "R-1001")
        expect("quote of the full basket", "  this basket earns 2221 points", first[3])
        expect("payment", "paid: R-1001 earned 2221 points", first[4])
        again = checkout(program, daemon.store, "R-1001")
        expect("the same receipt again", "already paid: R-1001 earned 2221 points", again[4])

        # The daemon sees the sale as if it had taken it itself.
        status, sale = daemon.call("GET", "/v1/transactions/shop-checkout/R-1001")
        expect("sale at the daemon", (200, enrolled["id"]), (status, sale["attribution"]["member"]))
        status, member = daemon.call("GET", f"/v1/members/{enrolled['id']}")
        expect("pending points", 2221, member["wallets"]["points"]["pending"])


main(*sys.argv[1:])
