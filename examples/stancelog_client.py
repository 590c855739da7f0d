#!/usr/bin/env python3
"""A client of a stancelog server, of nothing but Python's standard library.

From the shell:

    python3 stancelog_client.py append events.jsonl          # events, one JSON object a line; - for what is piped in
    python3 stancelog_client.py ask stances target=ukraine   # all items of a list, a line each
    python3 stancelog_client.py follow --after 0             # every event, then as they are stored

STANCELOG_URL says where the server is (http://127.0.0.1:7878 unless given), STANCELOG_TOKEN is the token where one is needed.

From a program:

    from stancelog_client import Client, Refused
    client = Client("http://127.0.0.1:7878")
    client.append({"actor": "Boris Johnson", "action": "visits", "target": "Kyiv", "occurred": "2023-01-22"})
    for answer in client.items("stances", target="Kyiv"):
        print(answer["actor"], answer["stance"])
    for seq, event in client.follow(after=0):
        print(seq, event["type"])

What makes it safe to use on a bad network:

- An append carries an Idempotency-Key, made once and kept for all its tries, so that events are stored once even where an
  answer got lost. Whoever may die in between hands in a key of its own and uses the same again.
- A server that is not there, is stopping, or has too much to do (429, 503) is asked again after the time that it names, or
  after ever longer pauses.
- The pages of a list are of one moment, whatever is appended meanwhile.
- A stream that breaks off is taken up behind the last event that was seen (Last-Event-ID): none is missed, none comes twice.
"""

import argparse
import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

# What says that the server could not be asked, now.
UNREACHABLE = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Refused(Exception):
    """The server's reason not to do what it was asked: its problem document (RFC 9457)."""

    def __init__(self, problem):
        super().__init__(problem.get("detail") or problem.get("title") or "refused")
        self.problem = problem


class Client:
    """A server, and how patient to be with it."""

    def __init__(self, url="http://127.0.0.1:7878", token=None, tries=8, timeout_s=60):
        self.url, self.token, self.tries, self.timeout_s = url.rstrip("/"), token, tries, timeout_s

    def append(self, events, key=None, expect_head=None, condition=None):
        """Stores an event, or a list of them whole or not at all; returns what became of each.

        expect_head: the head that was seen; condition: {"after": SEQ, "query": [{"actor": …, "target": …}, …]}.
        """
        body = events if condition is None else {"events": events, "condition": condition}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
        if expect_head is not None:
            headers["If-Match"] = f'"{expect_head}"'
        return json.loads(self._asked("/v1/events", headers, json.dumps(body).encode()))

    def ask(self, question, **parameters):
        """One answer, or one page of a list: ask("why", actor="boris-johnson", target="ukraine")."""
        query = urllib.parse.urlencode({name: value for name, value in parameters.items() if value is not None})
        return json.loads(self._asked(f"/v1/{question}?{query}", {}))

    def items(self, question, **parameters):
        """All items of a list, page by page."""
        while True:
            page = self.ask(question, **parameters)
            yield from page["items"]
            if page["next"] is None:
                return
            parameters["cursor"] = page["next"]

    def follow(self, after=None, **filters):
        """Every event behind a seq as (seq, event), for ever; without `after`, from now on. Filters: actor, target, type, action."""
        if after is None:
            after = self.ask("status")["head"]
        pauses = self._pauses()
        while True:
            headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
            try:
                with self._open("/v1/events/stream?" + urllib.parse.urlencode(filters), headers) as stream:
                    for seq, event in told(stream):
                        after, pauses = seq, self._pauses()
                        yield seq, event
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503):
                    raise refused(error) from None
            except UNREACHABLE:
                pass
            # The stream ended or broke off; what it had told is not asked for again.
            time.sleep(next(pauses, 10))

    def _asked(self, path, headers, body=None):
        """The whole answer, after as many tries as it takes."""
        for pause in self._pauses():
            try:
                with self._open(path, headers, body) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503):
                    raise refused(error) from None
                pause = max(pause, float(error.headers.get("Retry-After") or 0))
                last = error
            except UNREACHABLE as error:
                last = error
            time.sleep(pause)
        raise last

    def _open(self, path, headers, body=None):
        if self.token:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        return urllib.request.urlopen(request, timeout=self.timeout_s)

    def _pauses(self):
        """Ever longer pauses, none quite like another's, so that many clients do not come back at once."""
        for number in range(self.tries):
            yield min(10, 0.1 * 2**number) * (0.5 + random.random())


def told(stream):
    """The events of a stream of server-sent events, as (seq, event)."""
    seq, data = None, None
    for line in stream:
        name, _, value = line.decode().rstrip("\r\n").partition(": ")
        if name == "id":
            seq = int(value)
        elif name == "data":
            data = value
        elif name == "" and data is not None:
            yield seq, json.loads(data)
            data = None


def refused(error):
    """What the server said instead of an answer."""
    try:
        return Refused(json.loads(error.read()))
    except ValueError:
        return Refused({"status": error.code, "title": error.reason})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    append = commands.add_parser("append", help="append events, one JSON object a line")
    append.add_argument("file", help="the file; - for what is piped in")
    append.add_argument("--at-once", type=int, default=500, help="events in one request [500]")
    append.add_argument("--key", help="begins the keys of the requests: with the same one, they can be sent again")
    ask = commands.add_parser("ask", help="all items of a list, or one answer")
    ask.add_argument("question", help="stances, history, why, flips, gaps, claims, entities, …")
    ask.add_argument("parameters", nargs="*", metavar="NAME=VALUE")
    follow = commands.add_parser("follow", help="every event as it is stored")
    follow.add_argument("--after", type=int, help="begin behind this seq; 0 for the whole log")
    follow.add_argument("--count", type=int, help="end after so many")
    arguments = parser.parse_args()
    client = Client(os.environ.get("STANCELOG_URL", "http://127.0.0.1:7878"), os.environ.get("STANCELOG_TOKEN"))
    try:
        run(client, arguments)
    except Refused as refusal:
        print(json.dumps(refusal.problem, ensure_ascii=False), file=sys.stderr)
        sys.exit(1)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.stderr.close()


def run(client, arguments):
    if arguments.command == "append":
        with sys.stdin if arguments.file == "-" else open(arguments.file, encoding="utf-8") as lines:
            events = [json.loads(line) for line in lines if line.strip()]
        key = arguments.key or str(uuid.uuid4())
        for first in range(0, len(events), arguments.at_once):
            done = client.append(events[first : first + arguments.at_once], key=f"{key}-{first}")
            print(json.dumps({name: done[name] for name in ("appended", "duplicates", "head")}))
    elif arguments.command == "ask":
        parameters = dict(parameter.split("=", 1) for parameter in arguments.parameters)
        answer = client.ask(arguments.question, **parameters)
        items = client.items(arguments.question, **parameters) if "items" in answer else [answer]
        for item in items:
            print(json.dumps(item, ensure_ascii=False))
    else:
        for number, (seq, event) in enumerate(client.follow(arguments.after), start=1):
            print(json.dumps({**event, "seq": seq}, ensure_ascii=False), flush=True)
            if number == arguments.count:
                return


if __name__ == "__main__":
    main()
