"""The usage API's JSON body becomes observations and money; pure, and it never raises.

The body has no schema and changes without notice. What it says is told apart from what it does
not say, and both from what nobody can read: only what it says replaces what was known. The body
that Claude Code keeps in ``.claude.json`` has the same shape and is read here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from statusline.refresh.amounts import find_pools, find_spend, is_silent_on_money
from statusline.system.text import clean
from statusline.system.untrusted import mapping, number
from statusline.usage.observation import Observation, instant, plausible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.usage.spend import Pool, Spend

#: The windows of the plan itself; the others are weekly limits of one model or product.
MAIN_LABELS = {"five_hour": "5h", "seven_day": "7d"}
#: Every other flat bucket that is a window begins like this, and is named by the rest of its key
#: unless it stands below.
FLAT_PREFIX = "seven_day_"
FLAT_LABELS = {
    **MAIN_LABELS,
    "seven_day_opus": "Opus",
    "seven_day_sonnet": "Sonnet",
    "seven_day_oauth_apps": "OAuth apps",
    "seven_day_omelette": "Design",
}
#: The kinds of ``limits[]`` that repeat a flat bucket, and the one that names its own.
LIMIT_WINDOWS = {"session": "five_hour", "weekly_all": "seven_day"}
SCOPED_KIND, SCOPED_PREFIX = "weekly_scoped", "weekly:"
#: Keys that are known and no windows, most of them internal code names.
OTHER_KEYS = frozenset(
    (
        *("limits", "spend", "extra_usage", "member_dashboard_available", "seven_day_breakdown"),
        *("tangelo", "iguana_necktie", "omelette_promotional", "cinder_cove", "nimbus_quill"),
        *("copper_kite", "brass_thimble", "harbor_lantern", "wattle_ember", "amber_ladder"),
        *("amber_cistern", "amber_gauge", "juniper_tide", "cedar_ember"),
    )
)
_KNOWN_KEYS = (
    *OTHER_KEYS,
    *FLAT_LABELS,
    *("seven_day_cowork", "seven_day_routines", "seven_day_sonnet_max"),
)
#: A reset that was due so shortly before is of the run that has ended: clocks differ, and the API
#: may lag. Its number is not the new run's.
JUST_OVER_S = 300.0
_MAX_FLAT, _MAX_LIMITS, _MAX_UNKNOWN = 16, 32, 20


@dataclass(frozen=True)
class ParsedBody:
    """What one body says.

    ``unknown_keys`` are cleaned names that this version does not know, at most 20; ``dropped``
    counts values that were there and cannot be read, or cannot be true. ``pools`` are numbers that
    belong to no window, ``absent`` the main windows that the body says there are none of.

    Without ``is_usage`` nothing in the body has a known shape, neither a number nor the word that
    there is none: it is no answer. ``keeps_spend`` says that the body leaves open whether there is
    money, so that what was known of it stays.
    """

    observations: list[Observation]
    spend: Spend | None
    unknown_keys: list[str]
    dropped: int
    pools: dict[str, Pool]
    absent: list[str]
    is_usage: bool
    keeps_spend: bool
    _windows: _Windows

    def keeps(self, window: str) -> bool:
        """Tell whether the body leaves open how a window stands, so that its old number stays."""
        return not self.is_usage or self._windows.leaves_open(window)


def parse_body(
    body: Mapping[str, object], *, observed_at: float, source: str = "api"
) -> ParsedBody:
    """Read a body that was true at ``observed_at`` (epoch s); ``source`` is one of the model's."""
    windows = _Windows(observed_at, source)
    windows.take_flat(body)
    windows.take_limits(body.get("limits"))
    spend = find_spend(body, observed_at)
    is_usage = body.get("type") != "error" and (bool(windows.told or spend) or windows.says_none())
    pools = find_pools(body, [key for key in body if _is_pool(key)], observed_at)
    return ParsedBody(
        observations=windows.observations(),
        spend=spend,
        unknown_keys=_unknown_keys(body, windows),
        dropped=windows.dropped,
        pools=pools if is_usage else {},
        absent=[name for name in MAIN_LABELS if is_usage and windows.says_no(name)],
        is_usage=is_usage,
        keeps_spend=not is_usage or (spend is None and is_silent_on_money(body)),
        _windows=windows,
    )


class _Bucket(NamedTuple):
    window: str
    label: str
    utilization: object
    resets_at: object


