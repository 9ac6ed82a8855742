"""Claude Code's line, printed again by its hook: when it may be, and what else must be asked."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.segment import shortcut
from statusline.wiring.installation import DEAD
from tests.shells.scenarios import FOREIGN, SCENARIOS, Scenario
from tests.support.capabilities import needs_root
from tests.support.launcher import DEAD_LAUNCHERS
from tests.support.look import (
    ASKED,
    EVERY_AWK,
    HOOK,
    Looks,
    awk_path,
    descendants,
    with_tool,
)
from tests.support.patience import HANG_S
from tests.support.real_line import SAMPLE
from tests.support.stdin import run_fed

#: The shells that /bin/sh may be.
SHELLS = {
    "dash": ("dash",),
    "bash": ("bash", "--posix"),
    "zsh": ("zsh", "--emulate", "sh", "-f"),
    "busybox": ("busybox", "sh"),
}
#: What a segment of another surface may hold, or the times that it may have.
ABOUT_SEGMENTS = {"stale", "just-expired", "H08-narrow"}
STATES = [
    *(
        pytest.param(state, id=name)
        for name, state in SCENARIOS.items()
        if name not in ABOUT_SEGMENTS
    ),
    *(pytest.param(state, id=name, marks=needs_root) for name, state in FOREIGN.items()),
]
#: No document of the sample's pieces, and no numbers of JSON, or longer ones than there are.
OTHERS = [
    *(b"", b"\n", b"{}", b"\xff\xfe\n", "é…\n".encode(), b'{"a":\n1}\n', b"x" * 65535 + b"\n"),
    *(SAMPLE[:-2], SAMPLE + SAMPLE, SAMPLE + b"\n", b" " + SAMPLE, SAMPLE.rstrip(b"\n") + b" \n"),
    SAMPLE.replace(b"medium", b"m\xc3dium"),
]
NO_NUMBERS = [
    *(b"", b"01", b"1.", b"1e", b"-", b"0x1", b"1 ", b"null", b'"1"', b"+1", b"9" * 30, b"1,2"),
]
LATER = SAMPLE.replace(b'"total_duration_ms":14477', b'"total_duration_ms":24477')


@pytest.fixture
def looks(tmp_path: Path) -> Iterator[Looks]:
    """A line that the hook has."""
    made = Looks(tmp_path / "home")
    assert made.asked == ["claude"]
    yield made
    assert made.profile.wait_until_quiet()


def test_a_line_is_printed_again_without_python(looks: Looks) -> None:
    """Each look started an interpreter, also where nothing but the session's clock had moved."""
    assert LATER != SAMPLE
    assert looks.look(LATER) == looks.look() == looks.line
    assert b"61%" in looks.line
    assert looks.asked == []
    assert 0 < looks.segment.stat().st_mtime - time.time() <= shortcut.LIFETIME_S


@pytest.mark.parametrize("state", STATES)
def test_the_hook_believes_what_the_other_hooks_believe(looks: Looks, state: Scenario) -> None:
    """A line from before another login, configuration or clock; a file that is not ours."""
    state.arrange(looks)  # type: ignore[arg-type]  # as much of a scene as a state wants
    assert looks.asked in ([], ["claude"])
    looks.look()
    assert bool(looks.asked) is state.asks
    if (victim := looks.home / "victim").exists():
        assert victim.read_text() == "precious"


@pytest.mark.parametrize("late_s", [3600.0, 0.05])
def test_a_line_whose_time_has_come_is_asked_for(looks: Looks, late_s: float) -> None:
    """A number that stood longer than it was true."""
    looks.let_be_true(-late_s)
    looks.look()
    assert looks.asked == ["claude"]
    looks.look()
    assert looks.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        *({name: "1"} for name in ("NO_COLOR", "STATUSLINE_CHAIN", "CLAUDE_CODE_USE_BEDROCK")),
        *({name: "1"} for name in ("CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY")),
        *({name: "x"} for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "TZ")),
        *({"COLUMNS": width} for width in ("20", "119", "")),
        *({name: "C"} for name in ("LC_ALL", "LC_CTYPE", "LANG")),
        *({"CLAUDE_PID": process} for process in ("", "4712", "4711x", "../4711")),
        *({name: "/x"} for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "STATUSLINE_CACHE_DIR")),
        *({name: "/x"} for name in ("HOME", "CLAUDE_CONFIG_DIR", "STATUSLINE_CONFIG")),
        {"TERM": "dumb"},
        {"COLUMNS": "120|", "NO_COLOR": ""},
        {"COLUMNS": "120\n"},
    ],
    ids=str,
)
def test_another_environment_is_asked_for(looks: Looks, changed: dict[str, str]) -> None:
    """A narrow terminal's line in a wide one, colours that nobody wants, another account's."""
    looks.use_echo()
    assert looks.look(**changed) == ASKED + SAMPLE
    assert looks.look() == looks.line


