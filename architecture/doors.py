"""The contract that a room is entered only through its doors. Run by import-linter."""

from dataclasses import dataclass

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


@dataclass(frozen=True, order=True)
class Trespass:
    """A module that reaches past another room's doors."""

    importer: str
    imported: str


class DoorsContract(Contract):
    """Modules of one room may import from another room only the modules named as doors.

    `root` is the package whose children are the rooms, `doors` the names through which a room may be
    entered (modules, or packages with anything inside them), `open_rooms` those that have no walls.
    """

    root = fields.StringField()
    doors = fields.ListField(subfield=fields.StringField())
    open_rooms = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - their signature
        """Looks at every import between two rooms."""
        found = [
            Trespass(importer, imported)
            for importer in sorted(graph.find_descendants(self._root()))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._is_trespass(importer, imported)
        ]
        return ContractCheck(kept=not found, metadata={"trespasses": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Names each trespass, and what to do instead."""
        for trespass in check.metadata["trespasses"]:
            output.print_error(f"- {trespass.importer} -> {trespass.imported}", bold=False)
        output.new_line()
        output.print(f"Enter a room by one of: {', '.join(self._names('doors'))}. Upward, publish an event.")

    def _is_trespass(self, importer: str, imported: str) -> bool:
        here, there = self._below_root(importer), self._below_root(imported)
        if not here or not there or here[0] == there[0] or there[0] in self._names("open_rooms"):
            return False
        return len(there) == 1 or there[1] not in self._names("doors")

    def _below_root(self, module: str) -> list[str]:
        inside = module.startswith(f"{self._root()}.")
        return module.removeprefix(f"{self._root()}.").split(".") if inside else []

    def _root(self) -> str:
        return str(self.root)

    def _names(self, option: str) -> list[str]:
        return [str(name) for name in getattr(self, option) or []]