@dataclass
class _Windows:
    """What the buckets of one body come to.

    ``told`` maps the identity of a window, which is the same under each of its names, to its value
    and how good that is: 2 whole, 1 without its reset. ``denied`` are windows of which the body
    says that there are none, ``unreadable`` those of which it says what nobody can read, or what
    is over.
    """

    observed_at: float
    source: str
    told: dict[str, tuple[int, Observation]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    unnamed: list[str] = field(default_factory=list)
    lists_scoped: bool = False
    has_odd_list: bool = False
    dropped: int = 0

    def take_flat(self, body: Mapping[str, object]) -> None:
        """Take the buckets that have a key of their own."""
        more = [key for key in body if _is_flat(key, body[key])]
        for window in [*FLAT_LABELS, *more[:_MAX_FLAT]]:
            if window not in body:
                continue
            flat = mapping(body[window])
            if body[window] is None or _is_empty(flat, "utilization"):
                self.denied.add(window)
            else:
                value = (flat.get("utilization"), flat.get("resets_at"))
                self._take(_Bucket(window, label_of(window), *value))

    def take_limits(self, limits: object) -> None:
        """Take ``limits[]``, which repeats the main windows and alone has the models' limits.

        Not filtered by ``is_active``, which only says which limit is nearest.
        """
        self.lists_scoped = isinstance(limits, list)
        self.has_odd_list = limits is not None and not self.lists_scoped
        for each in limits[:_MAX_LIMITS] if isinstance(limits, list) else ():
            limit = mapping(each)
            kind, name = limit.get("kind"), _scope_name(limit.get("scope"))
            value = (limit.get("percent"), limit.get("resets_at"))
            if isinstance(kind, str) and kind in LIMIT_WINDOWS:
                window = LIMIT_WINDOWS[kind]
                if not _is_empty(limit, "percent"):
                    self._take(_Bucket(window, FLAT_LABELS[window], *value))
            elif kind == SCOPED_KIND and name:
                self._take(_Bucket(f"{SCOPED_PREFIX}{name}", name, *value))
            elif isinstance(kind, str):
                self.unnamed.append(f"limits.{kind}")
                self.lists_scoped = self.lists_scoped and kind != SCOPED_KIND
            else:
                self.has_odd_list, self.lists_scoped = True, False

    def _take(self, bucket: _Bucket) -> None:
        """Take a value in: the first that names a window has it, unless a later one is sounder.

        A percentage without a reset is real: no window is running. Where a
        reset cannot be true the percentage still can, and stays without a countdown.
        """
        resets_at = instant(bucket.resets_at)
        if resets_at is not None and 0 <= self.observed_at - resets_at < JUST_OVER_S:
            self.unreadable.add(bucket.window.casefold())  # of the run that has ended
            return
        seen = Observation(
            bucket.window,
            bucket.label,
            -1.0 if (used_pct := number(bucket.utilization)) is None else used_pct,
            resets_at,
            self.observed_at,
            self.source,
        )
        is_whole = (resets_at is None) == (bucket.resets_at is None)
        is_whole = is_whole and plausible(seen, self.observed_at)
        self.dropped += not is_whole
        if not is_whole:
            seen.resets_at = None
        if not plausible(seen, self.observed_at):
            self.unreadable.add(bucket.window.casefold())
            return
        identity = _identity(bucket.window)
        rank, before = self.told.get(identity, (0, seen))
        if rank < 1 + is_whole:
            seen.window, seen.label = before.window, before.label
            self.told[identity] = (1 + is_whole, seen)

    def observations(self) -> list[Observation]:
        """Return what was told, the main windows first."""
        found = [seen for _rank, seen in self.told.values()]
        return sorted(found, key=lambda seen: (*MAIN_LABELS, seen.window).index(seen.window))

    def leaves_open(self, window: str) -> bool:
        """Tell whether nothing readable is said about a window."""
        if _identity(window) in self.told:
            return False
        if window.casefold() in self.unreadable:
            return True
        is_unlisted = window.startswith(SCOPED_PREFIX) and self.lists_scoped
        return window not in self.denied and not is_unlisted

    def says_no(self, window: str) -> bool:
        """Tell whether a flat bucket says, undisputed, that there is no such window."""
        return window in self.denied - self.told.keys() - self.unreadable

    def says_none(self) -> bool:
        """Tell whether this is an account without windows (Enterprise, free), in a known shape."""
        is_clear = not self.unreadable and not self.has_odd_list
        return is_clear and self.denied.issuperset(MAIN_LABELS)


def label_of(window: str) -> str:
    """Return the short name of a window, "" for what cannot be one."""
    if window in FLAT_LABELS:
        return FLAT_LABELS[window]
    if window.startswith(SCOPED_PREFIX):
        return window.removeprefix(SCOPED_PREFIX)
    return clean(window.removeprefix(FLAT_PREFIX).replace("_", " ")).capitalize()


def _identity(window: str) -> str:
    """Return what all names of a window share: ``Sonnet``, ``sonnet``, ``seven_day_sonnet``."""
    if window in MAIN_LABELS or not window.startswith((FLAT_PREFIX, SCOPED_PREFIX)):
        return window
    return f"{SCOPED_PREFIX}{label_of(window).casefold()}"


def _is_flat(key: str, value: object) -> bool:
    """Tell whether a key beyond the labelled ones is that of a window, or of one that is null."""
    if not key.startswith(FLAT_PREFIX) or key in FLAT_LABELS or key in OTHER_KEYS:
        return False
    is_bucket = value is None or "utilization" in mapping(value)
    return is_bucket and key == clean(key, 40) and label_of(key) != ""


def _is_pool(key: str) -> bool:
    is_window = key in FLAT_LABELS or key.startswith((FLAT_PREFIX, SCOPED_PREFIX))
    return not is_window and key not in ("spend", "extra_usage")


def _is_empty(bucket: Mapping[str, object], share: str) -> bool:
    """Tell whether a bucket stands there in its known shape and says nothing: it is as null."""
    told = (bucket.get(name) for name in ("resets_at", "used_dollars", "limit_dollars"))
    return share in bucket and bucket[share] is None and all(value is None for value in told)


def _scope_name(scope: object) -> str:
    """Return what names a scoped limit: its model, else its surface or label; "" for nothing.

    A model's ``id`` is null; names come as text, or as an object that holds one.
    """
    said = mapping(scope)
    for value in (said.get("model"), said.get("surface"), said.get("label"), scope):
        inner = mapping(value)
        for name in (value, inner.get("display_name"), inner.get("name"), inner.get("label")):
            if clean(name) and clean(name) not in MAIN_LABELS.values():
                return clean(name)
    return ""


def _unknown_keys(body: Mapping[str, object], windows: _Windows) -> list[str]:
    """Names that this program does not know, so that ``doctor`` can speak of drift."""
    shown = {seen.window for _rank, seen in windows.told.values()}
    names = [key for key in body if key not in _KNOWN_KEYS and key not in shown]
    cleaned = (clean(name, 40) for name in [*names, *windows.unnamed])
    return list(dict.fromkeys(name for name in cleaned if name))[:_MAX_UNKNOWN]
