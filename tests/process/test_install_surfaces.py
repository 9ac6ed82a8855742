"""`statusline install` and `uninstall` on real files: reversible, whatever their state (P12)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.capabilities import needs_strace
from tests.support.examples import crossed
from tests.support.house import FILES, FOREIGN, HOOKS, LINES, House, contents
from tests.support.program import package

STATES = ["missing", "empty", "plain", "no final newline", "CRLF", "BOM"]


@pytest.mark.parametrize(("surface", "state"), crossed(FILES, STATES))
def test_install_twice_and_uninstall_twice_leave_every_byte(
    house: House, surface: str, state: str
) -> None:
    """I11: the second install changes nothing, the uninstall gives back what was there."""
    path = house.home / FILES[surface]
    before = contents(surface, state)
    if before is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(before)
        path.chmod(0o640)
    tree = house.tree()
    house.ok("install", surface, "--yes")
    wired = house.tree()
    assert (before or b"").rstrip(b"\r\n}") in path.read_bytes()
    assert b"STATUSLINE_BIN" in path.read_bytes()
    house.ok("install", surface, "--yes")
    assert house.tree() == wired
    house.ok("uninstall", surface, "--yes")
    assert house.tree() == tree
    house.ok("uninstall", surface, "--yes")
    assert house.tree() == tree


@pytest.mark.parametrize("surface", FILES)
def test_a_linked_dotfile_is_edited_where_it_is(house: House, surface: str) -> None:
    """I10: the link stays a link, its target in the dotfiles repository gets the lines."""
    link = house.home / FILES[surface]
    target = house.home / "dotfiles" / "file"
    target.parent.mkdir()
    link.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(contents(surface, "plain") or b"")
    link.symlink_to(os.path.relpath(target, link.parent))
    tree = house.tree()
    house.ok("install", surface, "--yes")
    assert link.is_symlink()
    assert b"STATUSLINE_BIN" in target.read_bytes()
    assert sorted(os.listdir(target.parent)) == ["file"]
    house.ok("uninstall", "--all", "--yes")
    assert house.tree() == tree


@pytest.mark.parametrize("surface", FILES)
def test_what_the_user_adds_later_survives_the_uninstall(house: House, surface: str) -> None:
    """A file changed in between loses our lines and nothing else."""
    path = house.home / FILES[surface]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents(surface, "plain") or b"")
    house.ok("install", surface, "--yes")
    if surface == "claude":
        path.write_text(json.dumps({**json.loads(path.read_text()), "later": 1}))
    else:
        path.write_bytes(b"# first\n" + path.read_bytes() + b"# later\n")
    house.ok("uninstall", surface, "--yes")
    if surface == "claude":
        assert json.loads(path.read_text()) == {"model": "opus", "env": {"A": "1"}, "later": 1}
    else:
        assert path.read_bytes() == b"# first\n" + LINES + b"\n# later\n"
    assert not (house.home / ".local").exists()


def test_two_surfaces_in_one_file_go_in_any_order(house: House) -> None:
    """~/.zshrc is shared by zsh and powerlevel10k; taking out one leaves the other whole."""
    path = house.home / ".zshrc"
    path.write_bytes(LINES)
    house.ok("install", "zsh", "p10k", "--yes")
    both = path.read_bytes()
    house.ok("uninstall", "zsh", "--yes")
    assert b"p10k.zsh" in path.read_bytes()
    assert b"prompt.zsh" not in path.read_bytes()
    house.ok("uninstall", "p10k", "--yes")
    assert path.read_bytes() == LINES
    house.ok("install", "zsh", "--yes")
    house.ok("install", "p10k", "--yes")
    assert path.read_bytes() == both
    house.ok("uninstall", "p10k", "zsh", "--yes")
    assert path.read_bytes() == LINES


@needs_strace
@pytest.mark.parametrize(
    ("verb", "calls", "least"),
    [
        ("install", "?rename,?renameat,?renameat2", 5),
        ("uninstall", "?rename,?renameat,?renameat2", 3),
        pytest.param("uninstall", "?unlink,?unlinkat,?rmdir", 6, marks=pytest.mark.full),
    ],
)
def test_killed_at_any_step_it_can_be_run_again(
    house: House, verb: str, calls: str, least: int, request: pytest.FixtureRequest
) -> None:
    """I11: every file is the old or the new one, and what follows ends as if undisturbed.

    Every third step on ordinary days, each of them with `--full`.
    """
    stride = 1 if request.config.getoption("--full") else 3
    settings, rc = house.home / FILES["claude"], house.home / FILES["zsh"]
    settings.parent.mkdir()
    settings.write_bytes(FOREIGN)
    rc.write_bytes(LINES)
    (house.home / ".local/share/statusline").mkdir(parents=True)  # as install.sh leaves it
    before = house.tree()
    house.ok("install", "claude", "zsh", "--yes")
    after = house.tree()
    for number in range(1, 40, stride):
        house.ok("install" if verb == "uninstall" else "uninstall", "claude", "zsh", "--yes")
        inject = f"inject={calls}:signal=SIGKILL:when={number}"
        strace = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", inject)
        done = house.run(verb, "claude", "zsh", "--yes", through=strace)
        for path in (settings, rc):
            seen = house.seen(path)
            assert seen in (before[house.name(path)], after[house.name(path)])
        house.ok("install", "claude", "zsh", "--yes")
        assert house.tree() == after
        house.ok("uninstall", "--all", "--yes")
        assert house.tree() == before
        if done.returncode == 0:
            assert number > least
            return
    pytest.fail("it never came to its end")


def test_one_shell_is_not_shown_the_segment_twice(house: House) -> None:
    """`--all` leaves a shell out whose prompt starship or powerlevel10k sets."""
    (house.home / ".bashrc").write_text('eval "$(starship init bash)"\n')
    (house.home / ".p10k.zsh").touch()
    done = house.ok("install", "--all", "--yes")
    assert "bash: left out, since starship sets its prompt." in done.stdout
    assert "zsh: left out, since powerlevel10k sets its prompt." in done.stdout
    assert b"p10k.zsh" in (house.home / ".zshrc").read_bytes()


@pytest.mark.parametrize(
    ("word", "file"),
    [
        *(("bash", "prompt.bash"), ("zsh", "prompt.zsh")),
        *(("rprompt", "rprompt.zsh"), ("fish", "prompt.fish")),
    ],
)
def test_init_prints_the_bytes_of_the_hook(house: House, word: str, file: str) -> None:
    """What a wary user reads is what is installed."""
    done = subprocess.run(
        house.argv("init", word), env=house.environment, capture_output=True, check=True
    )
    assert done.stdout == (HOOKS / file).read_bytes()


def test_the_package_carries_the_hooks_of_the_checkout() -> None:
    """The wheel's hooks are the checkout's, byte for byte."""
    checkout = Path(__file__).parents[2] / "hooks"
    inside = package() / "hooks"
    if not inside.is_dir():
        pytest.skip("runs from a checkout")
    names, installed = (
        sorted(str(path.relative_to(top)) for path in top.rglob("*.*") if path.suffix != ".pyc")
        for top in (checkout, inside)
    )
    assert names == installed
    for name in names:
        assert (inside / name).read_bytes() == (checkout / name).read_bytes()
