"""What there is to say about a profile, before anybody decides how it looks.

``look`` reads what is on the disk, ``Overview`` puts it in relation to a moment; ``to_json`` is
the documented view (docs/show.json.md, ``statusline/schema/show.schema.json``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from statusline.agents import AGENTS
from statusline.history.cycles import length_s
from statusline.login import credentials
from statusline.overview import wrong_clock
from statusline.overview.words import ahead, next_request
from statusline.refresh import policy, state_file
from statusline.segment import forecasts, render
from statusline.segment.clock_time import clock_time
from statusline.segment.values import MAIN_WINDOWS, left_s, state_label
from statusline.segment.view import View
from statusline.settings import load as config
from statusline.system import clock
from statusline.system.errors import Problem
from statusline.system.text import below_home
from statusline.usage.messages import NO_LOGIN, as_configured, describe
from statusline.usage.observation import is_reset
from statusline.usage.snapshot import FILE_NAME, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from statusline.history.cycles import Cycle
    from statusline.login.credentials import Credentials
    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment
    from statusline.usage.forecast import Forecast
    from statusline.usage.observation import Observation
    from statusline.usage.spend import Pool, Spend

#: The version of the view; it changes when a field goes or gets another meaning.
SCHEMA = 1
SOURCES = {
    "api": "the usage API",
    "claude_json": "Claude Code's cache",
    "stdin": "Claude Code",
    **{name: agent.title for name, agent in AGENTS.items()},
}
#: States in which what the login itself tells is news.
UNTROUBLED = ("ok", "starting", "not_asked", "new_login")
#: What ``--window`` calls the two windows that every plan has.
WINDOWS = {"5h": "five_hour", "7d": "seven_day"}


class ProfileData(NamedTuple):
    """What the disk says about a profile: true until one of the files changes.

    ``asked_at`` is when the API may be asked by itself, epoch s. ``places`` are the files it was
    read from, each with a name and ``~`` for the home directory.
    """

    snapshot: Snapshot
    settings: Settings
    login: Credentials
    problems: tuple[Problem, ...]
    billing: str = ""
    runs: Mapping[str, Cycle] = MappingProxyType({})
    places: tuple[tuple[str, str], ...] = ()
    asked_at: float | None = None


def look(
    env: Environment, login: Credentials | None = None, *, with_history: bool = False
) -> ProfileData:
    """Read cache, configuration and, unless ``login`` is given, credentials; never raises.

    ``with_history`` reads the running windows' past, too.
    """
    loaded = config.read(env)
    snapshot = render.load(env)
    if env.ascii_locale:
        loaded.settings.ascii = True
    problems = []
    if loaded.problems:
        first, more = loaded.problems[0], len(loaded.problems) - 1
        also = f" {more} more: `statusline config check`." if more else ""
        path = below_home(env.config_path or "config.toml", env.home)
        problems.append(Problem(f"{path}: {first}.", f"{first.fix}{also}"))
    problems += _cache_problems(env, snapshot)
    clock_problem = wrong_clock.problem(snapshot, loaded.settings, clock.now())
    problems += [clock_problem] if clock_problem is not None else []
    login = login or credentials.find(env)
    known = snapshot or Snapshot()
    runs = {}
    if with_history and env.profile_dir is not None:
        from statusline.overview import course  # sqlite3: what need not look does not pay

        runs = course.running(env.profile_dir, known, clock.now())
    places = tuple(_places(env, has_config=loaded.found))
    asked_at = None if snapshot is None else _asked_at(env.profile_dir or "", login)
    found = tuple(problems)
    return ProfileData(known, loaded.settings, login, found, env.billing, runs, places, asked_at)


def _asked_at(directory: str, login: Credentials) -> float:
    """Return when the refresher may ask by itself, epoch s."""
    now = clock.stamp()
    state = state_file.load(directory, now).state
    is_late = login.expired(now.wall_s)
    decision = policy.decide(state, now, state.fingerprint, looks_expired=is_late)
    return now.wall_s + decision.wait_s


def _places(env: Environment, *, has_config: bool) -> Iterator[tuple[str, str]]:
    if env.profile_dir is not None:
        yield "cache", below_home(env.profile_dir, env.home)
    if env.config_path is not None:
        path = below_home(env.config_path, env.home)
        yield "config", path if has_config else f"{path}, which is not there: the defaults apply"


def _cache_problems(env: Environment, snapshot: Snapshot | None) -> list[Problem]:
    if env.profile_dir is None:
        what = "There is no place for the cache: HOME is not set."
        return [Problem(what, "Set HOME, or STATUSLINE_CACHE_DIR and CLAUDE_CONFIG_DIR.")]
    if snapshot is not None and snapshot.is_newer_than_us():
        what = "The cache was written by a newer statusline; this one shows what it can."
        return [Problem(what, "Update statusline.")]
    path = f"{env.profile_dir}/{FILE_NAME}"
    if snapshot is None and os.path.lexists(path):
        what = f"{below_home(path, env.home)} is broken, or others can write it."
        return [Problem(what, "Remove it, then run `statusline refresh`.")]
    return []


class WindowRow(NamedTuple):
    """One window at a moment; ``used_pct`` is ``None`` once its reset has passed.

    ``forecast`` is ``None`` where none is told. ``resets_in_s`` is ``None`` while no window is
    running, once its reset has passed, and where that lies further ahead than the window reaches.
    """

    window: str
    seen: Observation
    used_pct: float | None
    resets_in_s: float | None
    age_s: float
    is_old: bool
    is_reset: bool
    forecast: Forecast | None = None

    def to_json(self) -> dict[str, object]:
        """Return the row as it stands in the view."""
        return {
            "id": self.window,
            "label": self.seen.label,
            "used_pct": self.used_pct,
            "remaining_pct": None if self.used_pct is None else max(0.0, 100 - self.used_pct),
            "resets_at": self.seen.resets_at,
            "resets_in_s": _rounded(self.resets_in_s),
            "observed_at": self.seen.observed_at,
            "age_s": _rounded(self.age_s),
            "source": self.seen.source,
            "is_old": self.is_old,
            "is_reset": self.is_reset,
            "forecast": None if self.forecast is None else self.forecast.to_json(),
        }


@dataclass(frozen=True)
class Overview:
    """Everything known, at ``now`` (epoch s); ``window`` keeps one window's id, "" keeps all."""

    known: ProfileData
    now: float
    window: str = ""

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.known.settings

    @cached_property
    def view(self) -> View:
        """The same, as the segments see it: thresholds, bars and clock times come from there."""
        view = View(self.known.snapshot, None, self.settings, self.now)
        view.billing = self.known.billing
        return view

    @cached_property
    def rows(self) -> list[WindowRow]:
        """The windows: the two main ones, then the others by label, then those of other agents."""
        found = sorted(self.known.snapshot.windows.items(), key=_place)
        for windows in self.known.snapshot.sources.values():
            found += sorted(windows.items(), key=lambda each: length_s(each[0]) or 0)
        return [self._row(name, seen) for name, seen in found if self.window in ("", name)]

    def _row(self, name: str, seen: Observation) -> WindowRow:
        reset = is_reset(seen, self.now)
        return WindowRow(
            name,
            seen,
            None if reset else seen.utilization_pct,
            left_s(seen, self.now),
            max(0.0, self.now - seen.observed_at),
            self.view.is_old(seen),
            reset,
            forecasts.of(seen, self.view),
        )

    @cached_property
    def state(self) -> str:
        """The code of ``statusline.usage.messages`` that holds now.

        What the refresher wrote, unless it had no turn yet and the login says already why it
        would not help, or the login is gone since. Where there is none and somebody else bills
        Claude Code's work, nobody misses it.
        """
        code = self._state()
        return "api_billing" if code in NO_LOGIN and self.known.billing else code

    def _state(self) -> str:
        written, login = self.known.snapshot.state, self.known.login
        written = as_configured(written, self.settings.api, self.known.snapshot.windows)
        if not self.settings.api or written not in UNTROUBLED:
            return written
        if login.state != "found":
            return login.state
        if written == "starting" and login.has_profile_scope is False:
            return "scope"
        return "expired" if written == "starting" and login.expired(self.now) else written

    @property
    def next_allowed_in_s(self) -> float | None:
        """Seconds until the API may be asked, ``None`` where nobody knows."""
        return wrong_clock.allowed_in_s(self.known.snapshot, self.now)

    def next_request(self, told: Callable[[float], str] = ahead) -> str:
        """Return when the API is asked next, "" where nobody knows or it is not to be asked."""
        forced_s = self.next_allowed_in_s
        if forced_s is None or not self.settings.api or self.known.login.state != "found":
            return ""
        own_s = max(forced_s, (self.known.asked_at or 0.0) - self.now)
        return next_request(own_s, forced_s, self.clock_time(self.now + own_s), told)

    def clock_time(self, moment_s: float) -> str:
        """Return a moment as the user's configuration wants clock times."""
        return clock_time(moment_s, self.view)

    def to_json(self) -> dict[str, object]:
        """Return the documented view (docs/show.json.md)."""
        snapshot, login = self.known.snapshot, self.known.login
        _word, sentence, fix = describe(self.state, source=self.known.login.source)
        expires_at = login.expires_at
        return {
            "schema": SCHEMA,
            "now": _rounded(self.now),
            "state": self.state,
            "word": state_label(self.state, self.view),
            "sentence": sentence,
            "fix": fix,
            "problems": [each._asdict() for each in self.known.problems],
            "plan": snapshot.plan or None,
            "windows": [row.to_json() for row in self.rows],
            "spend": None if snapshot.spend is None else _spend(snapshot.spend, self.now),
            "pools": [_pool(name, pool, self.now) for name, pool in snapshot.pools.items()],
            "attempted_at": snapshot.attempted_at,
            "succeeded_at": snapshot.succeeded_at,
            "next_allowed_at": snapshot.next_allowed_at,
            "next_allowed_in_s": _rounded(self.next_allowed_in_s),
            "login_expires_at": expires_at,
            "login_expires_in_s": None if expires_at is None else _rounded(expires_at - self.now),
        }


def _place(item: tuple[str, Observation]) -> tuple[int, str, str]:
    """Return where a window stands among the others, whatever order the cache has them in."""
    name, seen = item
    return (*MAIN_WINDOWS, name).index(name), seen.label.casefold(), name


def _spend(spend: Spend, now: float) -> dict[str, object]:
    age_s = _rounded(max(0.0, now - spend.observed_at))
    return {**spend.to_json(), "share_pct": spend.share_pct, "age_s": age_s}


def _pool(name: str, pool: Pool, now: float) -> dict[str, object]:
    age_s = _rounded(max(0.0, now - pool.observed_at))
    return {"id": name, **pool.to_json(), "share_pct": pool.share_pct, "age_s": age_s}


def _rounded(seconds: float | None) -> float | None:
    """Return seconds to the millisecond, which is more than anybody needs."""
    return None if seconds is None else round(seconds, 3)
