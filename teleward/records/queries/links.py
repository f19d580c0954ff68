"""A connection as its kind works with it."""

from uuid import UUID

from teleward.kernel.envelope import unseal_own
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.connections.kind import Link
from teleward.records.models import Connection


@without_grant("A secret of the installation, for what the server does by itself; nobody's data.")
def link_to(*, connection: UUID) -> Link:
    """The connection with its secret unsealed. Raises NotFound."""
    row = Connection.objects.filter(id=connection, disconnection=None).first()
    if row is None:
        raise NotFound
    return Link(
        id=row.id,
        organisation=row.organisation,
        kind=row.kind,
        name=row.name,
        address=row.address,
        settings=row.settings,
        secret=unseal_own(sealed=bytes(row.sealed), context=secret_of(connection)) if row.sealed else b"",
    )


@without_grant("A name, no data.")
def secret_of(connection: UUID) -> str:
    """The context under which a connection's secret is sealed."""
    return f"records.connection:{connection}"
