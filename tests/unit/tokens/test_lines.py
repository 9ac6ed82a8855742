"""The two readers of a line say the same of any line, and the fast one is loaded for many only."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from statusline.tokens import line, many_lines
from statusline.tokens.line import BadLineError, Response
from tests.support import examples
from tests.support.program import package
from tests.support.transcripts import Corpus, bulk

WHOLE = json.loads((Path(__file__).parents[2] / "data" / "transcript-2.1.328.jsonl").read_bytes())
#: What may stand in place of any value.
ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    7,
    1.5,
    2.0,
    1e300,
    10**12,
    10**20,
    "",
    "7",
    "\ud83d",
    "\0",
    [],
    {},
    [7],
)
FIELDS = (
    *((name,) for name in WHOLE),
    *(("message", name) for name in WHOLE["message"]),
    *(("message", "usage", name) for name in WHOLE["message"]["usage"]),
    *(("message", "usage", "cache_creation", f"ephemeral_{n}_input_tokens") for n in ("5m", "1h")),
)


def both(data: bytes) -> tuple[Response | str | None, ...]:
    """What each of the two makes of a line."""
    said: list[Response | str | None] = []
    for parse in (line.parse, many_lines.parse):
        try:
            said.append(parse(data))
        except BadLineError:
            said.append("bad")
    return tuple(said)


@settings(max_examples=examples.examples(2000))
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(ODD)), max_size=3))
def test_odd_values_mean_the_same_to_both(changes: list[tuple[tuple[str, ...], object]]) -> None:
    """A look at a few lines and one at all of them would come to different sums."""
    value = json.loads(json.dumps(WHOLE))
    for (*above, last), odd in changes:
        inside = value
        for name in above:
            inside = inside.get(name) if isinstance(inside, dict) else None
        if isinstance(inside, dict):
            inside[last] = odd
    first, second = both(json.dumps(value).encode())
    assert first == second


def test_broken_bytes_mean_the_same_to_both() -> None:
    """Any byte may be wrong after a crash."""
    rng = random.Random(1)
    good = json.dumps(WHOLE, separators=(",", ":"), ensure_ascii=False).encode()
    for _ in range(examples.examples(4000)):
        data = bytearray(good)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(data))
            data[place : place + rng.randint(0, 2)] = rng.choice((b"", b"\xff", b'"', b"\\", b"0"))
        first, second = both(bytes(data))
        assert first == second, bytes(data)


def test_every_line_of_the_corpus_means_the_same_to_both(tmp_path: Path) -> None:
    """Real and odd lines alike."""
    Corpus(tmp_path)
    for path in tmp_path.rglob("*.jsonl"):
        for data in path.read_bytes().split(b"\n"):
            first, second = both(data)
            assert first == second


def test_a_few_lines_are_read_without_what_reads_many(tmp_path: Path) -> None:
    """Loading it took longer than everything else that a new message costs."""
    bulk(tmp_path, 0.2)
    (tmp_path / "profile").mkdir(mode=0o700)
    source = (
        f"import sys; sys.path.insert(0, {str(package().parent)!r})\n"
        "from statusline.tokens.scan import scan\n"
        "scan([f'{sys.argv[1]}/.claude/projects'], f'{sys.argv[1]}/profile')\n"
        "print('msgspec' in sys.modules)"
    )
    command = [sys.executable, "-I", "-c", source, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"False\n"
