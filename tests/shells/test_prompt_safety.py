"""The shell hooks run nothing: no process for a true segment, and never what a value holds."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.shells.prompts import PROMPT, SHELLS, Scene, plain, steady
from tests.shells.scenarios import HARMFUL, PAYLOADS
from tests.support import capabilities
from tests.support.line import NUMBERS, fill
from tests.support.patience import HANG_S


@pytest.mark.parametrize("case", PAYLOADS)
def test_hostile_segment_is_inert(scene: Scene, case: str) -> None:
    """S01 S02 S03 S07: a poisoned segment file runs nothing and steers no terminal."""
    payload = PAYLOADS[case].replace("{}", scene.sentinel.name)
    # No percent sign of ours: zsh would pass the line over for that alone.
    scene.write_segment("5h 61 " + payload.replace("\x00", ""))
    with scene.open() as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("")
        terminal.wait_for(PROMPT, count=2)
        terminal.leave()
    assert not scene.sentinel.exists()
    assert not [each for each in HARMFUL if each in terminal.raw]


@pytest.mark.parametrize("case", PAYLOADS)
def test_hostile_cache_is_inert(scene: Scene, case: str) -> None:
    """S09: what comes out of usage.json runs nothing and steers no terminal."""
    label = PAYLOADS[case].replace("{}", scene.sentinel.name)
    fill(scene.directory, steady(label))
    scene.segment.unlink()
    with scene.open() as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("")
        terminal.wait_for(PROMPT, count=2)
        terminal.leave()
    assert scene.asked
    assert not scene.sentinel.exists()
    assert not [each for each in HARMFUL if each in terminal.raw]


PROCESS = re.compile(r"^\d+ +(?:execve|v?fork|clone3?)\(", re.MULTILINE)


@capabilities.needs_strace
@pytest.mark.parametrize("is_true", [True, False])
def test_true_segment_starts_no_process(scene: Scene, is_true: bool) -> None:
    """Ten more prompts cost no fork and no exec while the segment is true; else they do."""
    if not is_true:
        scene.segment.unlink()
        (scene.directory / "usage.json").unlink()
    counts = []
    for prompts in (1, 11):
        trace = scene.home / f"trace-{prompts}"
        with scene.open("", "", "strace", "-f", "-o", str(trace), "-e", "trace=process") as shell:
            for number in range(prompts):
                shell.wait_for(PROMPT, count=number + 1)
                shell.type("")
            shell.leave()
        counts.append(len(PROCESS.findall(trace.read_text())))
    # fish may start a thread of its own now and then, which strace counts as a clone.
    added = counts[1] - counts[0]
    assert added <= 1 if is_true else added >= 10


@capabilities.needs_zsh
def test_p10k_segment_shows_the_variable(tmp_path: Path) -> None:
    """powerlevel10k is told to look at the variable; no value is handed over for later."""
    scene = Scene(tmp_path / "home", SHELLS["zsh"])
    hook = scene.shell.hook.with_name("p10k.zsh")
    script = (
        'p10k() { print -r -- "$*"; }; '
        f". {shlex.quote(str(hook))}; prompt_statusline; instant_prompt_statusline; "
        "_statusline_prompt; setopt PROMPT_SUBST; print -rP -- '${STATUSLINE_SEGMENT}'"
    )
    done = subprocess.run(
        [*scene.shell.strict, script],
        env=scene.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    first, second, shown = done.stdout.splitlines()
    assert first == second
    assert "61" not in first
    assert "${STATUSLINE_SEGMENT-}" in first
    assert plain(shown) == NUMBERS
