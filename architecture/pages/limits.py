"""Every limit of identity: its value, where it comes from, why it is this."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from architecture.tables import code, table
from teleward.access.signin.limits import POLICY
from teleward.devices.limits import ALERTS

HEAD = """# Limits

How people prove who they are, for how long that holds, and when somebody looks again. Each number stands in
`teleward/access/policies/identity.toml` and nowhere else; a law drives each one to its edge.
"""
HEAD_OF_ALERTS = """## Alerts about readings from home

When somebody is told, who is next, what counts as time spent. Each number stands in
`teleward/devices/policies/alerts.toml` and nowhere else.
"""
TIMES = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def write() -> str:
    """The page of all limits, in the order of the file."""
    return f"{HEAD}\n{_table(POLICY)}\n\n{HEAD_OF_ALERTS}\n{_table(ALERTS)}\n"


def _table(policy: Path) -> str:
    rows = [
        [code(name), in_words(entry["value"], entry["unit"]), entry["source"], entry["reason"]]
        for name, entry in limits(tomllib.loads(policy.read_text()))
    ]
    return table(["limit", "value", "source", "reason"], rows)


def limits(section: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each limit by its dotted name."""
    for name, entry in section.items():
        if isinstance(entry, dict):
            yield from [(above + name, entry)] if "value" in entry else limits(entry, f"{above}{name}.")


def in_words(value: Any, unit: str) -> str:  # noqa: ANN401 - as the file has it
    """A value as the page says it: 43200 seconds are 12 hours."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | str):
        return ", ".join(value) if isinstance(value, list) else value
    if unit == "seconds":
        size, name = next((size, name) for size, name in TIMES if value % size == 0)
        return f"{value // size} {name}{'' if value == size else 's'}"
    return f"{value:g} {unit}"
