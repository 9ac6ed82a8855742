"""The presets: ready-made settings in the form of ``config.toml``; a user's keys go before them."""

from __future__ import annotations

_OTHERS = "{weekly}{sep}{extra}{sep}{status}"
_WINDOWS = "{five_hour}{sep}{seven_day}"
_MINIMAL = (
    "[{five_hour.label} {five_hour.pct}]{sep}[{seven_day.label} {seven_day.pct}]{sep}{status}"
)
_BARS = (
    "[{five_hour.label}[ {five_hour.bar}] {five_hour.pct}[ {five_hour.reset}]]{sep}"
    "[{seven_day.label}[ {seven_day.bar}] {seven_day.pct}[ {seven_day.reset}]]"
)
_WHERE = "{dir}[ on {branch}]"
_SESSION = "{model}[ {effort}]{sep}[ctx {context}]"

#: preset -> key (with dots) -> value
PRESETS: dict[str, dict[str, object]] = {
    "minimal": {
        "format.default": _MINIMAL,
        "format.claude": _MINIMAL,
        "format.chained": _MINIMAL,
        "width": 40,
        "reset": "countdown",
    },
    "default": {
        "format.default": _WINDOWS + "{sep}{status}",
        "format.claude": "{model}{sep}[ctx {context}]{sep}" + _WINDOWS + "{sep}" + _OTHERS,
        "format.chained": _WINDOWS + "{sep}" + _OTHERS,
        "width": 40,
        "reset": "countdown",
    },
    "bars": {
        "format.default": _BARS + "{sep}{status}",
        "format.claude": "{model}{sep}[ctx {context}]{sep}" + _BARS + "{sep}" + _OTHERS,
        "format.chained": _BARS + "{sep}" + _OTHERS,
        "width": 60,
        "reset": "countdown",
    },
    "two-line": {
        "format.default": _WINDOWS + "{sep}{status}",
        "format.claude": [_WHERE + "{sep}" + _SESSION, _BARS + "{sep}" + _OTHERS],
        "format.chained": _BARS + "{sep}" + _OTHERS,
        "width": 40,
        "reset": "countdown",
    },
    "powerline": {
        "format.default": _WINDOWS + "{sep}{status}",
        "format.claude": (
            _WHERE + "{sep}{model}{sep}[ctx {context}]{sep}" + _WINDOWS + "{sep}" + _OTHERS
        ),
        "format.chained": _WINDOWS + "{sep}" + _OTHERS,
        "capsule.shape": "round",
        "width": 50,
        "reset": "countdown",
    },
    "full": {
        "format.default": _BARS + "{sep}" + _OTHERS,
        "format.claude": [
            _WHERE
            + "{sep}{model}[ {effort}]{sep}[ctx[ {context.bar}] {context}]{sep}{cost}{sep}{lines}",
            _BARS + "{sep}" + _OTHERS,
        ],
        "format.chained": _BARS + "{sep}" + _OTHERS,
        "bar.style": "line",
        "width": 80,
        "reset": "countdown",
    },
}
