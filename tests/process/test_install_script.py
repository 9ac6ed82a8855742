"""install.sh, run for real in throw-away homes and prefixes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from statusline.wiring.launcher import program
from tests.support.capabilities import needs_bash, needs_fish, needs_man, needs_zsh
from tests.support.install_script import (
    MARK,
    ROOT,
    SCRIPT,
    Installation,
    install,
    output_of,
    run_script,
    shared,
)
from tests.support.launcher import loaders
from tests.support.patience import HANG_S

ODD_NAME = 'it\'s a "pre fix" $HOME %d #H \\n\n;x'


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation into a fresh home whose path a `#!` line can hold; not to be changed."""
    return shared(tmp_path_factory)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation below a path with spaces, quotes, `$`, `%`, `#` and a newline (S27)."""
    base = tmp_path_factory.mktemp("odd")
    return install(base / "home", base / ODD_NAME)


def tree(root: Path) -> dict[str, str]:
    """Every path below `root` with its mode and, outside the venvs, its text or link target."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if "venv." in name:
            continue
        content = os.readlink(path) if path.is_symlink() else ""
        if path.is_file() and not path.is_symlink():
            content = path.read_text()
        found[name] = f"{path.lstat().st_mode:o} {content}"
    return found


def test_launcher_is_isolated_and_prints_one_line(plain: Installation) -> None:
    """The launcher starts the venv's interpreter with -IS and a segment is one line."""
    venv = plain.prefix / "share" / "statusline" / "venv"
    start = f"#!{venv}/bin/python -IS\n{MARK}\n"
    assert plain.launcher.read_text() == start + program(f"{venv}/site")
    assert output_of(plain.launcher, "plain").count("\n") == 1


def test_the_installed_program_runs_from_its_bundle(plain: Installation) -> None:
    """The launcher as it was written loads every module of a render out of one file."""
    found = loaders(plain.launcher, "plain", environment=dict(os.environ))
    assert set(found.values()) == {"Bundle"}


def test_init_has_lines_for_every_host(plain: Installation) -> None:
    """`statusline init` names each host once, with the launcher's absolute path."""
    for host in ("Claude Code", "tmux", "bash", "zsh", "fish", "starship"):
        assert f"\n{plain.lines}".count(f"\n{host}, in ~/.") == 1
        assert str(plain.launcher) in plain.line_below(f"{host}, in")


@pytest.mark.parametrize("path", ["plain", "odd"])
def test_the_installation_ends_with_one_next_step(
    path: str, request: pytest.FixtureRequest
) -> None:
    """It ended with lines for six programs, the segment among them; what to type did not stand out.

    The step runs as it is printed, and the PATH line makes the bare name work.
    """
    done: Installation = request.getfixturevalue(path)
    before, _next, step = done.said.partition("\nNext:  ")
    assert "tmux" in before  # the segment, or a day of the demo, comes first
    assert ", in ~/." not in done.said
    command, _line, export = step.partition("\nTo type just `statusline`")
    assert command.endswith(" install --all")
    shown = command.removesuffix(" install --all") + " install --print --help"
    assert "--print" in output_of("/bin/sh", "-c", shown)
    typed = export.partition("\n  ")[2].strip()
    assert typed.startswith("export PATH=")
    found = output_of("/bin/sh", "-c", f"{typed}\ncommand -v statusline")
    assert found.rstrip("\n") == str(done.launcher)


def test_the_man_page_is_where_man_looks(plain: Installation) -> None:
    """Beside a `bin` that is on PATH; a link, so that an upgrade brings its own page."""
    page = plain.prefix / "share" / "man" / "man1" / "statusline.1"
    assert page.is_symlink()
    assert page.read_bytes() == (ROOT / "docs" / "statusline.1").read_bytes()


