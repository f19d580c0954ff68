"""The rows of the devices' room."""

from teleward.devices.models.intake import Batch, DirtyDay, HomeReading, SeenWord, Taken
from teleward.devices.models.pairings import (
    CredentialKey,
    DeviceKey,
    Pairing,
    PairingClaim,
    PairingEnd,
    PairingKey,
)
from teleward.devices.models.sharing import Kept, Sharing, SharingEnd

__all__ = [
    "Batch",
    "CredentialKey",
    "DeviceKey",
    "DirtyDay",
    "HomeReading",
    "Kept",
    "Pairing",
    "PairingClaim",
    "PairingEnd",
    "PairingKey",
    "SeenWord",
    "Sharing",
    "SharingEnd",
    "Taken",
]
