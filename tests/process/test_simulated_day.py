"""A simulated day: every line is true, or at most 60 seconds behind what could be known."""

from __future__ import annotations

import itertools
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from statusline.database import access
from statusline.history import store
from statusline.login.secret import Secret
from statusline.refresh import refresher
from statusline.refresh.body import ParsedBody
from statusline.refresh.outcome import HttpAnswer, Outcome, classify
from statusline.segment import render, spawn
from statusline.system import bounded_read, clock, environ
from statusline.system.environ import Environment
from statusline.usage.memory import Memory
from statusline.usage.observation import Observation
from tests.support import canary
from tests.support.witness import Witness
from tests.support.world import DAY_S, HOUR_S, LENGTH_S, START, STEP_S, Account, Clock, Session

#: From when on (hours) which account is signed in.
LOGINS = (
    (0, "ada"),
    (5.2, "bob"),
    (8.1, "ada"),
    (11.5, "ada-at-work"),
    (17.3, "cleo"),
    (21, "ada"),
)
#: From, to (hours): how far off the wall clock is (s).
CLOCK_STEPS = (
    (3.5, 3.7, -HOUR_S),
    (9.2, 9.25, 20 * DAY_S),
    (14.0, 14.4, 3 * HOUR_S),
    (19, 19.2, -400),
)
#: From, to (hours): what the server does instead of answering.
TROUBLES = (
    *((1.5, 2.1, "429"), (4.0, 4.3, "portal"), (6.5, 6.6, "500"), (9.2, 9.25, "500")),
    *((12.5, 13.2, "offline"), (15.0, 15.05, "401"), (18.5, 18.8, "empty"), (22, 22.4, "429")),
)
#: When (hours) the signed-in account uses a banked reset, and of which window.
BANKED = ((2.8, "five_hour"), (16.0, "seven_day"), (20.0, "five_hour"))
#: When (hours) the provider resets the signed-in account's limits.
RESET_BY_PROVIDER = 13.5
#: When (hours) nobody works.
PAUSES = ((0.6, 1.2), (6.8, 7.7), (12.0, 14.8), (18.0, 19.0))


def in_force(rows: tuple[tuple[Any, ...], ...], hour: float) -> Any:
    """The value of the row of (from, to, value) that `hour` lies in, None for none."""
    return next((row[2] for row in rows if row[0] <= hour < row[1]), None)


def _is_of(name: str, token: Secret) -> bool:
    return token.reveal().startswith(canary.token(name))


