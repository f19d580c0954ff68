"""Static files under names that hold their hash, compressed once, kept by browsers for good."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

HTMX = "django_htmx/htmx-2.min.js"
CALL = "consult/call/"


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our ES modules to hashed names too."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Hashes and compresses what pages use; of htmx that is one file, its extensions are left alone."""
        used = {
            name: path for name, path in paths.items() if name == HTMX or not name.startswith("django_htmx/")
        }
        yield from super().post_process(used, dry_run, **options)


@dataclass(frozen=True, kw_only=True)
class Module:
    """
    A program file of the call: its name, the stable address and hash of what was written, and the
    address and hash of what a browser is given, in which only the names of imports differ.
    """

    name: str
    source_address: str
    source_sha256: str
    address: str
    sha256: str


@cache
def call_modules() -> tuple[Module, ...]:
    """The modules of the call as this server serves them, by name."""
    hashed: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    names = sorted(name for name in hashed if name.startswith(CALL) and name.endswith(".js"))
    return tuple(_module(name, hashed[name]) for name in names)


def _module(name: str, hashed_name: str) -> Module:
    return Module(
        name=str(PurePosixPath(name).relative_to(CALL)),
        source_address=_address(name),
        source_sha256=_sha256(name),
        address=_address(hashed_name),
        sha256=_sha256(hashed_name),
    )


def _address(name: str) -> str:
    return f"{staticfiles_storage.base_url}{name}"


def _sha256(name: str) -> str:
    with staticfiles_storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest()
