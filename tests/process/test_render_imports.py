"""What a prompt pays for: the modules that the installed program loads, pinned one by one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from statusline.usage.forecast import Forecast
from statusline.usage.snapshot import Snapshot
from statusline.wiring.launcher import program
from tests.support.antigravity import antigravity
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import package
from tests.support.real_line import NOBODY, NUMBERS, SAMPLE, close_gate, fill, known, line_of
from tests.support.stdin import run_fed

#: Built into every interpreter, but for the tiny `__future__`; which of them it has loaded at its
#: start differs by version.
BUILT_IN = {"__future__", "sys", "time", "posix", "_json", "_signal", "_stat"}
RENDER = {
    "statusline",
    "statusline.system.clock",
    "statusline.system.digest",
    "statusline.entry",
    "statusline.system.environ",
    "statusline.login",
    "statusline.segment",
    "statusline.segment.view",
    "statusline.settings",
    "statusline.system",
    "statusline.system.text",
    "statusline.system.untrusted",
    "statusline.usage",
    "statusline.segment.active_settings",
    "statusline.segment.layout",
    "statusline.login.identity",
    "statusline.system.bounded_read",
    "statusline.segment.render",
    "statusline.segment.prerendered",
    "statusline.segment.escaping",
    "statusline.surfaces",
    "statusline.segment.values",
    "statusline.segment.humanize",
    "statusline.usage.observation",
    "statusline.settings.settings",
    "statusline.usage.snapshot",
    "statusline.usage.spend",
    "statusline.usage.messages",
}
NEWS = {
    "statusline.usage.memory",
    "statusline.usage.merge",
    "statusline.usage.rate_limits",
}
#: A window that is to fill before its reset.
FORECAST = {"statusline.usage.forecast", "statusline.segment.forecasts"}
#: What helps to read what is left of a stdin that a busy machine has stalled.
STALL = {"select"}
START = {"statusline.system.private_dir", "statusline.segment.spawn"}


def loaded(script: Path, *words: str, environment: dict[str, str], stdin: bytes) -> set[str]:
    """The modules that a script loads beyond a bare interpreter, by ``-X importtime``."""
    done = run_fed(
        [sys.executable, "-IS", "-X", "importtime", str(script), *words],
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    names = {row.rpartition(b"|")[2].strip().decode() for row in done.stderr.splitlines()[1:]}
    assert all(row.startswith(b"import time:") for row in done.stderr.splitlines())
    if words:
        assert line_of(subprocess.CompletedProcess(done.args, 0, done.stdout, b"")).endswith(
            NUMBERS
        )
    return names


def _sample(*, with_future_resets: bool) -> bytes:
    """The real stdin; its resets are moved ahead where the words are to be news."""
    document = json.loads(SAMPLE)
    if with_future_resets:
        document["rate_limits"] = {
            "seven_day": {"used_percentage": 22, "resets_at": int(time.time()) + 4 * 86400}
        }
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("word", "is_news", "expected"),
    [
        pytest.param("tmux", False, RENDER, id="tmux"),
        pytest.param("claude", False, RENDER | NEWS, id="claude"),
        pytest.param("claude", True, RENDER | NEWS | START, id="claude-with-news"),
    ],
)
def test_a_render_loads_exactly_these_modules(
    word: str, is_news: bool, expected: set[str], tmp_path: Path
) -> None:
    """On a warm cache: our own modules in this list and built-in ones, nothing else."""
    found = _found(word, known(), tmp_path, is_news=is_news)
    _compare(found, expected, STALL if word == "claude" else set())


@pytest.mark.parametrize(("fills", "more"), [(False, set()), (True, FORECAST)])
def test_only_a_window_that_will_fill_costs_a_render_more(
    fills: bool, more: set[str], tmp_path: Path
) -> None:
    """Every running window has a forecast; one that lasts until its reset is not even read."""
    snapshot = known()
    full = (time.time() + 3000, None, None) if fills else None
    made = Forecast("five_hour", int(time.time()) + 9000, time.time(), 1.0, 90.0, None, full)
    snapshot.forecasts = {"five_hour": made}
    _compare(_found("tmux", snapshot, tmp_path), RENDER | more)


@pytest.mark.parametrize(
    ("config", "more"),
    [("", set()), ('sources = ["antigravity"]', {"statusline.usage.agent_quota"})],
)
def test_only_an_agent_whose_windows_are_wanted_costs_a_render_more(
    config: str, more: set[str], tmp_path: Path
) -> None:
    """Another agent's line is nobody's hot path, and its reading no part of anybody else's."""
    profile = Profile(tmp_path / "home", NOBODY)
    close_gate(profile.directory)
    fill(profile.directory)
    if config:
        profile.configure(config)
        profile.run("tmux")  # the first render after a change compiles it
    launcher, bare = tmp_path / "launcher", tmp_path / "bare"
    launcher.write_text(program(str(package().parent)))
    bare.write_text("pass\n")
    said = json.dumps(antigravity(time.time())).encode()
    found = loaded(launcher, "claude", environment=profile.environment, stdin=said)
    usual = loaded(bare, environment=profile.environment, stdin=b"")
    settings = {"statusline.settings.settings_json"} if config else set()
    started = START if more else set()
    ours = {name for name in found - usual if name.startswith("statusline") or not config}
    _compare(ours, RENDER | more | settings | started, STALL)


def _found(word: str, snapshot: Snapshot, tmp_path: Path, *, is_news: bool = False) -> set[str]:
    """The modules that a render of `word` loads beyond a bare interpreter."""
    profile = Profile(tmp_path / "home", NOBODY)
    close_gate(profile.directory)
    stdin = _sample(with_future_resets=is_news)
    said = json.loads(stdin)
    heard = {} if is_news else {said["session_id"]: (time.time() + 60, None, None)}
    snapshot.memory.sessions.update(heard)
    fill(profile.directory, snapshot)
    launcher, bare = tmp_path / "launcher", tmp_path / "bare"
    launcher.write_text(program(str(package().parent)))
    bare.write_text("pass\n")
    found = loaded(launcher, word, environment=profile.environment, stdin=stdin)
    return found - loaded(bare, environment=profile.environment, stdin=b"")


def _compare(
    found: set[str], expected: set[str], tolerated: AbstractSet[str] = frozenset()
) -> None:
    ours = {name for name in found if name.partition(".")[0] == "statusline"}
    beyond = sorted(found - expected - BUILT_IN - tolerated)
    assert not beyond, f"loaded beyond {sorted(expected)} and {sorted(BUILT_IN)}"
    assert not expected - ours, "no longer loaded: the list here can be shorter"
