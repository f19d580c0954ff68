"""BlueZ on a bus of its own: what `bleak` speaks to, with devices that tests hold in their hands.

Objects, methods, properties and signals as BlueZ describes them (`doc/` in its sources): the
services of a device appear when it is connected, then `ServicesResolved`; a notification is a change of
`Value`. The real `bleak` runs against it, unchanged; no radio has been held against it.
"""

import asyncio
import secrets
import shutil
import subprocess
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from fakes.peripheral import Peripheral

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>{address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
ADAPTER = "/org/bluez/hci0"
MANAGER, PROPERTIES = "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties"
DEVICE, SERVICE, CHARACTERISTIC = (
    f"org.bluez.{each}1" for each in ("Device", "GattService", "GattCharacteristic")
)
FLAGS = {"notify": ["notify"], "indicate": ["indicate"], "read": ["read"], "control": ["write", "indicate"]}
YES, NO = (Variant("b", each) for each in (True, False))
Properties = dict[str, Variant]


class Bluez:
    """Start, hand devices in, stop. The address of its bus is `address`."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:abstract=teleward-bus-{secrets.token_hex(8)}"  # a path may be too long
        self._folder = folder
        self._objects: dict[str, dict[str, Properties]] = {ADAPTER: {"org.bluez.Adapter1": _adapter()}}
        self._devices: dict[str, Peripheral] = {}
        self._methods: dict[str, Callable[[Message], Message]] = {
            **dict.fromkeys(("SetDiscoveryFilter", "StopDiscovery", "StopNotify", "Set"), self._fine),
            "StartDiscovery": self._discover,
            "Connect": self._connect,
            "Pair": self._pair,
            "Disconnect": self._disconnect,
            "StartNotify": self._start_notify,
            "ReadValue": self._read_value,
            "WriteValue": self._write_value,
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        """A bus, and org.bluez on it."""
        assert shutil.which("dbus-daemon"), (
            "The tests need dbus-daemon. On Debian: apt-get install dbus-daemon"
        )
        configuration = self._folder / "bus.conf"
        configuration.write_text(CONFIGURATION.format(address=self.address))
        command = [
            "dbus-daemon",
            f"--config-file={configuration}",
            "--nofork",
            "--nopidfile",
            "--print-address",
        ]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline()
        self._thread.start()
        self._do(self._own())
        return self

    def __exit__(self, *_failure: object) -> None:
        """Nothing is left."""
        self._loop.call_soon_threadsafe(self._bus.disconnect)
        self._do(self._bus.wait_for_disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._daemon.terminate()
        self._daemon.communicate()

    def environment(self) -> dict[str, str]:
        """For a process that is to find this one instead of the system's."""
        return {"DBUS_SYSTEM_BUS_ADDRESS": self.address}

    def hold(self, device: Peripheral) -> None:
        """The device is here and advertises from now on."""
        path = device_path(device)
        self._devices[path] = device
        device.tell = lambda number, frame: self._call(self._say, path, number, frame)
        device.go = lambda: self._call(self._leave, path)
        device.come = lambda: self._call(self._advertise, path)
        self._call(self._appear, path)

    def connect_for_nobody(self, device: Peripheral) -> None:
        """It is connected, as after a client of ours was killed: it does not advertise."""
        self._call(self._connected, device_path(device))

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        if threading.current_thread() is self._thread:
            function(*arguments)
        else:
            self._do(_called(function, *arguments))

    async def _own(self) -> None:
        self._bus = await MessageBus(bus_address=self.address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name("org.bluez")

    def _answer(self, message: Message) -> Message | bool:
        """Every method that bleak calls; another one is an error, as it would be there."""
        if message.message_type is not MessageType.METHOD_CALL or not str(message.path).startswith("/"):
            return False
        if message.interface == MANAGER:
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])
        if message.path not in self._objects:
            gone = "org.freedesktop.DBus.Error.UnknownObject"
            return Message.new_error(message, gone, "") if message.path != "/" else False
        method = self._methods.get(str(message.member))
        if method is None:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", str(message.member))
        return method(message)

    def _fine(self, message: Message) -> Message:
        return Message.new_method_return(message)

    def _discover(self, message: Message) -> Message:
        for path, device in self._devices.items():
            if device.is_near and not device.is_connected:
                self._loop.call_soon(self._advertise, path)
        return Message.new_method_return(message)

    def _connect(self, message: Message) -> Message:
        path = str(message.path)
        if not self._devices[path].is_near:
            return Message.new_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-remote")
        self._connected(path)
        return Message.new_method_return(message)

    def _connected(self, path: str) -> None:
        device = self._devices[path]
        device.is_connected = True
        for part, interfaces in _parts(path, device).items():
            self._add(part, interfaces)
        self._change(path, DEVICE, {"Connected": YES, "ServicesResolved": YES})

    def _pair(self, message: Message) -> Message:
        self._change(str(message.path), DEVICE, {"Paired": YES})
        return self._connect(message)

    def _disconnect(self, message: Message) -> Message:
        self._loop.call_soon(partial(self._leave, str(message.path), is_near=True))
        return Message.new_method_return(message)

    def _start_notify(self, message: Message) -> Message:
        device, number = self._found(message)
        self._loop.call_soon(device.listened, number)
        return Message.new_method_return(message)

    def _read_value(self, message: Message) -> Message:
        device, number = self._found(message)
        return Message.new_method_return(message, "ay", [device.read[number]])

    def _write_value(self, message: Message) -> Message:
        device, number = self._found(message)
        told = device.written(number, bytes(message.body[0]))
        self._telling = self._loop.create_task(self._tell(device, told))
        return Message.new_method_return(message)

    async def _tell(self, device: Peripheral, told: list[tuple[str, bytes]]) -> None:
        """Frame by frame, as the air takes them."""
        for number, frame in told:
            device.tell(number, frame)
            await asyncio.sleep(0.001)

    def _found(self, message: Message) -> tuple[Peripheral, str]:
        path = str(message.path)
        number = str(self._objects[path][CHARACTERISTIC]["UUID"].value)[4:8].upper()
        return self._devices[path.rsplit("/", 2)[0]], number

    def _appear(self, path: str) -> None:
        self._add(path, {DEVICE: _device(self._devices[path])})

    def _advertise(self, path: str) -> None:
        self._devices[path].is_near = True
        self._change(path, DEVICE, {"RSSI": Variant("n", -60)})

    def _leave(self, path: str, *, is_near: bool = False) -> None:
        device = self._devices[path]
        device.is_near, device.is_connected = is_near, False
        device.listening.clear()
        for part in [each for each in self._objects if each.startswith(f"{path}/")]:
            body = [part, list(self._objects.pop(part))]
            self._bus.send(Message.new_signal("/", MANAGER, "InterfacesRemoved", "oas", body))
        self._change(path, DEVICE, {"Connected": NO, "ServicesResolved": NO})

    def _say(self, path: str, number: str, frame: bytes) -> None:
        with suppress(StopIteration):  # it is not connected: said into the wind
            part = next(
                each for each in self._objects if each.startswith(path) and each.endswith(f"char{number}")
            )
            self._change(part, CHARACTERISTIC, {"Value": Variant("ay", frame)})

    def _add(self, path: str, interfaces: dict[str, Properties]) -> None:
        self._objects[path] = interfaces
        self._bus.send(Message.new_signal("/", MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces]))

    def _change(self, path: str, interface: str, changed: Properties) -> None:
        self._objects[path][interface] |= changed
        body = [interface, changed, []]
        self._bus.send(Message.new_signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", body))


def device_path(device: Peripheral) -> str:
    """Where BlueZ puts it."""
    return f"{ADAPTER}/dev_{device.address.replace(':', '_')}"


async def _called(function: Callable[..., None], *arguments: Any) -> None:
    function(*arguments)


def _adapter() -> Properties:
    powered = {"Powered": YES, "Discovering": NO, "Roles": Variant("as", ["central", "peripheral"])}
    return {"Address": Variant("s", "00:00:5E:00:53:01"), "Alias": Variant("s", "hci0"), **powered}


def _device(device: Peripheral) -> Properties:
    return {
        "Address": Variant("s", device.address),
        "Name": Variant("s", device.name),
        "Alias": Variant("s", device.name),
        "Adapter": Variant("o", ADAPTER),
        "UUIDs": Variant("as", [_uuid(each) for each in device.services]),
        "RSSI": Variant("n", -60),
        **dict.fromkeys(("Connected", "Paired", "ServicesResolved"), NO),
    }


def _parts(path: str, device: Peripheral) -> dict[str, dict[str, Properties]]:
    parts: dict[str, dict[str, Properties]] = {}
    for number, characteristics in device.services.items():
        service = f"{path}/service{number}"
        parts[service] = {
            SERVICE: {
                "UUID": Variant("s", _uuid(number)),
                "Device": Variant("o", path),
                "Primary": YES,
            }
        }
        for name, way in characteristics.items():
            parts[f"{service}/char{name}"] = {
                CHARACTERISTIC: {
                    "UUID": Variant("s", _uuid(name)),
                    "Service": Variant("o", service),
                    "Flags": Variant("as", FLAGS[way]),
                    "MTU": Variant("q", 247),
                }
            }
    return parts


def _uuid(number: str) -> str:
    return f"0000{number.lower()}-0000-1000-8000-00805f9b34fb"
