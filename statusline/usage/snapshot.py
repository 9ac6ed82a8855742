"""``usage.json``: everything that is known about one profile, as one document.

The document is the project's public interface (docs/usage.json.md, with a JSON Schema in the
package). It never holds a token, an e-mail address or the path of a project.
"""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.observation import Observation
from statusline.usage.spend import Pool, Spend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from statusline.usage.forecast import Forecast
    from statusline.usage.memory import Memory
    from statusline.usage.token_count import TokenCount

#: The version of the document that this program writes.
SCHEMA = 1
#: The file's name in a profile's directory, and the most of it that a reader takes.
FILE_NAME = "usage.json"
MAX_BYTES = 64 * 1024
MAX_WINDOWS = 64
#: Pools that are kept; the API has some twenty names for such.
MAX_POOLS = 32
#: Other agents, and windows of each, that are kept.
MAX_SOURCES = 8


class Snapshot:
    """One state of ``usage.json``; ``from_json`` accepts anything, ``to_json`` is documented.

    All moments are epoch seconds. ``state`` is a code of ``usage.messages``. ``login`` tells
    the login files that were read from later ones (``login.identity``), ``account_since`` when the
    account was seen to be another one than before, ``unlimited_at`` when a session was heard that
    works without limits. ``pools`` is what the API counts under names that say nothing;
    ``absent`` are the main windows of which its last answer said that there are none.
    ``forecasts`` has those windows of which one can be made, ``token_counts`` what transcripts say
    was used: of "today", and of the "block", the five-hour window. ``sources`` has the windows of
    other agents, by agent; nothing that is about Claude reads them.
    """

    __slots__ = (
        *("account", "account_since", "attempted_at", "claude_version", "detail", "dropped"),
        "errors",
        *("http_status", "login", "next_allowed_at", "next_refresh_at", "plan", "requests"),
        *("schema", "spend", "state"),
        *("succeeded_at", "unknown_keys", "unlimited_at", "windows", "written_at"),
        *("_document", "_forecasts", "_memory", "_sources", "_token_counts", "absent", "pools"),
    )

    def __init__(self) -> None:
        self.schema = SCHEMA
        self.written_at: float = 0.0
        self.windows: dict[str, Observation] = {}
        self.spend: Spend | None = None
        self.pools: dict[str, Pool] = {}
        self.absent: list[str] = []
        self.plan = ""
        self.state = "starting"
        self.detail = ""
        self.http_status: int | None = None
        self.attempted_at: float | None = None
        self.succeeded_at: float | None = None
        self.next_refresh_at: float = 0.0
        self.next_allowed_at: float | None = None
        self.account = ""
        self.claude_version = ""
        self.account_since: float | None = None
        self.login = ""
        self.unlimited_at: float | None = None
        self.requests = 0
        self.errors: dict[str, int] = {}
        self.dropped: dict[str, int] = {}
        self.unknown_keys: list[str] = []
        self._document: Mapping[str, object] = {}
        self._memory: Memory | None = None
        self._forecasts: dict[str, Forecast] | None = None
        self._token_counts: dict[str, TokenCount] | None = None
        self._sources: dict[str, dict[str, Observation]] | None = None

    @property
    def memory(self) -> Memory:
        """What sessions have told; read when it is asked for, as most prompts do not need it."""
        from statusline.usage.memory import Memory

        if self._memory is None:
            self._memory = Memory.from_json(self._document)
        return self._memory

    @property
    def forecasts(self) -> dict[str, Forecast]:
        """Where each running window leads, by window; read when it is asked for, like ``memory``.

        Whoever shows one looks whether it is about what is shown (``Forecast.is_about``).
        """
        if self._forecasts is None:
            self._forecasts = _forecasts(self._document.get("forecasts"))
        return self._forecasts

    @forecasts.setter
    def forecasts(self, forecasts: dict[str, Forecast]) -> None:
        self._forecasts = forecasts

    @property
    def token_counts(self) -> dict[str, TokenCount]:
        """What transcripts say was used, by "today" and "block"; read when it is asked for."""
        if self._token_counts is None:
            self._token_counts = _token_counts(self._document.get("tokens"))
        return self._token_counts

    @token_counts.setter
    def token_counts(self, counts: dict[str, TokenCount]) -> None:
        self._token_counts = counts

    @property
    def sources(self) -> dict[str, dict[str, Observation]]:
        """What other agents have used, by agent and window; read when it is asked for."""
        if self._sources is None:
            self._sources = _sources(self._document.get("sources"))
        return self._sources

    @sources.setter
    def sources(self, sources: dict[str, dict[str, Observation]]) -> None:
        self._sources = sources

    def window(self, name: str) -> Observation | None:
        """Return a window of Claude's, or one of another agent's by its whole name."""
        found = self.windows.get(name)
        return found or self.sources.get(name.partition(".")[0], {}).get(name)

    @property
    def has_read_forecasts(self) -> bool:
        """Whether anybody has asked for the forecasts so far: no line shows them otherwise."""
        return self._forecasts is not None

    @property
    def may_fill(self) -> bool:
        """Whether any window is forecast to be used up before its reset; cheap."""
        if self._forecasts is not None:
            return any(each.full_at is not None for each in self._forecasts.values())
        stored = mapping(self._document.get("forecasts")).values()
        return any(mapping(each).get("full_at") is not None for each in stored)

    def to_json(self) -> dict[str, object]:
        """Return the document as it is written."""
        return {
            "schema": self.schema,
            "written_at": self.written_at,
            "state": self.state,
            "detail": self.detail,
            "http_status": self.http_status,
            "plan": self.plan,
            "windows": {name: seen.to_json() for name, seen in self.windows.items()},
            "spend": None if self.spend is None else self.spend.to_json(),
            "pools": {name: pool.to_json() for name, pool in self.pools.items()},
            "absent": self.absent,
            "forecasts": {name: each.to_json() for name, each in self.forecasts.items()},
            "tokens": {name: each.to_json() for name, each in self.token_counts.items()},
            "sources": {
                name: {each.partition(".")[2]: seen.to_json() for each, seen in windows.items()}
                for name, windows in self.sources.items()
            },
            "attempted_at": self.attempted_at,
            "succeeded_at": self.succeeded_at,
            "next_refresh_at": self.next_refresh_at,
            "next_allowed_at": self.next_allowed_at,
            "account": self.account,
            "account_since": self.account_since,
            "claude_version": self.claude_version,
            "login": self.login,
            **self.memory.to_json(),
            "unlimited_at": self.unlimited_at,
            "requests": self.requests,
            "errors": self.errors,
            "dropped": self.dropped,
            "unknown_keys": self.unknown_keys,
        }

    @classmethod
    def from_json(cls, value: object) -> Snapshot | None:
        """Return what can be understood of a document, or ``None`` where it is none of ours.

        A newer schema is read as far as it goes; whoever writes looks at ``schema`` first.
        """
        if not isinstance(value, dict):
            return None
        schema = value.get("schema")
        if type(schema) is not int or schema < 1:
            return None
        made = cls()
        made.schema = schema
        made.written_at = timestamp(value.get("written_at")) or 0.0
        made.state = clean(value.get("state")) or "starting"
        made.detail = clean(value.get("detail"), 160)
        status = number(value.get("http_status"))
        made.http_status = None if status is None else int(status)
        made.plan = clean(value.get("plan"))
        made.spend = Spend.from_json(value.get("spend"))
        made.attempted_at = timestamp(value.get("attempted_at"))
        made.succeeded_at = timestamp(value.get("succeeded_at"))
        made.next_refresh_at = timestamp(value.get("next_refresh_at")) or 0.0
        made.next_allowed_at = timestamp(value.get("next_allowed_at"))
        made.account = clean(value.get("account"), 40)
        made.claude_version = clean(value.get("claude_version"))
        made.login = clean(value.get("login"), 200)
        made.account_since = timestamp(value.get("account_since"))
        made.unlimited_at = timestamp(value.get("unlimited_at"))
        made._document = value
        made._read_collections(value)
        return made

    def _read_collections(self, value: dict[str, object]) -> None:
        for name, seen in _first(mapping(value.get("windows")).items(), MAX_WINDOWS):
            observation = Observation.from_json(name, seen)
            if observation is not None:
                self.windows[observation.window] = observation
        self.requests = count(value.get("requests"))
        self.errors = _counters(value.get("errors"))
        self.dropped = _counters(value.get("dropped"))
        self.unknown_keys = _names(value.get("unknown_keys"))
        self.absent = _names(value.get("absent"))
        for name, said in _first(mapping(value.get("pools")).items(), MAX_POOLS):
            pool = Pool.from_json(said)
            if pool is not None and clean(name, 40):
                self.pools[clean(name, 40)] = pool

    def is_newer_than_us(self) -> bool:
        """Tell whether a newer program wrote this: it is shown, and never overwritten."""
        return self.schema > SCHEMA


