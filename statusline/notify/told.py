"""``notices.json``: what was said of each run of a window, so that nothing is said twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from statusline.system import atomic_write, bounded_read
from statusline.system.text import clean
from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.observation import instant, same_reset

if TYPE_CHECKING:
    from statusline.usage.observation import Observation
    from statusline.usage.snapshot import Snapshot

#: The file's name in a profile's directory, the version of its form, the most that is read.
FILE_NAME = "notices.json"
SCHEMA = 1
MAX_BYTES = 64 * 1024
#: The most runs of a window that are remembered, the most windows, and the most accounts.
MAX_RUNS, MAX_WINDOWS, MAX_ACCOUNTS = 4, 64, 4


@dataclass
class Run:
    """One run of a window up to ``resets_at``, and what was said of it.

    ``threshold_pct`` is the highest threshold that was said, 0 for none; ``forecast_pct`` is how
    much was used when the forecast was said. ``is_used_up`` lasts until its reset was said, and
    that once: ``said_reset``.
    """

    label: str
    resets_at: int | None
    threshold_pct: float = 0.0
    forecast_pct: float | None = None
    is_used_up: bool = False
    said_reset: bool = False

    @property
    def is_worth_keeping(self) -> bool:
        """Tell whether anything was said or will be."""
        return bool(self.threshold_pct) or self.forecast_pct is not None or self.is_used_up

    def is_about(self, seen: Observation) -> bool:
        """Tell whether an observation is one of this run: it has the same reset, or none either."""
        if self.resets_at is None or seen.resets_at is None:
            return self.resets_at is None and seen.resets_at is None
        return same_reset(self.resets_at, seen.resets_at)


Windows = dict[str, list[Run]]


@dataclass
class Told:
    """What was said to each account that was signed in here, by its mark in ``usage.json``.

    Whoever changes between two accounts is told of neither twice.
    """

    account: str = ""
    account_since: float | None = None
    accounts: dict[str, Windows] = field(default_factory=dict)

    def of(self, snapshot: Snapshot) -> Windows:
        """Return what was said to the account whose numbers these are, to be added to.

        An account gets another mark as soon as its name is known; it is the same one as long as
        nobody saw it change.
        """
        if snapshot.account != self.account and snapshot.account_since == self.account_since:
            renamed = self.accounts.pop(self.account, {})
            self.accounts.setdefault(snapshot.account, renamed)
        windows = self.accounts.pop(snapshot.account, {})
        self.accounts[snapshot.account] = windows  # the last one is the present one
        self.account, self.account_since = snapshot.account, snapshot.account_since
        return windows

    def to_json(self) -> dict[str, object]:
        """Return the document as it is written: of everything the latest, up to a bound."""
        return {
            "schema": SCHEMA,
            "account": self.account,
            "account_since": self.account_since,
            "accounts": {
                mark: {
                    window: [asdict(run) for run in runs[-MAX_RUNS:]]
                    for window, runs in list(windows.items())[-MAX_WINDOWS:]
                    if runs
                }
                for mark, windows in list(self.accounts.items())[-MAX_ACCOUNTS:]
            },
        }


def load(directory: str) -> Told | None:
    """Return what was said in a profile, ``None`` where a newer program keeps that; never raises.

    What cannot be read counts as nothing said.
    """
    data = bounded_read.read_file(f"{directory}/{FILE_NAME}", MAX_BYTES)
    found = mapping(None if data is None else bounded_read.parse(data))
    if (number(found.get("schema")) or SCHEMA) > SCHEMA:
        return None
    accounts = mapping(found.get("accounts"))
    return Told(
        clean(found.get("account"), 40),
        timestamp(found.get("account_since")),
        {
            clean(mark, 40): {
                clean(window, 40): _runs(runs) for window, runs in mapping(windows).items()
            }
            for mark, windows in list(accounts.items())[-MAX_ACCOUNTS:]
        },
    )


def save(directory: str, told: Told) -> None:
    """Keep what was said; raise ``OSError``."""
    atomic_write.write_json(f"{directory}/{FILE_NAME}", told.to_json())


def _runs(value: object) -> list[Run]:
    return [_run(mapping(each)) for each in value[-MAX_RUNS:]] if isinstance(value, list) else []


def _run(value: object) -> Run:
    said = mapping(value)
    return Run(
        clean(said.get("label")),
        instant(said.get("resets_at")),
        number(said.get("threshold_pct")) or 0.0,
        number(said.get("forecast_pct")),
        is_used_up=said.get("is_used_up") is True,
        said_reset=said.get("said_reset") is True,
    )
