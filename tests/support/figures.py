"""Figures that tests measure on their way: what each is, and what it has to be.

A test hands over what it saw with the fixture ``figure``; ``tests/run --report FILE`` writes all
of them down. Their ids are those of docs/failure-modes.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

#: What the fixture ``figure`` gives: to be called with an id and the value in words.
Note = Callable[[str, str], None]


class Figure(NamedTuple):
    """What is measured, and the bar in words."""

    what: str
    bar: str


FIGURES = {
    "M01": Figure("requests at the server in 60 s, over all loads and answers", "1"),
    "M02": Figure("torn documents among those that were read", "0"),
    "M03": Figure("numbers lost when many tell the cache at once", "0"),
    "M04": Figure("a render in ms, by what it finds: p50 / p95 / p99", "p99 at most 60 ms, idle"),
    "M05": Figure("a segment that a shell prints by itself, in ms", "at most 0.1 ms"),
    "M06": Figure("what a render pays for starting a refresher, in ms", "at most 3 ms"),
    "M07": Figure("modules that a render loads", "those of a list"),
    "M08": Figure("how long a refresher lives, in s", "at most 20 s, whatever happens"),
    "M09": Figure("peak memory of a refresher in MB", "at most 60 MB"),
    "M10": Figure("temporary files left after many kills and one more run", "0"),
    "M11": Figure("descendants and zombies left by many renders", "0"),
    "M12": Figure("system calls made to fail, one by one; documents torn by that", "0 torn"),
    "M13": Figure("places in which a made-up secret shows, over all that a run leaves", "0"),
    "M14": Figure("inputs that a search tried; what escaped", "10⁶; 0 escapes"),
    "M15": Figure("cases of docs/failure-modes.md that ran", "at least 95 %"),
    "M16": Figure("seconds until good numbers are back after a trouble", "60 s and jitter"),
    "M17": Figure("what 20 sessions, 4 tmux clients and 10 shells take together", "no bar"),
    "M18": Figure(
        "what tmux, shells and the cache grow by in a day played fast",
        "6 MB, 4 descriptors, 100 files",
    ),
}
#: The name under which a test's report carries what it measured.
PROPERTY = "figure"
