#!/usr/bin/env python3
"""The rules of the house, as a test: layers, headers that stand alone, lengths, banned calls. Ends with "N passed, N failed".

Each file that is looked at for one rule is one check. `tidy.py --self-test` runs the rules on text that breaks them.
"""
import concurrent.futures
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE_MAX = 120
FUNCTION_MAX = 70
HEADER_MAX = 200

# An arrow may only point down: what each layer may include besides itself and base.
LAYERS = {
    "base": set(),
    "crdt": set(),
    "async": set(),
    "storage": {"async"},
    "mail": {"storage"},
    "http_client": set(),
    "oidc": {"http_client"},
    "domain": {"async", "storage", "crdt", "mail", "http_client", "oidc"},
    "realtime": {"async", "storage", "crdt", "domain"},
    "net": {"async"},
    "plugin": {"async", "storage", "domain", "http_client"},
    "plugin_runner": {"plugin"},
    "api": {"async", "storage", "crdt", "domain", "realtime", "plugin", "net"},
    "app": {"async", "storage", "crdt", "domain", "realtime", "plugin", "net", "api", "mail", "http_client", "oidc"},
}

# Folders inside a layer that stand on less than their layer: what each may include of the server besides itself and base.
PARTS = {
    "server/domain/money/": (),
    "server/domain/registry/": (),
    "server/domain/territories/": ("server/domain/registry/", "server/domain/text.h", "server/storage/"),
    "server/domain/journal/": ("server/storage/",),
    "server/domain/data_file/": (),
    # Half of it runs in the child: nothing of the server may come along.
    "server/plugin/guest/": (),
    "server/domain/calendar/": ("server/domain/data_file/",),
    "server/domain/rules/": ("server/domain/data_file/", "server/domain/calendar/", "server/domain/money/",
                             "server/storage/sha256.h"),
}

# A library that only one folder may know, and why others need not.
CONFINED = [
    (re.compile(r'#include\s+[<"]boost/beast'), "server/net/", "Boost.Beast belongs in server/net alone"),
    (re.compile(r'#include\s+[<"](SQLiteCpp/|sqlite3\.h)'), ("server/storage/", "sdk/include/cluse/test.hpp"), "SQLite belongs in server/storage alone"),
    (re.compile(r'#include\s+[<"](libpq|postgres)'), "server/storage/postgres/", "libpq belongs in server/storage/postgres alone"),
    (re.compile(r'#include\s+[<"]sodium'), ("server/domain/identity/", "plugins/"), "libsodium belongs in identity alone"),
    (re.compile(r'#include\s+[<"](md4c|gumbo)'), "server/domain/richtext/", "parsers belong in richtext alone"),
    (re.compile(r'#include\s+[<"]curl/'), ("server/mail/", "server/http_client/"),
     "libcurl belongs in server/mail and server/http_client alone"),
    (re.compile(r'#include\s+[<"]gmime'), "server/mail/", "GMime belongs in server/mail alone"),
    (re.compile(r'#include\s+[<"]cjose'), "server/oidc/", "signed tokens belong in server/oidc alone"),
    (re.compile(r'#include\s+[<"]fido'), "server/domain/identity/", "libfido2 belongs in identity alone"),
    (re.compile(r'#include\s+[<"]cld2'), "server/domain/language/", "CLD2 belongs in language alone"),
    (re.compile(r'#include\s+[<"]seccomp'), "server/plugin_runner/", "seccomp belongs in server/plugin_runner alone"),
    (re.compile(r'#include\s+<cluse/'), ("server/plugin/", "server/plugin_runner/", "sdk/", "plugins/"),
     "the boundary belongs in server/plugin alone"),
    (re.compile(r'#include\s+[<"]expat'), ("server/domain/money/", "plugins/"), "XML belongs in money alone"),
    (re.compile(r'#include\s+[<"]toml\+\+'), ("server/app/", "server/domain/data_file/"),
     "TOML belongs in server/app and server/domain/data_file alone"),
]

