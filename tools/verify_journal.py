#!/usr/bin/env python3
"""Verifies an export of the journal (`cluse audit export FILE`), anywhere, with nothing but Python 3.

    python3 verify_journal.py FILE [--head [N:]HASH]

Says "intact" and exits 0; names the first event that was altered, removed or moved and exits 1; or says what it cannot
read and exits 2. The format of the chain is described in docs/journal.md, of which this is an independent reading."""

import argparse
import hashlib
import json
import re
import sys

ENCODING = "cluse.journal.1"
FIELDS = ("actor", "hat", "verb", "object_kind", "object", "workspace", "request", "commitment")


class Broken(Exception):
    pass


def encoded(event, sequence):
    fields = [ENCODING, str(sequence), str(event["at"]), *(event[name] for name in FIELDS)]
    out = b""
    for field in fields:
        octets = field.encode("utf-8")
        out += str(len(octets)).encode() + b":" + octets + b","
    return out


def hash_of(previous, event, sequence):
    return hashlib.sha256(previous.encode() + encoded(event, sequence)).hexdigest()


def read(path):
    events = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                event = json.loads(line)
                whole = all(isinstance(event[name], str) for name in (*FIELDS, "hash"))
                whole = whole and isinstance(event["sequence"], int) and isinstance(event["at"], int)
                if not whole or not isinstance(event["detail"], (dict, type(None))):
                    raise ValueError("a field has another type")
            except (ValueError, KeyError, TypeError) as error:
                raise Unreadable(f"line {number} is no event: {error}") from error
            events.append(event)
    return events


class Unreadable(Exception):
    pass


def check_detail(event, erasures):
    number, detail = event["sequence"], event["detail"]
    if not event["commitment"]:
        if detail is not None:
            raise Broken(f"event {number} has details, and was written without any")
        return 0
    if detail is None:
        raise Broken(f"the details of event {number} are gone, and no erasure says why")
    if "erased_by" in detail:
        if detail["erased_by"] not in erasures:
            raise Broken(f"the details of event {number} are gone: event {detail['erased_by']} is no erasure")
        return 1
    digest = hashlib.sha256((detail["salt"] + detail["body"]).encode("utf-8")).hexdigest()
    if digest != event["commitment"]:
        raise Broken(f"the details of event {number} were altered")
    return 0


def fault_at(events, index, previous):
    expected = index + 1
    for later in events[index + 1:]:
        if hash_of(previous, later, expected) == later["hash"]:
            return f"event {expected} was moved: it stands at {later['sequence']}"
    if events[index]["sequence"] != expected:
        return f"event {expected} is missing"
    return f"event {expected} was altered"


def verify(events, head):
    erasures = {event["sequence"] for event in events if event["verb"] in ("person.erased", "retention.applied")}
    previous, erased = "0" * 64, 0
    wanted, noted = head if head else (None, None)
    met = noted is None or noted == previous
    for index, event in enumerate(events):
        expected = index + 1
        if event["sequence"] != expected or hash_of(previous, event, expected) != event["hash"]:
            raise Broken(fault_at(events, index, previous))
        erased += check_detail(event, erasures)
        previous = event["hash"]
        met = met or previous == noted
        if wanted == expected and previous != noted:
            raise Broken(f"event {expected} is not the one that was noted")
    if not met:
        raise Broken(f"event {len(events) + 1} is missing, and all later ones: the noted head is not in the chain")
    return previous, erased


def parse_head(text):
    found = re.fullmatch(r"(?:(\d+):)?([0-9a-f]{64})", text)
    if not found:
        raise argparse.ArgumentTypeError("64 hexadecimal digits, or N:digits")
    return (int(found[1]) if found[1] else None), found[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--head", type=parse_head, help="what `cluse audit head` said earlier")
    arguments = parser.parse_args()
    try:
        events = read(arguments.file)
        head, erased = verify(events, arguments.head)
    except Broken as broken:
        print(f"BROKEN: {broken}")
        return 1
    except (OSError, Unreadable, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"intact: {len(events)} events, the details of {erased} erased")
    print(f"head {len(events)}:{head}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
