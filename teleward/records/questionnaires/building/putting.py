"""One question put where it belongs, if it is still the one that somebody had before their eyes."""

from typing import Any

import msgspec

from .outline import Line, added, fresh_link, key_of, line_of, lines_of, relocated, replaced
from .question import Said, changed

Json = dict[str, Any]
_encode = msgspec.json.Encoder(decimal_format="number", order="sorted").encode


class Stale(Exception):
    """The question is not what it was when its page was loaded."""


def seen(line: Line | None) -> str:
    """What names a question as it is, without what lies in it; empty for one that is not there."""
    if line is None:
        return ""
    own = {name: value for name, value in line.item.items() if name != "item"}
    return key_of(_encode(own).decode())


def blank(kind: str) -> Json:
    """A question nobody wrote yet."""
    return {"linkId": fresh_link(), "type": kind}


def put(body: Json, *, key: str, as_seen: str, said: Said, where: str) -> Json:
    """The questionnaire with this question; with no key it is a new one. Raises Stale."""
    line = line_of(body, key)
    if seen(line) != as_seen:
        raise Stale
    lines = lines_of(body)
    if line is None:
        item, _wrong = changed(blank(said.kind), said, lines)
        return added(body, item, where)
    item, _wrong = changed(line.item, said, lines)
    return relocated(replaced(body, key, item), key, where)
