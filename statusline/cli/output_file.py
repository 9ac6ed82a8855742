"""A file that a command was told to write."""

from __future__ import annotations

import click


def write(path: str, text: str) -> None:
    """Write ``text`` to ``path``; raise ``ClickException`` where that cannot be done."""
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        shown = click.format_filename(path)
        raise click.ClickException(f"The file could not be written to {shown}: {reason}.") from None
