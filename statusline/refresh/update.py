"""One refresher's work on one profile: what was known, what came in, what is published."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from statusline.login import account, credentials, identity
from statusline.refresh import (
    account_plan,
    intake,
    other_sources,
    ownership,
    policy,
    recording,
    state_file,
)
from statusline.refresh.endpoint import EndpointError, base_url, user_agent
from statusline.refresh.outcome import failure
from statusline.segment import active_settings, prerendered
from statusline.segment.render import draw
from statusline.settings.load import load as load_config
from statusline.surfaces import KEPT
from statusline.system import atomic_write, clock
from statusline.system.environ import Environment
from statusline.usage.merge import has_moved, near_limit, next_reset_s
from statusline.usage.messages import NO_LOGIN
from statusline.usage.observation import DAY_S
from statusline.usage.snapshot import FILE_NAME, MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.refresh.outcome import Outcome

#: Segments are made for everyone, so nobody's NO_COLOR, locale or width counts.
NEUTRAL = Environment({})
#: How long a refresher may go on trusting that login, config and .claude.json are unchanged.
RECHECK_S, RECHECK_LOGIN_S = 300.0, 60.0
#: A session that works without limits explains for this long why there is no login.
UNLIMITED_FOR_S = 30 * DAY_S
#: A file's time comes from a coarser clock than ours, which may be this much behind.
COARSE_CLOCK_S = 0.05


class Update:
    """The work on one profile while the lock is held; ``refresher`` calls the steps in turn."""

    def __init__(self, env: Environment, directory: str, say: Callable[[str], None]) -> None:
        self._env = env
        self._directory = directory
        self._say = say
        self._own_trouble: tuple[str, str] | None = None
        self._now = clock.stamp()
        # Before the files are read: what changes from here on is another login (login.identity).
        self._login_files = identity.login_stamp(env)
        self.snapshot, self._state, self.is_newer = state_file.load(directory, self._now)
        self._settings, self._config_problem = load_config(env)
        self._login = credentials.find(env)
        self._account = account.read(env, now=self._now.wall_s)
        token = self._login.token
        salt = self._state.salt.encode()
        self._fingerprint = "" if token is None else token.fingerprint(salt)
        self._looks_expired = self._login.expired(self._now.wall_s)
        is_same_token = self._state.fingerprint in ("", self._fingerprint)
        if ownership.adopt(
            self.snapshot, self._account, token, self._now.wall_s, is_same_token=is_same_token
        ):
            self._say("the account has changed: its old numbers are dropped")
            self._state = policy.forgotten(self._state)

    def take_local(self, message: object) -> None:
        """Merge what needs no network: a render's message and Claude Code's own cache."""
        now_s, names = self._now.wall_s, self._settings.sources
        if other_sources.take_message(self.snapshot, message, names, now_s):
            message = None
        counted = intake.take_message(self.snapshot, message, now_s)
        if counted:
            self._state = policy.supplied_by_stdin(self._state, self._now)
        body, cached_at = self._account.cached_body, self._account.cached_at or 0.0
        since = (self.snapshot.succeeded_at, self.snapshot.account_since)
        if body is not None and cached_at > max(each or 0.0 for each in since):
            intake.take_body(self.snapshot, body, cached_at, "claude_json")
        self._say(f"numbers of Claude Code that counted: {counted}")

    def decide(self, *, force: bool) -> policy.Decision | None:
        """Tell whether the API is to be asked; ``None`` where there is nothing to ask with.

        Sets the snapshot's state where the trouble is known without asking, unless that is due
        to this process's environment, which others do not have (``told``).
        """
        trouble, detail = self._trouble()
        if trouble:
            self._set_state(trouble, detail)
            self._say(f"the API is not asked: {trouble}")
            return None
        decision = self._decision(self._now, force=force)
        if self.snapshot.state != self._last_kind():
            self._set_state(self._last_kind())
        try:
            base_url(self._env)
        except EndpointError as error:
            self._own_trouble = "bad_api_url", error.what
            return None
        return decision

    def told(self) -> tuple[str, str]:
        """Return state and detail of this run: what is published, or what is wrong only here."""
        return self._own_trouble or (self.snapshot.state, self.snapshot.detail)

    def _decision(self, now: clock.Stamp, *, force: bool = False) -> policy.Decision:
        return policy.decide(
            self._state, now, self._fingerprint, looks_expired=self._looks_expired, force=force
        )

    def _last_kind(self) -> str:
        """Return what the last answer for this very token was."""
        holds = policy.is_bound(self._state, self._fingerprint, looks_expired=self._looks_expired)
        unasked = "not_asked" if self.snapshot.windows else "starting"
        return (self._state.last_kind if holds else "") or unasked

    def _trouble(self) -> tuple[str, str]:
        if not self._settings.api:
            if self._config_problem:
                # A file that cannot be read may say ``api = false``: nothing is sent on a guess.
                return "bad_config", self._config_problem
            return "api_off", ""
        if self._login.state in NO_LOGIN and self._works_without_limits():
            return "api_billing", ""
        if self._login.state != "found":
            return self._login.state, ""
        if self._login.has_profile_scope is False:
            return "scope", ""
        return "", ""

    def _works_without_limits(self) -> bool:
        """Tell whether Claude Code was seen at work without any limits: not by a login, then."""
        unlimited_at = self.snapshot.unlimited_at
        return unlimited_at is not None and self._now.wall_s - unlimited_at < UNLIMITED_FOR_S

    def _set_state(self, code: str, detail: str = "", http_status: int | None = None) -> None:
        self.snapshot.state = code
        self.snapshot.detail = detail
        self.snapshot.http_status = http_status

    def check_place(self) -> None:
        """Raise ``OSError`` or ``NoPlaceError`` where nothing that comes in could be kept."""
        for name in (FILE_NAME, state_file.STATE_NAME):
            atomic_write.check_place(f"{self._directory}/{name}", MAX_BYTES // 4)

    def stamp_attempt(self) -> None:
        """Put the attempt on the disk; raise ``OSError`` if it cannot be, and nothing is sent."""
        at = clock.stamp()  # not self._now: what came before may have taken seconds
        self._state = policy.attempted(
            self._state, at, self._fingerprint, looks_expired=self._looks_expired
        )
        state_file.save(self._directory, self._state)
        self.snapshot.attempted_at = at.wall_s

    def ask(self) -> None:
        """Make the one request and take its answer in."""
        from statusline.refresh.api import fetch_usage  # requests: 80 ms

        token = self._login.token
        if token is None:
            return
        outcome = fetch_usage(base_url(self._env), token, user_agent=self._user_agent())
        before = self.snapshot.windows
        if outcome.kind == "ok" and not self._took(outcome):
            outcome = failure("malformed", outcome.status)
        kind = self._meaning(outcome)
        self._set_state(kind, outcome.detail, outcome.status)
        windows = self.snapshot.windows.values()
        self._state = policy.answered(
            self._state,
            kind,
            outcome.retry_after_s,
            moved=has_moved(before, self.snapshot.windows),
            near=near_limit(windows),
            next_reset_s=next_reset_s(windows, self._now.wall_s),
            chance=random.random(),  # noqa: S311  # spreads requests, guards nothing
        )

    def _took(self, outcome: Outcome) -> bool:
        """Take a good answer in; tell whether there was any usage in it."""
        body = outcome.body
        if body is None or not intake.take_body(self.snapshot, body, self._now.wall_s):
            return False
        self.snapshot.succeeded_at = self.snapshot.attempted_at
        return True

    def ask_plan(self) -> str:
        """Stamp an attempt and ask for the plan instead of the usage; return the state."""
        before, token = self._state, self._login.token
        if token is None:
            return self._login.state
        self.stamp_attempt()
        outcome = account_plan.ask(base_url(self._env), token, self._user_agent())
        kind = self._meaning(outcome)
        chance = random.random()  # noqa: S311  # as above
        wait_s = outcome.retry_after_s
        self._state = policy.answered_other(before, self._state, kind, wait_s, chance=chance)
        if outcome.body is not None:
            whose = account_plan.mark(token, self._account.name)
            account_plan.keep(
                self._directory, account_plan.parse(outcome.body, self._now.wall_s, whose)
            )
        elif kind in policy.REFUSALS or kind == "rate_limited":
            self._set_state(kind, outcome.detail, outcome.status)
        return kind

    def _meaning(self, outcome: Outcome) -> str:
        """Return what an answer says about this login, and count it if it is a failure."""
        self._say(f"answer: {outcome.kind}, HTTP status {outcome.status}")
        self._state = policy.finished(self._state, clock.stamp())
        # Only a refusal tells that a token is bad; that it looks expired may be our clock's fault.
        is_refused = outcome.kind == "unauthorized"
        kind = "expired" if is_refused and self._looks_expired else outcome.kind
        if kind != "ok":
            self.snapshot.errors[kind] = self.snapshot.errors.get(kind, 0) + 1
        return kind

    def _user_agent(self) -> str:
        return self._settings.user_agent or user_agent(self.snapshot.claude_version)

    def when_allowed(self, *, force: bool = True) -> policy.Decision:
        """Return when the next request could be made, by itself or by ``--force``."""
        return self._decision(clock.stamp(), force=force)

    def publish(self) -> None:
        """Write state and snapshot; raise ``OSError`` where the old ones stay."""
        now, snapshot = clock.stamp(), self.snapshot
        label = account.plan_label(
            subscription_type=self._login.subscription_type,
            rate_limit_tier=self._login.rate_limit_tier,
        )
        snapshot.plan = self._account.plan or label or snapshot.plan
        intake.note_windows(snapshot)
        self._say(other_sources.take(self._env, snapshot, self._settings.sources, now.wall_s))
        self._say(recording.record(self._directory, snapshot, self._is_mine, now.wall_s))
        self._say(self._count_tokens(now.wall_s))
        snapshot.login = self._login_files
        decision = self._decision(now)
        login_trouble = self._login.token is None or decision.reason == "refused"
        again_s = RECHECK_LOGIN_S if login_trouble else RECHECK_S
        wait_s = again_s if self._trouble()[0] or login_trouble else decision.wait_s
        least_s = RECHECK_LOGIN_S if self._own_trouble else 1.0  # others may ask soon
        snapshot.next_refresh_at = now.wall_s + min(max(wait_s, least_s), again_s)
        snapshot.next_allowed_at = now.wall_s + self.when_allowed().wait_s
        snapshot.written_at = now.wall_s
        snapshot.requests = self._state.requests
        state_file.save(self._directory, self._state)
        # First away with the old segments, and with whatever a render leaves meanwhile: killed
        # after the next line, none of them is left to be taken for true.
        prerendered.close(self._directory)
        # Its time is that of the login files: hooks compare the two (login.identity).
        atomic_write.write_json(
            f"{self._directory}/{FILE_NAME}",
            snapshot.to_json(),
            mtime_s=self._now.wall_s - COARSE_CLOCK_S,
        )
        if now.was_set(self._now):
            # Their times would be of another clock than that of usage.json, which tells hooks so.
            prerendered.remove_all(self._directory)
        else:
            self._publish_segments(now.wall_s)

    def _count_tokens(self, now: float) -> str:
        if not self._settings.tokens:
            self.snapshot.token_counts = {}
            return "tokens: not counted"
        from statusline.refresh import token_counting  # msgspec: 30 ms

        return token_counting.count(
            self._env, self._directory, self.snapshot, self._settings.time_zone, now
        )

    def _is_mine(self, mark: str) -> bool:
        return ownership.is_of(mark, self._account, self._login.token)

    def _publish_segments(self, now: float) -> None:
        """Write every segment that is true for long enough to be worth a file; remove the others.

        A render may have written one from the old ``usage.json`` in between, or a line.
        """
        for path in prerendered.lines(self._directory):
            prerendered.remove(path)
        made_from = prerendered.usage_stamp(self._directory)
        source = active_settings.config_stamp(self._env)
        settings, _problem = load_config(self._env)  # it may have been edited since the start
        for name in KEPT:
            until_s = prerendered.until(self.snapshot, settings, now, name)
            if until_s - now <= prerendered.MIN_LIFETIME_S:
                prerendered.remove(prerendered.path_of(self._directory, name))
                continue
            line, cells = draw(NEUTRAL, self.snapshot, None, settings, now, name)
            prerendered.write(self._directory, name, line, cells, until_s, made_from)
            if not active_settings.is_in_force(self._directory, source):
                prerendered.remove(prerendered.path_of(self._directory, name))
