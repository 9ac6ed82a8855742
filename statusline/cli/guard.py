"""``statusline guard``: may a script or an agent go on? The answer is the exit code."""

from __future__ import annotations

import sys
import time
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, NamedTuple

import click

from statusline.cli.command import Command
from statusline.cli.ranges import Range
from statusline.login.credentials import Credentials
from statusline.overview import wrong_clock
from statusline.overview.overview import WINDOWS, Overview, look
from statusline.segment import render, spawn
from statusline.segment.humanize import age, duration, percent
from statusline.segment.values import MAIN_WINDOWS
from statusline.system import clock, environ
from statusline.usage.messages import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.overview.overview import ProfileData
    from statusline.system.environ import Environment
    from statusline.usage.spend import Spend

#: The exit codes, which are the interface.
BELOW, REACHED, UNKNOWN = 0, 1, 3
#: ``--wait`` looks at the cache this often; a suspended machine or a set clock delays it no more.
POLL_S = 2.0
#: ... and this often while a refresher may be at work.
ANSWER_POLL_S = 0.25
#: What a refresher that was just started may take, its own limit and its start.
ANSWER_S = 25.0
#: How long after a reset its first number is waited for: the longest time between two requests,
#: and the time until a refresher looks again.
FIRST_NUMBER_S = 900.0
#: What ``--window`` calls what counts; "" stands for all of it.
CHOICES = {**WINDOWS, "spend": "spend", "any": ""}


class Count(NamedTuple):
    """One number that counts: used share in per cent, moments in epoch seconds."""

    label: str
    used_pct: float
    resets_at: int | None
    observed_at: float


class Verdict(NamedTuple):
    """The exit code, the line, and when (epoch s) waiting could help; ``None``: nobody knows."""

    code: int
    line: str
    free_at: float | None = None


@click.command(
    "guard",
    cls=Command,
    examples=(
        ("statusline guard --max 90 && ./big-job", "run it while below 90 %"),
        ("statusline guard --max 90 --wait", "wait for the reset, if need be"),
        ("statusline guard --max 50 --window 7d", "look at the week alone"),
    ),
)
@click.option(
    "--max",
    "limit_pct",
    type=Range(0, 1000, min_open=True),
    required=True,
    metavar="PERCENT",
    help="Exit with 1 at or above this percentage.",
)
@click.option(
    "--window",
    type=click.Choice([*CHOICES]),
    default="any",
    show_default=True,
    help="What to check; `any` includes weekly limits of single models.",
)
@click.option(
    "--max-age",
    "max_age_s",
    type=Range(0, min_open=True),
    metavar="SECONDS",
    help="Treat older numbers as unknown; if not given, `old_after_s` in config.toml.",
)
@click.option("--wait", is_flag=True, help="Wait until usage is below --max.")
def command(*, limit_pct: float, window: str, max_age_s: float | None, wait: bool) -> None:
    """Exit with 0 below --max, with 1 at or above it, with 3 if that is unknown or too old.

    Only the cache is read. A window that has reset is unknown until there is a newer number. With
    --wait, new numbers are fetched in the background when due, as at a prompt.
    """
    env = environ.current()

    def ask() -> Verdict:
        known = look(env, Credentials(state="found"))
        return judge(known, clock.now(), CHOICES[window], limit_pct, max_age_s)

    verdict = _wait(env, ask) if wait else ask()
    click.echo(verdict.line)
    sys.exit(verdict.code)


