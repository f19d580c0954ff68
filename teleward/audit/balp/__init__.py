"""The ledger in the words of IHE Basic Audit Log Patterns 1.1 (BALP): FHIR R4 AuditEvents. Pure functions."""
