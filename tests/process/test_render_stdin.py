"""Claude Code's stdin in every form, and no stdin at all for the others (I01-I04)."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from statusline.hot import reader
from statusline.hot.surface import SURFACES
from tests.support.line import (
    NOBODY,
    NUMBERS,
    SAMPLE,
    fill,
    known,
    line_of,
    render,
)
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.stdin import PIPE_BYTES

CLAUDE = f"Opus 5.5 · ctx 1% · {NUMBERS}"
Stdin = Callable[[], contextlib.AbstractContextManager[int]]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile with numbers, whose render may start no refresher."""
    return quiet_profile(tmp_path / "home", with_numbers=True)


def said(**changes: Any) -> bytes:
    """The sample of Claude Code's stdin without rate limits, with these changes."""
    document = json.loads(SAMPLE)
    del document["rate_limits"]
    return json.dumps({**document, **changes}).encode() + b"\n"


@contextlib.contextmanager
def pipe(data: bytes, *, close: bool = True, pause_s: float = 0.0) -> Iterator[int]:
    """A pipe that holds `data`; what does not fit, or has pauses, is written by a thread."""
    out, into = os.pipe()
    done = threading.Event()
    if data and not pause_s:
        data = data[os.write(into, data[:PIPE_BYTES]) :]

    def write() -> None:
        with contextlib.suppress(OSError):  # the reader need not wait for all of it
            step = 1 if pause_s else 65536
            for start in range(0, len(data), step):
                os.write(into, data[start : start + step])
                if done.wait(pause_s):
                    return
            if not close:
                done.wait()

    def write_and_close() -> None:
        write()
        os.close(into)

    thread = threading.Thread(target=write_and_close)
    thread.start()
    try:
        yield out
    finally:
        done.set()
        os.close(out)
        thread.join()


