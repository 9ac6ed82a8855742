"""What the cache may hold: always one honest line (A01-A06, A13-A15)."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from statusline.segment.escaping import encode
from statusline.segment.layout import cells, lay_out
from statusline.segment.view import View
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES
from statusline.system.bounded_read import parse
from statusline.usage.snapshot import Snapshot
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.real_line import (
    FETCHED,
    NUMBERS,
    PLACEHOLDER,
    STYLE,
    fill,
    known,
    line_of,
    render,
)
from tests.support.server import UsageServer


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile whose render may start no refresher, so that a case is one process."""
    return quiet_profile(tmp_path / "home")


@pytest.mark.parametrize("content", [None, b""], ids=["A01", "A02"])
def test_without_a_cache_a_word_is_shown_and_one_refresher_started(
    content: bytes | None, tmp_path: Path
) -> None:
    """The first render says that nothing is known yet; the next one has the numbers."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        if content is not None:
            fill(profile.directory).write_bytes(content)
        assert render(profile.environment, "tmux") == PLACEHOLDER
        assert server.wait_for(1)
        assert profile.wait_until_quiet()
        assert FETCHED.fullmatch(render(profile.environment, "tmux"))
        assert server.count == 1


def shown_of(data: bytes) -> bytes:
    """What each surface would print of a cache with these bytes, asserting that it is whole."""
    snapshot = Snapshot.from_json(parse(data))
    lines = b""
    for surface in SURFACES:
        settings = Settings()
        (parts,) = lay_out(View(snapshot, None, settings, time.time()), surface, 40)
        assert 0 < cells(parts) <= 40
        line = encode(parts, surface, settings.styles, colored=True)
        assert STYLE.sub(b"", line).decode().isprintable()
        lines += line
    return lines


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a whole usage.json with everything in it."""
    snapshot = known(plan="Max 5x", sessions={"a": (1.0, 61.0, None)})
    return fill(tmp_path_factory.mktemp("document"), snapshot).read_bytes()


def test_a03_only_a_whole_file_has_numbers(document: bytes) -> None:
    """Cut at every byte: nothing raises, and no part of a file passes for the whole."""
    assert b"61%" in shown_of(document)
    for length in range(len(document.rstrip())):
        assert b"61%" not in shown_of(document[:length])


def test_a04_no_changed_byte_breaks_a_line(document: bytes) -> None:
    """Each byte inverted, then 2 000 random changes: no exception, no control character."""
    for index in range(len(document)):
        shown_of(document[:index] + bytes([document[index] ^ 0xFF]) + document[index + 1 :])
    chance = random.Random(4)
    for _ in range(2000):
        damaged = bytearray(document)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        shown_of(bytes(damaged))


NESTED = 30_000
GARBAGE: dict[str, Callable[[bytes], bytes]] = {
    "A03-half": lambda whole: whole[: len(whole) // 2],
    "A03-but-one": lambda whole: whole.rstrip()[:-1],
    "A04-first-byte": lambda whole: b"\x84" + whole[1:],
    "A05-invalid-utf8": lambda _whole: b"\xff\xfe\x80{}",
    "A05-utf16": lambda whole: whole.decode().encode("utf-16"),
    "A05-bom": lambda whole: b"\xef\xbb\xbf" + whole,
    "A05-nul": lambda whole: whole + b"\0",
    "A05-all-nul": lambda whole: b"\0" * len(whole),
    "A06-10-MB": lambda whole: whole + b" " * 10_000_000,
    "A14-schema-0": lambda whole: whole.replace(b'"schema":1', b'"schema":0'),
    "A15-deep": lambda _whole: b"[" * NESTED + b"]" * NESTED,
    "A15-deep-windows": lambda _whole: b'{"schema":1,"windows":' * 2500 + b"{}" + b"}" * 2500,
    "A15-5000-digits": lambda _whole: b'{"schema":1,"written_at":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("case", GARBAGE)
def test_garbage_is_as_no_cache(case: str, profile: Profile) -> None:
    """Whatever bytes the file holds, the program prints a word and no invented number."""
    cache = fill(profile.directory)
    cache.write_bytes(GARBAGE[case](cache.read_bytes()))
    assert render(profile.environment, "tmux").startswith("usage: ")


def test_a15_the_last_of_two_equal_keys_counts(profile: Profile) -> None:
    """Duplicate keys are JSON; one document gives one line."""
    cache = fill(profile.directory)
    whole = cache.read_bytes().rstrip()
    cache.write_bytes(whole[:-1] + b',"windows":{},"plan":"Max"}')
    assert render(profile.environment, "tmux") == "Claude Max"


#: Runs a command to its end and writes its peak memory to stderr, in the system's unit.
MEASURE = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_pid, status, usage = os.wait4(child, 0)
sys.stderr.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a06_a_sparse_file_of_16_gb_is_not_read(profile: Profile) -> None:
    """The size is looked at before the contents: 30 MB are enough."""
    cache = fill(profile.directory)
    os.truncate(cache, 16 * 1024**3)
    # Linux counts what a process had before exec, so it is started from a small one.
    done = subprocess.run(
        [sys.executable, "-IS", "-c", MEASURE, *argv("tmux")],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    peak_kb = int(done.stderr) // (1024 if sys.platform == "darwin" else 1)
    done.stderr = b""
    assert line_of(done) == PLACEHOLDER
    assert peak_kb < 30 * 1024


def test_a13_a_newer_schema_is_shown_and_left_alone(tmp_path: Path) -> None:
    """What can be understood is shown; neither a render nor a refresh overwrites it."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        newer = {
            **known(schema=999, next_refresh_at=0.0).to_json(),
            "windows_v2": [1, 2],
            "spend": "changed its type",
        }
        cache = fill(profile.directory)
        cache.write_text(json.dumps(newer))
        assert render(profile.environment, "tmux") == NUMBERS
        hour = {"used_percentage": 70, "resets_at": int(time.time()) + 7200}
        news = json.dumps({"session_id": "one", "rate_limits": {"five_hour": hour}})
        assert "5h 70%" in render(profile.environment, "claude", input=news.encode())
        assert not list(profile.directory.glob("spawn.*"))  # nobody could take the news
        assert profile.run("refresh").returncode in (0, 1)
        assert profile.wait_until_quiet()
        assert json.loads(cache.read_text()) == newer
        assert server.count == 0


def test_g02_after_the_clock_was_set_back_a_refresher_looks(tmp_path: Path) -> None:
    """A cache written in the future would otherwise count as fresh until that moment comes."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        ahead_s = time.time() + 3600
        written = known(written_at=ahead_s, next_refresh_at=ahead_s, attempted_at=None)
        fill(profile.directory, written)
        render(profile.environment, "tmux")
        assert server.wait_for(1)
        assert profile.wait_until_quiet()
