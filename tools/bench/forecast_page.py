"""docs/forecast.md: what the forecast does, how right it is, what it misses and what was tried."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from statusline.history.backtest import Score
from tools.bench.table import table

NAMES = ("used/elapsed", "last 30 min", "`statusline`", "possible")
NAIVE, OURS = NAMES[:2], NAMES[2]
TITLES = {
    "five_hour": "The 5-hour window",
    "seven_day": "The 7-day window, once three of them are known",
}
#: The most of the better naive rule's mean error that ours may have.
ERROR_GOAL = {"five_hour": 0.9, "seven_day": 0.6}
LIMIT_GOAL = 0.8
COVERAGE_GOAL = (0.75, 0.85)
PRECISION_GOAL, RECALL_GOAL = 0.65, 0.5


class Found(NamedTuple):
    """What was found for one window.

    ``seen_by_all``: the median error in minutes where all rules saw a limit coming; ``by_known``:
    the scores of used/elapsed and ours by how many windows were known.
    """

    window: str
    scores: Mapping[str, Score]
    seen_by_all: Mapping[str, float]
    by_known: Sequence[tuple[str, Score, Score]]
    call_ms: float


HEAD = """\
# The forecast

Where a running window leads: how much will be used at its reset, and when it is full. Written by
`tools/bench/backtest --write`, figures and all. `statusline` reads nothing for it but the history
of your own numbers.

## What it does

- What is left of a window is used *as usual at those hours*: by hour of the day while a 5-hour
  window runs, by day of the week and hour for a weekly one, both learned from your own past
  windows, the newest 60 at most.
- That is multiplied by the *level*: what was used so far beside what is usual for that. A few
  minutes say little about the hours to come, so 25 points of usual use are added on both sides of
  that ratio, 100 points for a week; with few past windows less, with none nothing: then it is the
  straight line from the start of the window.
- A *pause* tells that work may be over: in a 5-hour window, each half hour without a step divides
  what is to come by e.
- Where used and to come reach 100 %, the window is said to fill. When: for a 5-hour window at the
  mean of three rates, the expected one, the one since its start and that of the last 30 minutes;
  for a weekly one when the usual hours have added up.
- The *range* is learned from your own past windows: at the same elapsed share, what came is
  divided by what this forecast would have said, and the shortest range that holds four of five of
  those ratios is taken. It needs eight such windows; before that there is none.
- It is silent before 5 % of a window have passed or 3 % are used, with a single number, after the
  reset, and for windows of which no length is known. A fall of the percentage before the reset (a
  banked reset) begins anew.

The constants are round: half an hour, a quarter of a window, a whole one. They were chosen on
training persons only, between values that differ by a factor of two; half or twice as much of
any of them changes the mean error by 5 % at most.
"""

METHOD = """\
## How it was measured

{persons} made-up persons whom nothing was chosen or fitted on (`statusline/demo/traces.py`:
bursts and pauses, workdays and weekends, several models, whole per cents, a look each 1 to 10
minutes, gaps, nights, full windows that refuse work, banked resets). Each is watched for 28 days
for 5-hour windows and for 84 days for weekly ones. A window is looked at when a tenth, two tenths
... nine tenths of it have passed, if 3 % are used and it is not full yet, with what was known at
that moment; the history grows as it would have.

- *Error*: distance of forecast and last known use, in points; both end at 100.
- *Time to the limit*: at moments of windows that were full later, the distance of forecast and
  moment. Who does not see the limit coming is taken to have said the reset. The row below counts
  only moments at which ours and both naive rules saw it coming.
- *Hits before the reset*: of the moments at which that was said, how many came true (precision);
  of those that came true, how many were said (recall); how long before it was first said of a
  window (lead).
- *Possible*: gradient-boosted trees (scikit-learn {version}) on all that this forecast knows and
  more, fitted on 150 other persons. Nobody's own history holds that; it shows how much can be
  known at those moments at all. It says that a window fills from a chance of 40 % on.

