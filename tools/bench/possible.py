"""What is possible: gradient-boosted trees, fitted on the windows of many other persons.

Not shipped, and no rule that a reader could follow: a bar that shows how much the moments hold.
Runs itself with the Python of a venv that has scikit-learn.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from statusline.history.backtest import Moment
    from statusline.history.predict import Predictor

#: From this chance on the model says that the limit comes first.
CHANCE = 0.4
LIMIT_S = 1800
_HERE = os.path.abspath(__file__)


def fitted(python: str, directory: str, known: list[Moment], asked: list[Moment]) -> Predictor:
    """Return a predictor for the moments in ``asked``, fitted to those in ``known``."""
    from statusline.history.backtest import Moment
    from statusline.history.cycles import Cycle
    from statusline.usage.forecast import Forecast

    path = f"{directory}/moments.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(
            {
                "known": [features(moment) for moment in known],
                "came": [
                    [
                        moment.final_pct - moment.cycle.used_pct,
                        None if moment.full_at is None else moment.full_at - moment.now,
                    ]
                    for moment in known
                ],
                "asked": [features(moment) for moment in asked],
            },
            file,
        )
    done = subprocess.run(
        [python, "-I", _HERE, path], stdout=subprocess.PIPE, text=True, check=True, timeout=LIMIT_S
    )
    answers = {}
    for moment, (*parts, chance, full_s) in zip(asked, json.loads(done.stdout), strict=True):
        used_pct = moment.cycle.used_pct
        low, coming, high = sorted(max(part, 0.0) for part in parts)
        full_at = min(moment.now + max(full_s, 60.0), moment.cycle.resets_at)
        answers[_key(moment)] = Forecast(
            moment.cycle.window,
            moment.cycle.resets_at,
            moment.now,
            0.0,
            used_pct + coming,
            (used_pct + low, used_pct + high),
            (full_at, None, None) if chance >= CHANCE else None,
        )

    def predict(cycle: Cycle, now: float, past: Sequence[Cycle]) -> Forecast:
        return answers[_key(Moment(cycle, past, now, 0.0, None))]

    return predict


def _key(moment: Moment) -> tuple[float, float]:
    return moment.cycle.points[0].at_s, moment.now


def features(moment: Moment) -> list[float]:
    """Return what is known at a moment as numbers: more than any rule here makes use of."""
    from statusline.history import predict as ours

    cycle, now = moment.cycle, moment.now
    length_s = cycle.resets_at - cycle.starts_at
    kind = ours.LONG if length_s > ours.LONG_FROM_S else ours.SHORT
    past = moment.past[-ours.MOST_PAST :]
    usual = kind.habit(past)
    outlook = ours._outlook(cycle, now, usual, kind)
    elapsed_s = now - cycle.starts_at
    share = elapsed_s / length_s
    spans_s = [min(part * length_s, elapsed_s) for part in (0.05, 0.1, 0.2, 0.4)]
    rates = [(cycle.used_pct - cycle.pct_at(now - span_s)) / span_s * 3600 for span_s in spans_s]
    ratios = sorted(ours._ratios(past, share, usual, kind))
    finals = sorted(each.used_pct for each in past)
    left_s = cycle.resets_at - now
    ahead = [usual.usual_pct(now, now + part * left_s) for part in (0.25, 0.5, 1.0)]
    return [
        *(share, cycle.used_pct, cycle.used_pct / elapsed_s * 3600, left_s / 3600, *rates),
        *((now - cycle.points[-1].at_s) / 3600, usual.usual_pct(cycle.starts_at, now), *ahead),
        *(outlook.level, outlook.coming_pct, len(past), len(cycle.points)),
        finals[len(finals) // 2] if finals else -1.0,
        sum(pct >= 100 for pct in finals) / len(finals) if finals else -1.0,
        *([ratios[int(part * len(ratios))] for part in (0.2, 0.5, 0.8)] if ratios else [-1.0] * 3),
    ]


def fit(path: str) -> None:
    """Read moments, fit trees to those that are known, print what they say of the others."""
    ensemble: Any = importlib.import_module("sklearn.ensemble")
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    shape = {"max_iter": 150, "learning_rate": 0.08, "max_leaf_nodes": 15, "min_samples_leaf": 60}
    regressor = ensemble.HistGradientBoostingRegressor
    coming = [came for came, _full_s in given["came"]]

    def said(model: Any, rows: list[Any], targets: list[Any]) -> list[float]:
        return [float(value) for value in model.fit(rows, targets).predict(given["asked"])]

    columns = [
        said(regressor(loss="quantile", quantile=part, **shape), given["known"], coming)
        for part in (0.1, 0.5, 0.9)
    ]
    is_full = [full_s is not None for _came, full_s in given["came"]]
    classifier = ensemble.HistGradientBoostingClassifier(**shape).fit(given["known"], is_full)
    columns.append([float(pair[1]) for pair in classifier.predict_proba(given["asked"])])
    full = [(row, full_s) for row, (_c, full_s) in zip(given["known"], given["came"]) if full_s]  # noqa: B905  # both are of one length
    model = regressor(loss="absolute_error", **shape)
    columns.append(said(model, [row for row, _s in full], [full_s for _r, full_s in full]))
    json.dump([list(row) for row in zip(*columns)], sys.stdout)  # noqa: B905  # as above


if __name__ == "__main__":
    fit(sys.argv[1])