def count(value: object) -> int:
    """Return how often something happened, 0 for what is no such number."""
    return value if type(value) is int and 0 <= value < 2**53 else 0


def _forecasts(value: object) -> dict[str, Forecast]:
    """Return the sound forecasts in anything; costs nothing where there are none."""
    stored = _first(mapping(value).items(), MAX_WINDOWS)
    if not stored:
        return {}
    from statusline.usage.forecast import Forecast

    read = [Forecast.from_json(name, each) for name, each in stored]
    return {found.window: found for found in read if found is not None}


def _token_counts(value: object) -> dict[str, TokenCount]:
    """Return the sound counts in anything; costs nothing where there are none."""
    stored = mapping(value)
    if not stored:
        return {}
    from statusline.usage.token_count import TokenCount

    read = {name: TokenCount.from_json(stored.get(name)) for name in ("today", "block")}
    return {name: found for name, found in read.items() if found is not None}


def _sources(value: object) -> dict[str, dict[str, Observation]]:
    """Return the sound windows of other agents in anything; costs nothing where there are none."""
    found: dict[str, dict[str, Observation]] = {}
    for name, windows in _first(mapping(value).items(), MAX_SOURCES):
        for window, said in _first(mapping(windows).items(), MAX_SOURCES):
            seen = Observation.from_json(f"{name}.{window}", said, (name,))
            if seen is not None and clean(name, 40) == name:
                found.setdefault(name, {})[seen.window] = seen
    return found


def _names(value: object) -> list[str]:
    """Return the cleaned names in a list that may be anything."""
    return [clean(name, 40) for name in value[:MAX_WINDOWS]] if isinstance(value, list) else []


def _counters(value: object) -> dict[str, int]:
    """Return the counters that anything holds, by their cleaned names."""
    found = _first(mapping(value).items(), MAX_WINDOWS)
    return {clean(name, 40): count(total) for name, total in found if count(total)}


def _first(items: Iterable[tuple[str, object]], count: int) -> list[tuple[str, object]]:
    return list(items)[:count]
