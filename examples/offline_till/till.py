#!/usr/bin/env python3
"""A till that goes on selling without a network.

    till.py sell    --queue FILE --till till-7 --card 6301001234567890 --amount 12.50
    till.py deliver --queue FILE --url http://127.0.0.1:8080

`sell` writes the sale to the queue, a file of one JSON object a line, and returns when it is on the
disk. `deliver` sends what has not been delivered and notes in FILE.delivered how far it came.

It delivers exactly once without being clever. Every sale carries its own key, the till's name and a
number that is never used again, so sending a sale twice is harmless: the daemon answers the second
time as it did the first, with "replayed": true. The till may therefore be killed at any moment,
even between the daemon's answer and its own note of it. A note that is missing only means that a
sale is sent once more.
"""

import argparse
import datetime
import http.client
import json
import os
import sys
import time
import urllib.parse

TRIES = 5


def append_durably(path, line):
    with open(path, "a", encoding="utf-8") as queue:
        queue.write(line + "\n")
        queue.flush()
        os.fsync(queue.fileno())


def replace_durably(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def sales_of(queue):
    """Whole lines only: a line that was being written when the power went was never a sale."""
    if not os.path.exists(queue):
        return []
    with open(queue, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def delivered(queue):
    try:
        with open(queue + ".delivered", encoding="utf-8") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def mend(queue):
    """Cuts off a last line that was never finished."""
    if not os.path.exists(queue):
        return
    with open(queue, "rb+") as file:
        text = file.read()
        file.truncate(text.rfind(b"\n") + 1)


def sell(options):
    mend(options.queue)
    number = len(sales_of(options.queue)) + 1
    now = options.at or datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    sale = {"source": options.till, "id": f"{number:06}", "kind": "sale", "at": now,
            "store": "knightsbridge", "channel": "store", "currency": "GBP",
            "identifiers": [{"type": "card", "value": options.card}],
            "lines": [{"id": "1", "department": "food-hall", "amount": options.amount}]}
    append_durably(options.queue, json.dumps(sale))
    print(f"sold {sale['id']} {options.amount}")
    return 0


def post(url, sale):
    """The status and the answer; the same key again after anything that is not an answer."""
    where = urllib.parse.urlparse(url)
    headers = {"Content-Type": "application/json"}
    if "LAUREL_KEY" in os.environ:
        headers["Authorization"] = "Bearer " + os.environ["LAUREL_KEY"]
    pause = 0.1
    for last in [False] * (TRIES - 1) + [True]:
        try:
            connection = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
            connection.request("POST", "/v1/transactions", json.dumps(sale), headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
            if answer.status not in (429, 503) or last:
                return answer.status, body
        except (OSError, http.client.HTTPException):
            if last:
                return 0, None
        time.sleep(pause)
        pause *= 2
    return 0, None


def deliver(options):
    sales = sales_of(options.queue)
    done = delivered(options.queue)
    for sale in sales[done:]:
        status, answer = post(options.url, sale)
        if status in (200, 201):
            print(f"delivered {sale['id']}" + (" (stood already)" if answer["replayed"] else ""))
        elif status in (0, 401, 403, 429, 500, 503):
            print(f"stopped at {sale['id']}: no answer that counts ({status})", file=sys.stderr)
            return 3
        else:  # it can never succeed: a person must look at it, the next sale must not wait
            print(f"refused {sale['id']}: {answer['code']}", file=sys.stderr)
            append_durably(options.queue + ".refused", json.dumps({"sale": sale, "why": answer}))
        done += 1
        replace_durably(options.queue + ".delivered", str(done))
    return 0


def main():
    parser = argparse.ArgumentParser(description="a till that goes on selling without a network")
    commands = parser.add_subparsers(required=True)
    selling = commands.add_parser("sell")
    selling.add_argument("--till", required=True)
    selling.add_argument("--card", required=True)
    selling.add_argument("--amount", required=True)
    selling.add_argument("--at")
    selling.set_defaults(run=sell)
    delivering = commands.add_parser("deliver")
    delivering.add_argument("--url", required=True)
    delivering.set_defaults(run=deliver)
    for command in (selling, delivering):
        command.add_argument("--queue", required=True)
    options = parser.parse_args()
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
