"""A search for inputs that do harm, guided by the coverage that they reach where atheris is there.

    python -m tests.support.guided TARGET DIRECTORY RUNS SECONDS [blind]

TARGET is one of `fuzzed.TARGETS`. What it finds lies in DIRECTORY as a file named `crash-...`, and
belongs to `tests/data/crashes/TARGET` once it is mended. Ends with 0 where it has found nothing;
`tried` reads from what it has printed how many inputs there were.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

#: Longer inputs than a seed by this factor, or than this, are not tried: each takes its time.
_GROWTH, _LONG_BYTES = 2, 8192
_LINES = re.MULTILINE


def tried(printed: str) -> int:
    """How many inputs a search has tried, by what it has printed."""
    return sum(map(int, re.findall(r"^stat::number_of_executed_units: *(\d+)$", printed, _LINES)))


def main(target: str, directory: str, runs: str, seconds: str, blind: str = "") -> None:
    """Search until one is found, or `runs` inputs were tried, or the time is over."""
    if blind or importlib.util.find_spec("atheris") is None:
        blindly(target, directory, int(runs), float(seconds))
        return
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["statusline"]):
        from tests.support import fuzzed, mutated

    fuzzed.is_search = True
    corpus = Path(directory, "corpus")
    corpus.mkdir()
    sound = mutated.seeds(target)
    for number, data in enumerate(sound):
        (corpus / str(number)).write_bytes(data)
    longest = max(_LONG_BYTES, _GROWTH * max(map(len, sound)))

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        """Change what the input means, or let libFuzzer change its bytes."""
        if seed % 4 == 0:
            changed: bytes = atheris.Mutate(data, size)
            return changed
        return mutated.mutate(data, Random(seed))[:size]

    options = [f"-runs={runs}", f"-max_total_time={seconds}", f"-artifact_prefix={directory}/"]
    options += [f"-max_len={longest}", "-len_control=0", "-rss_limit_mb=1024", "-verbosity=0"]
    options += ["-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], *options, str(corpus)], fuzzed.TARGETS[target], custom_mutator=mutate
    )
    atheris.Fuzz()


def blindly(target: str, directory: str, runs: int, seconds: float) -> None:
    """The same without coverage, which is five times as fast; from what was found with it."""
    from tests.support import fuzzed, mutated

    fuzzed.is_search = True
    corpus = sorted(Path(directory).glob("corpus/*"))
    sound = [path.read_bytes() for path in corpus] or mutated.seeds(target)
    random, count, end_s, data = Random(), 0, time.monotonic() + seconds, b""
    try:
        while count < runs and time.monotonic() < end_s:
            data = mutated.mutate(random.choice(sound), random)[:_LONG_BYTES]
            count += 1
            fuzzed.TARGETS[target](data)
    except BaseException:
        Path(directory, "crash-blind").write_bytes(data)
        raise
    finally:
        sys.stderr.write(f"stat::number_of_executed_units: {count}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