BANNED = [
    (re.compile(r"\b(strcpy|strcat|sprintf|gets)\s*\("), "use std::string or std::snprintf"),
    (re.compile(r"\b(rand|srand)\s*\("), "use cluse::fill_random"),
    (re.compile(r"\bstd::(cout|cerr)\b"), "use server/base/log.h (the command line in server/app may speak)"),
    (re.compile(r"\bstd::regex\b"), "parse by hand: std::regex recurses on input from outside"),
    (re.compile(r"\bstd::thread\([^)]*\)\.detach|\.detach\(\)"), "own and join every thread (docs/threads.md)"),
    (re.compile(r"\b(sleep|usleep)\s*\("), "wait for the condition itself"),
]
SPEAKERS = ("server/app/commands.cpp", "server/app/audit_commands.cpp", "server/app/plugin_commands.cpp", "server/app/plugin_run.cpp", "server/app/main.cpp", "server/crdt/crdt_")
NAMELESS = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\([a-z]+\))")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|home|root)/[a-z]+")


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in out.splitlines() if (ROOT / path).is_file()]


def layer_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "server" and parts[1] in LAYERS else None


def check_layers(path, text):
    layer = layer_of(path)
    part = next((part for part in PARTS if path.startswith(part)), None)
    allowed = (part, "server/base/", *PARTS[part]) if part else ("server/",)
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, home, words in CONFINED:
            if pattern.search(line) and not path.startswith(home):
                yield f"{path}:{number}: {words}"
        ours = re.match(r'#include\s+"(server/[^"]+)"', line)
        if ours and not ours[1].startswith(allowed) and not path.endswith(("_test.cpp", "/testing.h")):
            yield f"{path}:{number}: {ours[1]} is above this folder (PARTS, and its README)"
        found = re.match(r'#include\s+"server/(\w+)/', line)
        if layer and found and found[1] not in LAYERS[layer] | {layer, "base"}:
            # A test may stand on any layer: it proves how they fit together.
            if not path.endswith("_test.cpp"):
                yield f"{path}:{number}: {layer} may not include {found[1]} (docs/architecture.md, Layers)"


