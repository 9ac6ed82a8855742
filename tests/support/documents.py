"""The pages of the repository, and the topics of `statusline help`, as tests read them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPICS = ROOT / "statusline" / "manual" / "topics"
FRONT = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
FILES = {file.name: file for file in (*FRONT, *sorted((ROOT / "docs").glob("*.md")))}
TEXTS = {name: file.read_text("utf-8") for name, file in FILES.items()}
TEXTS |= {f"help {file.stem}": file.read_text("utf-8") for file in sorted(TOPICS.glob("*.md"))}


def sections() -> list[str]:
    """Every section of every document, from one heading to the next."""
    return [
        part for text in TEXTS.values() for part in re.split(r"^(?=#+ )", text, flags=re.MULTILINE)
    ]


def commands() -> list[str]:
    """Every `statusline ...` of the sh blocks, up to whatever the shell does with it.

    SECURITY.md's are run as whole lines: tests/process/test_security_claims.py.
    """
    found = []
    for text in (TEXTS[name] for name in TEXTS if name != "SECURITY.md"):
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            lines = re.sub(r"\\\n", " ", block)
            found += re.findall(
                r"(?:^|[\s(;&|]|~/\.local/bin/)(statusline(?: [^\n;&|#()>]+)?)", lines
            )
    return sorted({command.strip() for command in found})


def inline() -> list[str]:
    """Every `statusline ...` in running text that has no placeholder."""
    spans = [each for text in TEXTS.values() for each in re.findall(r"`(statusline [^`]+)`", text)]
    return sorted({span for span in spans if re.fullmatch(r"[a-z0-9 .:=/-]+", span)})