@needs_man
def test_man_finds_the_page(plain: Installation) -> None:
    """A page that nobody finds is none."""
    environment = {"PATH": f"{plain.prefix}/bin:{os.environ['PATH']}", "HOME": str(plain.home)}
    done = subprocess.run(
        ["man", "-w", "statusline"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert Path(done.stdout.strip()).resolve().is_relative_to(plain.prefix.resolve())


def test_update_names_the_script_that_installed_it(plain: Installation) -> None:
    """`pip install --upgrade` would have changed the venv behind the launcher's back."""
    done = subprocess.run(
        [plain.launcher, "update"], capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "install.sh" in done.stderr


def test_nothing_is_left_in_the_checkout(plain: Installation) -> None:
    """Building the wheel leaves neither build folders nor metadata behind."""
    assert plain.launcher.exists()
    left = [path.name for path in ROOT.iterdir() if path.name in {"build", "dist"}]
    assert left + list(ROOT.glob("**/*.egg-info")) == []


@pytest.mark.full
def test_twice_is_the_same_as_once(odd: Installation) -> None:
    """A second run leaves the same files with the same bytes and one venv (I11)."""
    before = tree(odd.prefix)
    done = run_script("--prefix", str(odd.prefix), home=odd.home)
    assert done.returncode == 0, done.stderr
    after = tree(odd.prefix)
    link = "share/statusline/venv"
    assert {before.pop(link), after.pop(link)} == {"120777 venv.a", "120777 venv.b"}
    assert after == before
    assert len(list((odd.prefix / "share" / "statusline").glob("venv.*"))) == 1


def test_a_failed_run_leaves_the_old_installation_working(odd: Installation) -> None:
    """H11: when pip fails, the exit code is 1, the launcher still works, no venv is left over."""
    before = tree(odd.prefix)
    no_index = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "/nonexistent",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    done = run_script("--prefix", str(odd.prefix), home=odd.home, **no_index)
    assert done.returncode == 1
    assert "nothing that was installed before has changed" in done.stderr
    assert tree(odd.prefix) == before
    assert len(list((odd.prefix / "share" / "statusline").glob("venv.*"))) == 1
    assert output_of(odd.launcher, "plain")


def test_odd_prefix_gets_a_shell_launcher_and_nothing_outside(odd: Installation) -> None:
    """Spaces, quotes and a newline need a /bin/sh launcher; HOME stays empty."""
    assert odd.launcher.read_text().startswith(f"#!/bin/sh\n{MARK}\nexec ")
    assert output_of(odd.launcher, "plain").count("\n") == 1
    assert list(odd.home.iterdir()) == []


@pytest.mark.full
def test_prefix_longer_than_a_shebang_works(tmp_path: Path) -> None:
    """A path of more than 120 bytes gets the /bin/sh launcher, which prints a segment."""
    prefix = tmp_path / ("p" * 150)
    done = install(tmp_path / "home", prefix)
    assert done.launcher.read_text().startswith("#!/bin/sh\n")
    assert output_of(done.launcher, "plain").count("\n") == 1


@pytest.mark.parametrize(
    "shell",
    [
        pytest.param("bash", marks=needs_bash),
        pytest.param("zsh", marks=needs_zsh),
        pytest.param("fish", marks=needs_fish),
    ],
)
@pytest.mark.parametrize("path", ["plain", "odd"])
def test_pasted_shell_lines_show_the_segment(
    shell: str, path: str, request: pytest.FixtureRequest
) -> None:
    """The printed line, given to the real shell, yields what the launcher prints (S27)."""
    done: Installation = request.getfixturevalue(path)
    show = {
        "bash": 'PS1=\n{}\nprintf %s "${{PS1@P}}"',
        "zsh": "{}\nfor f in $precmd_functions; do $f; done; print -rn -- $RPROMPT",
        "fish": "{}\nfish_right_prompt",
    }[shell]
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    script = show.format(done.line_below(f"{shell}, in"))
    subprocess.run([done.launcher, "refresh"], capture_output=True, check=False)  # says "sign in"
    shown = output_of(shell, *flags, "-c", script)
    assert shown.strip() == output_of(done.launcher, shell).strip() != ""


@pytest.mark.parametrize("path", ["plain", "odd"])
def test_pasted_claude_code_command_runs(path: str, request: pytest.FixtureRequest) -> None:
    """The command for settings.json is JSON and, given to /bin/sh, prints a line (S27)."""
    done: Installation = request.getfixturevalue(path)
    setting = json.loads("{" + done.line_below("Claude Code, in") + "}")["statusLine"]
    assert setting["type"] == "command"
    assert output_of("/bin/sh", "-c", setting["command"]).count("\n") == 1


def test_truncated_copies_do_nothing(tmp_path: Path) -> None:
    """S26: a download cut at any point has no effect; only the whole file acts."""
    whole = SCRIPT.read_bytes().rstrip()
    cuts = {*range(0, len(whole), 37), *range(len(whole) - 20, len(whole))}
    home = tmp_path / "home"
    home.mkdir()
    copy = tmp_path / "install.sh"
    for cut in sorted(cuts):
        copy.write_bytes(whole[:cut])
        done = subprocess.run(
            ["/bin/sh", str(copy), "--help"],
            cwd=home,
            env=os.environ | {"HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=HANG_S,
            check=False,
        )
        assert (cut, done.stdout, list(home.iterdir())) == (cut, b"", [])
    assert run_script("--help", home=home).stdout.startswith("usage: ./install.sh")


@pytest.mark.parametrize(
    ("stand_in", "sentence"),
    [
        pytest.param("exit 1", "my python is not Python 3.11 or later; install one", id="old"),
        pytest.param("echo 3.12; exit 1", "sudo apt install python3.12-venv", id="no-venv"),
    ],
)
def test_unsuitable_python_is_one_sentence(tmp_path: Path, stand_in: str, sentence: str) -> None:
    """H10: too old a Python or one without venv ends with one line, exit 1 and no files."""
    python = tmp_path / "my python"
    python.write_text(f"#!/bin/sh\n{stand_in}\n")
    python.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    done = run_script(home=home, PYTHON=str(python))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("arguments", ["--nonsense", "--purge", "--prefix", "--prefix="])
def test_wrong_arguments_change_nothing(tmp_path: Path, arguments: str) -> None:
    """Arguments that make no sense are refused with one line before anything happens."""
    done = run_script(arguments, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_anothers_launcher_is_left_alone(tmp_path: Path) -> None:
    """A `statusline` that install.sh did not write is neither replaced nor removed."""
    theirs = tmp_path / "p" / "bin" / "statusline"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("#!/bin/sh\n")
    done = run_script("--prefix", str(tmp_path / "p"), home=tmp_path)
    assert done.returncode == 1
    assert "another program's" in done.stderr
    assert theirs.read_text() == "#!/bin/sh\n"


def test_a_link_that_leads_nowhere_is_somebodys(tmp_path: Path) -> None:
    """It was replaced without a word: its disk may only be away."""
    theirs = tmp_path / "p" / "bin" / "statusline"
    theirs.parent.mkdir(parents=True)
    theirs.symlink_to("/nonexistent/statusline")
    done = run_script("--prefix", str(tmp_path / "p"), home=tmp_path)
    assert (done.returncode, theirs.is_symlink()) == (1, True)
    assert "another program's" in done.stderr
