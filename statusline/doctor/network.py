"""The way to the API: variables that lead elsewhere, and with ``--online`` name, port and TLS."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from urllib.parse import urlsplit

from statusline.doctor.check import Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.refresh.endpoint import DEFAULT_URL, EndpointError, base_url
from statusline.usage.messages import describe

#: For name lookup, connection and TLS together, in seconds.
DEADLINE_S = 5.0
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
#: In the order in which requests takes them.
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def variables(context: Context) -> list[Check]:
    """Name what changes the way to the API (D18)."""
    checks = []
    env = context.env
    try:
        url = base_url(env)
    except EndpointError as error:
        return [fail("API URL", error.what, error.fix)]
    if url != DEFAULT_URL:
        what = "STATUSLINE_API_URL sends requests to this machine, not to the API."
        checks.append(warn("API URL", what, "Unset STATUSLINE_API_URL, unless this is a test."))
    for name in BUNDLES:
        path = env.get(name)
        if path and not os.path.exists(path):
            what = f"{name} names a file that does not exist, so no request succeeds."
            checks.append(fail("certificates", what, f"Unset {name}, or set it to a CA file."))
    used = [name for name in (*PROXIES, "NO_PROXY", "no_proxy", *BUNDLES) if env.get(name)]
    if env.get("SSLKEYLOGFILE"):
        what = "SSLKEYLOGFILE makes programs write their TLS keys to a file."
        checks.append(warn("TLS keys", what, "Unset SSLKEYLOGFILE."))
    if used:
        checks.append(ok("network", f"follows {', '.join(used)}"))
    return checks or [ok("network", "no proxy, no custom CA file")]


def reach(context: Context) -> list[Check]:
    """With ``--online``: look the name up, connect, shake hands; nothing is asked."""
    if not context.online:
        return [skip("reachable", "Not tested: `statusline doctor --online` does.")]
    try:
        url = base_url(context.env)
    except EndpointError:
        return []
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    proxy = next((value for name in PROXIES if (value := context.env.get(name))), None)
    if proxy is not None and is_tls:
        there = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        host, port, is_tls = there.hostname or "", _port(there.netloc), False
    said = _within(DEADLINE_S, host, port, _context(context) if is_tls else None)
    where = f"the proxy {host}" if proxy is not None and parts.scheme == "https" else host
    if not said:
        return [ok("reachable", f"{where} answers on port {port}{' with TLS' if is_tls else ''}")]
    fix = _FIXES.get(said, _NETWORK)
    return [fail("reachable", f"{where}, port {port}: {said}.", fix, after=("certificates",))]


_NETWORK = "Check the network, VPN and HTTPS_PROXY."
_FIXES = {"its certificate was not accepted": describe("certificate")[2]}


def _port(netloc: str) -> int:
    digits = netloc.rpartition(":")[2]
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 8080


def _context(context: Context) -> ssl.SSLContext | None:
    from statusline.refresh.api import certificates  # requests: 80 ms

    bundle = next((value for name in BUNDLES if (value := context.env.get(name))), None)
    path = bundle or certificates()
    try:
        is_directory = os.path.isdir(path)
        return ssl.create_default_context(
            cafile=None if is_directory else path, capath=path if is_directory else None
        )
    except (OSError, ValueError):
        return ssl.create_default_context()


def _within(deadline_s: float, host: str, port: int, tls: ssl.SSLContext | None) -> str:
    """Return what went wrong, "" for nothing; a name lookup can only be bounded by a thread."""
    said: list[str] = []
    work = threading.Thread(
        target=lambda: said.append(_connect(host, port, tls, deadline_s)), daemon=True
    )
    work.start()
    work.join(deadline_s)
    return said[0] if said else f"no answer in {deadline_s:g} s"


def _connect(host: str, port: int, tls: ssl.SSLContext | None, timeout_s: float) -> str:
    try:
        with socket.create_connection((host, port), timeout_s) as plain:
            if tls is not None:
                with tls.wrap_socket(plain, server_hostname=host):
                    pass
    except socket.gaierror:
        return "its name cannot be resolved"
    except ssl.SSLCertVerificationError:
        return "its certificate was not accepted"
    except ssl.SSLError:
        return "TLS failed"
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or "no connection").lower()
    return ""
