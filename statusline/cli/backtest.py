"""``statusline history backtest``: how right the forecast was for the user's own windows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from statusline.cli.command import Command
from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.backtest import LEAST_WINDOWS, MOST_WINDOWS, Score, scores
from statusline.login.credentials import Credentials
from statusline.overview.overview import look
from statusline.system import clock, environ
from statusline.usage.observation import DAY_S

if TYPE_CHECKING:
    from statusline.history.cycles import Cycle
    from statusline.history.store import History

#: The version of the JSON document (docs/history.md), and how far back windows are taken.
SCHEMA = 1
_PAST_S = 400 * DAY_S
_ROWS: tuple[tuple[str, Callable[[Score], float | None], str], ...] = (
    ("use at the reset, mean error, points", lambda each: each.mean_error, ".1f"),
    ("use at the reset, median error, points", lambda each: each.median_error, ".1f"),
    ("time to the limit, median error, min", lambda each: each.limit_min, ".0f"),
    ("share of 80 % ranges that held", lambda each: each.coverage, ".2f"),
    ("limits announced that came", lambda each: each.precision, ".2f"),
    ("limits that came, announced", lambda each: each.recall, ".2f"),
    ("time from the first word to it, min", lambda each: each.lead_min, ".0f"),
)


class Judged(NamedTuple):
    """A window, how many of its runs were looked at, and the score of each rule."""

    name: str
    label: str
    windows: int
    scores: Mapping[str, Score]


@click.command("backtest", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/history.md).")
def command(*, as_json: bool) -> None:
    """Say how right the forecast would have been for your windows that have ended.

    Two simple rules are judged beside it: the average use since the window began, and the use in
    the last 30 minutes, each as if it went on like that. docs/forecast.md says what is counted.
    """
    env, now = environ.current(), clock.now()
    present = look(env, Credentials(state="found")).snapshot.account
    if env.profile_dir is None:
        raise click.ClickException("There is no place for the cache: HOME is not set.")
    found = []
    try:
        with store.reading(env.profile_dir) as history:
            found = _judged(history, present or next(iter(history.accounts()), ""), now)
    except DatabaseError as error:
        if error.trouble != "missing":
            raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(document(found), indent=2))
    else:
        click.echo("\n".join(lines(found)))


def _judged(history: History, account: str, now: float) -> list[Judged]:
    """Return every window that has a length and was seen to end."""
    found = []
    for window in history.windows(account):
        known: list[Cycle] = history.cycles(account, window.name, now - _PAST_S, now)
        by_rule = scores(known)
        windows = max((each.windows for each in by_rule.values()), default=0)
        if any(each.is_closed for each in known):
            found.append(Judged(window.name, window.label, windows, by_rule))
    return found


def lines(found: list[Judged]) -> list[str]:
    """Return what is printed: a table for each window, or that it has too few."""
    if not found:
        return ["No window has ended yet of which the history knows."]
    printed = []
    for each in found:
        if each.windows < LEAST_WINDOWS:
            counted = "1 window" if each.windows == 1 else f"{each.windows} windows"
            printed += [f"{each.label}: {counted} to judge by; {LEAST_WINDOWS} are needed.", ""]
            continue
        moments = max(score.moments for score in each.scores.values())
        printed.append(f"{each.label}: the last {each.windows} windows, at {moments} moments")
        printed.append(f"{'':38}" + "".join(f"{name:>14}" for name in each.scores))
        printed += [_line(*row, each.scores) for row in _ROWS]
        printed.append("")
    return printed[:-1]


def _line(
    title: str, value: Callable[[Score], float | None], form: str, by_rule: Mapping[str, Score]
) -> str:
    cells = [
        "–" if (figure := value(score)) is None else f"{figure:{form}}"
        for score in by_rule.values()
    ]
    return f"{title:38}" + "".join(f"{cell:>14}" for cell in cells)


def document(found: list[Judged]) -> dict[str, object]:
    """Return the same as docs/history.md describes it."""
    return {
        "schema": SCHEMA,
        "least_windows": LEAST_WINDOWS,
        "most_windows": MOST_WINDOWS,
        "windows": [
            {
                "id": each.name,
                "label": each.label,
                "windows": each.windows,
                "rules": {name: score._asdict() for name, score in each.scores.items()},
            }
            for each in found
        ],
    }
