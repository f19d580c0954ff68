"""What comes from elsewhere is what was published, byte for byte."""

from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parents[3] / "teleward" / "devices" / "static" / "devices" / "vendor"


def _sums(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def test_what_is_vendored_is_what_was_published_and_brings_its_licence() -> None:
    for folder in VENDOR.iterdir():
        files = {path.name: path for path in folder.iterdir() if path.name != "SHA256SUMS"}
        assert "LICENSE" in files
        assert {name: sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == _sums(folder)


def test_the_plots_turn_no_string_into_markup_and_set_no_style_attribute() -> None:
    source = (VENDOR / "uplot-1.6.32" / "uPlot.esm.js").read_text()
    for refused in ("innerHTML", "cssText", 'setAttribute("style', "insertAdjacentHTML", "new Function"):
        assert refused not in source
