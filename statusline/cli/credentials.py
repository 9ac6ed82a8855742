"""``statusline credentials``: what is known about the login, and never the token."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import click

from statusline.cli import listing
from statusline.cli import refresh as asking
from statusline.cli.command import Command
from statusline.cli.console import console
from statusline.cli.listing import Finding, harmless
from statusline.doctor import login as place
from statusline.doctor.context import Context
from statusline.login import account, credentials
from statusline.login.account import plan_label
from statusline.login.credentials import PROFILE_SCOPE, Credentials
from statusline.overview.overview import Overview, look
from statusline.overview.wrong_clock import LONGEST_LOGIN_S
from statusline.refresh import account_plan
from statusline.refresh.account_plan import Plan
from statusline.refresh.refresher import Report, ask_plan, process_limits
from statusline.segment.humanize import duration
from statusline.system import clock, environ
from statusline.system.environ import Environment
from statusline.system.errors import Problem
from statusline.usage.messages import describe


@dataclass(frozen=True)
class Seen:
    """One login at ``now`` (epoch s): where it is, and the plan as the server saw it last."""

    login: Credentials
    where: str
    now: float
    plan: Plan | None = None

    @property
    def label(self) -> str:
        """The plan's name, as the server says or else as the login noted it."""
        noted = plan_label(
            subscription_type=self.login.subscription_type,
            rate_limit_tier=self.login.rate_limit_tier,
        )
        return (self.plan.label if self.plan else "") or noted

    @property
    def trouble(self) -> Problem | None:
        """What is wrong with the login, as far as it can be told without asking."""
        if self.login.state != "found":
            return Problem(*describe(self.login.state)[1:])
        if self.login.has_profile_scope is False:
            return Problem(*describe("scope", source=self.login.source)[1:])
        if self.login.expired(self.now):
            return Problem(*describe("expired")[1:])
        return None

    @property
    def left_s(self) -> float | None:
        """Seconds until the login ends, below 0 once it has; ``None`` where nobody says."""
        ends = self.login.expires_at
        return None if ends is None else ends - self.now

    def to_json(self) -> dict[str, object]:
        """Return it as a document; no token, no name, no address."""
        login, trouble, plan = self.login, self.trouble, self.plan
        return {
            "schema": 1,
            "where": self.where,
            "source": login.source or None,
            "state": login.state,
            "subscription_type": login.subscription_type,
            "rate_limit_tier": login.rate_limit_tier,
            "plan": self.label or None,
            "scopes": None if login.scopes is None else list(login.scopes),
            "has_profile_scope": login.has_profile_scope,
            "expires_at": login.expires_at,
            "expires_in_s": None if self.left_s is None else round(self.left_s, 3),
            "server": None if plan is None else _server(plan),
            "what": "" if trouble is None else trouble.what,
            "fix": "" if trouble is None else trouble.fix,
        }


def _server(plan: Plan) -> dict[str, object]:
    return {
        "organization_type": plan.organization_type,
        "rate_limit_tier": plan.rate_limit_tier,
        "plan": plan.label or None,
        "asked_at": plan.asked_at,
    }


@click.command(
    "credentials",
    cls=Command,
    examples=(("statusline credentials --online", "ask the API which plan this is"),),
)
@click.option(
    "--credentials",
    "path",
    type=click.Path(dir_okay=False),
    metavar="PATH",
    help="Examine this file instead of the login in use.",
)
@click.option("--online", is_flag=True, help="Ask the API for the plan, at most once a day.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/doctor.json.md).")
@click.pass_context
def command(context: click.Context, *, path: str | None, online: bool, as_json: bool) -> None:
    """Show where the login is, its plan, its scopes and until when it is valid; never the token.

    Exits with 1 if the login cannot be used to ask for usage.
    """
    env = environ.current()
    if path is not None and online:
        raise click.UsageError("--online asks with the login in use; leave out --credentials.")
    seen = _file(env, path) if path is not None else _in_use(env)
    said, well = "", True
    if online and seen.plan is None and seen.trouble is None:
        with process_limits(), asking.progress(context):
            report = ask_plan(env)
        said, well = _complaint(report)
        seen = _in_use(env)
    if as_json:
        click.echo(json.dumps(seen.to_json(), indent=2))
    else:
        listing.show(console(context), rows(seen))
    if said:
        click.echo(harmless(said), err=True)
    sys.exit(0 if well and seen.trouble is None else 1)


def _file(env: Environment, path: str) -> Seen:
    looked_at = Context(env, clock.now(), "/")
    return Seen(credentials.read(path), harmless(looked_at.tidy(path)), looked_at.now)


def _in_use(env: Environment) -> Seen:
    looked_at = Context(env, clock.now(), "/")
    login = looked_at.login
    name = account.read(env, now=looked_at.now).name
    plan = account_plan.read(env.profile_dir, login.token, name, looked_at.now)
    return Seen(login, harmless(place.place(looked_at)), looked_at.now, plan)


def _complaint(report: Report) -> tuple[str, bool]:
    """Return what to say of the question for the plan, and whether it was answered."""
    if report.result == "asked" and report.state == "ok":
        return "", True
    return asking.sentence(report, force=True), False


def rows(seen: Seen) -> list[Finding]:
    """Return what there is to say, a row each."""
    login = seen.login
    found = [Finding("Login", seen.where)]
    if login.subscription_type:
        found.append(Finding("Subscription", login.subscription_type))
    if login.rate_limit_tier:
        found.append(Finding("Tier", login.rate_limit_tier))
    if seen.label:
        found.append(Finding("Plan", seen.label + ("  (as the server says)" if seen.plan else "")))
    if login.scopes is not None:
        found.append(Finding("Scopes", " ".join(login.scopes) or "none"))
    if seen.left_s is not None:
        found.append(Finding("Expires", _ends(seen, seen.left_s)))
    trouble = seen.trouble
    if trouble is not None:
        found.append(Finding("Usage", trouble.what, trouble.fix))
    elif login.has_profile_scope is None:
        found.append(Finding("Usage", "unknown: the login does not list its scopes"))
    else:
        found.append(Finding("Usage", f"allowed: the token has the scope {PROFILE_SCOPE}"))
    if "file_mode" in login.note.split():
        fix = f"chmod 600 {seen.where}"
        found.append(Finding("File", "Other users can read or write it.", fix))
    return found


def _ends(seen: Seen, left_s: float) -> str:
    if left_s > 0:
        overview = Overview(look(environ.current(), seen.login), seen.now)
        at = overview.clock_time(seen.now + left_s)
        return f"in {duration(left_s)}, at {at}" if left_s <= LONGEST_LOGIN_S else f"at {at}"
    return f"{duration(-left_s)} ago; Claude Code renews it"