@pytest.mark.parametrize("put", [b"\x1b]52;c;cHduZWQ=\x07", b"\x1b[2J", b"\r", b"\x7f", b"\x01"])
def test_nothing_but_styles_is_printed_again(looks: Looks, put: bytes) -> None:
    """F11: what another program has written into the cache goes to no terminal."""
    looks.use_echo()
    looks.segment.write_bytes(looks.segment.read_bytes().replace(b"61%", b"61%" + put))
    looks.let_be_true()
    assert looks.look() == ASKED + SAMPLE


def test_publishing_takes_the_line_away(looks: Looks) -> None:
    """It would have caught old numbers printed beside a new `usage.json`."""
    assert looks.profile.run("refresh").returncode >= 0
    assert not looks.segment.exists()


def test_what_must_not_be_printed_again_is_not_left(tmp_path: Path) -> None:
    """A format with the session's clock, whose line another look would not print."""
    for number, name in enumerate(("duration", "five_hour.clock")):
        looks = Looks(tmp_path / str(number), config=f'format.claude = "{{five_hour}} {{{name}}}"')
        assert not looks.segment.exists()
        assert looks.look()
        assert looks.asked == ["claude", "claude"]


@pytest.mark.parametrize("name", ["cost", "lines"])
def test_a_number_that_is_shown_has_to_be_the_same(tmp_path: Path, name: str) -> None:
    """A cost of a minute ago."""
    looks = Looks(tmp_path / "home", config=f'format.claude = "{{five_hour}}[ {{{name}}}]"')
    looks.use_echo()
    assert looks.look(LATER) == looks.line
    for field, value in ((b'"total_cost_usd":', b"7"), (b'"total_lines_added":', b"8")):
        changed = re.sub(field + rb"[\d.]+", field + value, SAMPLE)
        is_shown = field.startswith(b'"total_' + name.encode())
        assert looks.look(changed) == (ASKED + changed if is_shown else looks.line)


