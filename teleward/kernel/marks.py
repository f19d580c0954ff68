"""What kind of data each field holds. Every model says it for every field; a law holds them to it."""

from enum import StrEnum


class Mark(StrEnum):
    """The class of a field: what may happen to it in exports, logs and erasure follows from this."""

    KEY = "key"  # identifiers and links between rows
    IDENTITY = "identity"  # who a person is: names, dates of birth
    CONTACT = "contact"  # how to reach a person
    CLINICAL = "clinical"  # health: notes, reasons, consent, modes
    CONDUCT = "conduct"  # what a person did and when: sign-ins, addresses, times
    SECRET = "secret"  # hashes, wrapped keys, seeds: never leaves the database  # noqa: S105
    SETTING = "setting"  # how the place is run: hours, languages, limits
