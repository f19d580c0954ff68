"""What gateways at home call: an application of its own beside the pages, each path through the gate."""

from .app import Devices

__all__ = ["Devices"]