class Day:
    """The world, the program in this process, and the lines that it showed."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.witness, self.chance = Clock(), Witness(), random.Random(7)
        self.home = home
        self.env = Environment({"HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1"})
        self.accounts = {
            "ada": Account("ada", "home", START + 2 * DAY_S + 1234, 40.0),
            "ada-at-work": Account("ada", "work", START + 3 * DAY_S, 12.0),
            "bob": Account("bob", "home", START + 8 * HOUR_S, 93.0),
            "cleo": Account("cleo", "home", START + 5 * DAY_S, 71.0),
        }
        self.sessions = [Session(f"session-{number}") for number in range(4)]
        self.signed_in = ""
        self.rotation = 0
        self.stepped_at = 0.0
        self.asked_at: list[float] = []
        self.complaints: list[str] = []
        self.checked = 0
        self._gate = 0.0
        self._started: list[bytes] = []
        self._printed: list[bytes] = []
        self._document: dict[str, object] | None = None
        monkeypatch.setattr(clock, "time", self.clock)
        monkeypatch.setattr(environ, "current", lambda: self.env)
        monkeypatch.setattr(render, "_print", self._printed.append)
        monkeypatch.setattr(bounded_read, "read_stdin", lambda: (self._document, b""))
        monkeypatch.setattr(spawn, "start", self._start)
        monkeypatch.setattr(os, "fsync", lambda _handle: None)  # a day's worth takes minutes
        monkeypatch.setattr(access, "SYNCHRONOUS", "OFF")
        monkeypatch.setattr("statusline.refresh.api.fetch_usage", self._answer)
        (home / ".claude").mkdir(mode=0o700)

    @property
    def hour(self) -> float:
        """Hours since the day's start."""
        return (self.clock.true - START) / HOUR_S

    @property
    def account(self) -> Account:
        """The account that is signed in."""
        return self.accounts[self.signed_in]

    def sign_in(self, name: str) -> None:
        """Write both login files, as Claude Code does: beside them, then in their place."""
        self.signed_in = name
        self.rotation += 1
        login = {
            "accessToken": f"{canary.token(name)}-{self.rotation}",
            "expiresAt": int((self.clock.true + 8 * HOUR_S) * 1000),
            "scopes": ["user:profile"],
        }
        who = {"accountUuid": self.account.person, "organizationUuid": self.account.organization}
        self._replace(".claude/.credentials.json", {"claudeAiOauth": login})
        self._replace(".claude.json", {"oauthAccount": who, "numStartups": self.rotation})

    def _replace(self, name: str, document: object) -> None:
        temporary = self.home / f"{name}.{self.rotation}"
        temporary.write_text(json.dumps(document))
        temporary.chmod(0o600)
        temporary.rename(self.home / name)

    def _start(self, _env: Environment, _directory: str, message: bytes = b"") -> bool:
        """Stand in for the process that is started: one in 5 s, which works a moment later."""
        if self.clock.true - self._gate < spawn.GATE_S:
            return False
        self._gate = self.clock.true
        self._started.append(message)
        return True

    def _answer(self, _url: str, token: Secret, **_named: object) -> Outcome:
        """Be the server, which knows the account by its token."""
        self.asked_at.append(self.clock.true)
        trouble = in_force(TROUBLES, self.hour)
        account = next(self.accounts[name] for name in self.accounts if _is_of(name, token))
        if trouble == "offline":
            return Outcome("unreachable")
        status = int(trouble) if trouble and trouble.isdecimal() else 200
        odd = {"portal": b'{"login": "https://portal.example"}', "empty": b"{}"}
        body = odd.get(trouble or "", account.body() if trouble is None else b"{}")
        if trouble is None:
            self.witness.tell(self.clock.true, account)
        wait = ["1200"] if status == 429 else []
        return classify(
            HttpAnswer(status, body, wait, None, "application/json", False), self.clock.true
        )

    def look(self, surface: str, session: Session | None = None) -> None:
        """Render a line and have it judged, unless the clock is wrong or was until just now."""
        self._document = None if session is None else session.stdin()
        self._printed.clear()
        render.run([surface])
        line = self._printed[0].decode()
        if self.clock.offset_s == 0 and self.clock.true - self.stepped_at > 60:
            self.checked += 1
            complaint = self.witness.complaint(line, self.account, self.clock.true)
            if complaint:
                self.complaints.append(f"{self.hour:.3f} h, {surface}: {line!r}: {complaint}")
        while self._started:
            message = self._started.pop()
            self.clock.true += 0.3
            report = refresher.refresh(self.env, message=message)
            assert report.result in ("asked", "waiting", "local"), report

    def step(self) -> None:
        """Let 40 seconds pass, and all that happens in them."""
        before = self.hour
        self.clock.true = float(int(self.clock.true) // STEP_S * STEP_S + STEP_S)
        for account in self.accounts.values():
            account.pass_to(int(self.clock.true))
        offset_s = float(in_force(CLOCK_STEPS, self.hour) or 0.0)
        if offset_s != self.clock.offset_s:
            self.clock.offset_s, self.stepped_at = offset_s, self.clock.true
        for at, name in LOGINS:
            if before < at <= self.hour or not self.signed_in:
                self.sign_in(name)
        if int(before / 3) != int(self.hour / 3):
            self.sign_in(self.signed_in)  # rotated
        for at, window in BANKED:
            if before < at <= self.hour:
                self.account.give_back(window)
        if before < RESET_BY_PROVIDER <= self.hour:
            self.account.reset_limits(int(self.clock.true))
        self._work()
        self.look("plain")

    def _work(self) -> None:
        """Let one or two sessions work and all of them repeat themselves, every third step."""
        is_pause = any(begin <= self.hour < end for begin, end in PAUSES)
        if not is_pause and self.chance.random() < 0.3:
            active = self.sessions[int(self.hour) % 2]
            self.account.use(int(self.clock.true), self.chance.choice((0.0, 0.4, 1.3)))
            active.answer(self.account)
            self.look("claude", active)
            # Just after a fall nobody can tell whether the answer came before another source's.
            is_fall = any(at <= self.hour < at + 0.1 for at, _window in BANKED)
            if "new login" not in self._printed[0].decode() and not is_fall:
                self.witness.tell(self.clock.true, self.account)
        for session in self.sessions:
            if self.chance.random() < 0.008:
                self.clock.true += spawn.GATE_S  # Claude Code runs its status line then as well
                if self.chance.random() < 0.6:
                    session.clear()
                else:
                    session.resume(self.account)
                self.look("claude", session)
        if int(self.clock.true) // STEP_S % 3 == 0:
            for session in self.sessions:
                self.look("claude", session)


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    """A day that begins with nothing known."""
    return Day(tmp_path, monkeypatch)


def test_no_line_of_a_day_is_false(day: Day) -> None:
    """Three people, two organizations, login switches, idle sessions, banked resets, a wrong clock.

    It would have caught each way in which a number was shown that was another account's, older
    than it said, or thrown away although a later answer had told better.
    """
    while day.hour < 24:
        day.step()
    assert day.complaints == []
    assert day.checked > 5_000
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(day.asked_at))
    assert len(day.asked_at) < 24 * 60
    assert _found_in_history(day) == []


