"""The real programs, fetched once a session; a test that needs one is skipped with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import claude_code, npm, prometheus, starship
from tests.e2e.npm import NotAvailableError

#: The newest that npm has for Linux.
NUSHELL = "0.108.0"


@pytest.fixture(scope="session")
def claude_binary() -> Path:
    """The binary of the real Claude Code."""
    try:
        return claude_code.fetch()
    except NotAvailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def starship_directory() -> Path:
    """A directory for PATH that holds the real starship."""
    try:
        return starship.fetch()
    except NotAvailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def nushell() -> Path:
    """The real Nushell."""
    try:
        return npm.fetch("Nushell", "nushell", NUSHELL, "@nushell/*/bin/nu")
    except NotAvailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def prometheus_directory() -> Path:
    """A directory that holds the real prometheus, promtool and prometheus-node-exporter."""
    try:
        return prometheus.fetch()
    except NotAvailableError as reason:
        pytest.skip(str(reason))
