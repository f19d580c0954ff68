"""Where a request comes from, as far as limits need it."""

import ipaddress


def network_of(address: str) -> str:
    """The network of a client address: the address itself in IPv4, the /64 in IPv6, "" if unreadable."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    bits = 32 if parsed.version == 4 else 64
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False)).removesuffix("/32")
