"""What a kind of connection has to be able to do. Each has a folder in `kinds`; `known` names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.functional import Promise

Settings = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that an administrator is asked for, beside name and address."""

    name: str
    label: Promise
    hint: Promise | str = ""
    usual: str = ""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A connection as its kind works with it; `secret` is what the kind made or was given, unsealed."""

    id: UUID
    organisation: UUID
    kind: str
    name: str
    address: str
    settings: Settings = field(default_factory=dict)
    secret: bytes = field(default=b"", repr=False)

    @property
    def host(self) -> str:
        """Where it leads, as the ledger keeps it."""
        return host_of(self.address)


def host_of(address: str) -> str:
    """Name and port, without a path, which may hold what is nobody's business."""
    return urlsplit(address).netloc.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True)
class Item:
    """What is to go out: `body` the resource and `patient` the chart's Patient, both FHIR R4 JSON.

    `key` is the same for every version and every try: the other side is to have it once.
    """

    key: str
    type: str
    logical_id: UUID
    version: int
    happened_at: datetime
    body: bytes
    patient: bytes


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The other side has it; `remote` is where, in its own words."""

    remote: str = ""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a kind keeps of what was typed: settings in clear, a secret, public keys for the other side."""

    settings: dict[str, Any]
    secret: bytes = field(default=b"", repr=False)
    public_keys: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The other side will not have it, however often it is sent: a person has to look.

    `reason` is a word of `words`; `said` codes and places that the other side named, never its sentences.
    """

    def __init__(self, reason: str, *, status: int | None = None, said: str = "") -> None:
        super().__init__(reason)
        self.reason, self.status, self.said = reason, status, said[:300]


class Unreachable(Exception):
    """It did not work this time; it is tried again, after `wait` where the other side asked for that."""

    def __init__(
        self, reason: str, *, status: int | None = None, said: str = "", wait: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.said, self.wait = reason, status, said[:300], wait


class SettingFaulty(Exception):
    """Something that was typed is missing or wrong; `field` says which."""

    def __init__(self, field: str, message: str | Promise) -> None:
        super().__init__(field)
        self.field, self.message = field, message


class Kind(Protocol):
    """One way to talk to another system."""

    @property
    def words(self) -> Promise:
        """What an administrator chooses it by."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it has to know beside name and address."""

    @property
    def sends(self) -> tuple[str, ...]:
        """The types of FHIR resources it can bring there."""

    @property
    def looks(self) -> bool:
        """Whether it can ask what the other side holds about a patient."""

    def made(self, *, connection: UUID, address: str, typed: Mapping[str, str]) -> Made:
        """What is kept of what was typed. Raises SettingFaulty."""

    def send(self, *, connection: Link, item: Item) -> Delivered:
        """Brings it there; doing so twice leaves one. Raises Refused or Unreachable."""

    def test(self, *, connection: Link) -> None:
        """Whether it would work, without sending anything about anybody. Raises Refused or Unreachable."""

    def look(self, *, connection: Link, patient: bytes) -> Mapping[str, Any]:
        """What is held about the chart's Patient there, as JSON. Raises Refused or Unreachable."""
