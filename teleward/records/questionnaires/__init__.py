"""Questionnaires of FHIR R4, worked out without page or row: what is asked, and what was answered."""
