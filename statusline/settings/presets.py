"""The presets: ready-made settings in the form of ``config.toml``; a user's keys go before them."""

from __future__ import annotations

_FULL_WINDOWS = (
    "[{five_hour.label}[ {five_hour.bar}] {five_hour.pct}[ {five_hour.clock}]]{sep}"
    "[{seven_day.label}[ {seven_day.bar}] {seven_day.pct}[ {seven_day.clock}]]{sep}"
    "{weekly}{sep}{extra}"
)
_MINIMAL = (
    "[{five_hour.label} {five_hour.pct}]{sep}[{seven_day.label} {seven_day.pct}]{sep}{status}"
)

#: preset -> key (with dots) -> value
PRESETS: dict[str, dict[str, object]] = {
    "minimal": {
        "format.default": _MINIMAL,
        "format.claude": _MINIMAL,
        "width": 40,
        "reset": "countdown",
    },
    "default": {
        "format.default": "{five_hour}{sep}{seven_day}{sep}{status}",
        "format.claude": (
            "{model}{sep}[ctx {context}]{sep}{five_hour}{sep}{seven_day}{sep}{weekly}{sep}{extra}"
            "{sep}{status}"
        ),
        "width": 40,
        "reset": "countdown",
    },
    "full": {
        "format.default": _FULL_WINDOWS + "{sep}{status}",
        "format.claude": (
            "{model}[ {effort}]{sep}[ctx[ {context.bar}] {context}]{sep}"
            + _FULL_WINDOWS
            + "{sep}{cost}{sep}{lines}{sep}{status}"
        ),
        "width": 80,
        "reset": "clock",
    },
}
