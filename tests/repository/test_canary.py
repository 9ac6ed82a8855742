"""The search for leaks sees what it is to see, and no secret of a test goes without the mark."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support import canary, canary_processes
from tests.support.canary_processes import Process
from tests.support.patience import HANG_S, wait_until

TOKEN = canary.token("control")
REFRESHER = b"/usr/bin/python3\0-IS\0__main__.py\0refresh\0--background\0"
FORMS = {
    "plain": TOKEN.encode(),
    "its beginning": TOKEN[:30].encode(),
    "its end": TOKEN[-20:].encode(),
    "UTF-16": TOKEN.encode("utf-16-le"),
    "hexadecimal": TOKEN.encode().hex().encode(),
    **{f"Base64 {n}": base64.b64encode(b"x" * n + TOKEN.encode()) for n in range(3)},
    "JSON in the middle of 40 MB": b" " * (40 << 20) + b'{"token":"' + TOKEN.encode() + b'"}',
    "across two pieces": b" " * ((32 << 20) - 20) + TOKEN.encode(),
}
#: A test for each place in which a secret may show; without the watch every one passes.
LEAKY = """
import logging, os, subprocess
from tests.support import canary
T = canary.token("leak")

def test_file(tmp_path):
    (tmp_path / "state.json").write_text(T)

def test_home():
    with open(os.environ["HOME"] + "/log", "w") as file:
        file.write(T)

def test_link(tmp_path):
    (tmp_path / "link").symlink_to(T)

def test_scratch():
    with canary.Scratch() as base, open(base + "/deep", "w") as file:
        file.write(T)

def test_child():
    environment = {"HERE": T, "CANARY_CONTROL": "1"}
    subprocess.run(["sh", "-c", 'echo "$HERE"'], env=environment, capture_output=True)

def test_print():
    print(T)

def test_record():
    logging.getLogger("urllib3").warning(T)

def test_login(tmp_path):
    (tmp_path / ".credentials.json").write_text(T)

def test_quiet():
    pass
"""
CONFTEST = """
import sys
sys.path.append({root!r})
from tests.support.canary_watch import CanaryWatch

def pytest_configure(config):
    config.pluginmanager.register(CanaryWatch(config))
"""


@pytest.mark.parametrize("name", FORMS)
def test_s17_the_mark_is_seen_in_every_form(name: str, tmp_path: Path) -> None:
    """A search that misses Base64, or the place where two pieces meet, would promise too much."""
    (tmp_path / "file").write_bytes(FORMS[name])
    assert canary.search(tmp_path) == ([str(tmp_path / "file")], 1)
    (tmp_path / "file").unlink()


@pytest.mark.full
def test_s17_a_run_of_tests_that_leak_fails(tmp_path: Path) -> None:
    """The whole watch on tests that pass without it: each place is seen, a login file is none."""
    (tmp_path / "home").mkdir()
    (tmp_path / "conftest.py").write_text(CONFTEST.format(root=str(ROOT)))
    (tmp_path / "test_leaky.py").write_text(LEAKY)
    base = tmp_path / "base"
    with (tmp_path / "said").open("w") as said_here:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-rfE", "-p", "no:randomly", "-p", "no:xdist"),
                *("-c", os.devnull, "--rootdir", ".", "--basetemp", str(base), "test_leaky.py"),
            ],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path / "home")},
            stdout=said_here,
            timeout=HANG_S,
            check=False,
        )
    said = (tmp_path / "said").read_text()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    failed = set(re.findall(r"^ERROR test_leaky\.py::test_(\w+)", said, re.MULTILINE))
    assert failed == {"scratch", "child", "print", "record"}
    hits = set(re.findall(r"^a made-up secret shows: (.+)", said, re.MULTILINE))
    places = {base / "test_file0/state.json", base / "test_link0/link", tmp_path / "home/log"}
    assert hits == set(map(str, places))
    for path in [*places, *base.rglob(".credentials.json"), tmp_path / "said"]:
        path.unlink()  # or the watch of this run would find them


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_s24_a_process_with_a_secret_in_its_argv_is_seen() -> None:
    """The look at processes, on one that is there for everybody to read."""
    watch = canary_processes.Watch(passed_over=b"")
    words = ["sh", "-c", f"read word # {TOKEN}"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, env={"CANARY_CONTROL": "1"}) as reading:
        # In the middle of an exec nobody can read its argv.
        wait_until(lambda: (seen := canary_processes.look(reading.pid)) and seen.argv)
        watch.look()
        reading.communicate()
    hits = [hit for hit in watch.hits if TOKEN in hit]  # others run beside this one
    assert hits == [f"argv of sh -c read word # {TOKEN} "]


@pytest.mark.parametrize(
    ("argv", "ancestors", "allowed"),
    [
        pytest.param(b"statusline\0", b"", canary.VARIABLES, id="what the user starts"),
        pytest.param(REFRESHER, b"", {"CLAUDE_CODE_OAUTH_TOKEN"}, id="a refresher"),
        pytest.param(b"notify-send\0", REFRESHER, set(), id="what a refresher starts"),
    ],
)
def test_s25_only_the_login_may_reach_a_refresher(
    argv: bytes, ancestors: bytes, allowed: set[str]
) -> None:
    """Whatever else holds the mark in an environment is a leak."""
    names = {*canary.VARIABLES, "OTHER"}
    environment = b"".join(f"{name}={TOKEN}\0".encode() for name in names)
    process = Process(1, argv, environment)
    assert set(canary_processes.leaks(process, ancestors)) == names - allowed


def test_s17_every_made_up_secret_carries_the_mark() -> None:
    """A token that a test writes by itself may leak anywhere, and nobody would see it."""
    written = re.compile(r"sk-ant-\w+-|[\w.]+@(?:example|anthropic)\.(?:org|com|test)\b")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path.name != "canary.py"
        for match in written.finditer(path.read_text("utf-8"))
        if not match[0].startswith("127.0.0.1")
    ]
    assert found == []
