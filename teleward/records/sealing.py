"""Where a resource's body belongs; authenticated with it, so that no version can stand in for another."""

from uuid import UUID


def context_of(kind: str, logical_id: UUID, version: int) -> str:
    """The envelope's context of one version of one resource."""
    return f"records:{kind}/{logical_id}/{version}"
