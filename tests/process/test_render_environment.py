"""The host and the environment at their worst: always one line within its width (H, I06)."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import termios
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.support.capabilities import SECOND_UID, needs_root
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv, environment
from tests.support.real_line import (
    NOBODY,
    NUMBERS,
    PLACEHOLDER,
    SAMPLE,
    fill,
    known,
    line_of,
    render,
)
from tests.support.server import UsageServer
from tests.support.stdin import run_fed


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile with numbers, whose render may start no refresher."""
    return quiet_profile(tmp_path / "home", with_numbers=True)


@pytest.mark.parametrize(
    "home",
    [
        pytest.param(None, id="H01-unset"),
        pytest.param("", id="H01-empty"),
        pytest.param("relative", id="H01-relative"),
        pytest.param("{place}/missing/u", id="H01-missing"),
        pytest.param("{place}/missing", id="H01-missing-last"),
        pytest.param("/" + "x" * 4096, id="H01-4096"),
        pytest.param("/dev/null", id="H01-device"),
    ],
)
def test_without_a_home_there_is_a_word_and_no_file(home: str | None, tmp_path: Path) -> None:
    """H01, H03: nothing is written beside a private directory, and no directory invented."""
    values = environment(tmp_path, STATUSLINE_API_URL=NOBODY)
    del values["HOME"]
    if home is not None:
        values["HOME"] = home.format(place=tmp_path)
    before = set(os.listdir("/"))
    assert render(values, "tmux", cwd=tmp_path) == PLACEHOLDER
    assert os.listdir(tmp_path) == []
    assert set(os.listdir("/")) == before


def test_h01_a_home_with_a_newline_is_a_home(tmp_path: Path) -> None:
    """Its name is no part of the line."""
    home = tmp_path / "two\nlines"
    profile = Profile(home, NOBODY)
    fill(profile.directory)
    assert render(profile.environment, "tmux") == NUMBERS


@pytest.mark.parametrize(
    ("cache", "line"),
    [
        pytest.param("relative", NUMBERS, id="H02-relative"),
        pytest.param("", NUMBERS, id="H02-empty"),
        pytest.param("../..", NUMBERS, id="H02-dots"),
        pytest.param("{home}/file", PLACEHOLDER, id="H02-file"),
        pytest.param("{home}/missing/../other", PLACEHOLDER, id="H02-missing-dots"),
    ],
)
def test_h02_a_cache_directory_is_absolute_or_passed_over(
    cache: str, line: str, profile: Profile, tmp_path: Path
) -> None:
    """A relative one is as unset; one that cannot be is no cache, and no error."""
    (profile.home / "file").write_text("mine")
    working = tmp_path / "work"
    working.mkdir()
    values = {**profile.environment, "XDG_CACHE_HOME": cache.format(home=profile.home)}
    assert render(values, "tmux", cwd=working) == line
    assert os.listdir(working) == []
    assert (profile.home / "file").read_text() == "mine"


@needs_root
def test_h02_another_users_cache_directory_is_left_alone(profile: Profile, tmp_path: Path) -> None:
    """H02, H04: as root nothing of ours appears in a directory of somebody else."""
    other = tmp_path / "other"
    other.mkdir()
    os.chown(other, SECOND_UID, SECOND_UID)
    values = {**profile.environment, "XDG_CACHE_HOME": str(other)}
    assert render(values, "tmux") == PLACEHOLDER
    assert os.listdir(other) == []


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"LANG": "C"}, id="H05-C"),
        pytest.param({"LC_ALL": "POSIX"}, id="H05-POSIX"),
        pytest.param({"LANG": "de_DE.ISO-8859-1"}, id="H05-latin-1"),
        pytest.param({"LANG": "C", "PYTHONIOENCODING": "ascii"}, id="H05-ioencoding"),
        pytest.param({"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="H05-utf8"),
    ],
)
def test_h05_an_ascii_locale_gets_ascii(values: dict[str, str], profile: Profile) -> None:
    """Bytes go to fd 1 as they are, and signs that the terminal lacks have another form."""
    assert render({**profile.environment, **values}, "tmux") == NUMBERS.replace("·", "|")


def test_h05_an_ioencoding_alone_changes_nothing(profile: Profile) -> None:
    """Python's own switches do not reach the program."""
    assert render({**profile.environment, "PYTHONIOENCODING": "ascii"}, "tmux") == NUMBERS


@pytest.mark.parametrize("words", [["tmux"], ["claude"], []])
@pytest.mark.parametrize(
    "command",
    [
        pytest.param('"$@" >&-', id="H06-closed"),
        pytest.param('"$@" >&- 2>&-', id="H06-both-closed"),
        pytest.param('"$@" <&- >&-', id="H06-in-and-out-closed"),
        pytest.param('{ "$@"; echo "$?" >&3; } 3>&2 | :', id="H06-pipe-closed"),
        pytest.param('"$@" >/dev/full', id="H06-full"),
    ],
)
def test_h06_nobody_to_write_to_is_no_error(
    command: str, words: list[str], profile: Profile
) -> None:
    """Exit 0 and silence, whatever became of stdout."""
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    done = run_fed(
        ["/bin/sh", "-c", command, "sh", *argv(*words)],
        env=profile.environment,
        input=SAMPLE,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == b""
    assert done.stderr == (b"0\n" if "$?" in command else b"")


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        pytest.param("0", 200, id="H08-0"),
        pytest.param("1", 1, id="H08-1"),
        pytest.param("-3", 200, id="H08-negative"),
        pytest.param("abc", 200, id="H08-text"),
        pytest.param("10000", 200, id="H08-10000"),
        *(pytest.param(str(width), width, id=f"H08-{width}") for width in (5, *range(10, 121, 10))),
    ],
)
def test_h08_the_claude_line_fits_its_columns(columns: str, width: int, profile: Profile) -> None:
    """From one cell on there is something to see, and never more than fits."""
    values = {**profile.environment, "COLUMNS": columns}
    assert render(values, "claude", input=SAMPLE, width=width)


