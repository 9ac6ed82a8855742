"""Every key of the dashboard, pressed through Textual's pilot on a clock that stands still.

The screens in tests/data/screens are written anew as tests/support/golden.py says.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from statusline.cli.dashboard import Dashboard
from statusline.login import identity
from statusline.overview.profiles import found
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.usage.snapshot import Snapshot
from tests.support import golden, sample
from tests.support.patience import HANG_S
from tests.support.real_line import NOBODY, close_gate
from tests.support.server import Answer, UsageServer, usage_answer

Steps = Callable[[Dashboard, Pilot[Any]], Awaitable[None]]


@pytest.fixture(autouse=True)
def moment() -> Iterator[list[float]]:
    """The clock shows the sample's moment until a test moves it."""
    now = [sample.NOW]
    clock.use(lambda: now[0])
    yield now
    clock.use(None)


def play(env: Environment, steps: Steps, *, columns: int = 80, rows: int = 24) -> Dashboard:
    """Run the dashboard in a terminal of this size, and do the steps."""
    made = Dashboard(found(env))

    async def run() -> None:
        async with made.run_test(size=(columns, rows)) as pilot:
            await pilot.pause()
            await made.workers.wait_for_complete()
            made.tick()
            await pilot.pause()
            await steps(made, pilot)

    asyncio.run(run())
    return made


def screen(dashboard: Dashboard) -> str:
    """What the terminal shows now."""
    strips = dashboard.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Let the dashboard work until something holds; fail where that hangs."""
    end_s = time.monotonic() + HANG_S
    while not holds():
        assert time.monotonic() < end_s
        await pilot.pause(0.05)


VIEWS = {
    "watch-80": ("", 80, 24),
    "watch-40": ("", 40, 30),
    "watch-40-five-hour": ("5", 40, 24),
    "watch-80-seven-day": ("7", 80, 24),
    "watch-60-json": ("j", 60, 24),
    "watch-40-help": ("?", 40, 24),
}


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_the_one_kept(name: str, tmp_path: Path) -> None:
    """All windows, one window, JSON and help, wide and narrow."""
    key, columns, rows = VIEWS[name]

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        await pilot.press(*([{"?": "question_mark"}.get(key, key)] if key else []))
        await pilot.pause()
        golden.check(name, screen(dashboard))

    play(sample.home(tmp_path), steps, columns=columns, rows=rows)


@pytest.mark.parametrize("key", ["5", "7", "j", "question_mark"])
@pytest.mark.parametrize("back", ["the same", "escape"])
def test_the_same_key_or_escape_goes_back(key: str, back: str, tmp_path: Path) -> None:
    """Nobody gets stuck in a view."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        before = screen(dashboard)
        await pilot.press(key)
        await pilot.pause()
        assert screen(dashboard) != before
        await pilot.press(key if back == "the same" else back)
        await pilot.pause()
        assert screen(dashboard) == before

    play(sample.home(tmp_path), steps)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_a_key_ends_it(key: str, tmp_path: Path) -> None:
    """q, and what hands do by themselves."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        assert dashboard.is_running
        await pilot.press(key)
        await until(pilot, lambda: dashboard._exit)

    dashboard = play(sample.home(tmp_path), steps)
    assert (dashboard.return_code, dashboard.failure) == (0, None)


def test_countdowns_tick(tmp_path: Path, moment: list[float]) -> None:
    """A second later every countdown is a second shorter, by itself; v shows the others too."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        assert "2:11:00" in screen(dashboard)
        moment[0] += 1
        await until(pilot, lambda: "2:10:59" in screen(dashboard))
        await pilot.press("v")
        assert "expires in 1:59:59" in screen(dashboard)
        await pilot.press("v")
        assert "expires" not in screen(dashboard)

    play(sample.home(tmp_path), steps)


def test_a_reset_takes_the_number_away(tmp_path: Path, moment: list[float]) -> None:
    """At the moment of its reset, a window's number is no longer true."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        assert "61%" in screen(dashboard)
        moment[0] += 7860
        dashboard.tick()
        await pilot.pause()
        assert "61%" not in screen(dashboard)

    play(sample.home(tmp_path), steps)


def test_a_tick_while_the_screen_is_taken_down_is_nothing(tmp_path: Path) -> None:
    """On a busy machine it fell between the two, and the dashboard ended with an exception."""

    async def steps(dashboard: Dashboard, _pilot: Pilot[Any]) -> None:
        await dashboard.query_one("#body").remove()
        dashboard.tick()

    assert play(sample.home(tmp_path), steps).failure is None


def test_a_new_cache_is_shown(tmp_path: Path) -> None:
    """Whoever publishes, the dashboard sees it with the next tick."""
    env = sample.home(tmp_path)

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        found = sample.snapshot()
        found.windows["five_hour"].utilization_pct = 73.0
        publish(env, found)
        await until(pilot, lambda: "73%" in screen(dashboard))

    play(env, steps)


def test_another_account_s_numbers_are_not_shown(tmp_path: Path) -> None:
    """It would have caught an account's numbers that stayed for a minute after a login change."""
    env = sample.home(tmp_path, STATUSLINE_API_URL=NOBODY)
    found = sample.snapshot()
    found.login = identity.login_stamp(env)
    found.account = f"aa-{identity.account_mark('b/d', 'aa')}"
    publish(env, found)
    close_gate(Path(env.profile_dir or ""))

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        assert "61%" in screen(dashboard)
        account = {"oauthAccount": {"accountUuid": "b", "organizationUuid": "c"}}
        (tmp_path / ".claude.json").write_text(json.dumps(account))
        dashboard.tick()
        await pilot.pause()
        assert "61%" not in screen(dashboard)

    play(env, steps)


