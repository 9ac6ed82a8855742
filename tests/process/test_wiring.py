"""`statusline install` and `uninstall` on real files: reversible, whatever their state (P12)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from statusline.environ import Environment
from statusline.wiring.host import which
from tests.support.capabilities import SECOND_UID, needs_root, needs_second_uid, needs_strace
from tests.support.launcher import make_launcher
from tests.support.program import package
from tests.support.wiring import HOOKS, House

#: Where each surface's lines go in a house.
FILES = {
    "claude": ".claude/settings.json",
    "tmux": ".tmux.conf",
    "starship": ".config/starship.toml",
    "bash": ".bashrc",
    "zsh": ".zshrc",
    "fish": ".config/fish/conf.d/statusline.fish",
    "p10k": ".zshrc",
}
LINES = b"# mine \xc3\xbc\n\n# the end"
SETTINGS = b'{\n  "model": "opus",\n  "env": {"A": "1"}'
FOREIGN = b'{"statusLine" : {"type":"command", "command": "echo \'$HOME\'"},\n "a":1.50}\n'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty home with a launcher beside it."""
    return House(tmp_path / "home", make_launcher(tmp_path / "bin"))


def contents(surface: str, state: str) -> bytes | None:
    """A file of this surface's kind in a state; None is no file."""
    body = SETTINGS + b"\n}" if surface == "claude" else LINES
    return {
        "missing": None,
        "empty": b"",
        "plain": body + b"\n",
        "no final newline": body,
        "CRLF": body.replace(b"\n", b"\r\n") + b"\r\n",
        "BOM": b"\xef\xbb\xbf" + body + b"\n",
    }[state]


@pytest.mark.parametrize("state", ["missing", "empty", "plain", "no final newline", "CRLF", "BOM"])
@pytest.mark.parametrize("surface", FILES)
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


@pytest.mark.parametrize("original", [FOREIGN, b"\xef\xbb\xbf" + FOREIGN.replace(b"\n", b"\r\n")])
def test_a_status_line_that_was_there_is_chained_and_comes_back(
    house: House, original: bytes
) -> None:
    """I09: the previous command is kept in a file, and its bytes in settings.json come back."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(original)
    house.ok("install", "claude", "--yes")
    line = json.loads(path.read_bytes().decode("utf-8-sig"))["statusLine"]
    assert "claude-code-chain.sh" in line["command"]
    assert line["refreshInterval"] == 10
    assert b'"a":1.50}' in path.read_bytes()
    (chain,) = (house.home / ".local/share/statusline").glob("chain-*")
    assert chain.read_text() == "echo '$HOME'\n"
    assert chain.stat().st_mode & 0o777 == 0o600
    house.ok("install", "claude", "--yes")
    assert chain.read_text() == "echo '$HOME'\n"
    house.ok("uninstall", "claude", "--yes")
    assert path.read_bytes() == original


def test_the_previous_status_line_comes_back_into_a_file_changed_since(house: House) -> None:
    """Claude Code rewrites its settings; the old status line returns as it was written."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(FOREIGN)
    house.ok("install", "claude", "--yes")
    path.write_text(json.dumps({**json.loads(path.read_text()), "b": 2}))
    house.ok("install", "claude", "--yes")
    house.ok("uninstall", "claude", "--yes")
    line = '{"type":"command", "command": "echo \'$HOME\'"}'
    assert path.read_text() == f'{{"statusLine": {line}, "a": 1.5, "b": 2}}'


def test_replace_runs_nothing_else_and_is_undone_too(house: House) -> None:
    """`--replace` leaves the previous command out; uninstall still brings it back."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(FOREIGN)
    house.ok("install", "claude", "--replace", "--yes")
    assert "STATUSLINE_CHAIN" not in json.loads(path.read_text())["statusLine"]["command"]
    house.ok("install", "claude", "--yes")
    assert "STATUSLINE_CHAIN" not in json.loads(path.read_text())["statusLine"]["command"]
    house.ok("uninstall", "claude", "--yes")
    assert path.read_bytes() == FOREIGN


def test_the_looks_of_a_chained_status_line_stay(house: House) -> None:
    """Its padding and its shorter interval hold for the two together."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    old = {"type": "command", "command": "x", "padding": 2, "refreshInterval": 5}
    path.write_text(json.dumps({"statusLine": old}))
    house.ok("install", "claude", "--yes")
    line = json.loads(path.read_text())["statusLine"]
    assert (line["padding"], line["refreshInterval"]) == (2, 5)


