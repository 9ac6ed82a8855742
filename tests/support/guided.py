"""A search for inputs that do harm, guided by the coverage that they reach: needs atheris.

    python -m tests.support.guided TARGET DIRECTORY RUNS SECONDS

TARGET is one of `fuzzed.TARGETS`. What it finds lies in DIRECTORY as a file named `crash-...`, and
belongs to `tests/data/crashes/TARGET` once it is mended. Ends with 0 where it has found nothing.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from random import Random
from typing import Any


def main(target: str, directory: str, runs: str, seconds: str) -> None:
    """Search until one is found, or `runs` inputs were tried, or the time is over."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["statusline"]):
        from tests.support import fuzzed, mutated

    corpus = Path(directory, "corpus")
    corpus.mkdir()
    for number, data in enumerate(mutated.seeds(target)):
        (corpus / str(number)).write_bytes(data)

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        """Change what the input means, or let libFuzzer change its bytes."""
        if seed % 4 == 0:
            changed: bytes = atheris.Mutate(data, size)
            return changed
        return mutated.mutate(data, Random(seed))[:size]

    options = [f"-runs={runs}", f"-max_total_time={seconds}", f"-artifact_prefix={directory}/"]
    options += ["-max_len=65536", "-rss_limit_mb=1024", "-verbosity=0"]
    atheris.Setup(
        [sys.argv[0], *options, str(corpus)], fuzzed.TARGETS[target], custom_mutator=mutate
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
