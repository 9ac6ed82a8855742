"""The forecast, measured: made-up persons, two naive rules, ours, and what is possible."""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from typing import NamedTuple

from statusline.demo import traces
from statusline.history import naive
from statusline.history.backtest import Moment, Score, moments, score
from statusline.history.cycles import Cycle, Seen, cycles
from statusline.history.predict import Predictor, predict
from statusline.usage.observation import DAY_S
from tools.bench.forecast_page import NAMES, Found, page
from tools.bench.possible import fitted
from tools.bench.registries import MissingError, pypi, pypi_version
from tools.bench.report import tell

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: How long each person is watched: for 5-hour windows, and for weekly ones, of which three have
#: to be known before one is asked about, and eight before there is a range.
DAYS = {"five_hour": 28, "seven_day": 84}
LEAST_PAST = {"five_hour": 0, "seven_day": 3}


class Persons(NamedTuple):
    """The closed cycles of each person by window, oldest first."""

    cycles: list[dict[str, list[Cycle]]]

    def moments(self, window: str, least_past: int = 0) -> list[Moment]:
        """All moments of a window."""
        return [moment for each in self.cycles for moment in moments(each[window], least_past)]


def watched(seeds: range) -> Persons:
    """Return what would be in the histories of the persons of these seeds."""
    found = []
    longest = max(DAYS.values())
    for seed in seeds:
        seen = [Seen.of(each) for each in traces.trace(traces.person(seed), longest)]
        by_window = {}
        for window, days in DAYS.items():
            end_s = traces.START_S + days * DAY_S
            mine = (each for each in seen if each.window == window)
            closed = [each for each in cycles(mine, end_s) if each.resets_at <= end_s]
            by_window[window] = closed
        found.append(by_window)
    return Persons(found)


def limit_seen_by_all(predictors: dict[str, Predictor], asked: list[Moment]) -> dict[str, float]:
    """Return the median error in minutes where every rule saw a limit coming that came."""
    errors: dict[str, list[float]] = {name: [] for name in predictors}
    for moment in asked:
        if moment.full_at is None:
            continue
        said = {
            name: each(moment.cycle, moment.now, moment.past) for name, each in predictors.items()
        }
        full = {name: each.full_at for name, each in said.items() if each is not None}
        for name, at in full.items():
            if all(full.get(other) is not None for other in predictors) and at is not None:
                errors[name].append(abs(at - moment.full_at) / 60)
    return {name: statistics.median(each) for name, each in errors.items() if each}


def by_known(window: str, persons: Persons) -> list[tuple[str, Score, Score]]:
    """Return how right used/elapsed and ours were by how many windows were known."""
    asked = persons.moments(window)
    steps = ((0, 0), (1, 2), (3, 4), (5, 7), (8, 15), (16, 40), (41, 10**6))
    rows = []
    for least, most in steps:
        some = [moment for moment in asked if least <= len(moment.past) <= most]
        if some:
            name = str(least) if least == most else f"{least} to {most}"
            name = f"{least} and more" if most == 10**6 else name
            rows.append((name, score(naive.used_over_elapsed, some), score(predict, some)))
    return rows


def measure(window: str, persons: Persons, model: Predictor | None) -> Found:
    """Ask every rule about every moment of a window."""
    asked = persons.moments(window, LEAST_PAST[window])
    rules = (naive.used_over_elapsed, naive.last_half_hour, predict)
    predictors: dict[str, Predictor] = dict(zip(NAMES, rules, strict=False))
    begin = time.perf_counter()
    scores = {name: score(each, asked) for name, each in predictors.items()}
    tell(f"{window}: {len(asked)} moments, {time.perf_counter() - begin:.0f} s", sys.stderr)
    seen_by_all = limit_seen_by_all(predictors, asked)
    if model is not None:
        scores[NAMES[3]] = score(model, asked)
    begin = time.perf_counter()
    for moment in asked[-200:]:
        predict(moment.cycle, moment.now, moment.past)
    call_ms = (time.perf_counter() - begin) / min(len(asked), 200) * 1000
    return Found(window, scores, seen_by_all, by_known(window, persons), call_ms)


def main() -> None:
    """Run the backtest as the command line says."""
    parser = argparse.ArgumentParser(prog="tools/bench/backtest", description=__doc__)
    parser.add_argument("--training", action="store_true", help="ask about training persons")
    parser.add_argument("--persons", type=int, default=60, help="how many are asked about")
    parser.add_argument("--no-model", action="store_true", help="do not fit what is possible")
    parser.add_argument("--work", default="", metavar="DIR", help="keep what is installed there")
    parser.add_argument("--write", action="store_true", help="write docs/forecast.md")
    words = parser.parse_args()
    seeds = traces.TRAINING_SEEDS if words.training else traces.HELD_OUT_SEEDS
    persons = watched(seeds[: words.persons])
    with contextlib.ExitStack() as stack:
        directory = words.work or stack.enter_context(tempfile.TemporaryDirectory(prefix="slb-"))
        python, version = "", ""
        if not (words.no_model or words.training):
            try:
                venv = pypi(f"{directory}/possible", "scikit-learn")
                python, version = f"{venv}/bin/python", pypi_version(venv, "scikit-learn")
            except MissingError as error:
                tell(f"what is possible is left out: {error}", sys.stderr)
        others = watched(traces.TRAINING_SEEDS) if python else Persons([])
        found = []
        for window, least_past in LEAST_PAST.items():
            model = None
            if python:
                known = others.moments(window, least_past)
                asked = persons.moments(window, least_past)
                model = fitted(python, directory, known, asked)
            found.append(measure(window, persons, model))
    text = page(found, len(persons.cycles), version, is_held_out=not words.training)
    tell(text)
    if words.write and not words.training:
        with open(f"{ROOT}/docs/forecast.md", "w", encoding="utf-8") as file:
            file.write(text)