def test_h08_a_narrow_terminal_leaves_the_whole_line_for_others(profile: Profile) -> None:
    """What was left out for want of room is in the segment that wider terminals read."""
    whole = subprocess.run(argv("bash"), env=profile.environment, stdout=PIPE, check=True).stdout
    segment = profile.directory / "segment.bash"
    segment.unlink()
    narrow = {**profile.environment, "COLUMNS": "9"}
    cut = subprocess.run(argv("bash"), env=narrow, stdout=PIPE, check=True).stdout
    assert cut != whole
    assert segment.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    "values",
    [
        {"PYTHONPATH": "{trap}"},
        {"PYTHONSTARTUP": "{trap}/json.py"},
        {"PYTHONHOME": "{trap}"},
        {"PYTHONWARNINGS": "error"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONDEVMODE": "1"},
        {"PYTHONINSPECT": "1"},
        {"PYTHONVERBOSE": "1"},
        {"PYTHONMALLOC": "debug"},
    ],
    ids=lambda values: f"H09-{next(iter(values))}",
)
def test_h09_pythons_variables_change_nothing(
    values: dict[str, str], profile: Profile, tmp_path: Path
) -> None:
    """The program is isolated from the switches that a developer sets for another one."""
    trap = _trap(tmp_path)
    chosen = {name: value.format(trap=trap) for name, value in values.items()}
    assert render({**profile.environment, **chosen}, "tmux") == NUMBERS
    assert not (tmp_path / "sprung").exists()


def _trap(parent: Path) -> Path:
    """A directory full of modules that leave `parent`/sprung behind when one is imported."""
    trap = parent / "trap"
    (trap / "statusline").mkdir(parents=True)
    spring = f"open({str(parent / 'sprung')!r}, 'w').close()\n"
    names = ("json", "time", "requests", "filelock", "os", "site", "sitecustomize", "usercustomize")
    for name in (*names, "statusline/__init__", "statusline/entry"):
        (trap / f"{name}.py").write_text(spring)
    for name in (".env", "pyproject.toml", "config.toml", ".netrc"):
        (trap / name).write_text("api = false\nSTATUSLINE_API_URL=http://127.0.0.1:2\n")
    return trap


@pytest.mark.parametrize("words", [["tmux"], ["claude"], ["refresh"], ["show"]])
def test_i06_nothing_is_taken_from_the_working_directory(words: list[str], tmp_path: Path) -> None:
    """No module, no package, no configuration of a project that nobody has vouched for."""
    trap = _trap(tmp_path)
    with UsageServer() as server:
        profile = Profile(tmp_path / "home", server.url)
        done = run_fed(
            argv(*words),
            env=profile.environment,
            cwd=trap,
            input=SAMPLE,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        assert b"Traceback" not in done.stderr
        assert words == ["show"] or server.wait_for(1)
        assert profile.wait_until_quiet()
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("fate", ["removed", "unreadable"])
def test_i06_a_working_directory_that_is_gone_does_not_matter(
    fate: str, profile: Profile, tmp_path: Path
) -> None:
    """A shell may well stand in a directory that somebody has removed or locked."""
    gone = tmp_path / "gone"
    gone.mkdir()
    action = 'rmdir "$PWD"' if fate == "removed" else 'chmod 0 "$PWD"'
    through = ("/bin/sh", "-c", f'{action}; exec "$@"', "sh")
    try:
        assert render(profile.environment, "tmux", through=through, cwd=gone) == NUMBERS
    finally:
        if gone.exists():
            gone.chmod(0o700)


HOSTILE = "\x1b]0;x\x07\u202e`touch x`$(touch x)#(touch x)%n\\u" + "漢" * 50


@pytest.mark.parametrize("words", [["tmux"], ["bash"], ["zsh"], ["fish"], ["starship"], ["plain"]])
def test_f11_hostile_text_in_the_cache_is_inert(
    words: list[str], profile: Profile, tmp_path: Path
) -> None:
    """S28: even a cache that another program has filled brings no control and no command."""
    fill(profile.directory, known(windows={}, plan=HOSTILE * 100))
    line = render(profile.environment, *words, width=40, cwd=tmp_path)
    assert not set(line) & set("`$#%\\\x1b")
    assert "touch" in line
    assert not (tmp_path / "x").exists()


def test_ctrl_c_at_a_prompt_shows_no_traceback(profile: Profile) -> None:
    """A render that is interrupted while it waits for the rest of stdin ends without a word."""
    reader, writer = os.pipe()
    os.write(writer, b'{"model":')
    process = subprocess.Popen(
        argv("claude"), env=profile.environment, stdin=reader, stdout=PIPE, stderr=PIPE
    )
    while process.poll() is None and fcntl.ioctl(reader, termios.FIONREAD, bytes(4)) != bytes(4):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=HANG_S)[1] == b""
    os.close(reader)
    os.close(writer)


def test_an_unknown_word_is_no_segment(profile: Profile) -> None:
    """Only the commands may fail: they say so on stderr, and never with a traceback."""
    done = subprocess.run(
        argv("bogus"), env=profile.environment, capture_output=True, timeout=HANG_S, check=False
    )
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    with pytest.raises(AssertionError):
        line_of(done)
