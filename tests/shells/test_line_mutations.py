"""No false line: what the hook prints again is what the program would print for that document."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from statusline.segment import active_settings, render, shortcut
from statusline.settings.presets import PRESETS
from statusline.system import bounded_read
from statusline.system.environ import Environment
from statusline.usage import rate_limits
from tests.support.look import ASKED, PROCESS, Looks
from tests.support.mutations import mutations, sweep
from tests.support.real_line import DATA

#: Recorded, each on one line as it came.
DOCUMENTS = {path.stem: path.read_bytes() for path in sorted(DATA.glob("stdin-*.json"))}
CASES = [
    pytest.param(name, preset, id=f"{name}-{preset}") for name in DOCUMENTS for preset in PRESETS
]
#: Together, every day and with --full.
DAILY, CLOSING = 1_000, 24_000


def printed(looks: Looks, data: bytes) -> bytes:
    """What `statusline claude` prints at the moment of the first look, laid out in this process."""
    env = Environment(looks.environment)
    value = bounded_read.parse(data.rstrip(b"\0"))
    stdin = value if isinstance(value, dict) else None
    snapshot, moment = render.load(env), looks.looked_at
    if stdin is not None and stdin.get("rate_limits"):
        snapshot, _ = rate_limits.take_stdin(snapshot, stdin, moment, PROCESS)
    chosen = active_settings.settings(env)
    return render.draw(env, snapshot, stdin, chosen, moment, "claude")[0] + b"\n"


def is_hit(looks: Looks, data: bytes) -> bool:
    """Whether the hook prints a line by itself, which has to be true; else it hands all over."""
    looks.let_be_true()
    shown = looks.look(data)
    if shown.startswith(ASKED):
        whole = data if data.endswith(b"\n") else data + b"\n"
        assert shown == ASKED + whole[:65536]
        return False
    assert shown == printed(looks, data), data
    return True


def try_mutations(looks: Looks, documents: list[bytes], count: int) -> None:
    """Show the hook `count` documents, and those with a single change."""
    hits = 0

    @given(mutations(documents))
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    def judge(data: bytes) -> None:
        nonlocal hits
        hits += is_hit(looks, data)

    judge()
    assert hits > count // 50, "too few lines are printed again for this to tell anything"


def run_case(home: Path, name: str, preset: str, count: int) -> None:
    """One recorded document and preset; parts of the other documents are mixed in."""
    config = "" if preset == "default" else f'preset = "{preset}"\n'
    looks = Looks(home, config=config, data=DOCUMENTS[name])
    assert looks.line == printed(looks, DOCUMENTS[name])
    assert looks.segment.exists(), "every preset can be printed again"
    looks.use_echo()
    mine = DOCUMENTS[name]
    others = [each for each in DOCUMENTS.values() if each != mine]
    try_mutations(looks, [mine] * 9 + others, count)


@pytest.mark.parametrize(("name", "preset"), CASES)
def test_a_line_that_is_printed_again_is_true(tmp_path: Path, name: str, preset: str) -> None:
    """A number, a word or a whole object that changed, and a line that did not."""
    run_case(tmp_path / "home", name, preset, DAILY // len(CASES))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_change_alone_is_seen_or_not_shown(tmp_path: Path, name: str) -> None:
    """It would have caught a gap where a percentage stands, and an end that is not looked for."""
    looks = Looks(tmp_path / "home", data=DOCUMENTS[name])
    looks.use_echo()
    hits = sum(is_hit(looks, data) for data in sweep(DOCUMENTS[name]))
    assert 2 <= hits <= len(shortcut.NUMBERS) + 2  # the UUID, and the end of the line


@pytest.mark.full
@pytest.mark.parametrize(("name", "preset"), CASES)
def test_no_mutation_of_very_many_is_fallen_for(tmp_path: Path, name: str, preset: str) -> None:
    """The same, until nothing is found any more."""
    run_case(tmp_path / "home", name, preset, CLOSING // len(CASES))
