"""What `pip install` of a built wheel gives: everything, and nothing that needs Node."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from ground.processes import Up, plain_environment

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.prefix) / "tools" / "bin" / "uv"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="teleward-wheel-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def wheel(place: Path) -> Path:
    """A wheel built from what git knows, as a release would be."""
    source = place / "source"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in files.stdout.splitlines():
        if name.startswith("teleward/") or name in {"pyproject.toml", "README.md", "LICENSE"}:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    command = [UV, "build", "--quiet", "--wheel", "--build-constraints", ROOT / "requirements/build.txt"]
    subprocess.run([*command, "--out-dir", place / "dist", source], check=True)
    return next((place / "dist").glob("*.whl"))


def test_every_file_that_the_product_reads_is_in_the_wheel(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("teleward/")}
    source = wheel.parent.parent / "source"
    wanted = {str(path.relative_to(source)) for path in (source / "teleward").rglob("*") if path.is_file()}
    assert packed == wanted
    kinds = {Path(name).suffix for name in packed}
    assert {".html", ".css", ".js", ".mo", ".cedar", ".cedarschema", ".toml", ".typed"} <= kinds


def test_an_installed_wheel_starts_serves_and_finds_itself_well_without_node(
    place: Path, wheel: Path
) -> None:
    python = place / "empty" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "empty"], check=True)
    install = [UV, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements/run.txt"], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    teleward = str(python.with_name("teleward"))
    path = {"PATH": str(python.parent)}
    up = Up(place / "home", command=[teleward], environment=path, afresh=True)
    up.start()
    try:
        page = httpx.get(up.origin, headers={"Accept-Language": "de"})
        assert page.status_code == 200, up.output.read_text()
        style = next(part for part in page.text.split('"') if part.endswith(".css"))
        assert 'lang="de"' in page.text
        assert httpx.get(up.origin + style).status_code == 200
        found = subprocess.run(
            [teleward, "doctor"],
            env=plain_environment(TELEWARD_HOME=str(up.home), PATH=str(python.parent)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert [line for line in found.stdout.splitlines() if line.startswith("look")] == [
            "look relay: none is configured; calls that cannot go directly fail. See `teleward up --turn`."
        ]
    finally:
        up.stop()
