"""``statusline guard``: may a script or an agent go on? The answer is the exit code."""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import click

from statusline import clock, environ
from statusline.cli.report import WINDOWS, Overview, look
from statusline.hot import render, spawn
from statusline.hot.values import is_reset, left_s
from statusline.hot.words import age, duration, percent
from statusline.refresh.credentials import Credentials
from statusline.states import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.cli.report import Known
    from statusline.environ import Environment
    from statusline.model import Observation

#: The exit codes, which are the interface.
BELOW, REACHED, UNKNOWN = 0, 1, 3
#: ``--wait`` looks at the cache this often; a suspended machine or a set clock delays it no more.
POLL_S = 2.0
#: ... and this often while a refresher may be at work.
ANSWER_POLL_S = 0.25
#: What a refresher that was just started may take, its own limit and its start.
ANSWER_S = 25.0


class Verdict(NamedTuple):
    """The exit code, the line, and when (epoch s) waiting could help; ``None``: nobody knows."""

    code: int
    line: str
    free_at: float | None = None


def _real(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Refuse what lies in every range: nothing is above NaN."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter("not a number.")
    return value


@click.command("guard", short_help="Tell scripts whether there is room.")
@click.option(
    "--max",
    "limit_pct",
    type=click.FloatRange(0, 1000, min_open=True),
    required=True,
    callback=_real,
    metavar="PERCENT",
    help="The use from which the answer is no.",
)
@click.option(
    "--window",
    type=click.Choice([*sorted(WINDOWS), "any"]),
    default="any",
    show_default=True,
    help="The window that counts; any also means weekly limits of single models.",
)
@click.option(
    "--max-age",
    "max_age_s",
    type=click.FloatRange(0, min_open=True),
    callback=_real,
    metavar="SECONDS",
    help="The age from which a number says nothing; default: old_after of config.toml.",
)
@click.option("--wait", is_flag=True, help="Wait for the reset that makes the answer yes.")
def command(*, limit_pct: float, window: str, max_age_s: float | None, wait: bool) -> None:
    """Exit 0 below --max, 1 at or above it, 3 if that is unknown or too old.

    Only the cache is read. A window whose reset has passed counts as 0 % used. --wait lets the
    usage API be asked in the background when that is due, as a prompt does.
    """
    env = environ.current()

    def ask() -> Verdict:
        known = look(env, Credentials(state="found"))
        return judge(known, clock.now(), WINDOWS.get(window, ""), limit_pct, max_age_s)

    verdict = _wait(env, ask) if wait else ask()
    click.echo(verdict.line)
    sys.exit(verdict.code)


def judge(
    known: Known, now: float, window: str, limit_pct: float, max_age_s: float | None
) -> Verdict:
    """Compare the windows at ``now`` (epoch s) with the limit; ``window`` "" stands for all.

    A window past its reset counts as 0 % used, known since that reset. One number that is
    fresh and too high decides; one that is too old to count leaves the rest undecided.
    """
    oldest_s = known.settings.old_after_s if max_age_s is None else max_age_s
    seen = [one for name, one in known.snapshot.windows.items() if window in ("", name)]
    if not seen:
        return Verdict(UNKNOWN, f"unknown: {_why_unknown(known, window)}")
    reached = [one for one in seen if not is_reset(one, now) and one.utilization_pct >= limit_pct]
    old = [one for one in seen if _age_s(one, now) > oldest_s]
    free_at = _free_at(reached)
    sure = [one for one in reached if one not in old]
    if sure:
        words = ", ".join(_words(one, now, limit_pct) for one in sure)
        return Verdict(REACHED, f"at or above {limit_pct:g}%: {words}", free_at)
    if old:
        words = ", ".join(f"{one.label} ({age(_age_s(one, now))} old)" for one in old)
        fix = describe(known.snapshot.state)[2] or "Run `statusline refresh`."
        return Verdict(UNKNOWN, f"unknown: too old: {words}. {fix}", free_at)
    words = ", ".join(_words(one, now, limit_pct) for one in seen)
    return Verdict(BELOW, f"below {limit_pct:g}%: {words}")


def _age_s(seen: Observation, now: float) -> float:
    known_at = seen.observed_at
    if seen.resets_at is not None and is_reset(seen, now):
        known_at = max(known_at, seen.resets_at)
    return max(0.0, now - known_at)


def _free_at(reached: list[Observation]) -> float | None:
    """Return when the last of these windows begins anew; ``None`` where one does not say."""
    resets = [one.resets_at for one in reached if one.resets_at is not None]
    return max(resets) if resets and len(resets) == len(reached) else None


def _words(seen: Observation, now: float, limit_pct: float) -> str:
    """Return one window's use; rounded down, but so that it is on the side of the limit it says."""
    if is_reset(seen, now):
        return f"{seen.label} 0% (has reset, no newer number)"
    is_whole = limit_pct == int(limit_pct)
    used_pct = seen.utilization_pct
    used = percent(used_pct) if is_whole else f"{math.floor(used_pct * 100) / 100:g}%"
    ahead_s = left_s(seen, now)
    resets = "" if ahead_s is None else f" (resets in {duration(ahead_s)})"
    return f"{seen.label} {used}{resets}"


def _why_unknown(known: Known, window: str) -> str:
    if known.troubles:
        return " ".join(f"{each.what} {each.fix}" for each in known.troubles)
    if known.snapshot.windows:
        return f"This account has no {window.replace('_', '-')} window."
    _word, what, fix = describe(Overview(known, clock.now()).state)
    if known.snapshot.state == "ok":
        what, fix = "This account has no usage windows.", ""
    return f"{what} {fix}".rstrip()


def _wait(env: Environment, ask: Callable[[], Verdict]) -> Verdict:
    """Ask again and again until the answer is yes, or until waiting cannot help any more."""
    patience_until_s = time.monotonic() + ANSWER_S
    told = ""
    while True:
        is_asking = _let_refresh(env)  # first: what it wrote meanwhile counts below
        verdict = ask()
        if verdict.code == BELOW:
            return verdict
        if verdict.free_at is None:
            if verdict.code == REACHED or not is_asking or time.monotonic() > patience_until_s:
                return verdict
            time.sleep(ANSWER_POLL_S)
            continue
        patience_until_s = time.monotonic() + ANSWER_S  # for the first number after the reset
        if verdict.line != told and sys.stderr.isatty():
            told = verdict.line
            click.echo(f"{told}; waiting ...", err=True)
        time.sleep(min(max(verdict.free_at - clock.now(), 0.05), POLL_S))


def _let_refresh(env: Environment) -> bool:
    """Start a refresher if one is due, as a render does; tell whether an answer can be near."""
    directory = env.profile_dir
    is_due = directory is not None and render.is_due(render.load(env), clock.now())
    if is_due and directory is not None:
        spawn.start(env, directory)
    return is_due
