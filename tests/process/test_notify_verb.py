"""`statusline notify`, and what `doctor` says of it: what is on, and what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.doctor import notifications
from statusline.doctor.context import Context
from statusline.system.environ import Environment
from tests.support.checkup import context, stand_in
from tests.support.notified import TEXT, Notified, rough


def test_it_says_what_is_on_and_what_was_sent_last(tmp_path: Path) -> None:
    """Nobody could tell why nothing came."""
    profile = Notified(tmp_path)
    done = profile.run("notify")
    assert done.returncode == 0
    assert "on: at 80% and 95% of a window" in done.stdout
    assert "your command" in done.stdout
    assert "nothing has been sent yet" in done.stdout
    profile.sees(82)
    assert f"<1m ago: {TEXT}" in rough(profile.run("notify").stdout)


def test_where_they_are_off_it_says_how_to_turn_them_on(tmp_path: Path) -> None:
    """The first look is a newcomer's."""
    profile = Notified(tmp_path)
    profile.configure("")
    done = profile.run("notify")
    assert done.returncode == 0
    assert "statusline config set notify.enabled true" in done.stdout
    assert profile.run("config", "set", "notify.enabled", "true").returncode == 0
    assert profile.run("config", "set", "notify.via", "tmux").returncode == 0
    assert profile.run("config", "set", "notify.at", "90").returncode == 0
    assert "on: at 90% of a window" in profile.run("notify").stdout


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ("", 0, "ok   command        sent with tell-me"),
        ("exit 3", 1, "fail command        tell-me ended with exit code 3"),
        ("echo 'not today' >&2; exit 1", 1, "not today"),
    ],
)
def test_a_test_says_what_came_of_each_way(more: str, code: int, said: str, tmp_path: Path) -> None:
    """Its exit code says whether any way worked; it counts as no notification."""
    teller = f'#!/bin/sh\necho "$STATUSLINE_NOTIFY_KIND" >"$HOME/kind"\n{more}\n'
    profile = Notified(tmp_path, teller=teller)
    done = profile.run("notify", "--test")
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout
    assert (tmp_path / "kind").read_text() == "test\n"
    assert not (profile.directory / "sent.json").exists()


def test_a_test_with_no_way_fails(tmp_path: Path) -> None:
    """A newcomer without a desktop, or with `via` emptied."""
    profile = Notified(tmp_path)
    profile.configure("[notify]\nvia = []\n")
    done = profile.run("notify", "--test")
    assert done.returncode == 1
    assert "none: set notify.via or notify.command" in done.stdout
    assert "off, except for this test" in done.stdout


def test_a_mistake_in_the_table_is_named(tmp_path: Path) -> None:
    """Its key keeps the default, and nobody would look for it here."""
    profile = Notified(tmp_path)
    profile.configure('[notify]\nenabled = true\nat = "most"\n')
    done = profile.run("notify")
    assert "line 3: notify.at: must be a list of numbers" in done.stdout
    assert "Write, for example, [80, 95]." in done.stdout


def checks(home: Path, config: str, **variables: str) -> list[tuple[str, str, str]]:
    """What doctor says of notifications with this config.toml."""
    (home / "config.toml").write_text(config)
    made = context(home, STATUSLINE_CONFIG=str(home / "config.toml"), **variables)
    return [(each.result, each.what, each.fix) for each in notifications.notifications(made)]


def test_doctor_names_what_keeps_them_from_arriving(tmp_path: Path) -> None:
    """Off is no warning; on without a program, a way, or success is one."""
    on = "[notify]\nenabled = true\n"
    ((result, _what, _fix),) = checks(tmp_path, "")
    assert result == "skip"
    ((result, what, fix),) = checks(tmp_path, f"{on}command = ['/no/such']\nvia = []\n")
    assert (result, fix) == ("warn", "statusline notify --test")
    assert what.startswith("such, which should show them, is not installed")
    ((result, what, fix),) = checks(tmp_path, f"{on}via = []\n")
    assert (result, fix) == ("warn", "statusline config set notify.via desktop")
    path = stand_in(tmp_path, "notify-send", "")
    ((result, what, _fix),) = checks(tmp_path, on, PATH=path)
    assert (result, what) == ("ok", "on, by desktop; nothing has been sent yet")


@pytest.mark.parametrize(("more", "result"), [("", "ok"), ("exit 1", "warn")])
def test_doctor_tells_whether_the_last_one_arrived(more: str, result: str, tmp_path: Path) -> None:
    """A refresher has no terminal to complain to."""
    profile = Notified(tmp_path, teller=f"#!/bin/sh\n{more}\n")
    profile.sees(82)
    made = Context(Environment(profile.environment), profile.resets_at - 7000.0, "/")
    (check,) = notifications.notifications(made)
    assert check.result == result
    assert ("exit code 1" in check.what) is (result == "warn")
    assert "14 minutes ago" in check.what
