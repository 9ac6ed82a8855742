"""Without what Windows lacks: the commands answer, and none ends in a traceback.

No machine with Windows has run this; Python on it is imitated by what is taken away here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from statusline.system import environ, windows
from tests.support.patience import HANG_S
from tests.support.program import environment, package
from tests.support.real_line import SAMPLE
from tests.support.stdin import run_fed

#: What our code may not find; Python's own modules, and those of others, are loaded before.
_LACKING = """
import sys, click, os, rich.console, select, signal, sqlite3, subprocess, tempfile
for name in ("posix", "fcntl", "pwd", "grp", "resource"):
    sys.modules[name] = None
functions = "chown fchmod fchown fork geteuid getegid getgid getpgid getuid killpg nice pread"
functions += " preadv pwrite readv set_blocking setsid statvfs uname"
flags = "O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC"
for name in f"{functions} {flags}".split():
    delattr(os, name)
del signal.SIGHUP
import _signal
del _signal.setitimer, _signal.SIGALRM, _signal.SIGPIPE, _signal.SIGXFSZ
sys.path.insert(0, sys.argv.pop(1))
sys.argv[0] = "statusline"
from statusline.entry import main
main()
"""


def run(home: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ``statusline WORDS`` in a home, on such a Python."""
    done: subprocess.CompletedProcess[bytes] = run_fed(
        [sys.executable, "-W", "ignore", "-c", _LACKING, str(package().parent), *words],
        env=environment(home),
        input=stdin,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    return done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--version", "statusline, version"),
        ("show", "No Claude login was found."),
        ("doctor", "No Claude login was found"),
        pytest.param("init bash", "STATUSLINE_SEGMENT", marks=pytest.mark.full),
        pytest.param("config check", "the defaults apply", marks=pytest.mark.full),
        pytest.param("credentials", "No Claude login was found", marks=pytest.mark.full),
        pytest.param("refresh", "No Claude login was found", marks=pytest.mark.full),
        pytest.param("history", "Nothing has been recorded", marks=pytest.mark.full),
        pytest.param("install --all --print", "", marks=pytest.mark.full),
    ],
)
def test_a_command_answers_without_posix(tmp_path: Path, words: str, said: str) -> None:
    """It would have caught `import posix` at the top, at which every command ended."""
    done = run(tmp_path, *words.split())
    printed = (done.stdout + done.stderr).decode()
    assert said in printed
    assert "Traceback" not in printed
    assert "unexpected" not in printed
    assert done.returncode in (0, 1)


def test_a_segment_is_shown_without_posix(tmp_path: Path) -> None:
    """Claude Code's JSON was read with an alarm, which Windows has not."""
    done = run(tmp_path, "claude", stdin=SAMPLE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(SAMPLE)["model"]["display_name"] in done.stdout.decode()


def test_a_home_on_a_drive_is_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """USERPROFILE stands for HOME there, and its backslashes are in the way of every path."""
    monkeypatch.setattr("sys.platform", "win32")
    made = windows.environment({"USERPROFILE": "C:\\Users\\me", "CLAUDE_CONFIG_DIR": "D:\\c\\"})
    env = environ.Environment({name.decode(): value.decode() for name, value in made.items()})
    assert env.credentials_path == "D:/c/.credentials.json"
    assert (env.home, env.data_dir) == ("C:/Users/me", "C:/Users/me/.local/share/statusline")
    assert environ.Environment({"HOME": "C:me"}).home is None
    monkeypatch.setattr("sys.platform", "linux")
    assert environ.Environment({"HOME": "C:/me"}).home is None