def test_a_slot_that_another_tool_took_is_left_to_it(house: House) -> None:
    """Uninstall does not touch a status line that is no longer ours."""
    path = house.home / FILES["claude"]
    house.ok("install", "claude", "--yes")
    path.write_bytes(FOREIGN)
    done = house.ok("uninstall", "--all", "--yes")
    assert "nothing of ours" in done.stdout
    assert path.read_bytes() == FOREIGN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  // mine\n  "a": 1\n}\n', "Line 2: there is a comment"),
        ('{\n  "a": 1,\n}\n', "Line 3: there is a comma too many"),
        ('{\n  "a": 1\n', "Line 3: the text ends too early"),
        ("\udcff{}", "Line 1: this is not UTF-8"),
    ],
)
def test_settings_that_are_no_json_are_left_alone(house: House, text: str, said: str) -> None:
    """I09: the error names file, line and fix; the other surfaces are wired all the same."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    done = house.run("install", "claude", "bash", "--yes")
    assert done.returncode == 1
    assert f"~/{FILES['claude']}: {said}" in done.stderr
    assert path.read_bytes() == before
    assert b"STATUSLINE_BIN" in (house.home / ".bashrc").read_bytes()
    house.ok("uninstall", "--all", "--yes")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[custom.claude]\ncommand = 'x'\n", "remove or rename"),
        ("custom = {}\n", "inline table"),
        ("a = \n", "Line 1: this is not TOML"),
    ],
)
def test_a_starship_file_that_would_break_is_left_alone(house: House, text: str, said: str) -> None:
    """A table defined twice would cost the user the whole configuration."""
    path = house.home / FILES["starship"]
    path.parent.mkdir()
    path.write_text(text)
    done = house.run("install", "starship", "--yes")
    assert done.returncode == 1
    assert said in done.stderr
    assert path.read_text() == text


def test_a_starship_format_that_leaves_us_out_is_named(house: House) -> None:
    """Only the user can say where in a `format` of their own the module belongs."""
    path = house.home / FILES["starship"]
    path.parent.mkdir()
    path.write_text('format = "$directory$character"\n')
    assert "${custom.claude}" in house.ok("install", "starship", "--yes").stdout


@pytest.mark.parametrize("surface", FILES)
def test_a_read_only_file_is_left_alone(house: House, surface: str) -> None:
    """Whoever took the write bit away meant it; the error says how to give it back."""
    path = house.home / FILES[surface]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents(surface, "plain") or b"")
    path.chmod(0o444)
    tree = house.tree()
    done = house.run("install", surface, "--yes")
    assert done.returncode == 1
    assert "chmod u+w" in done.stderr
    assert house.tree() == tree
    house.ok("uninstall", "--all", "--yes")
    assert house.tree() == tree


@needs_root
@needs_second_uid
def test_a_read_only_directory_stops_one_file_and_no_other() -> None:
    """What cannot be replaced in one step stays; the record does not claim that it was."""
    for needed in (package(), Path(sys.executable)):
        if any(above.stat().st_mode & 0o005 != 0o005 for above in needed.parents):
            pytest.skip("the second user cannot reach the program under test")
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        _wire_in_a_read_only_directory(House(Path(base, "home"), make_launcher(Path(base, "bin"))))


def _wire_in_a_read_only_directory(house: House) -> None:
    settings = house.home / FILES["claude"]
    settings.parent.mkdir()
    settings.write_bytes(SETTINGS + b"}")
    for path in (house.home, settings.parent, settings):
        os.chown(path, SECOND_UID, SECOND_UID)
        path.chmod(0o755 if path.is_dir() else 0o600)
    settings.parent.chmod(0o555)
    uid = str(SECOND_UID)
    drop = ("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups")
    done = house.run("install", "claude", "bash", "--yes", through=drop)
    assert done.returncode == 1
    assert "cannot be written: permission denied" in done.stderr
    assert settings.read_bytes() == SETTINGS + b"}"
    assert b"STATUSLINE_BIN" in (house.home / ".bashrc").read_bytes()
    record = json.loads((house.home / ".local/share/statusline/installed.json").read_text())
    assert list(record["files"]) == [str(house.home / ".bashrc")]


@needs_strace
@pytest.mark.parametrize(
    ("verb", "calls", "least"),
    [
        ("install", "?rename,?renameat,?renameat2", 5),
        ("uninstall", "?rename,?renameat,?renameat2", 3),
        ("uninstall", "?unlink,?unlinkat,?rmdir", 6),
    ],
)
def test_killed_at_any_step_it_can_be_run_again(
    house: House, verb: str, calls: str, least: int
) -> None:
    """I11: every file is the old or the new one, and what follows ends as if undisturbed."""
    settings, rc = house.home / FILES["claude"], house.home / FILES["zsh"]
    settings.parent.mkdir()
    settings.write_bytes(FOREIGN)
    rc.write_bytes(LINES)
    (house.home / ".local/share/statusline").mkdir(parents=True)  # as install.sh leaves it
    before = house.tree()
    house.ok("install", "claude", "zsh", "--yes")
    after = house.tree()
    for number in range(1, 30):
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


def test_print_and_no_terminal_change_nothing(house: House) -> None:
    """`--print` only shows; without a terminal and without --yes nothing is done, exit 2."""
    (house.home / ".bashrc").write_bytes(LINES)
    tree = house.tree()
    shown = house.ok("install", "bash", "--print")
    assert "+# >>> statusline bash >>>" in shown.stdout
    done = house.run("install", "bash")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert house.tree() == tree


def test_the_diff_shows_control_characters_and_does_not_send_them(house: House) -> None:
    """A file may hold escape sequences; the terminal does not get them."""
    (house.home / ".bashrc").write_bytes(b"PS1='\x1b]0;x\x07'\n")
    assert "\x1b" not in house.ok("install", "bash", "--print").stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLAUDE_CONFIG_DIR", "/a\nb"),
        ("CLAUDE_CONFIG_DIR", "relative"),
        ("STATUSLINE_CACHE_DIR", "/a\udcffb"),
        ("XDG_DATA_HOME", "/a\x1bb"),
    ],
)
def test_a_path_that_no_file_can_hold_is_refused(house: House, variable: str, value: str) -> None:
    """S27: a line end, a control character or a byte that is not UTF-8 is never written."""
    house.environment[variable] = value
    tree = house.tree()
    done = house.run("install", "tmux", "bash", "--yes")
    assert done.returncode == 1
    assert "Error: " in done.stderr
    assert house.tree() == tree


def test_a_variable_that_starship_would_compare_is_refused_too(house: House) -> None:
    """S27: what does not lead to the cache stands in starship's line all the same."""
    house.environment |= {"STATUSLINE_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/a\udcffb"}
    tree = house.tree()
    done = house.run("install", "starship", "--yes")
    assert "XDG_CACHE_HOME is not UTF-8" in done.stderr
    assert house.tree() == tree


