"""FHIR R4 over HTTP: every path through the gate, every answer after its entry in the ledger."""

from .app import Fhir

__all__ = ["Fhir"]