def test_a_stdin_without_an_end_leaves_no_line(tmp_path: Path) -> None:
    """I01: awk waits for the end of stdin; where there was none, no look may depend on it."""
    looks = Looks(tmp_path / "home")
    looks.let_be_true(-1)
    before = looks.segment.read_bytes()
    out, into = os.pipe()
    with subprocess.Popen(
        ["/bin/sh", "-c", looks.command],
        env=looks.environment, stdin=out, stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        os.write(into, SAMPLE)
        assert process.communicate(timeout=HANG_S)[0] == looks.line
    assert looks.segment.read_bytes() == before
    assert looks.segment.stat().st_mtime < time.time()
    os.close(into)
    os.close(out)


def test_a_look_at_a_stdin_without_an_end_ends_with_its_run(looks: Looks) -> None:
    """What awk waits for may never come: Claude Code's next look has to be able to end it."""
    out, into = os.pipe()
    with subprocess.Popen(
        ["/bin/sh", "-c", looks.command],
        env=looks.environment, stdin=out, stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        os.write(into, SAMPLE)
        end_s = time.monotonic() + HANG_S
        while "awk" not in Path(f"/proc/{process.pid}/comm").read_text():
            assert time.monotonic() < end_s
        assert list(descendants(process.pid)) == [process.pid]
        process.terminate()
        assert process.wait(HANG_S) == -signal.SIGTERM
    os.close(into)
    os.close(out)
    assert looks.asked == []


def test_files_of_processes_that_ended_do_not_gather(looks: Looks) -> None:
    """A file for each Claude Code that ever ran."""
    for number in range(shortcut.MOST_KEPT):
        (looks.directory / f"line.claude-{number}").touch()
    looks.segment.unlink()
    assert looks.look() == looks.line
    assert list(looks.directory.glob("line.*")) == [looks.segment]


def test_a_cancelled_look_leaves_no_process(looks: Looks) -> None:
    """Claude Code ends what it finds by parent process ids: awk's child has to be among them."""
    started = looks.home / "started"
    looks.launcher.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(started))}\nexec sleep 3600\n")
    changed = SAMPLE.replace(b"medium", b"high")
    reader, writer = os.pipe()
    os.write(writer, changed)
    os.close(writer)
    with subprocess.Popen(
        ["/bin/sh", "-c", looks.command],
        env=looks.environment, stdin=reader, stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(reader)
        end_s = time.monotonic() + HANG_S
        while not started.exists():
            assert time.monotonic() < end_s
            time.sleep(0.02)
        found = descendants(process.pid)
        assert "sleep" in found.values() or "sh" in found.values()
        for each in found:
            os.kill(each, signal.SIGTERM)
    assert looks.profile.wait_until_quiet()


@pytest.mark.parametrize("awk", EVERY_AWK)
@pytest.mark.parametrize(
    "shell", [pytest.param(name, marks=with_tool(words[0])) for name, words in SHELLS.items()]
)
def test_every_awk_in_every_sh_prints_the_same(tmp_path: Path, awk: str, shell: str) -> None:
    """An awk that counts characters, a shell that knows no -nt, bytes that are lost on the way."""
    looks = Looks(tmp_path / "home", awk=awk_path(awk, tmp_path))
    looks.use_echo()
    looks.through = SHELLS[shell]
    uuid = SAMPLE.replace(b"056b89a3-c3d0-4bb7-8368-a506072213be", b"0" * 36)
    for same in (SAMPLE, LATER, SAMPLE.rstrip(b"\n"), uuid):
        assert looks.look(same) == looks.look(same, LC_ALL="") == looks.line
    others = [*OTHERS, *(SAMPLE.replace(b":14477,", b":%b," % each) for each in NO_NUMBERS)]
    if awk in ("mawk", "gawk"):  # the others end at a NUL, which is in no JSON
        others += [SAMPLE.rstrip() + b"\0\n", b"\0" + SAMPLE]
    for other in others:
        passed_on = other if other.endswith(b"\n") else other + b"\n"
        assert looks.look(other) == ASKED + passed_on
    assert looks.look(b"x" * 200_000) == ASKED + b"x" * 65536 + b"\n"


@pytest.mark.parametrize("what", DEAD_LAUNCHERS)
@pytest.mark.parametrize("awk", EVERY_AWK)
def test_awk_says_that_the_program_cannot_start(tmp_path: Path, awk: str, what: str) -> None:
    """H16: it would have caught a blank line where awk has other JSON and Python is gone."""
    looks = Looks(tmp_path / "home", awk=awk_path(awk, tmp_path))
    looks.launcher.write_text(DEAD_LAUNCHERS[what])
    looks.launcher.chmod(0o755)
    done = run_fed(
        [*looks.through, "-c", looks.command],
        input=b"{}\n",
        env=looks.environment,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stdout == f"{DEAD}\n".encode()
    assert looks.look() == looks.line
    other = tmp_path / "other" / "statusline"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho another; exec cat\n")
    other.chmod(0o755)
    path = f"{other.parent}:{looks.environment['PATH']}"
    assert looks.look(b"{}\n", PATH=path) == b"another\n{}\n"


def test_the_hooks_of_hosts_and_of_claude_code_ask_the_same() -> None:
    """It would have caught a question about a file that one hook asks and the other does not."""

    def condition(path: Path, end: str) -> str:
        return path.read_text().partition("if [ -O")[2].partition(end)[0]

    tmux = condition(HOOK.with_name("tmux.sh"), " &&\n  IFS=")
    assert condition(HOOK, "; then\n  # mawk") == tmux != ""


def test_without_a_profile_the_hook_is_the_program(looks: Looks) -> None:
    """A line that an older version installed names no directory."""
    command = f"STATUSLINE_BIN={looks.launcher}; . {shlex.quote(str(looks.hook))}"
    done = run_fed(
        ["/bin/sh", "-c", command], input=SAMPLE, env=looks.environment, check=True,
        capture_output=True, timeout=HANG_S,
    )  # fmt: skip
    assert done.stdout == looks.line
    assert looks.asked == ["claude"]
