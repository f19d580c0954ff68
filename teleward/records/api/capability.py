"""What the API can do: the CapabilityStatement."""

from .exchange import Exchange
from .messages import Answer


async def metadata(_x: Exchange) -> Answer:
    """The CapabilityStatement."""
    return Answer(body=b'{"resourceType":"CapabilityStatement"}')