def _found_in_history(day: Day) -> list[str]:
    """What the history holds that was never true of any account, beside numbers of nobody."""
    wrong = []
    assert day.env.profile_dir is not None
    with store.reading(day.env.profile_dir) as history:
        assert len(history.accounts()) == len(day.accounts)
        for mark, window in itertools.product(history.accounts(), LENGTH_S):
            # By a clock that is wrong no reset may be believable.
            seen = [each for each in history.seen(mark, window) if each.resets_at is not None]
            assert len(seen) > 3
            for name, account in day.accounts.items():
                facts = {(round(f[window].used_pct, 1), f[window].resets_at) for f in account.facts}
                if sum(each[1:3] in facts for each in seen) > len(seen) / 2:
                    wrong += [f"{name}: {each}" for each in seen if each[1:3] not in facts]
    return wrong


def _credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement counts as fresh."""
    monkeypatch.setattr(Memory, "highest", lambda *_arguments: -1.0)


def _later_reset_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule that once stood here: no answer brings an earlier reset."""
    from statusline.usage import merge

    def supersedes(new: Observation, old: Observation) -> bool:
        return (new.resets_at or 0) >= (old.resets_at or 0) and new.observed_at > old.observed_at

    monkeypatch.setattr(merge, "_supersedes", supersedes)
    monkeypatch.setattr(ParsedBody, "keeps", lambda *_arguments: True)


def _no_look_at_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notices that the login files have changed."""
    monkeypatch.setattr("statusline.login.identity.reconcile", lambda *_arguments: None)


@pytest.mark.control
@pytest.mark.parametrize(
    "mistake",
    [
        _credulous,
        pytest.param(_later_reset_wins, marks=pytest.mark.full),
        pytest.param(_no_look_at_the_login, marks=pytest.mark.full),
    ],
)
def test_the_witness_sees_each_mistake(
    mistake: Any, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the day is full of false lines once a rule is broken."""
    mistake(monkeypatch)
    while day.hour < 24 and not day.complaints:
        day.step()
    assert day.complaints
