"""A practice whose chart is really served, with programs that have keys to it."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from django.db import connections
from django.test import override_settings
from ground.processes import free_port
from stage.programs import connects, holds
from stage.visits import Stage, set_stage

from teleward.web.asgi import SERVER, make_app

BACKEND = "system/*.cruds"


@dataclass(frozen=True)
class Chart:
    """The stage, the address, and a way to ask as a program."""

    stage: Stage
    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, scopes: str = BACKEND) -> str:
        if scopes not in self.tokens:
            client = connects(self.stage.practice, kind="backend", scopes=scopes, per_minute=1_000_000)
            self.tokens[scopes] = holds(client)
        return self.tokens[scopes]

    def client(self, scopes: str = BACKEND, **headers: str) -> httpx.Client:
        sent = {"authorization": f"Bearer {self.token(scopes)}", **headers}
        return httpx.Client(base_url=f"{self.url}/fhir", headers=sent, timeout=60)

    @property
    def patient(self) -> str:
        return f"Patient/{self.stage.patient.id}"

    def observation(self, **changes: Any) -> dict[str, Any]:
        usual = {
            "resourceType": "Observation",
            "status": "final",
            "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
            "subject": {"reference": self.patient},
            "effectiveDateTime": "2026-11-20T10:00:00Z",
            "valueQuantity": {"value": 72, "unit": "/min", "system": UCUM, "code": "/min"},
        }
        return {**usual, **changes}


CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
UCUM = "http://unitsofmeasure.org"


@contextmanager
def served() -> Iterator[Chart]:
    """In the current database, which has to be a fresh one."""
    stage, port = set_stage(), free_port()
    origin = f"http://localhost:{port}"
    config = uvicorn.Config(make_app(works_on_jobs=False), port=port, log_level="warning", **SERVER)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        with override_settings(ORIGIN=origin):
            yield Chart(stage, origin)
    finally:
        server.should_exit = True
        thread.join()
        connections.close_all()