@contextlib.contextmanager
def connection(data: bytes) -> Iterator[int]:
    """A socket, as Claude Code gives; the far end stays open."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(data)
        yield near.fileno()


@contextlib.contextmanager
def terminal() -> Iterator[int]:
    """A terminal at which nobody types."""
    master, slave = pty.openpty()
    try:
        yield slave
    finally:
        os.close(master)
        os.close(slave)


@contextlib.contextmanager
def file(path: str) -> Iterator[int]:
    """A file or device."""
    with open(path, "rb") as opened:
        yield opened.fileno()


@pytest.mark.parametrize("words", [["claude"], []], ids=["claude", "no-word"])
@pytest.mark.parametrize(
    "stdin",
    [
        pytest.param(lambda: pipe(said()), id="pipe"),
        pytest.param(lambda: connection(said()), id="socket-left-open"),
        pytest.param(lambda: pipe(said(), close=False), id="I01-pipe-left-open"),
        pytest.param(lambda: pipe(said().strip(), close=False), id="I01-without-newline"),
        pytest.param(lambda: pipe(said() + b" " * 100, close=False), id="I01-spaces-after"),
    ],
)
def test_a_whole_object_on_stdin_is_used(stdin: Stdin, words: list[str], profile: Profile) -> None:
    """Pipe or socket, closed or left open: what is complete is enough."""
    with stdin() as handle:
        environment = {**profile.environment, "CLAUDECODE": "1"}
        assert render(environment, *words, stdin=handle) == CLAUDE


def test_i01_a_pipe_left_open_costs_no_second(profile: Profile) -> None:
    """The wait for the rest ends by itself, while the pipe is still open, and it is short."""
    with pipe(b'{"model": {"display_name": "Opus', close=False) as handle:
        assert render(profile.environment, "claude", stdin=handle) == NUMBERS
    assert reader.STDIN_DEADLINE_S <= 0.05
    assert reader.LAST_DEADLINE_S <= 0.5


NO_OBJECT: dict[str, Stdin] = {
    "I02-empty": lambda: pipe(b""),
    "I02-null-device": lambda: file("/dev/null"),
    "I02-zeros": lambda: file("/dev/zero"),
    "I02-100-MB": lambda: pipe(b" " * 100_000_000),
    "I02-100-MB-of-braces": lambda: pipe(b"}" * 100_000_000),
    "I02-a-byte-in-20-ms": lambda: pipe(said(), pause_s=0.02),
    "I02-half": lambda: pipe(said()[:300]),
    "I02-half-left-open": lambda: pipe(said()[:300], close=False),
    "I02-array": lambda: pipe(b"[1, 2, 3]\n"),
    "I02-text": lambda: pipe(b'"text"\n'),
    "I02-number": lambda: pipe(b"42\n"),
    "I02-deep": lambda: pipe(b'{"a":' * 9000 + b"1" + b"}" * 9000),
    "I02-not-utf8": lambda: pipe(b'{"model": "\xff"}'),
    "I02-too-long": lambda: pipe(said(session_name="x" * 70_000)),
    "I02-script": lambda: pipe(b"echo hello\n"),
    "I02-terminal": terminal,
}


@pytest.mark.parametrize("case", NO_OBJECT)
def test_what_is_no_object_leaves_the_numbers(case: str, profile: Profile) -> None:
    """I02: without a usable stdin the line shows what the cache knows."""
    with NO_OBJECT[case]() as handle:
        assert render(profile.environment, "claude", stdin=handle) == NUMBERS


@pytest.mark.parametrize("words", [["claude"], [], ["tmux"]])
def test_i02_a_closed_stdin_is_no_error(words: list[str], profile: Profile) -> None:
    """Descriptor 0 may not exist at all."""
    through = ("/bin/sh", "-c", 'exec "$@" <&-', "sh")
    assert render(profile.environment, *words, through=through) == NUMBERS


def test_without_a_word_a_terminal_gets_the_plain_segment(profile: Profile) -> None:
    """At a terminal nobody waits for JSON, and the line has colours."""
    with terminal() as handle:
        done = subprocess.run(
            argv(),
            env=profile.environment,
            stdin=handle,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
    assert line_of(done) == NUMBERS
    assert b"\x1b" not in done.stdout


def window(used_pct: object, left_s: float) -> dict[str, object]:
    """One window as stdin has it."""
    return {"used_percentage": used_pct, "resets_at": int(time.time() + left_s)}


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        pytest.param(lambda: None, NUMBERS, id="I03-null"),
        pytest.param(dict, NUMBERS, id="I03-empty"),
        pytest.param(lambda: "61%", NUMBERS, id="I03-text"),
        pytest.param(lambda: {"five_hour": None, "seven_day": []}, NUMBERS, id="I03-nulls"),
        pytest.param(lambda: {"five_hour": window(None, 7260)}, NUMBERS, id="I03-null-inside"),
        pytest.param(lambda: {"five_hour": window("99", 7260)}, NUMBERS, id="I03-text-inside"),
        pytest.param(lambda: {"five_hour": window(True, 7260)}, NUMBERS, id="I03-true-inside"),
        pytest.param(lambda: {"five_hour": window(1e999, 7260)}, NUMBERS, id="F01-infinity"),
        pytest.param(lambda: {"five_hour": window(70.5, 86400)}, "5h 70% · 7d 22%", id="F06-far"),
        pytest.param(lambda: {"five_hour": window(70, -60)}, NUMBERS, id="F06-past"),
        pytest.param(
            lambda: {"five_hour": window(70, 7259), "spend_limit": {"used_percentage": "3"}},
            "5h 70% · 7d 22%",
            id="I03-one-window",
        ),
        pytest.param(
            lambda: {"seven_day": window(30.5, 5 * 86400)},
            "5h 61% · 7d 30%",
            id="I03-other-window",
        ),
    ],
)
def test_i03_each_part_of_the_rate_limits_is_optional(
    limits: Callable[[], object], shown: str, profile: Profile
) -> None:
    """What is there is used, what is missing or senseless leaves the cache's number."""
    line = render(profile.environment, "claude", input=said(rate_limits=limits()))
    assert re.sub(" [0-9]h[0-9]{2}m", "", line) == f"Opus 5.5 · ctx 1% · {shown}"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param({"model": None}, f"ctx 1% · {NUMBERS}", id="no-model"),
        pytest.param({"model": {"display_name": 5}}, f"ctx 1% · {NUMBERS}", id="model-5"),
        pytest.param(
            {"model": {"display_name": "\x1b[31mO\x07p\u202eus\r\n"}},
            f"31mOpus · ctx 1% · {NUMBERS}",
            id="F11-model",
        ),
        pytest.param({"context_window": []}, f"Opus 5.5 · {NUMBERS}", id="no-context"),
        pytest.param(
            {"context_window": {"used_percentage": -1}}, f"Opus 5.5 · {NUMBERS}", id="F02-context"
        ),
        pytest.param(
            {"context_window": {"used_percentage": 99.7}},
            f"Opus 5.5 · ctx 99% · {NUMBERS}",
            id="F09-context",
        ),
    ],
)
def test_each_field_of_stdin_is_optional(
    changes: dict[str, object], shown: str, profile: Profile
) -> None:
    """Every field may be missing, null or of another type (docs/claude-code.md 4.1)."""
    assert render(profile.environment, "claude", input=said(**changes)) == shown


@pytest.mark.parametrize("sample", ["stdin-1.0.80", "stdin-2.1.277", "stdin-2.1.328-start"])
def test_older_versions_of_claude_code_get_their_line(sample: str, profile: Profile) -> None:
    """Real stdin of the first and of later versions, without numbers in it that still hold."""
    data = (Path(__file__).parent.parent / "data" / f"{sample}.json").read_bytes()
    line = render(profile.environment, "claude", input=data)
    assert line.startswith("Opus")
    assert line.endswith(NUMBERS)


@pytest.mark.parametrize("surface", sorted(SURFACES.keys() - {"claude"}))
def test_i04_only_claude_reads_stdin(surface: str, profile: Profile) -> None:
    """A command of starship has its script on stdin: whoever reads it eats the script."""
    out, into = os.pipe()
    with os.fdopen(out, "rb") as unread:
        os.write(into, said())
        line = render(profile.environment, surface, stdin=out)
        assert line.replace("%%", "%") == NUMBERS
        os.close(into)
        assert unread.read() == said()


def test_i04_a_render_that_starts_a_refresher_reads_no_stdin(tmp_path: Path) -> None:
    """The refresher's own stdin is another one."""
    profile = Profile(tmp_path, NOBODY)
    fill(profile.directory, known(next_refresh_at=0.0))
    out, into = os.pipe()
    with os.fdopen(out, "rb") as unread:
        os.write(into, said())
        assert render(profile.environment, "tmux", stdin=out) == NUMBERS
        assert profile.wait_until_quiet()
        os.close(into)
        assert unread.read() == said()
