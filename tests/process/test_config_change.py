"""``statusline config set``, ``unset`` and ``init``, with the installed program and real files."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from statusline.editor.template import template
from statusline.settings.presets import PRESETS
from tests.support.capabilities import SECOND_UID, needs_no_root, needs_root
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv


@pytest.fixture
def home(tmp_path: Path) -> Profile:
    """A home without a config.toml, in which no refresher starts."""
    return quiet_profile(tmp_path / "home")


@pytest.fixture
def file(home: Profile) -> Path:
    """Where config.toml is or would be."""
    return home.home / ".config" / "statusline" / "config.toml"


def said(home: Profile, *words: str) -> str:
    """What a command that succeeds prints."""
    done = home.run("config", *words)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def refused(home: Profile, *words: str) -> tuple[int, str]:
    """The exit code and the one sentence of a command that fails; it prints nothing else."""
    done = home.run("config", *words)
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.returncode, done.stderr


WHERE = "~/.config/statusline/config.toml: "


def test_set_makes_the_file_and_says_what_changed(home: Profile, file: Path) -> None:
    """A script learns in one line where, what and what it was before; twice is as good as once."""
    assert said(home, "set", "thresholds.warning", "60") == (
        f"{WHERE}thresholds.warning = 60; it was 75 (default).\n"
    )
    assert file.read_text() == "[thresholds]\nwarning = 60\n"
    before = file.stat()
    assert said(home, "set", "thresholds.warning", "60") == (
        f"{WHERE}thresholds.warning = 60 already; nothing was changed.\n"
    )
    assert file.stat() == before
    assert (
        said(home, "set", "preset", "full")
        == f'{WHERE}preset = "full"; it was "default" (default).\n'
    )
    assert home.run("config", "check").returncode == 0
    assert "warning = 60  # config.toml line 4\n" in said(home, "show")


def test_unset_takes_it_out_and_says_what_is_in_force(home: Profile, file: Path) -> None:
    """The preset's value comes back, not the program's default."""
    home.configure('preset = "full"\nwidth = 50 # cells\n')
    assert (
        said(home, "unset", "width")
        == f"{WHERE}width was taken out; 80 (preset full) is in force now.\n"
    )
    assert file.read_text() == 'preset = "full"\n# cells\n'
    assert (
        said(home, "unset", "width") == f"{WHERE}width is not set; 80 (preset full) is in force.\n"
    )
    assert said(home, "unset", "preset").endswith('"default" (default) is in force now.\n')


def test_a_window_without_thresholds_of_its_own_has_those_of_all(home: Profile, file: Path) -> None:
    """It said "it was nothing", as if no threshold had been in force."""
    told = said(home, "set", "thresholds.seven_day.warning", "60")
    assert told.endswith("thresholds.seven_day.warning = 60; it was thresholds.warning.\n")
    assert "warning = 60" in file.read_text()


def test_unset_without_a_file_makes_none(home: Profile, file: Path) -> None:
    """There is nothing to take out, and no reason for an empty file."""
    assert said(home, "unset", "format.tmux").endswith("is not set; format.default is in force.\n")
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("set", "width", "wide"),
            'must be a whole number from 1 to 1000 (cells), not "wide".',
        ),
        (("set", "preset", "ful"), 'Write, for example, "full".'),
        (("set", "widht", "3"), "Did you mean width?"),
        (("unset", "warning"), "Did you mean thresholds.warning?"),
        (("set", "thresholds.warning", "95"), "warning (95) is above critical (90)"),
    ],
)
def test_wrong_words_change_nothing(
    words: tuple[str, ...], told: str, home: Profile, file: Path
) -> None:
    """Exit code 2, one sentence with the fix, and not even a directory."""
    code, sentence = refused(home, *words)
    assert code == 2
    assert told in sentence
    assert not file.parent.exists()


def test_a_file_that_toml_cannot_read_is_left_alone(home: Profile, file: Path) -> None:
    """Exit code 1: the line, and what to do; nothing is written over what somebody meant."""
    home.configure("width = 3\nwidth = 4\n")
    code, sentence = refused(home, "set", "width", "5")
    assert code == 1
    assert "line 2: not TOML" in sentence
    assert file.read_text() == "width = 3\nwidth = 4\n"


def test_mode_and_links_stay(home: Profile, file: Path, tmp_path: Path) -> None:
    """Dotfiles are links into a repository: the link would have become a file beside it."""
    kept = tmp_path / "dotfiles" / "statusline.toml"
    kept.parent.mkdir()
    kept.write_text("width = 3\n")
    kept.chmod(0o640)
    file.parent.mkdir(parents=True)
    file.symlink_to("../../../dotfiles/statusline.toml")
    said(home, "set", "width", "5")
    assert file.is_symlink()
    assert kept.read_text() == "width = 5\n"
    assert kept.stat().st_mode & 0o777 == 0o640
    assert os.listdir(kept.parent) == ["statusline.toml"]


@needs_root
@pytest.mark.parametrize("which", ["file", "directory"])
def test_nobody_else_s_link_is_followed(
    which: str, home: Profile, file: Path, tmp_path: Path
) -> None:
    """Whoever can put a link there would choose which file of ours is written."""
    kept = tmp_path / "precious"
    kept.mkdir()
    (kept / "config.toml").write_text("width = 3\n")
    link = file if which == "file" else file.parent
    link.parent.mkdir(parents=True)
    link.symlink_to(kept / "config.toml" if which == "file" else kept)
    os.lchown(link, SECOND_UID, SECOND_UID)
    code, sentence = refused(home, "set", "width", "5")
    assert code == 1
    assert "is another user's link" in sentence
    assert (kept / "config.toml").read_text() == "width = 3\n"


@needs_no_root
def test_a_directory_that_cannot_be_written_is_named(home: Profile, file: Path) -> None:
    """One sentence, and the file as it was."""
    home.configure("width = 3\n")
    file.parent.chmod(0o500)
    try:
        code, sentence = refused(home, "set", "width", "5")
    finally:
        file.parent.chmod(0o700)
    assert code == 1
    assert "cannot be written" in sentence
    assert file.read_text() == "width = 3\n"


def test_many_at_once_all_count(home: Profile, file: Path) -> None:
    """Of two scripts that set a key each at the same moment, one would have lost its key."""
    words = {
        "width": "61",
        "clock": "12",
        "ascii": "true",
        "bar.width": "5",
        "style.text": "bold",
        "format.zsh": "{five_hour.pct}",
    }
    running = [
        subprocess.Popen(
            argv("config", "set", key, value),
            env=home.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for key, value in words.items()
    ]
    assert [process.wait(timeout=HANG_S) for process in running] == [0] * len(words)
    values = tomllib.loads(file.read_text())
    assert (values["width"], values["bar"], values["style"]) == (61, {"width": 5}, {"text": "bold"})
    assert len(values) == 6
    assert os.listdir(file.parent) == ["config.toml"]


def test_a_change_shows_with_the_next_prompt(tmp_path: Path) -> None:
    """What `set` says is in force is what a surface shows."""
    home = quiet_profile(tmp_path / "home", with_numbers=True)
    said(home, "set", "format.tmux", "[{five_hour.label}: {five_hour.pct}]")
    assert home.shown() == "5h: 61%"
    said(home, "unset", "format.tmux")
    assert home.shown().startswith("5h 61%")


def test_init_writes_every_key_and_overwrites_nothing(home: Profile, file: Path) -> None:
    """A second `init` would have taken a month of fine-tuning away."""
    assert said(home, "init", "--print") == template()
    assert not file.parent.exists()
    assert said(home, "init") == f"Wrote {WHERE[:-2]}; every key in it is commented out.\n"
    assert file.read_text() == template()
    assert home.run("config", "check").returncode == 0
    said(home, "set", "width", "50")
    assert "#width = 40\nwidth = 50\n" in file.read_text()
    before = file.read_bytes()
    code, sentence = refused(home, "init")
    assert code == 1
    assert "is there already" in sentence
    assert "statusline config edit" in sentence
    assert file.read_bytes() == before


def test_init_puts_no_file_in_a_dangling_link_s_place(home: Profile, file: Path) -> None:
    """A link whose target is not mounted yet is the user's, too."""
    file.parent.mkdir(parents=True)
    file.symlink_to("nowhere.toml")
    assert refused(home, "init")[0] == 1
    assert file.is_symlink()
    assert os.listdir(file.parent) == ["config.toml"]


def test_without_a_home_there_is_no_place(home: Profile) -> None:
    """One sentence instead of a file in the working directory."""
    del home.environment["HOME"]
    for words in (("set", "width", "3"), ("unset", "width"), ("init",)):
        code, sentence = refused(home, *words)
        assert code == 1
        assert "Set HOME" in sentence


def test_presets_are_offered_as_they_are_called(home: Profile) -> None:
    """The sentence about a wrong preset names all of them."""
    assert all(f'"{name}"' in refused(home, "set", "preset", "x")[1] for name in PRESETS)


def test_a_byte_order_mark_stays_where_it_is(home: Profile, file: Path) -> None:
    """It would have caught a file that its own editor had marked, and no command could change."""
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xef\xbb\xbfapi = false # mine\r\n")
    assert (
        said(home, "set", "api", "false") == f"{WHERE}api = false already; nothing was changed.\n"
    )
    said(home, "set", "width", "3")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfapi = false # mine\r\n")
    said(home, "unset", "width")
    assert file.read_bytes() == b"\xef\xbb\xbfapi = false # mine\r\n"
