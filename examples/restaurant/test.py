"""An evening in the restaurant: preview, settle, settle again, a number used twice, a void."""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from daemon import expect, running  # noqa: E402

CARD = "6301001234567890"


def pos(daemon, *arguments):
    done = subprocess.run(["perl", str(HERE / "pos.pl"), *arguments], capture_output=True,
                          text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "LAUREL_URL": daemon.url,
                               "BILL_TIME": "2026-11-21T11:00:00Z"})
    return done.returncode, (done.stdout + done.stderr).strip()


def main(executable):
    with running(executable) as daemon:
        status, _ = daemon.call("POST", "/v1/members", {
            "id": "E-1", "source": "desk", "at": "2026-11-20T09:00:00Z",
            "identifiers": [{"type": "card", "value": CARD}]})
        expect("enrolled", 201, status)
        bill = ["77", CARD, "oysters=36.00", "sole=84.00"]
        expect("preview", (0, "would earn 120"), pos(daemon, "preview", *bill))
        expect("settle", (0, "settled, earned 120"), pos(daemon, "settle", *bill))
        expect("again", (0, "settled before, earned 120"), pos(daemon, "settle", *bill))
        expect("another bill of that number", (1, "refused (409): idempotency_conflict"),
               pos(daemon, "settle", "77", CARD, "soup=9.00"))
        expect("void", (0, "void, took back 120"), pos(daemon, "void", "77"))


main(*sys.argv[1:])
