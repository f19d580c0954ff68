"""Devices with an authenticator of their own, which verifies its user: passkeys without a finger."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Device:
    """A page of a browser that has an authenticator."""

    page: Page
    devtools: Any
    authenticator: str

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that this device holds."""
        found = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(found["credentials"])

    def accepts(self, link: str) -> None:
        """Follows an invitation, makes a passkey, and goes on without looking at the recovery codes."""
        self.page.goto(link)
        self.page.locator("main button[data-passkey]").click()
        self.page.wait_for_url("**/account/recovery-codes/**")


def device(context: BrowserContext, page: Page | None = None) -> Device:
    """A new page, or this one, with an authenticator."""
    page = page or context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return Device(page, devtools, made["authenticatorId"])
