"""Money: what is used beyond the plan, and the dollars of pools that no segment shows."""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import number, timestamp
from statusline.usage.observation import MAX_UTILIZATION_PCT, instant

#: More than this, in minor units, cannot be true, nor be shown in a line.
MAX_MINOR = 1e12
#: The decimal digits that a currency's minor unit can stand for.
EXPONENTS = (0, 1, 2, 3, 4)


def amount(value: object) -> float | None:
    """Return an amount of money that can be true, else ``None``."""
    real = number(value)
    return real if real is not None and 0 <= real <= MAX_MINOR else None


def percentage(value: object) -> float | None:
    """Return a share in per cent that can be true, else ``None``."""
    real = number(value)
    return real if real is not None and 0 <= real <= MAX_UTILIZATION_PCT else None


class Spend:
    """Money used beyond the plan, in minor units of its currency.

    ``used_minor`` 5090 with ``exponent`` 2 and ``currency`` "USD" is 50.90 US dollars, ``None``
    where only the share is known; ``limit_minor`` is ``None`` where there is no limit.
    ``reached`` says that nothing is left: at the cap, or out of credits, the server turns
    ``enabled`` off.
    """

    __slots__ = (
        *("currency", "enabled", "exponent", "limit_minor"),
        *("observed_at", "reached", "used_minor", "utilization_pct"),
    )

    def __init__(  # noqa: PLR0913  # one record
        self,
        used_minor: float | None,
        limit_minor: float | None,
        currency: str,
        exponent: int,
        utilization_pct: float | None,
        enabled: bool,  # noqa: FBT001  # one field of a record
        observed_at: float,
        *,
        reached: bool = False,
    ) -> None:
        self.used_minor = used_minor
        self.limit_minor = limit_minor
        self.currency = currency
        self.exponent = exponent
        self.utilization_pct = utilization_pct
        self.enabled = enabled
        self.reached = reached
        self.observed_at = observed_at

    @property
    def is_used(self) -> bool:
        """Tell whether any money was used."""
        used = self.utilization_pct if self.used_minor is None else self.used_minor
        return bool(used)

    @property
    def is_shown(self) -> bool:
        """Tell whether there is something to show: it is on, or it has been used up."""
        return self.enabled or (self.reached and self.is_used)

    @property
    def of_limit_pct(self) -> float | None:
        """The used share of the limit in per cent, ``None`` without a limit."""
        used, limit, told_pct = self.used_minor, self.limit_minor, self.utilization_pct
        if limit == 0 and used:
            return max(100.0, told_pct or 0.0)
        if told_pct is not None and (told_pct or limit is not None or used is None):
            return told_pct  # the API says 0 % also where there is no limit
        if used is None or limit is None:
            return None
        return 100 * used / limit if limit else 0.0

    @property
    def share_pct(self) -> float | None:
        """What decides how near the limit is: at least 100 where nothing is left."""
        of_limit_pct = self.of_limit_pct
        return max(100.0, of_limit_pct or 0.0) if self.reached else of_limit_pct

    def to_json(self) -> dict[str, object]:
        """Return the spend as it stands in ``usage.json``."""
        return {
            "used_minor": self.used_minor,
            "limit_minor": self.limit_minor,
            "currency": self.currency,
            "exponent": self.exponent,
            "utilization_pct": self.utilization_pct,
            "enabled": self.enabled,
            "reached": self.reached,
            "observed_at": self.observed_at,
        }

    @classmethod
    def from_json(cls, value: object) -> Spend | None:
        """Return the spend that ``to_json`` wrote, or ``None`` for anything unsound."""
        if not isinstance(value, dict):
            return None
        used, limit = value.get("used_minor"), value.get("limit_minor")
        used_minor, limit_minor = amount(used), amount(limit)
        utilization_pct = percentage(value.get("utilization_pct"))
        observed_at = timestamp(value.get("observed_at"))
        exponent = number(value.get("exponent"))
        currency = clean(value.get("currency"), 4).upper()
        if observed_at is None or exponent not in EXPONENTS or not is_currency(currency):
            return None
        if (used_minor is None and used is not None) or (limit_minor is None and limit is not None):
            return None
        if used_minor is None and utilization_pct is None:
            return None
        return cls(
            used_minor,
            limit_minor,
            currency,
            int(exponent),
            utilization_pct,
            value.get("enabled") is True,
            observed_at,
            reached=value.get("reached") is True,
        )


def is_currency(code: str) -> bool:
    """Tell whether this can be an ISO 4217 code."""
    return len(code) == 3 and code.isascii() and code.isalpha()


class Pool:
    """What the API counts under a name that says nothing, and no segment shows.

    ``utilization_pct`` is the used share in per cent, ``used_dollars`` and ``limit_dollars`` are
    US dollars, ``resets_at`` and ``observed_at`` epoch seconds; ``None`` is unknown.
    """

    __slots__ = ("limit_dollars", "observed_at", "resets_at", "used_dollars", "utilization_pct")

    def __init__(
        self,
        utilization_pct: float | None,
        used_dollars: float | None,
        limit_dollars: float | None,
        resets_at: int | None,
        observed_at: float,
    ) -> None:
        self.utilization_pct = utilization_pct
        self.used_dollars = used_dollars
        self.limit_dollars = limit_dollars
        self.resets_at = resets_at
        self.observed_at = observed_at

    @property
    def share_pct(self) -> float | None:
        """The used share in per cent, from the dollars where the API does not say."""
        if self.utilization_pct is not None or self.used_dollars is None or not self.limit_dollars:
            return self.utilization_pct
        return 100 * self.used_dollars / self.limit_dollars

    def is_over(self, now: float) -> bool:
        """Tell whether its reset has passed, so that its numbers are no longer true."""
        return self.resets_at is not None and self.resets_at <= now

    def to_json(self) -> dict[str, object]:
        """Return the pool as it stands in ``usage.json``."""
        return {
            "utilization_pct": self.utilization_pct,
            "used_dollars": self.used_dollars,
            "limit_dollars": self.limit_dollars,
            "resets_at": self.resets_at,
            "observed_at": self.observed_at,
        }

    @classmethod
    def from_json(cls, value: object) -> Pool | None:
        """Return the pool that ``to_json`` wrote, or ``None`` where it says nothing."""
        if not isinstance(value, dict):
            return None
        utilization_pct = percentage(value.get("utilization_pct"))
        used, limit = amount(value.get("used_dollars")), amount(value.get("limit_dollars"))
        observed_at = timestamp(value.get("observed_at"))
        if observed_at is None or not (utilization_pct or used or limit):
            return None
        return cls(utilization_pct, used, limit, instant(value.get("resets_at")), observed_at)