def publish(env: Environment, found: Snapshot) -> None:
    """Replace usage.json as the refresher does."""
    path = Path(env.profile_dir or "") / "usage.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(found.to_json()))
    fresh.chmod(0o600)
    fresh.replace(path)


def asking(root: Path, url: str) -> Environment:
    """A home whose cache is due at the machine's own time, and a server to ask."""
    clock.use(None)
    found = Snapshot()
    found.written_at, found.next_refresh_at = time.time(), time.time() + 600
    env = sample.home(root, found, STATUSLINE_API_URL=url, PATH="/usr/bin:/bin")
    path = root / ".claude/.credentials.json"
    path.write_text(path.read_text().replace(str(int((sample.NOW + 7200) * 1000)), "4e12"))
    return env


def test_r_asks_and_shows_the_answer(tmp_path: Path) -> None:
    """One request, the new numbers, and when the next one is allowed."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        await pilot.press("r", "r", "r")
        # The numbers may be there before the word about them: a tick reads the file, too.
        await until(pilot, lambda: "44%" in screen(dashboard))
        allowed = re.compile(r"The next one is allowed in (?:1m|\d+s)")
        await until(pilot, lambda: bool(allowed.search(" ".join(screen(dashboard).split()))))
        await pilot.press("r")
        await until(pilot, lambda: "No request was made" in screen(dashboard))

    with UsageServer([usage_answer(44)]) as server:
        play(asking(tmp_path, server.url), steps)
        assert server.count == 1


def test_r_says_what_is_wrong_and_keeps_the_numbers(tmp_path: Path) -> None:
    """An error comes with its fix, in the message and in the state."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        await pilot.press("r")
        await until(pilot, lambda: "refused the login (401)" in screen(dashboard))
        assert "61%" in screen(dashboard)
        assert "Run `claude`" in screen(dashboard)

    with UsageServer([Answer(401)]) as server:
        env = asking(tmp_path, server.url)
        found = sample.snapshot()
        seen = found.windows["five_hour"]
        seen.resets_at, seen.observed_at = int(time.time() // 60 + 60) * 60, time.time()
        found.written_at, found.next_refresh_at = time.time(), time.time() + 600
        found.attempted_at = found.next_allowed_at = None
        publish(env, found)
        play(env, steps)


def test_a_refresh_that_is_due_is_started(tmp_path: Path) -> None:
    """As a render does: detached, once in five seconds at most."""

    async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: "44%" in screen(dashboard))

    with UsageServer([usage_answer(44)]) as server:
        env = asking(tmp_path, server.url)
        publish(env, Snapshot())
        play(env, steps)
        assert server.count == 1


def test_an_unexpected_error_leaves_no_locals_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The caller gets the exception; Textual's report with every variable is not printed."""

    async def steps(_dashboard: Dashboard, pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(Dashboard, "_draw", lambda _self: 1 / 0)
        await pilot.press("5")

    with pytest.raises(ZeroDivisionError):
        play(sample.home(tmp_path), steps)
    captured = capfd.readouterr()
    assert "locals" not in captured.out + captured.err


def test_a_cache_without_a_directory_is_never_refreshed(tmp_path: Path) -> None:
    """It would have caught a request with this shell's login, kept as another account's answer."""
    with UsageServer() as server:
        env = sample.home(tmp_path, STATUSLINE_API_URL=server.url)
        kept = Path(env.cache_root or "") / "0123456789abcdef"
        kept.mkdir(mode=0o700)
        (kept / "usage.json").write_text('{"schema": 1, "state": "ok"}')  # would be due

        async def steps(dashboard: Dashboard, pilot: Pilot[Any]) -> None:
            await pilot.press("a")
            await until(pilot, lambda: "Claude usage: 01234567" in screen(dashboard))
            await pilot.press("r")
            await until(pilot, lambda: "directory is unknown" in screen(dashboard))
            assert " a account " in screen(dashboard).splitlines()[-1]
            await pilot.press("a")
            await until(pilot, lambda: "Claude usage: ~/.claude" in screen(dashboard))

        play(env, steps, columns=40)
    assert server.count == 0
    assert [each.name for each in kept.iterdir()] == ["usage.json"]
