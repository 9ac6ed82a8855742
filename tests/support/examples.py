"""How much a test is tried with: on ordinary days the same few examples, else all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest

#: Everyday runs try the same examples each time, so that more of them find nothing new.
EVERYDAY_SHARE = 4
DEFAULT = 100

#: Set by tests/conftest.py before any test is read.
is_full = False


def examples(count: int = DEFAULT) -> int:
    """`count` with `--full`, a quarter of it on ordinary days."""
    return count if is_full else max(count // EVERYDAY_SHARE, 15)


def crossed(*axes: Iterable[Any]) -> list[Any]:
    """Parameters for a test of several axes: every value of each axis, at least once.

    With `--full` every combination. A value that has a mark, or is several parameters, is a
    `pytest.param` or a tuple.
    """
    lists = [list(axis) for axis in axes]
    count = max(map(len, lists))
    diagonal = ([axis[number % len(axis)] for axis in lists] for number in range(count))
    chosen = itertools.product(*lists) if is_full else diagonal
    return [_together(values) for values in chosen]


def _together(values: Iterable[Any]) -> Any:
    """One set of parameters out of a value of each axis, with the marks of all."""
    parts = [each if hasattr(each, "marks") else pytest.param(each) for each in values]
    marks = [mark for part in parts for mark in part.marks]
    values = [value for part in parts for value in part.values]
    names = [str(part.id or "") or _name(part.values) for part in parts]
    return pytest.param(*values, marks=marks, id="-".join(names) if all(names) else None)


def _name(values: Iterable[Any]) -> str:
    """Words for these values, where they have some."""
    return "-".join(str(value) if isinstance(value, str | int) else "" for value in values)
