"""Imports between rooms go down and through doors; each planted breach is caught."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from architecture.doors import DoorsContract, Trespass
from architecture.rooms import ROOT

HOUSE = {
    "kernel/__init__": "",
    "kernel/clock": "",
    "access/__init__": "",
    "access/models": "",
    "access/grants": "from house.access import models",
    "access/operations/__init__": "",
    "access/operations/passes": "from house.kernel import clock",
    "consult/__init__": "",
    "consult/views": "",
}


def _trespasses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: str) -> list[Trespass]:
    for module, source in (HOUSE | {"__init__": "", "consult/views": views}).items():
        path = tmp_path / "house" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    contract = DoorsContract(
        name="doors",
        session_options={"root_packages": ["house"]},
        contract_options={"root": "house", "doors": ["operations", "grants"], "open_rooms": ["kernel"]},
    )
    graph = grimp.build_graph("house", cache_dir=None)
    found: list[Trespass] = contract.check(graph, verbose=False).metadata["trespasses"]
    return found


@pytest.mark.parametrize(
    "views",
    [
        "from house.access import grants",
        "from house.access import operations",
        "from house.access.operations import passes",
        "from house.kernel import clock",
    ],
)
def test_doors_and_open_rooms_may_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: str
) -> None:
    assert _trespasses(tmp_path, monkeypatch, views) == []


@pytest.mark.parametrize(
    "views",
    [
        "from house.access import models",
        "from house.access.models import Person",
        "def later():\n    from house.access import models",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.access import models",
    ],
)
def test_another_rooms_models_are_out_of_reach_however_they_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: str
) -> None:
    assert _trespasses(tmp_path, monkeypatch, views) == [
        Trespass("house.consult.views", "house.access.models")
    ]


def test_a_room_cannot_be_imported_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _trespasses(tmp_path, monkeypatch, "import house.access") == [
        Trespass("house.consult.views", "house.access")
    ]


def test_the_house_keeps_its_contracts() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    report = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert report.returncode == 0, report.stdout


def test_no_contract_has_a_list_of_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
