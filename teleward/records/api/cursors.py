"""Where the next page of a search begins: sealed, so that an address says nothing about anybody."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

import msgspec

from teleward.kernel.envelope import SealBroken, seal_own, unseal_own

from .messages import Pairs
from .problems import SearchNotUnderstood

CONTEXT = "records page"
LONGEST = 16_000


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Whose search it is, what was asked, and after what it goes on."""

    actor: str
    kind: str
    query: Pairs
    sorted_by: str
    after: UUID


def sealed(cursor: Cursor) -> str:
    """As it stands in an address."""
    packed = zlib.compress(msgspec.json.encode(cursor))
    return urlsafe_b64encode(seal_own(plaintext=packed, context=CONTEXT)).decode().rstrip("=")


def opened(text: str, *, actor: UUID | None, kind: str) -> Cursor:
    """The cursor, for whom it was made. Raises SearchNotUnderstood."""
    try:
        packed = unseal_own(sealed=urlsafe_b64decode(text + "=" * (-len(text) % 4)), context=CONTEXT)
        cursor: Any = msgspec.json.decode(zlib.decompress(packed), type=Cursor)
    except (SealBroken, ValueError, zlib.error, msgspec.MsgspecError) as broken:
        raise SearchNotUnderstood("There is no such page. Please search again.") from broken
    if cursor.actor != str(actor) or cursor.kind != kind or len(text) > LONGEST:
        raise SearchNotUnderstood("There is no such page. Please search again.")
    found: Cursor = cursor
    return found
