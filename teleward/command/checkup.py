"""The checks of `teleward doctor`."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from teleward.command import keys, static_files, stun
from teleward.command.doctor import Finding
from teleward.command.home import Home
from teleward.command.log_key import KEY, public_key
from teleward.command.schema import missing_migrations
from teleward.kernel.clock import now

OLDEST_PYTHON = (3, 11)
OLDEST_DATABASE = 150_000
DISK_LEAST = 2 * 1024**3  # bytes
CLOCK_MOST = timedelta(seconds=2)
START = "Run `teleward up` once."
SPECIAL_RIGHTS = """
SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
FROM pg_roles WHERE rolname = current_user
"""
FORBIDDEN_ON_LEDGER = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def examine(home: Home) -> Iterator[Finding]:
    """Every check in turn."""
    for check in CHECKS:
        yield from check(home)


def python(_home: Home) -> Iterator[Finding]:
    """The interpreter."""
    version = sys.version.split()[0]
    yield Finding(
        "Python", version, "" if sys.version_info >= OLDEST_PYTHON else "Teleward needs 3.11 or newer."
    )


def database(_home: Home) -> Iterator[Finding]:
    """The server, its version and its tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
    yield Finding("PostgreSQL", version, "" if number >= OLDEST_DATABASE else "Teleward needs 15 or newer.")
    missing = len(missing_migrations())
    yield Finding(
        "tables", f"{missing} changes are missing." if missing else "up to date", START if missing else ""
    )


def rights(_home: Home) -> Iterator[Finding]:
    """The application's role may do nothing to the ledger but read it and call its append function."""
    with connection.cursor() as cursor:
        cursor.execute(SPECIAL_RIGHTS)
        name, powerful = cursor.fetchone()
        advice = (
            f"Run: ALTER ROLE {name} NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;" if powerful else ""
        )
        yield Finding("role", f"{name}, {'with' if powerful else 'without'} special rights", advice)
        cursor.execute("SELECT to_regclass('audit_event')")
        if cursor.fetchone() == (None,):
            yield Finding("ledger", "its table is missing.", START)
            return
        cursor.execute(
            "SELECT array_agg(p) FROM unnest(%s::text[]) p WHERE has_table_privilege('audit_event', p)",
            [list(FORBIDDEN_ON_LEDGER)],
        )
        (allowed,) = cursor.fetchone()
    advice = f"Run as owner: REVOKE {', '.join(allowed)} ON audit_event FROM {name};" if allowed else ""
    yield Finding(
        "ledger", "the application can change it." if allowed else "the application can only append", advice
    )


def key_files(home: Home) -> Iterator[Finding]:
    """Nobody else on the machine can read the keys."""
    exposed = keys.exposed_keys(home.keys)
    advice = f"Run: chmod go-rwx {' '.join(map(str, exposed))}" if exposed else ""
    yield Finding("keys", "others can read them." if exposed else "for this user only", advice)


def seal(home: Home) -> Iterator[Finding]:
    """Who holds the key that signs the ledger, and whether what serves pages could open it."""
    key = home.sequencer / KEY
    if not home.sequencer.exists() or not public_key(home.sequencer):
        yield Finding("seal", "no key lies here; another machine seals the ledger, or nobody has begun.")
        return
    found = key.stat()
    apart = found.st_uid != os.geteuid()
    who = (
        "an account of its own holds the key" if apart else "the account that serves pages could open the key"
    )
    exposed = f"Run: chmod 600 {key}" if found.st_mode & 0o077 else ""
    yield Finding("seal", "others can read the key." if exposed else who, exposed)


def static(home: Home) -> Iterator[Finding]:
    """The served files are those of this version."""
    current = static_files.are_current(home.static, static_files.fingerprint())
    yield Finding(
        "static files", "current" if current else "not those of this version.", "" if current else START
    )


def relay(_home: Home) -> Iterator[Finding]:
    """Each relay address answers and accepts our credentials."""
    if not settings.TURN_URLS:
        yield Finding(
            "relay", "none is configured; calls that cannot go directly fail.", "See `teleward up --turn`."
        )
    for url in settings.TURN_URLS:
        trouble = stun.trouble_with(url, secret=settings.TURN_SECRET, at=now())
        yield Finding(
            f"relay {url}",
            trouble or "answers and accepts our credentials",
            "Check it and the firewall." if trouble else "",
        )


def clock(_home: Home) -> Iterator[Finding]:
    """The machine and the database agree on the time."""
    before = now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    apart = max(before - there, there - now(), timedelta(0))
    advice = "Set the time by NTP on both machines." if apart > CLOCK_MOST else ""
    yield Finding(
        "clock", f"{now():%Y-%m-%d %H:%M} UTC" + (f", {apart} from the database's." if advice else ""), advice
    )


def disk(home: Home) -> Iterator[Finding]:
    """Room for what is to come."""
    free = shutil.disk_usage(home.folder).free
    advice = f"Make room on the disk of {home.folder}." if free < DISK_LEAST else ""
    yield Finding("disk", f"{free / 1024**3:.0f} GiB free", advice)


CHECKS: tuple[Callable[[Home], Iterator[Finding]], ...] = (
    python,
    database,
    rights,
    key_files,
    seal,
    static,
    relay,
    clock,
    disk,
)