def check_lines(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LINE_MAX:
            yield f"{path}:{number}: {len(line)} columns, at most {LINE_MAX}"
        if "\t" in line:
            yield f"{path}:{number}: a tab"
    if path.endswith(".h") and len(text.splitlines()) > HEADER_MAX:
        yield f"{path}: {len(text.splitlines())} lines; a header over {HEADER_MAX} is two things"
    if path.endswith(".h") and "#pragma once" not in text:
        yield f"{path}: no #pragma once"


def check_functions(path, text):
    """A function starts at a line that is not indented (or by two) and ends with `{`; it ends at the matching brace."""
    if path.endswith("_test.cpp"):
        return  # tables of cases may be long
    lines = text.splitlines()
    start = None
    for number, line in enumerate(lines, 1):
        bare = line.rstrip()
        if start is None and re.match(r"^(?: {2}){0,2}(?![ :])[\w~:<>\[\]&*,() ]+.*\)[^;]*\{$", bare):
            start, indent = number, len(bare) - len(bare.lstrip())
            if re.match(r"\s*(namespace|class|struct|enum|union)\b", bare):
                start = None
        elif start is not None and bare.startswith(" " * indent + "}") and len(bare) - len(bare.lstrip()) == indent:
            if number - start + 1 > FUNCTION_MAX:
                yield f"{path}:{start}: a function of {number - start + 1} lines, at most {FUNCTION_MAX}"
            start = None


def check_calls(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        for pattern, better in BANNED:
            if pattern.search(code) and not path.startswith(SPEAKERS) and not path.endswith("_test.cpp"):
                yield f"{path}:{number}: {pattern.search(code)[0].strip()}: {better}"
        if NAMELESS.search(line):
            yield f"{path}:{number}: a TODO without a name; do it, or write an issue"


# A lambda inside co_await may capture references and `this` alone: g++ 12 copies other captures byte by byte and destroys
# them twice (server/async/task.h).
AWAITED_LAMBDA = re.compile(r"co_await\b[^;{}]*[(,]\s*\[([^\]]*\w[^\]]*)\]\s*(?:\(|\{|mutable\b)")


def check_awaits(path, text):
    for found in AWAITED_LAMBDA.finditer(text):
        captures = [one.strip() for one in found[1].split(",")]
        if any(not one.startswith("&") and one != "this" for one in captures):
            number = text.count("\n", 0, found.end()) + 1
            yield f"{path}:{number}: a lambda with captures inside co_await: give it a name first (server/async/task.h)"


def check_paths(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield f"{path}:{number}: a path of one machine"


CPP_CHECKS = [check_layers, check_lines, check_functions, check_calls, check_awaits]


def include_flags():
    """Where Debian keeps the headers that are not in /usr/include itself."""
    run = subprocess.run(["pkg-config", "--cflags", "libpq"], capture_output=True, text=True)
    return run.stdout.split() if run.returncode == 0 else []


INCLUDES = include_flags()


def compile_alone(header):
    flags = ["-std=c++23", "-fsyntax-only", "-x", "c++", "-I", str(ROOT), "-I", str(ROOT / "sdk/include"), *INCLUDES, "-DBOOST_ASIO_NO_DEPRECATED",
             f'-DCLUSE_SOURCE_DIR="{ROOT}"']
    run = subprocess.run(["g++", *flags, str(ROOT / header)], capture_output=True, text=True)
    return [] if run.returncode == 0 else [f"{header}: does not compile alone\n{run.stderr[:1500]}"]


def self_test():
    long_function = "void f() {\n" + "  g();\n" * FUNCTION_MAX + "}\n"
    cases = [
        (check_layers, "server/crdt/x.cpp", '#include "server/storage/database.h"\n'),
        (check_layers, "server/plugin/guest/x.cpp", '#include "server/storage/file.h"\n'),
        (check_layers, "server/plugin_runner/x.cpp", '#include "server/domain/live.h"\n'),
        (check_layers, "server/domain/x.cpp", "#include <seccomp.h>\n"),
        (check_layers, "server/api/x.cpp", "#include <cluse/plugin.h>\n"),
        (check_layers, "server/net/x.h", '#include "server/domain/live.h"\n'),
        (check_layers, "server/domain/money/x.cpp", '#include "server/storage/database.h"\n'),
        (check_layers, "server/domain/registry/x.h", '#include "server/domain/text.h"\n'),
        (check_layers, "server/domain/territories/x.cpp", '#include "server/domain/money/amount.h"\n'),
        (check_layers, "server/domain/territories/x.cpp", "#include <expat.h>\n"),
        (check_layers, "server/domain/journal/x.h", '#include "server/domain/identity/actor.h"\n'),
        (check_layers, "server/api/x.cpp", "#include <boost/beast.hpp>\n"),
        (check_layers, "server/domain/x.cpp", "#include <SQLiteCpp/SQLiteCpp.h>\n"),
        (check_layers, "server/domain/rules/x.cpp", '#include "server/storage/database.h"\n'),
        (check_layers, "server/domain/calendar/x.h", '#include "server/domain/rules/pack.h"\n'),
        (check_layers, "server/domain/calendar/x.cpp", "#include <toml++/toml.h>\n"),
        (check_lines, "server/base/x.cpp", "//" + "x" * LINE_MAX + "\n"),
        (check_lines, "server/base/x.h", "#pragma once\n" + "\n" * HEADER_MAX),
        (check_functions, "server/base/x.cpp", long_function),
        (check_calls, "server/base/x.cpp", "  strcpy(a, b);\n"),
        (check_calls, "server/base/x.cpp", "// TO" "DO later\n"),
        (check_awaits, "server/base/x.cpp", "co_await db.write([name](Transaction& tx) { tx.run(name); });\n"),
        (check_awaits, "server/base/x.cpp", "co_await db.write(\n  a, [this, name = std::move(n)] { f(); });\n"),
        (check_paths, "docs/x.md", "see /home/" "somebody/x\n"),
    ]
    silent = [check.__name__ for check, path, text in cases if not list(check(path, text))]
    innocent = 'int f() {\n  co_await w([this, &a] { return b[1]; });\n}\n#include "server/base/id.h"\n'
    loud = [check.__name__ for check in CPP_CHECKS if list(check("server/crdt/x.cpp", innocent))]
    return [f"self-test: {name} sees nothing wrong" for name in silent] + [f"self-test: {name} cries wolf" for name in loud]


def main():
    complaints, checks = self_test(), 1
    if "--self-test" not in sys.argv:
        sources = [p for p in tracked("server", "sdk", "plugins") if p.endswith((".h", ".cpp", ".hpp"))]
        for path in sources:
            text = (ROOT / path).read_text(encoding="utf-8")
            for check in CPP_CHECKS:
                checks += 1
                complaints += check(path, text)
        for path in tracked():
            if path.endswith((".png", ".woff2", ".ico", "package-lock.json")) or path == "tests/tidy/tidy.py":
                continue
            checks += 1
            complaints += check_paths(path, (ROOT / path).read_text(encoding="utf-8", errors="replace"))
        if "--fast" not in sys.argv:
            headers = [p for p in sources if p.endswith(".h")]
            checks += len(headers)
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for found in pool.map(compile_alone, headers):
                    complaints += found
    for line in complaints:
        print(line)
    print(f"{checks - len(complaints)} passed, {len(complaints)} failed")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