def test_a_program_is_not_looked_for_in_the_working_directory(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S22: relative and empty entries of PATH offer nothing."""
    make_launcher(house.home / "relative")
    monkeypatch.chdir(house.home)
    for path in (".:relative", ":relative/", "./relative:"):
        assert which("statusline", Environment({"PATH": path})) is None
    absolute = Environment({"PATH": f"relative:{house.home}/relative"})
    assert which("statusline", absolute) == f"{house.home}/relative/statusline"


def test_one_shell_is_not_shown_the_segment_twice(house: House) -> None:
    """`--all` leaves a shell out whose prompt starship or powerlevel10k sets."""
    (house.home / ".bashrc").write_text('eval "$(starship init bash)"\n')
    (house.home / ".p10k.zsh").touch()
    done = house.ok("install", "--all", "--yes")
    assert "bash: left out, since starship sets its prompt." in done.stdout
    assert "zsh: left out, since powerlevel10k sets its prompt." in done.stdout
    assert b"p10k.zsh" in (house.home / ".zshrc").read_bytes()


OURS_BY_HAND = (
    "~/.local/bin/statusline claude",
    '"$HOME/.local/bin/statusline" claude',
    "statusline claude",
    "BIN claude",
    "STATUSLINE_BIN=/old; . /old/hooks/claude-code.sh",
    ". HOOKS/claude-code.sh",
)
OF_OTHERS = (
    "/opt/other/hooks/claude-code.sh",
    "npx ccstatusline",
    "/opt/other/statusline claude",
    "'/a b/statusline' claude",
)


@pytest.mark.parametrize("command", [*OURS_BY_HAND, *OF_OTHERS])
@pytest.mark.parametrize("edit", [b"", b"\n"], ids=["as written", "edited since"])
def test_only_our_program_is_replaced_and_what_stood_there_comes_back(
    house: House, command: str, edit: bytes
) -> None:
    """It would have caught `/opt/other/statusline claude` replaced, and `{}` left of the file."""
    launcher = house.environment["STATUSLINE_BIN"]
    house.environment["PATH"] = f"{Path(launcher).parent}:{house.environment['PATH']}"
    text = command.replace("BIN ", f"{launcher} ", 1) if command.startswith("BIN") else command
    text = text.replace("HOOKS", str(HOOKS))
    original = json.dumps({"statusLine": {"type": "command", "command": text}}).encode()
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(original)
    house.ok("uninstall", "--all", "--yes")
    assert path.read_bytes() == original
    house.ok("install", "claude", "--yes")
    assert (b"STATUSLINE_CHAIN" in path.read_bytes()) == (command in OF_OTHERS)
    house.ok("install", "claude", "--yes")
    path.write_bytes(path.read_bytes() + edit)
    house.ok("uninstall", "claude", "--yes")
    assert path.read_bytes() == original + edit


def test_a_line_of_the_users_own_that_runs_ours_stays(house: House) -> None:
    """It would have caught our line shown twice, once by the user's own command."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    command = "~/.local/bin/statusline claude | head -n 1"
    path.write_text(json.dumps({"statusLine": {"type": "command", "command": command}}))
    tree = house.tree()
    done = house.ok("install", "claude", "--yes")
    said = "Line 1 runs statusline already; it stays as you wrote it."
    assert done.stdout == f"claude: ~/{FILES['claude']}: {said}\n"
    assert house.tree() == tree


def test_a_damaged_record_is_refused_and_a_lost_one_survived(house: House) -> None:
    """Without a record the marks and the chain file still say what is ours."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(FOREIGN)
    house.ok("install", "claude", "bash", "--yes")
    record = house.home / ".local/share/statusline/installed.json"
    record.write_text('{"schema": 1')
    assert "installed.json cannot be read" in house.run("uninstall", "--all", "--yes").stderr
    record.unlink()
    house.ok("uninstall", "--all", "--yes")
    assert json.loads(path.read_bytes()) == json.loads(FOREIGN)
    assert b"statusline" not in (house.home / ".bashrc").read_bytes()


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
    names = sorted(path.name for path in checkout.iterdir())
    assert names == sorted(path.name for path in inside.iterdir())
    for name in names:
        assert (inside / name).read_bytes() == (checkout / name).read_bytes()


def test_nothing_is_installed_for_another_user(house: House) -> None:
    """H04: root with somebody's HOME would leave its own files there."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    os.chown(house.home, SECOND_UID, SECOND_UID)
    done = house.run("install", "bash", "--yes")
    assert done.returncode == 1
    assert "without sudo" in done.stderr
    shutil.rmtree(house.home)
