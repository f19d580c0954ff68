"""Static files under names that hold their hash, compressed once, kept by browsers for good."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

HTMX = "django_htmx/htmx-2.min.js"
CALL = "consult/call/"
SEAL = "trust/seal/"
Convert = Callable[[re.Match[str]], str]


class HashedFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped there
    """Rewrites the imports of our ES modules to hashed names too."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one per level of imports until the names stand still

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Convert:
        """Leaves the types in JSDoc comments alone: they name modules, even in circles, and import none."""
        convert: Convert = super().url_converter(name, hashed_files, template)

        def outside_comments(found: re.Match[str]) -> str:
            before = found.string[: found.start()]
            return found[0] if before.rfind("/**") > before.rfind("*/") else convert(found)

        return outside_comments

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **options: Any,  # noqa: ANN401 - Django's signature
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Hashes and compresses what pages use; of htmx that is one file, its extensions are left alone."""
        used = {
            name: path for name, path in paths.items() if name == HTMX or not name.startswith("django_htmx/")
        }
        yield from super().post_process(used, dry_run, **options)


@dataclass(frozen=True, kw_only=True)
class Module:
    """A program file that people rest on: of the call, or of the check of the list of accesses.

    `source_…` is the file as it was written, at an address that stays; the other pair is what a browser
    is given, in which only the names of imported files differ.
    """

    name: str
    source_address: str
    source_sha256: str
    address: str
    sha256: str


def call_modules() -> tuple[Module, ...]:
    """The modules of the call as this server serves them, by name."""
    return _modules(CALL)


def seal_modules() -> tuple[Module, ...]:
    """The modules that check the ledger's seal in the patient's browser, by name."""
    return _modules(SEAL)


def _modules(folder: str) -> tuple[Module, ...]:
    hashed: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    names = sorted(name for name in hashed if name.startswith(folder) and name.endswith(".js"))
    return tuple(_module(folder, name, hashed[name]) for name in names)


@cache  # a name with a hash never means anything else
def _module(folder: str, name: str, hashed_name: str) -> Module:
    return Module(
        name=str(PurePosixPath(name).relative_to(folder)),
        source_address=_address(name),
        source_sha256=_sha256(name),
        address=_address(hashed_name),
        sha256=_sha256(hashed_name),
    )


def _address(name: str) -> str:
    return f"{settings.STATIC_URL}{name}"


def _sha256(name: str) -> str:
    with staticfiles_storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest()
