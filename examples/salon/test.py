"""A day in the salon: a visit, a bill, a hook that runs twice, a refund."""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from daemon import expect, running  # noqa: E402


def salon(daemon, *arguments):
    done = subprocess.run([str(HERE / "salon.sh"), *arguments], capture_output=True, text=True,
                          timeout=60, env={"PATH": "/usr/local/bin:/usr/bin:/bin",
                                           "LAUREL_URL": daemon.url})
    expect(f"{arguments[0]} ({done.stderr} {done.stdout})", 0, done.returncode)
    return json.loads(done.stdout)


def main(executable):
    with running(executable) as daemon:
        status, member = daemon.call("POST", "/v1/members", {
            "id": "E-1", "source": "desk", "at": "2026-11-20T09:00:00Z",
            "identifiers": [{"type": "salon_client", "value": "C-118"}]})
        expect("enrolled", 201, status)

        salon(daemon, "visit", "A-2041", "C-118", "2026-11-21T10:00:00Z")
        bill = ["pay", "A-2041", "C-118", "2026-11-21T11:10:00Z", "Ines",
                "cut", "85.00", 'colour "balayage"', "140.50"]
        first = salon(daemon, *bill)
        expect("whose bill", member["id"], first["attribution"]["member"])
        expect("by", "salon_client", first["attribution"]["by"])
        expect("points", 225, first["points"][0]["earned"])
        again = salon(daemon, *bill)
        expect("the hook ran twice", (True, first["points"]), (again["replayed"], again["points"]))

        back = salon(daemon, "refund", "A-2041", "2026-11-21T11:40:00Z")
        expect("taken back", 225, back["reversed"][0]["points"])
        status, seen = daemon.call("GET", f"/v1/members/{member['id']}")
        wallet = seen["wallets"]["points"]
        expect("the visit's bonus alone is left", True,
               wallet["pending"] + wallet["available"] < 225)


main(*sys.argv[1:])
