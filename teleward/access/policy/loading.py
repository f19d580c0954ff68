"""The policy files: read once, checked, and cut to what one kind of actor can ask for with one action."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy

from .annotations import Annotations, annotations, parsed
from .grammar import Untranslatable, check

FOLDER = Path(__file__).parent.parent / "policies"


class PoliciesInvalid(Exception):
    """The policy files do not fit their schema or say too little of themselves; the message says where."""


@dataclass(frozen=True)
class Rules:
    """The loaded policies and schema."""

    parsed: tuple[dict[str, Any], ...]  # Cedar's JSON of each policy, in order
    annotations: Mapping[str, Annotations]
    schema: cedarpy.Schema
    digest: str  # SHA-256 of schema and policies, hexadecimal
    folder: Path

    @cache  # noqa: B019 - rules live as long as the process
    def about(self, principal: str, action: str) -> cedarpy.PolicySet:
        """The policies that can speak when such a principal asks for this action."""
        chosen = [each for each in self.parsed if _speaks(each, principal, action)]
        static = {each["annotations"]["id"]: each for each in chosen}
        return cedarpy.PolicySet.from_json_str(
            json.dumps({"staticPolicies": static, "templates": {}, "templateLinks": []})
        )

    def speaking(self, principal: str, action: str) -> list[Annotations]:
        """What those policies say about themselves."""
        chosen = [each for each in self.parsed if _speaks(each, principal, action)]
        return [self.annotations[each["annotations"]["id"]] for each in chosen]

    def __eq__(self, other: object) -> bool:
        """The same text is the same rules, wherever it was read."""
        return isinstance(other, Rules) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def texts(folder: Path = FOLDER) -> dict[str, str]:
    """The policy files by name, in their order."""
    return {path.name: path.read_text() for path in sorted(folder.glob("*.cedar"))}


def sources(folder: Path = FOLDER) -> tuple[str, str]:
    """The text of all policies, in the order of their file names, and of the schema."""
    return "\n".join(texts(folder).values()), (folder / "schema.cedarschema").read_text()


@cache
def rules(folder: Path = FOLDER) -> Rules:
    """The policies, loaded once per process. Raises PoliciesInvalid."""
    policies, schema = sources(folder)
    checked = cedarpy.validate_policies(policies, schema)
    if not checked.validation_passed:
        raise PoliciesInvalid("; ".join(str(error.error) for error in checked.errors))
    try:
        said = annotations(texts(folder))
    except ValueError as wrong:
        raise PoliciesInvalid(str(wrong)) from wrong
    each = tuple(policy for text in texts(folder).values() for policy in parsed(text))
    _check_lists(each)
    digest = hashlib.sha256(f"{schema}\x00{policies}".encode()).hexdigest()
    return Rules(each, said, cedarpy.Schema.from_str(schema), digest, folder)


def _check_lists(policies: tuple[dict[str, Any], ...]) -> None:
    """A policy that no list could ask for is refused here, not when somebody looks at a list."""
    try:
        check(policies)
    except Untranslatable as wrong:
        raise PoliciesInvalid(str(wrong)) from wrong


def _speaks(policy: dict[str, Any], principal: str, action: str) -> bool:
    asks, does = policy["principal"], policy["action"]
    named = does.get("entities") or ([does["entity"]] if "entity" in does else [])
    right_kind = asks["op"] == "All" or asks.get("entity_type") == principal
    return right_kind and (does["op"] == "All" or any(each["id"] == action for each in named))
