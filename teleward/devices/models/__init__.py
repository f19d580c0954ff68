"""The rows of the devices' room."""

from teleward.devices.models.alerts import Alert, AlertChange, AlertKey, AlertNotice
from teleward.devices.models.days import DayInShort, DirtyDayKey, MinuteSpent
from teleward.devices.models.intake import Batch, DirtyDay, HomeReading, SeenWord, Taken
from teleward.devices.models.pairings import (
    CredentialKey,
    DeviceKey,
    Pairing,
    PairingClaim,
    PairingEnd,
    PairingKey,
)
from teleward.devices.models.sharing import Disowned, Kept, Reowned, Sharing, SharingEnd, SharingKey
from teleward.devices.models.thresholds import QuietChange, Threshold, ThresholdEnd, ThresholdKey

__all__ = [
    "Alert",
    "AlertChange",
    "AlertKey",
    "AlertNotice",
    "Batch",
    "CredentialKey",
    "DayInShort",
    "DeviceKey",
    "DirtyDay",
    "DirtyDayKey",
    "Disowned",
    "HomeReading",
    "Kept",
    "MinuteSpent",
    "Pairing",
    "PairingClaim",
    "PairingEnd",
    "PairingKey",
    "QuietChange",
    "Reowned",
    "SeenWord",
    "Sharing",
    "SharingEnd",
    "SharingKey",
    "Taken",
    "Threshold",
    "ThresholdEnd",
    "ThresholdKey",
]
