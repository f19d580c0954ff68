"""The browsers of Debian, driven by Playwright, with invented cameras and microphones."""

import shutil

from playwright.sync_api import Browser, Playwright

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)
DEVICES = ("--use-fake-device-for-media-stream=fps=30",)
BLUETOOTH = "--enable-features=WebBluetooth"  # off by default on Linux
SAYS_YES = ("--use-fake-ui-for-media-stream",)  # for pages that are not given the right by their context
SAYS_NO = ("--use-fake-ui-for-media-stream=deny",)
FIREFOX_PREFERENCES: dict[str, str | float | bool] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "toolkit.telemetry.enabled": False,
    "services.settings.server": "data:,",
    "app.normandy.enabled": False,
}


def program(name: str) -> str:
    """Where this browser is; a test that needs one which is missing fails with what to do."""
    found = shutil.which(name)
    assert found, f"{name} is missing. On Debian: apt-get install {name}"
    return found


def chromium_program(*, windows: bool = False) -> str:
    """Debian's Chromium, without its windows where that is installed: the same engine for 40 % of the CPU.

    It cannot ask a person for a camera: let it say yes, or take the one with windows.
    """
    return (not windows and shutil.which("chromium-headless-shell")) or program("chromium")


def launch_chromium(
    playwright: Playwright, *more_flags: str, devices: bool = True, windows: bool = False
) -> Browser:
    """Chromium, with an invented camera and microphone or on a machine without any.

    With windows it asks for them like a person's: grant them to the context, or not, or say how it answers.
    """
    flags = [*CHROMIUM_FLAGS, *(DEVICES if devices else ()), *more_flags]
    return playwright.chromium.launch(executable_path=chromium_program(windows=windows), args=flags)


def launch_firefox(playwright: Playwright) -> Browser:
    """Firefox ESR as Debian ships it, over WebDriver BiDi; camera and microphone are always granted."""
    return playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=program("firefox-esr"),
        firefox_user_prefs=FIREFOX_PREFERENCES,
    )