Made-up persons are no real ones: the generator, written and left alone before the forecast was
begun, decides how much of tomorrow follows from today. Your own figures: `statusline history
backtest`.

The held-out persons were looked at {looks}.
"""
LOOKS = "once, for this page, after everything had been chosen"

TRIED = """\
## What was tried

Mean errors on 50 training persons, in points, with all else equal; *fitted* rows have a factor or
more that was fitted on the other 100. 5-hour windows (used/elapsed 15.1, last 30 minutes 13.4):

| what                                                                     | mean error |
| ------------------------------------------------------------------------ | ---------: |
| usual use times level                                                    |       13.6 |
| the last hour's rate, fading within an hour into usual use times level   |       12.8 |
| the same, corrected by the median ratio of the user's own past windows   |       13.0 |
| seven rates and expectations in one fitted line (least absolute errors)  |       12.3 |
| geometric mean of usual use times level and the last 30 minutes, fitted  |       12.2 |
| usual use times level, divided by e for each hour of a pause, fitted     |       11.9 |
| the same for each 15 minutes, fitted                                     |       12.1 |
| nothing more after 30 minutes without a step, fitted                     |       11.7 |
| **usual use times level, divided by e for each half hour of a pause**    |   **11.4** |
| the same with 50 points of usual use instead of 20                       |       11.4 |

Weekly windows after three known ones (used/elapsed 12.3; the last four rows 30 persons,
used/elapsed 11.4):

| what                                                       | mean error |
| ---------------------------------------------------------- | ---------: |
| weekday times hour, 5 points of usual use beside the level |        9.1 |
| 20 points                                                  |        8.1 |
| 40 points                                                  |        7.7 |
| the last 12 hours' rate for 12 hours, 20 points            |        8.2 |
| days of the week alone, 100 points                         |        7.1 |
| each of 168 hours for itself, 100 points                   |        6.8 |
| **weekday times hour, 100 points**                         |    **6.7** |
| 60 points                                                  |        6.9 |

