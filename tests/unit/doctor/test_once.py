"""One cause is told once: what follows from it is no finding of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from statusline.doctor import examine, surfaces
from statusline.doctor.check import Check, fail, ok, warn
from statusline.login.identity import login_stamp
from tests.support.checkup import context, publish
from tests.support.login import sign_in
from tests.support.server import Answer, UsageServer


@pytest.fixture(autouse=True)
def _no_segment_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them starts a few processes, in the environment of this one."""
    made = tuple(check for check in examine.CHECKS if check is not surfaces.surfaces)
    monkeypatch.setattr(examine, "CHECKS", made)


def troubles(home: Path, online: bool = False, /, **variables: str) -> list[tuple[str, str]]:
    """Name and result of every finding."""
    found = examine.by_weight(examine.examine(context(home, "/", online, **variables)))
    return [(each.name, each.result) for each in found if each.name != "PATH"]


@pytest.mark.parametrize("has_numbers", [False, True])
def test_signed_out_is_one_finding(home: Path, *, has_numbers: bool) -> None:
    """It would have caught five of them: login, API, cache, numbers and the next request."""
    if has_numbers:
        publish(home, state="missing")
    assert troubles(home) == [("login", "fail")]


@pytest.mark.parametrize("state", ["expired", "unauthorized"])
def test_a_login_that_the_api_refused_is_one_finding(home: Path, state: str) -> None:
    """A warning of the file, a failure of the API and a warning of the next request were one."""
    sign_in(home, lasts_s=-3600)
    publish(home, state=state, login=login_stamp(context(home).env))
    assert troubles(home) == [("login", "fail")]


def test_a_login_that_came_after_the_refusal_is_not_blamed_for_it(home: Path) -> None:
    """What the API said of the one before would have been said of the new one."""
    sign_in(home, lasts_s=7200)
    publish(home, state="expired", login="another")
    assert ("login", "fail") not in troubles(home)


@pytest.mark.parametrize("online", [False, True])
def test_no_network_is_one_finding(home: Path, *, online: bool) -> None:
    """With --online it was two, and the wait after a failure a third."""
    sign_in(home)
    publish(home, state="unreachable")
    found = troubles(home, online, STATUSLINE_API_URL="http://127.0.0.1:9")
    found.remove(("API URL", "warn"))  # that is how these tests are done
    assert found == [("reachable", "fail") if online else ("usage API", "warn")]


def test_a_network_that_is_back_is_said_to_be(home: Path) -> None:
    """With --online it said "Check the network." right below "answers on port 443"."""
    sign_in(home)
    publish(home, state="unreachable")
    with UsageServer([Answer()]) as server:
        there = context(home, "/", True, STATUSLINE_API_URL=server.url)
        checks = {each.name: each for each in examine.examine(there)}
        assert server.count == 0
    assert checks["reachable"].result == "ok"
    assert checks["usage API"].fix == "It can be reached now: run `statusline refresh`."


def test_a_missing_ca_file_is_one_finding(home: Path) -> None:
    """It makes every certificate a bad one."""
    sign_in(home)
    publish(home, state="certificate")
    assert troubles(home, REQUESTS_CA_BUNDLE="/no/such.pem") == [("certificates", "fail")]


def test_a_cache_that_nobody_may_write_is_one_finding(home: Path) -> None:
    """The lock in it, the history in it and the numbers in it were findings of their own."""
    sign_in(home)
    directory = Path(context(home).directory or "")
    directory.parent.mkdir(parents=True)
    directory.write_text("not a directory")
    assert troubles(home) == [("cache", "fail")]


def test_a_fresh_home_of_someone_signed_in_is_told_one_thing(home: Path) -> None:
    """The cache, the numbers and the missing surface were three warnings for nothing wrong."""
    sign_in(home)
    assert troubles(home) == [("numbers", "warn")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (fail, fail, ["first"]),
        (fail, warn, ["first"]),
        (warn, warn, ["first"]),
        (warn, fail, ["second", "first"]),
    ],
)
def test_a_smaller_trouble_never_hides_a_greater_one(
    first: Any, second: Any, expected: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login file open to others does not explain that the API refuses."""
    made: list[Check] = [first("first", "x", "y"), second("second", "x", "y", after=("first",))]
    monkeypatch.setattr(examine, "CHECKS", (lambda _context: [*made, ok("third", "x")],))
    assert [each.name for each in examine.by_weight(examine.examine(context(home)))] == expected


def test_hooks_that_are_gone_are_one_finding_with_one_command(home: Path) -> None:
    """It would have caught a warning for every surface, and a command for each."""
    gone = f"{home}/.local/share/statusline/hooks"
    launcher = context(home).env.program
    for name, hook in ((".bashrc", "bash"), (".zshrc", "zsh")):
        text = f"STATUSLINE_BIN={launcher}; . {gone}/prompt.{hook}"
        block = f"# >>> statusline {hook} >>>\n{text}\n# <<< statusline {hook} <<<\n"
        (home / name).write_text(block)
    there = context(home)
    assert [line.surface for line in there.lines] == ["bash", "zsh"]
    found = [each for each in surfaces.surfaces(there) if each.result in ("warn", "fail")]
    assert [(each.name, each.fix) for each in found] == [("lines", "statusline install bash zsh")]
    assert f"need files in ~{gone.removeprefix(str(home))}" in found[0].what


def test_a_check_that_fails_itself_is_a_finding_and_the_others_are_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that was no directory ended `doctor` with "Something unexpected went wrong"."""

    def the_moon(_context: object) -> list[Check]:
        raise PermissionError(13, "Permission denied", "/a/private/path")

    monkeypatch.setattr(examine, "CHECKS", (the_moon, lambda _context: [ok("third", "x")]))
    first, last = examine.examine(context(home))
    assert (first.name, first.result, last.name) == ("the moon", "warn", "third")
    assert first.what == "This could not be looked at: Permission denied."
