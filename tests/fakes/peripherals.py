"""Bluetooth devices that a browser finds, without radio: Chromium's own emulation answers for them.

`BluetoothEmulation` exists on the browser's target only, and has no command to push a notification: the page
reads the characteristic that it listens to, and the answer reaches its listeners as a notification would.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

LISTENING = """() => {
  window.listened = new Map();
  const kind = BluetoothRemoteGATTCharacteristic.prototype;
  const begin = kind.startNotifications;
  kind.startNotifications = function () {
    window.listened.set(this.uuid, this);
    return begin.call(this);
  };
}"""
PUSH = "uuid => window.listened.get(uuid).readValue().then(() => true)"
STREAM = """async ([uuid, count]) => {
  for (let number = 0; number < count; number += 1) await window.listened.get(uuid).readValue();
}"""
_numbers = count(1)


def uuid(number: str) -> str:
    """`1810` as the whole UUID; a UUID as it is."""
    return number.lower() if len(number) > 8 else f"0000{number.lower()}-0000-1000-8000-00805f9b34fb"


@dataclass
class Radio:
    """The radio of one browser; one at a time."""

    devtools: CDPSession
    peripherals: dict[str, "Peripheral"] = field(default_factory=dict)

    def send(self, command: str, **how: Any) -> dict[str, Any]:
        """A command of Chromium's emulation."""
        return dict(self.devtools.send(f"BluetoothEmulation.{command}", how) or {})

    def peripheral(self, name: str, *services: str) -> "Peripheral":
        """A device nearby that says it has these services."""
        made = Peripheral(self, f"00:00:00:00:00:{next(_numbers):02X}", name)
        self.send(
            "simulatePreconnectedPeripheral",
            address=made.address,
            name=name,
            manufacturerData=[],
            knownServiceUuids=[uuid(each) for each in services],
        )
        self.peripherals[made.address] = made
        return made

    def _gatt(self, event: dict[str, Any]) -> None:
        self.peripherals[event["address"]].answers(event["type"])

    def _characteristic(self, event: dict[str, Any]) -> None:
        for peripheral in self.peripherals.values():
            peripheral.operates(event)


@dataclass
class Peripheral:
    """`add_service`, `add_characteristic`, then the page may find it; `notify` when it listens."""

    radio: Radio
    address: str
    name: str
    in_range: bool = True
    written: list[tuple[str, bytes]] = field(default_factory=list)
    on_write: Callable[[str, bytes], None] = lambda _number, _data: None
    _services: list[tuple[str, dict[str, bytes | None]]] = field(default_factory=list)
    _numbers: dict[str, str] = field(default_factory=dict)
    _values: dict[str, bytes] = field(default_factory=dict)
    _coming: dict[str, list[bytes]] = field(default_factory=dict)

    def add_service(self, number: str, characteristics: dict[str, bytes | None]) -> "Peripheral":
        """A service; a characteristic with bytes is read, one without notifies (and is written to)."""
        self._services.append((number, characteristics))
        self._offer(number, characteristics)
        return self

    def _offer(self, number: str, characteristics: dict[str, bytes | None]) -> None:
        service = self.radio.send("addService", address=self.address, serviceUuid=uuid(number))["serviceId"]
        for name, value in characteristics.items():
            can = {"read": True} if value is not None else {"read": True, "notify": True, "write": True}
            made = self.radio.send(
                "addCharacteristic", serviceId=service, characteristicUuid=uuid(name), properties=can
            )["characteristicId"]
            self._numbers[made] = name
            self._values[name] = value or b""
            if value is None:
                self.radio.send("addDescriptor", characteristicId=made, descriptorUuid=uuid("2902"))

    def notify(self, page: Page, number: str, frame: bytes) -> None:
        """What the page hears of the characteristic it listens to."""
        self._values[number] = frame
        assert page.evaluate(PUSH, uuid(number))

    def streams(self, page: Page, number: str, frames: Sequence[bytes], *, how: str = STREAM) -> None:
        """One frame after the other, as fast as the page takes them."""
        self._coming[number] = list(frames)
        page.evaluate(how, [uuid(number), len(frames)])

    def leaves(self) -> None:
        """Out of range: the connection is gone, and none is made any more."""
        self.in_range = False
        self.radio.send("simulateGATTDisconnection", address=self.address)

    def returns(self) -> None:
        """In range again. Chromium has forgotten its services with the connection."""
        for number, characteristics in self._services:
            self._offer(number, characteristics)
        self.in_range = True

    def answers(self, what: str) -> None:
        code = 0 if self.in_range else 0x3E  # connection failed to be established
        self.radio.send("simulateGATTOperationResponse", address=self.address, type=what, code=code)

    def operates(self, event: dict[str, Any]) -> None:
        number = self._numbers.get(event["characteristicId"])
        if number is None:
            return
        answer: dict[str, Any] = {
            "characteristicId": event["characteristicId"],
            "type": event["type"],
            "code": 0,
        }
        if event["type"] == "read":
            if self._coming.get(number):
                self._values[number] = self._coming[number].pop(0)
            answer["data"] = base64.b64encode(self._values[number]).decode()
        self.radio.send("simulateCharacteristicOperationResponse", **answer)
        if event["type"] == "write":
            data = base64.b64decode(event.get("data", ""))
            self.written.append((number, data))
            self.on_write(number, data)


@contextmanager
def radio_of(browser: Browser) -> Iterator[Radio]:
    """The radio of a browser that was started with `ground.browsers.BLUETOOTH`."""
    radio = Radio(browser.new_browser_cdp_session())
    radio.send("enable", state="powered-on", leSupported=True)
    radio.devtools.on("BluetoothEmulation.gattOperationReceived", radio._gatt)
    radio.devtools.on("BluetoothEmulation.characteristicOperationReceived", radio._characteristic)
    try:
        yield radio
    finally:
        radio.send("disable")
        radio.devtools.detach()


def chooses(page: Page, name: str = "") -> None:
    """On this page the person takes the device of this name, or the first one, whenever they are asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("DeviceAccess.enable")
    asked: set[str] = set()

    def choose(event: dict[str, Any]) -> None:
        if event["id"] in asked:  # the event comes twice, and a second answer ends the browser
            return
        found = next(
            (each["id"] for each in event["devices"] if name in (each["name"], "", each["id"])), None
        )
        if found is None:
            return
        asked.add(event["id"])
        devtools.send("DeviceAccess.selectPrompt", {"id": event["id"], "deviceId": found})

    devtools.on("DeviceAccess.deviceRequestPrompted", choose)
    page.evaluate(LISTENING)