def judge(
    known: ProfileData, now: float, window: str, limit_pct: float, max_age_s: float | None
) -> Verdict:
    """Compare what counts at ``now`` (epoch s) with the limit; ``window`` is one of ``CHOICES``.

    One number that is fresh and too high decides. Otherwise every number that is missing, too
    old, or from before a reset leaves the answer open: unknown is never 0 %.
    """
    oldest_s = known.settings.old_after_s if max_age_s is None else max_age_s
    seen, missing = numbers(known, window), _missing(known, window)
    if not seen and not missing:
        return Verdict(UNKNOWN, f"unknown: {_why_unknown(known, window)}")
    ahead = ", ".join(one.label for one in seen if one.observed_at - now > clock.TOLERANCE_S)
    if ahead:
        return Verdict(UNKNOWN, f"unknown: seen in the future: {ahead}. {wrong_clock.FIX}")
    over = [one for one in seen if one.resets_at is not None and one.resets_at <= now]
    old = [one for one in seen if one not in over and now - one.observed_at > oldest_s]
    reached = [one for one in seen if one not in over and one.used_pct >= limit_pct]
    sure = [one for one in reached if one not in old]
    free_at = _free_at(reached, over, now)
    if sure:
        shown = ", ".join(_shown(one, now, limit_pct) for one in sure)
        return Verdict(REACHED, f"at or above {limit_pct:g}%: {shown}", free_at)
    doubts = {
        "no number": missing,
        "reset, no newer number": [one.label for one in over],
        "too old": [f"{one.label} ({age(max(0.0, now - one.observed_at))} old)" for one in old],
    }
    said = "; ".join(f"{why}: {', '.join(names)}" for why, names in doubts.items() if names)
    if said:
        fix = describe(known.snapshot.state, source=known.login.source)[2]
        asks = fix or "Run `statusline refresh`."
        return Verdict(UNKNOWN, f"unknown: {said}. {asks}", free_at)
    shown = ", ".join(_shown(one, now, limit_pct) for one in seen)
    return Verdict(BELOW, f"below {limit_pct:g}%: {shown}")


def numbers(known: ProfileData, window: str) -> list[Count]:
    """Return the numbers that count.

    Money counts for all only where the API said that there is neither main window: elsewhere it
    is what comes after them, and its end stops nobody who has room there.
    """
    snapshot = known.snapshot
    found = [
        Count(one.label, one.utilization_pct, one.resets_at, one.observed_at)
        for name, one in snapshot.windows.items()
        if window in ("", name) or (window == "spend" and name == "spend_limit")
    ]
    spend = snapshot.spend
    is_all_there_is = all(
        name in snapshot.absent and name not in snapshot.windows for name in MAIN_WINDOWS
    )
    wanted = window == "spend" or (not window and is_all_there_is)
    if wanted and spend is not None and spend.is_shown and spend.share_pct is not None:
        found.append(Count("spend", spend.share_pct, None, spend.observed_at))
    return found


def _missing(known: ProfileData, window: str) -> list[str]:
    """Return the main windows that are there and of which no number is known.

    Where one of them is, so is the other, unless the API said that there is none.
    """
    snapshot = known.snapshot
    if window or not any(name in snapshot.windows for name in MAIN_WINDOWS):
        return []
    return [
        word
        for word, name in WINDOWS.items()
        if name not in snapshot.windows and name not in snapshot.absent
    ]


def _free_at(reached: list[Count], over: list[Count], now: float) -> float | None:
    """Return until when waiting could help; ``None`` where nobody knows.

    What is full is free once the last of it begins anew; what has begun anew is known a little
    later.
    """
    resets = [one.resets_at for one in reached if one.resets_at is not None]
    if len(resets) < len(reached):
        return None
    until = [*resets, *(one.resets_at + FIRST_NUMBER_S for one in over if one.resets_at)]
    last = max(until, default=now)
    return last if last > now else None


def _shown(seen: Count, now: float, limit_pct: float) -> str:
    """Return one number, rounded down but so that it is on the side of the limit that it says."""
    used = percent(seen.used_pct)
    if limit_pct != int(limit_pct):
        places = max(2, len(f"{Decimal(repr(limit_pct)):f}".partition(".")[2]))
        used_pct = Decimal(repr(seen.used_pct)).quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)
        used = f"{used_pct.normalize():f}%"
    resets = "" if seen.resets_at is None else f" (resets in {duration(seen.resets_at - now)})"
    return f"{seen.label} {used}{resets}"


def _why_unknown(known: ProfileData, window: str) -> str:
    snapshot = known.snapshot
    if known.problems:
        return " ".join(f"{each.what} {each.fix}" for each in known.problems)
    _word, what, fix = describe(Overview(known, clock.now()).state, source=known.login.source)
    name = f"{window.replace('_', '-')} window"
    if window == "spend" and (snapshot.spend is not None or snapshot.state == "ok"):
        return _why_no_share(snapshot.spend)
    if window in snapshot.absent:
        return f"This account has no {name}."
    if window in MAIN_WINDOWS and snapshot.windows:
        return f"Nothing is known about the {name} yet. {fix or 'Run `statusline refresh`.'}"
    if snapshot.state == "ok" and snapshot.absent:
        return "This account has no usage windows."
    return f"{what} {fix}".rstrip()


def _why_no_share(spend: Spend | None) -> str:
    if spend is None or not spend.is_shown:
        return "This account spends nothing beyond its plan."
    return "Spending on this account has no limit."


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
