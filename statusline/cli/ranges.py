"""Numbers that options take."""

from __future__ import annotations

import math
from typing import Any

import click


class Range(click.FloatRange):
    """A range of real numbers, without what lies in every range: nothing is above NaN."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail with a sentence."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail("not a number.", param, ctx)
        return number
