#!/usr/bin/env python3
"""Aim: the directories arrive whole in a real client: vdirsyncer brings them, khard reads them, an entry that goes is gone.

    dav_client_test.py PROGRAM     (annuaires_serve)

Says "skipped" where vdirsyncer or khard is not installed. No network beyond this machine.
"""
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

PREFIX = "/x/org.cluse.annuaires"


class Plugin:
    def __init__(self, program):
        self.lock = threading.Lock()
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def ask(self, method, path, body="", headers=None):
        with self.lock:
            line = json.dumps({"method": method, "path": path, "body": body, "headers": headers or {}}, ensure_ascii=False)
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        return self.process.wait(timeout=30)


def handler_of(plugin):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if not self.path.startswith(PREFIX):
                answer = {"status": 404, "headers": {}, "body": ""}
            else:
                small = {name.lower(): value for name, value in self.headers.items()}
                answer = plugin.ask(self.command, self.path[len(PREFIX):], body, small)
            text = answer["body"].encode()
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_OPTIONS = do_PROPFIND = do_REPORT = answer

        def log_message(self, *_):
            pass

    return Handler


def run(folder, *command, answers=None):
    done = subprocess.run(command, cwd=folder, input=answers, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def check(is_right, what):
    if not is_right:
        sys.exit(f"failed: {what}")


def main():
    if not shutil.which("vdirsyncer") or not shutil.which("khard"):
        print("skipped: vdirsyncer and khard are not installed")
        return
    plugin = Plugin(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(plugin))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}{PREFIX}/dav/"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        settings = folder / "vdirsyncer.conf"
        settings.write_text(
            f'[general]\nstatus_path = "{folder}/status"\n'
            '[pair books]\na = "here"\nb = "there"\ncollections = ["from b"]\nconflict_resolution = "b wins"\nmetadata = ["displayname"]\n'
            f'[storage here]\ntype = "filesystem"\npath = "{folder}/books"\nfileext = ".vcf"\n'
            f'[storage there]\ntype = "carddav"\nurl = "{url}"\nusername = "person@example.org"\npassword = "app"\nread_only = true\n'
        )
        sync = ["vdirsyncer", "-c", str(settings)]
        run(folder, *sync, "discover", answers="y\n" * 20)
        run(folder, *sync, "sync")
        books = sorted(path.name for path in (folder / "books").iterdir())
        check("organismes" in books and "techniciens" in books, f"every directory is a book: {books}")
        cards = list((folder / "books" / "organismes").glob("*.vcf"))
        check(len(cards) == 26, f"every entry is a card: {len(cards)}")
        khard = folder / "khard.conf"
        khard.write_text(f"[addressbooks]\n[[organismes]]\npath = {folder}/books/organismes/\n[general]\ndefault_action = list\n")
        listed = run(folder, "khard", "-c", str(khard), "list", "--parsable")
        check("Maison « test », Maîche" in listed, f"khard shows its name:\n{listed}")
        shown = run(folder, "khard", "-c", str(khard), "show", "--format", "yaml", "Maison")
        check("test@example.org" in shown and "1, rue de l’Église" in shown and "une autre, avec ; et" in shown, f"khard reads it whole:\n{shown}")
        found = plugin.ask("GET", "/search?q=maison")
        entry = json.loads(found["body"])["hits"][0]
        plugin.ask("DELETE", f"/entries/{entry['id']}")
        run(folder, *sync, "sync")
        left = list((folder / "books" / "organismes").glob("*.vcf"))
        check(len(left) == 25 and not any(entry["uid"] in path.name for path in left), "what was put away is gone")
    server.shutdown()
    check(plugin.close() == 0, "the plugin ends well")
    print("2 clients, 7 checks passed")


if __name__ == "__main__":
    main()
