"""starship: a ``[custom.claude]`` module in starship.toml."""

from __future__ import annotations

import json
import re
import shlex
import tomllib

from statusline.system.untrusted import mapping
from statusline.wiring import ours, pasted
from statusline.wiring.block_host import BlockHost, is_there
from statusline.wiring.installation import Installation, WiringError, check_printable

#: What decides which profile is shown; the same key as in ``hooks/prompt.bash``.
_KEY = "${CLAUDE_CONFIG_DIR-}:${STATUSLINE_CACHE_DIR-}:${XDG_CACHE_HOME-}:${HOME-}"


def path(here: Installation) -> str:
    """Return ``$STARSHIP_CONFIG``, else ~/.config/starship.toml."""
    found = here.env.starship_path
    if found is None:
        raise WiringError("STARSHIP_CONFIG is not an absolute path.", "Set it to one, or unset it.")
    return found


def lines(here: Installation) -> tuple[str, ...]:
    """Return the table."""
    return (
        "[custom.claude]",
        'description = "Claude usage"',
        f"command = {json.dumps(command(here), ensure_ascii=False)}",
        "when = true",
        'shell = ["/bin/sh"]',
        'format = "$output "',
    )


def command(here: Installation) -> str:
    """Return what the shell runs.

    starship runs it with the environment of the shell it is in: another profile than the one
    installed from is asked for by the slower way, not shown wrongly.
    """
    env = here.env
    names = ("CLAUDE_CONFIG_DIR", "STATUSLINE_CACHE_DIR", "XDG_CACHE_HOME", "HOME")
    values = {name: env.get(name) or "" for name in names}
    for name, value in values.items():
        check_printable(name, value)
    key = shlex.quote(":".join(values.values()))
    profile = shlex.quote(env.login_profile_dir or "")
    test = f'[ "{_KEY}" = {key} ] && STATUSLINE_PROFILE={profile}'
    return f"{here.bin}; STATUSLINE_PROFILE=; {test}; {here.become('starship.sh', 'starship')}"


def check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return what the user has to add; raise ``WiringError`` where our table has no place."""
    try:
        config = tomllib.loads(data.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise WiringError("This is not UTF-8.", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        where = f"Line {found[1]}: this" if found else "This"
        raise WiringError(
            f"{where} is not TOML.", "Correct that; the file is left as it is."
        ) from None
    custom = config.get("custom", {})
    if not isinstance(custom, dict) or "claude" in custom:
        at = re.search(r"^\s*\[custom\.claude\]", data.decode(), re.MULTILINE)
        where = f"Line {data.decode().count(chr(10), 0, at.start()) + 1}: there" if at else "There"
        raise WiringError(f"{where} is a [custom.claude] already.", "Remove or rename it.")
    if re.search(r"^\s*custom\s*=", data.decode(), re.MULTILINE):
        raise WiringError("`custom` is an inline table.", "Write it as [custom.NAME] tables.")
    formats = [value for key in ("format", "right_format") if (value := config.get(key))]
    shown = any(
        word in str(value) for value in formats for word in ("$all", "$custom", "${custom.claude}")
    )
    if config.get("format") and not shown:
        return ["Your `format` names its modules: add ${custom.claude} where it should be."]
    return []


def _pasted(data: bytes, here: Installation) -> list[pasted.Span]:
    """Return our ``[custom.claude]`` of starship.toml, its last key included."""
    lines = pasted.lines_outside(data)
    texts = [data[start:end].decode("utf-8", "replace").strip() for start, end in lines]
    if "[custom.claude]" not in texts:
        return []
    first = texts.index("[custom.claude]")
    last = first
    while last + 1 < len(texts) and re.match(r"(command|when|shell|format) = ", texts[last + 1]):
        last += 1
    follows = next((text for text in texts[last + 1 :] if text and text[0] != "#"), "[")
    try:
        table = tomllib.loads("\n".join(texts[first : last + 1]))
    except tomllib.TOMLDecodeError:
        return []
    claude = dict(mapping(mapping(table["custom"])["claude"]))
    command = str(claude.pop("command", ""))
    expected = {"when": True, "shell": ["/bin/sh"], "format": "$output "}
    hook = re.fullmatch(r"(?:STATUSLINE_\w+=\S+;? )*(\. .+)", command)
    is_known = ours.runs(command, "starship", here) or (
        hook is not None and ours.sources(hook[1], "starship.sh", here)
    )
    if not is_known or claude != expected or not follows.startswith("["):
        return []
    return [(lines[first][0], lines[last][1])]


def _argv(data: bytes) -> tuple[str, ...]:
    try:
        value = tomllib.loads(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    except ValueError:
        return ()
    command = mapping(mapping(value.get("custom")).get("claude")).get("command")
    return ("/bin/sh", "-c", command) if isinstance(command, str) else ()


HOST = BlockHost(
    name="starship",
    title="starship",
    shown="at the next prompt",
    hooks=("starship.sh",),
    file=path,
    found=is_there("starship", path),
    lines=lines,
    check=check,
    find_pasted=_pasted,
    argv=_argv,
)
