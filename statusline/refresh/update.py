"""One refresher's work on one profile: what was known, what came in, what is published."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING

from statusline import clock, publish
from statusline.config.load import load as load_config
from statusline.environ import Environment
from statusline.hot import segments
from statusline.hot.render import draw
from statusline.merge import from_words, merge
from statusline.model import DAY_S, clean, mapping, number
from statusline.refresh import account, credentials, known, policy, profile
from statusline.refresh.body import parse_body
from statusline.refresh.change import differ, next_reset_s
from statusline.refresh.endpoint import EndpointError, base_url
from statusline.snapshot import FILE_NAME, MAX_SESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from statusline.model import Observation
    from statusline.refresh.outcome import Outcome

#: Segments are made for everyone, so nobody's NO_COLOR, locale or width counts.
NEUTRAL = Environment({})
#: The client version that contract.md section 0 was seen on, until stdin tells another.
KNOWN_VERSION = "2.1.328"
#: How long a refresher may go on trusting that login, config and .claude.json are unchanged.
LOOK_AGAIN_S, LOOK_AGAIN_FOR_LOGIN_S = 300.0, 60.0
#: A window that nobody has spoken of for this long is forgotten.
FORGET_AFTER_S = 14 * DAY_S
#: A render's clock and ours are the same; what differs by more was delayed or invented.
MESSAGE_AGE_S = 30.0


class Update:
    """The state of one profile while the lock is held; the methods are called in file order."""

    def __init__(self, env: Environment, directory: str, say: Callable[[str], None]) -> None:
        self._env = env
        self._directory = directory
        self._say = say
        self._now = clock.stamp()
        self.snapshot, self._state, self.is_newer = known.load(directory, self._now)
        self._settings, self._config_problem = load_config(env)
        self._login = credentials.find(env)
        self._account = account.read(env, now=self._now.wall_s)
        token = self._login.token
        salt = self._state.salt.encode()
        self._fingerprint = "" if token is None else token.fingerprint(salt)
        self._adopt_account()

    def _adopt_account(self) -> None:
        """Forget another account's numbers (design.md section 6, reliability.md F14).

        The key carries its own salt, so that the numbers outlive a lost ``state.json``.
        """
        salt = self.snapshot.account.partition("-")[0] or secrets.token_hex(8)
        if self._login.source == "environment" and self._login.token is not None:
            # A setup-token lives for a year and is not rotated: another one, another account.
            mark = self._login.token.fingerprint(salt.encode())
        elif self._account.uuid is not None:
            mark = account.account_key(self._account.uuid, salt.encode())
        else:
            return
        key = f"{salt}-{mark}"
        if self.snapshot.account not in ("", key):
            self._say("the account has changed: its old numbers are dropped")
            self.snapshot.windows = {}
            self.snapshot.spend = None
            self.snapshot.pools, self.snapshot.absent = {}, []
            self.snapshot.plan = ""
        self.snapshot.account = key

    def take_local(self, message: object) -> None:
        """Merge what needs no network: a render's message and Claude Code's own cache."""
        found = self._from_message(mapping(message))
        cached_at, answered_at = self._account.cached_at or 0.0, self.snapshot.succeeded_at or 0.0
        if self._account.cached_body is not None and cached_at > answered_at:
            parsed = parse_body(
                self._account.cached_body,
                observed_at=cached_at,
                source="claude_json",
            )
            found += parsed.observations
            if self.snapshot.spend is None:
                self.snapshot.spend = parsed.spend
        self.snapshot.windows = merge(self.snapshot.windows, found)
        self._say(f"observations without the network: {len(found)}")

    def _from_message(self, message: Mapping[str, object]) -> list[Observation]:
        words = mapping(message.get("words"))
        session = clean(message.get("session"), 36)
        version = clean(message.get("version"))
        if version:
            self.snapshot.claude_version = version
        if not words or self.snapshot.sessions.get(session) == words:
            return []
        seen_at = number(message.get("seen_at"))
        now = self._now.wall_s
        if seen_at is None or not now - MESSAGE_AGE_S <= seen_at <= now + clock.TOLERANCE_S:
            seen_at = now
        found, dropped = from_words(words, seen_at)
        self._count_dropped("stdin", dropped)
        self.snapshot.sessions.pop(session, None)
        self.snapshot.sessions[session] = dict(words)
        for oldest in list(self.snapshot.sessions)[:-MAX_SESSIONS]:
            del self.snapshot.sessions[oldest]
        if found:
            self._state = policy.fed(self._state, self._now)
        return found

    def _count_dropped(self, source: str, count: int) -> None:
        if count:
            self.snapshot.dropped[source] = self.snapshot.dropped.get(source, 0) + count

    def decide(self, *, force: bool) -> policy.Decision | None:
        """Tell whether the API is to be asked; ``None`` where there is nothing to ask with.

        Sets the snapshot's state where the trouble is known without asking.
        """
        trouble, detail = self._trouble()
        if trouble:
            self._set_state(trouble, detail)
            self._say(f"the API is not asked: {trouble}")
            return None
        decision = policy.decide(self._state, self._now, self._fingerprint, force=force)
        if decision.reason == "refused":
            self._set_state(self._state.refused_kind)
        elif self.snapshot.state != self._last_kind():
            self._set_state(self._last_kind())
        return decision

    def _last_kind(self) -> str:
        """Return what the last answer for this very token was."""
        same_token = self._state.fingerprint == self._fingerprint
        return (self._state.last_kind if same_token else "") or "starting"

    def _trouble(self) -> tuple[str, str]:
        if not self._settings.api:
            if self._config_problem:
                # A file that cannot be read may say `api = false`: nothing is sent on a guess.
                return "bad_config", self._config_problem
            return "api_off", ""
        if self._login.state != "found":
            return self._login.state, ""
        if self._login.has_profile_scope is False:
            return "scope", ""
        try:
            base_url(self._env)
        except EndpointError as error:
            return "bad_api_url", str(error)
        return "", ""

    def _set_state(self, code: str, detail: str = "", http_status: int | None = None) -> None:
        self.snapshot.state = code
        self.snapshot.detail = detail
        self.snapshot.http_status = http_status

    def stamp_attempt(self) -> None:
        """Put the attempt on the disk; raise ``OSError`` if it cannot be, and nothing is sent."""
        at = clock.stamp()  # not self._now: what came before may have taken seconds
        self._state = policy.attempted(self._state, at, self._fingerprint)
        self._write_state()
        self.snapshot.attempted_at = at.wall_s

    def _write_state(self) -> None:
        publish.write_json(f"{self._directory}/{known.STATE_NAME}", self._state.to_json())

    def ask(self) -> None:
        """Make the one request and take its answer in."""
        from statusline.refresh.api import fetch_usage  # requests: 80 ms

        token = self._login.token
        if token is None:
            return
        outcome = fetch_usage(base_url(self._env), token, user_agent=self._user_agent())
        kind = self._meaning(outcome)
        self._set_state(kind, outcome.detail, outcome.status)
        before = self.snapshot.windows
        if outcome.kind == "ok" and outcome.body is not None:
            self._take_answer(outcome.body)
        windows = self.snapshot.windows.values()
        self._state = policy.answered(
            self._state,
            kind,
            outcome.retry_after_s,
            moved=differ(before, self.snapshot.windows),
            near=policy.near_limit(windows),
            next_reset_s=next_reset_s(windows, self._now.wall_s),
            chance=random.random(),  # noqa: S311  # spreads requests, guards nothing
        )

    def ask_plan(self) -> str:
        """Stamp an attempt and ask for the plan instead of the usage; return the state."""
        before, token = self._state, self._login.token
        if token is None:
            return self._login.state
        self.stamp_attempt()
        outcome = profile.ask(base_url(self._env), token, self._user_agent())
        kind = self._meaning(outcome)
        chance = random.random()  # noqa: S311  # as above
        wait_s = outcome.retry_after_s
        self._state = policy.answered_aside(before, self._state, kind, wait_s, chance=chance)
        if outcome.body is not None:
            whose = profile.mark(token, self._account.uuid)
            profile.keep(self._directory, profile.parse(outcome.body, self._now.wall_s, whose))
        elif kind in policy.REFUSALS or kind == "rate_limited":
            self._set_state(kind, outcome.detail, outcome.status)
        return kind

    def _meaning(self, outcome: Outcome) -> str:
        """Return what an answer says about this login, and count it if it is a failure."""
        self._say(f"answer: {outcome.kind}, HTTP status {outcome.status}")
        self._state = policy.heard(self._state, clock.stamp())
        # One attempt for a token that says it has expired, whatever came of it.
        has_expired = outcome.kind != "ok" and self._login.expired(self._now.wall_s)
        kind = "expired" if has_expired else outcome.kind
        if kind != "ok":
            self.snapshot.errors[kind] = self.snapshot.errors.get(kind, 0) + 1
        return kind

    def _user_agent(self) -> str:
        version = self.snapshot.claude_version or KNOWN_VERSION
        return self._settings.user_agent or f"claude-code/{version}"

    def _take_answer(self, body: dict[str, object]) -> None:
        parsed = parse_body(body, observed_at=self._now.wall_s)
        answered = {seen.window for seen in parsed.observations}
        self._count_dropped("api", parsed.dropped)
        # What the API no longer lists is gone; what stdin told may be newer than its answer, and
        # a value that cannot be true says nothing about the good one before it.
        kept = {
            name: seen
            for name, seen in self.snapshot.windows.items()
            if name in answered or seen.source == "stdin" or parsed.keeps(name)
        }
        self.snapshot.windows = merge(kept, parsed.observations)
        if not parsed.keeps_spend:
            self.snapshot.spend = parsed.spend
        if parsed.is_usage:
            self.snapshot.pools, self.snapshot.absent = parsed.pools, parsed.absent
        self.snapshot.unknown_keys = parsed.unknown_keys
        self.snapshot.succeeded_at = self.snapshot.attempted_at

    def when_allowed(self) -> policy.Decision:
        """Return when the next request could be made, ``--force`` included."""
        return policy.decide(self._state, clock.stamp(), self._fingerprint, force=True)

    def publish(self) -> None:
        """Write state and snapshot; raise ``OSError`` where the old ones stay."""
        now = clock.stamp()
        snapshot = self.snapshot
        label = account.plan_label(
            subscription_type=self._login.subscription_type,
            rate_limit_tier=self._login.rate_limit_tier,
        )
        snapshot.plan = self._account.plan or label or snapshot.plan
        snapshot.windows = {
            name: seen
            for name, seen in snapshot.windows.items()
            if now.wall_s - seen.observed_at < FORGET_AFTER_S
        }
        decision = policy.decide(self._state, now, self._fingerprint)
        login_trouble = self._login.token is None or decision.reason == "refused"
        again_s = LOOK_AGAIN_FOR_LOGIN_S if login_trouble else LOOK_AGAIN_S
        wait_s = again_s if self._trouble()[0] or login_trouble else decision.wait_s
        snapshot.next_refresh_at = now.wall_s + min(max(wait_s, 1.0), again_s)
        snapshot.next_allowed_at = now.wall_s + self.when_allowed().wait_s
        snapshot.written_at = now.wall_s
        snapshot.requests = self._state.requests
        self._write_state()
        # First away with the old segments: killed after the next line, none of them is left to
        # be taken for true.
        for name in segments.SEGMENT_SURFACES:
            segments.remove(segments.path_of(self._directory, name))
        publish.write_json(f"{self._directory}/{FILE_NAME}", snapshot.to_json())
        self._publish_segments(now.wall_s)

    def _publish_segments(self, now: float) -> None:
        """Write every segment that is true for long enough to be worth a file; remove the others.

        A render may have written one from the old ``usage.json`` in between.
        """
        made_from = segments.identity(self._directory)
        settings, _problem = load_config(self._env)  # it may have been edited since the start
        until_s = segments.until(self.snapshot, settings, now)
        for name in segments.SEGMENT_SURFACES:
            if until_s - now <= segments.WORTH_S:
                segments.remove(segments.path_of(self._directory, name))
                continue
            line, cells = draw(NEUTRAL, self.snapshot, None, settings, now, name)
            segments.write(self._directory, name, line, cells, until_s, made_from)
