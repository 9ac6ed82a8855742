"""Claude Code's one slot: what was there is kept, chained, and comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.examples import crossed
from tests.support.house import FILES, FOREIGN, HOOKS, House


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


def looks(path: Path) -> tuple[object, object]:
    """The padding and the interval of the status line in a settings file."""
    line = json.loads(path.read_text())["statusLine"]
    return line["padding"], line["refreshInterval"]


@pytest.mark.parametrize(("seconds", "then"), [(3, 3), (60, 60), (30, 10), (0, 10), ("x", 10)])
def test_the_looks_of_a_pasted_line_of_ours_stay(house: House, seconds: object, then: int) -> None:
    """It would have caught padding 0 and 10 seconds; the 30 that earlier versions wrote goes."""
    command = f"{house.environment['STATUSLINE_BIN']} claude"
    old = {"command": command, "padding": 2, "refreshInterval": seconds}
    path = house.write(FILES["claude"], json.dumps({"statusLine": old}))
    before = path.read_bytes()
    house.ok("install", "claude", "--yes")
    assert looks(path) == (2, then)
    house.ok("uninstall", "claude", "--yes")
    assert path.read_bytes() == before


@pytest.mark.parametrize("before", [None, FOREIGN])
def test_what_the_user_changed_about_the_looks_of_our_line_stays(
    house: House, before: bytes | None
) -> None:
    """It would have caught padding and interval set back by the next `install`, chained or not."""
    path = house.home / FILES["claude"]
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)
    house.ok("install", "claude", "--yes")
    written = path.read_bytes()
    settings = json.loads(written)
    settings["statusLine"] |= {"padding": 5, "refreshInterval": 2, "hideVimModeIndicator": True}
    path.write_text(json.dumps(settings))
    for _ in range(2):
        house.ok("install", "claude", "--yes")
        assert looks(path) == (5, 2)
        assert json.loads(path.read_text())["statusLine"]["hideVimModeIndicator"] is True
    path.write_bytes(written)
    house.ok("uninstall", "claude", "--yes")
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_slot_that_another_tool_took_is_left_to_it(house: House) -> None:
    """Uninstall does not touch a status line that is no longer ours."""
    path = house.home / FILES["claude"]
    house.ok("install", "claude", "--yes")
    path.write_bytes(FOREIGN)
    done = house.ok("uninstall", "--all", "--yes")
    assert "nothing of ours" in done.stdout
    assert path.read_bytes() == FOREIGN


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


@pytest.mark.parametrize(("command", "edit"), crossed([*OURS_BY_HAND, *OF_OTHERS], [b"", b"\n"]))
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


def test_the_installed_line_names_the_profile_of_this_login(house: House) -> None:
    """It would have caught a hook that looks for its line in no directory."""
    house.ok("install", "claude", "--yes")
    line = json.loads((house.home / FILES["claude"]).read_text())["statusLine"]
    profile = house.ok("profile").stdout.strip()
    assert line["command"].startswith(f"STATUSLINE_PROFILE={profile} STATUSLINE_BIN=")


def test_a_line_of_before_is_brought_up_to_date(house: House) -> None:
    """It would have caught a second `install` that chains our own line to itself."""
    path = house.home / FILES["claude"]
    house.ok("install", "claude", "--yes")
    new = path.read_text()
    line = json.loads(new)["statusLine"]
    old = line["command"].partition(" ")[2]
    path.write_text(new.replace(line["command"], old))
    house.ok("install", "claude", "--yes")
    assert path.read_text() == new
    house.ok("uninstall", "claude", "--yes")
    assert not path.exists() or "statusLine" not in path.read_text()


def test_uninstalling_takes_the_kept_lines_away(house: House) -> None:
    """It would have caught a line, with the JSON of a session, left in the cache."""
    house.ok("install", "claude", "--yes")
    profile = Path(house.ok("profile").stdout.strip())
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "line.claude-4711").touch()
    house.ok("uninstall", "claude", "--yes")
    assert not list(profile.glob("line.*"))
