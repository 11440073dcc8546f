#!/usr/bin/env python3
"""Gives the map of the directories to a running demonstration: load_map.py URL FILE.topojson

The shapes are not part of the project. Beside the file, LICENCES.md has the line to display, « between guillemets ».
"""

import http.client
import json
import pathlib
import re
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUTE = "/x/org.cluse.annuaires/map/shapes"
WAIT_S = 60


def demonstration() -> tuple[str, str]:
    """Address and password of the demonstration's administrator."""
    blocks = re.split(r"^(?=\[\[)", (ROOT / "config/demo/demo.toml").read_text(encoding="utf-8"), flags=re.M)
    admin = next(block for block in blocks if re.search(r"^admin\s*=\s*true", block, re.M))
    value = lambda block, key: re.search(rf'^{key}\s*=\s*"([^"]*)"', block, re.M).group(1)
    return value(admin, "email"), value(blocks[0], "password")


def ask(url: str, method: str, path: str, body: str, cookie: str = "") -> http.client.HTTPResponse:
    host = urllib.parse.urlsplit(url).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    headers = {"Origin": url, "Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
    connection.request(method, path, body.encode(), headers)
    return connection.getresponse()


def wait_for(url: str) -> None:
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        try:
            if ask(url, "GET", "/readyz", "").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    sys.exit(f"{url} does not answer")


def shapes(file: pathlib.Path) -> str:
    topology = json.loads(file.read_text(encoding="utf-8"))
    licences = file.with_name("LICENCES.md")
    words = licences.read_text(encoding="utf-8") if licences.exists() else ""
    credit = re.search(r"^«\s*(.+?)\s*»", words, re.M)
    if credit and "credit" not in topology:
        topology["credit"] = credit.group(1)
    return json.dumps(topology, separators=(",", ":"), ensure_ascii=False)


def main(url: str, file: str) -> None:
    wait_for(url)
    email, password = demonstration()
    signed_in = ask(url, "POST", "/api/v1/session", json.dumps({"email": email, "password": password}))
    cookie = (signed_in.getheader("Set-Cookie") or "").split(";")[0]
    have = ask(url, "GET", ROUTE, "", cookie).status
    if have == 200:
        return
    answer = ask(url, "PUT", ROUTE, shapes(pathlib.Path(file)), cookie)
    if answer.status >= 300:
        sys.exit(f"the map was not loaded: {answer.status} {answer.read(300).decode(errors='replace')}")
    print("The directories have their map")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