Ranges from the 10th to the 90th percentile of the same ratios held 92 % instead of 80: many
windows end where they are, and none ends below. The time to the limit by usual hours alone was
off by 41 minutes in 5-hour windows, by the mean of three rates by 33.
"""


def page(found: Sequence[Found], persons: int, version: str, *, is_held_out: bool) -> str:
    """Return the page; ``version`` is that of scikit-learn, empty where nothing was fitted."""
    parts = [HEAD, "## How right it is\n"]
    if not is_held_out:
        parts.insert(0, "TRAINING PERSONS: these figures are not for publication.\n")
    for each in found:
        parts += [f"### {TITLES[each.window]}\n", _sizes(each), _table(each), _known(each)]
    parts += [_missed(found), METHOD.format(persons=persons, version=version, looks=LOOKS), TRIED]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _sizes(found: Found) -> str:
    ours = found.scores[OURS]
    return (
        f"{ours.windows} windows, {ours.moments} moments; ours was silent at {ours.silent}. "
        f"One forecast took {found.call_ms:.1f} ms.\n"
    )


def _table(found: Found) -> str:
    names = [name for name in NAMES if name in found.scores]
    columns = [found.scores[name] for name in names]
    goals = {goal.row: goal for goal in goals_of(found)}

    def row(
        title: str, value: Callable[[Score], float | None], form: Callable[[float], str]
    ) -> list[str]:
        cells = ["–" if (figure := value(each)) is None else form(figure) for each in columns]
        goal = goals.get(title)
        return [title, *cells, *(("", "") if goal is None else (goal.wanted, goal.verdict))]

    all_saw = [
        _duration(found.seen_by_all[name]) if name in found.seen_by_all else "–" for name in names
    ]
    points, minutes, share = "{:.1f} points".format, _duration, "{:.2f}".format
    rows = [
        row("use at the reset, mean error", lambda each: each.mean_error, points),
        row("use at the reset, median error", lambda each: each.median_error, points),
        row("time to the limit, median error", lambda each: each.limit_min, minutes),
        ["the same where all saw it coming", *all_saw, "", ""],
        row("80 % range holds", lambda each: each.coverage, share),
        row("hits before the reset: precision", lambda each: each.precision, share),
        row("hits before the reset: recall", lambda each: each.recall, share),
        row("hits before the reset: lead", lambda each: each.lead_min, minutes),
    ]
    return table(("", *names, "goal", ""), rows)


def _duration(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


class Goal(NamedTuple):
    """A goal: the row it belongs to, what was wanted, what came of it."""

    row: str
    wanted: str
    verdict: str


def goals_of(found: Found) -> list[Goal]:
    """Return the goals for a window, met or missed."""
    ours = found.scores[OURS]
    error, limit = _ratio(found, "mean_error"), _ratio(found, "limit_min")
    low, high = COVERAGE_GOAL
    goals = []
    if error is not None:
        wanted = ERROR_GOAL[found.window]
        verdict = f"{_met(is_met=error <= wanted)}: {error:.2f} ×"
        goals.append(Goal("use at the reset, mean error", f"≤ {wanted:g} × naive", verdict))
    if limit is not None:
        verdict = f"{_met(is_met=limit <= LIMIT_GOAL)}: {limit:.2f} ×"
        goals.append(Goal("time to the limit, median error", f"≤ {LIMIT_GOAL:g} × naive", verdict))
    if ours.coverage is not None:
        is_met = low <= ours.coverage <= high
        goals.append(Goal("80 % range holds", f"{low:.2f} to {high:.2f}", _met(is_met=is_met)))
    for title, figure, wanted in (
        ("hits before the reset: precision", ours.precision, PRECISION_GOAL),
        ("hits before the reset: recall", ours.recall, RECALL_GOAL),
    ):
        if figure is not None:
            goals.append(Goal(title, f"≥ {wanted:.2f}", _met(is_met=figure >= wanted)))
    return goals


def _ratio(found: Found, name: str) -> float | None:
    """Return our figure over that of the better naive rule."""
    figures = [getattr(found.scores[each], name) for each in NAIVE]
    ours = getattr(found.scores[OURS], name)
    known = [figure for figure in figures if figure]
    return ours / min(known) if known and ours is not None else None


def _met(*, is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _known(found: Found) -> str:
    rows = [
        [name, str(ours.windows), *(f"{each.mean_error or 0:.1f}" for each in (naive, ours))]
        for name, naive, ours in found.by_known
    ]
    head = ("windows known before", "windows", f"{NAIVE[0]}, mean error", f"{OURS}, mean error")
    return table(head, rows)


def _missed(found: Sequence[Found]) -> str:
    goals = [(each, goal) for each in found for goal in goals_of(each)]
    missed = [(each, goal) for each, goal in goals if "missed" in goal.verdict]
    lines = [f"Of {len(goals)} goals {len(goals) - len(missed)} are met.\n"]
    for each, goal in missed:
        text = f"- Missed: {goal.row} ({each.window}), wanted {goal.wanted}."
        possible = each.scores.get(NAMES[3])
        if goal.row.startswith("time") and possible is not None and possible.limit_min:
            text += (
                f" The fitted model has {_duration(possible.limit_min)}. A straight line says of "
                "many more windows that they fill, and most of those do not: what it wins here it "
                "pays in precision. The row below it has the moments at which all saw it coming."
            )
        if goal.row.startswith("use") and possible is not None and possible.mean_error:
            text += f" The fitted model has {possible.mean_error:.1f} points."
        lines.append(textwrap.fill(text, 98, subsequent_indent="  ", break_on_hyphens=False))
    return "### What is missed\n\n" + "\n".join(lines) + "\n"
