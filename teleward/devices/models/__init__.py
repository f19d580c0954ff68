"""The rows of the devices' room."""

from teleward.devices.models.sharing import Kept, Sharing, SharingEnd

__all__ = ["Kept", "Sharing", "SharingEnd"]
