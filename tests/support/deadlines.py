"""A time limit that is over at a moment of the test's choice, and not by the clock.

Code that bounds a wait does so with ``worker.join(limit)``, in its module's `threading`.
"""

from __future__ import annotations

import contextlib
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .patience import HANG_S, wait_until


@contextlib.contextmanager
def limit_over_when(
    module: types.ModuleType, reached: Callable[[tuple[Any, ...]], object]
) -> Iterator[list[float | None]]:
    """Let the limits of `module` be over as soon as `reached(ARGUMENTS OF THE WORKER)` holds.

    Yields the limits that were set, in seconds.
    """
    were_set: list[float | None] = []

    class Worker(threading.Thread):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self._given: tuple[Any, ...] = options["args"]

        def join(self, timeout: float | None = None) -> None:
            were_set.append(timeout)
            wait_until(lambda: reached(self._given), "the end of the time limit")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "threading", types.SimpleNamespace(Thread=Worker))
        yield were_set


@contextlib.contextmanager
def patient(module: types.ModuleType) -> Iterator[None]:
    """Let no limit of `module` be over before the worker has ended or hangs."""

    class Worker(threading.Thread):
        def join(self, timeout: float | None = None) -> None:  # noqa: ARG002  # not by the clock
            super().join(HANG_S)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "threading", types.SimpleNamespace(Thread=Worker))
        yield
