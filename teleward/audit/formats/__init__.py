"""The texts of transparency logs as C2SP writes them: signed notes, checkpoints, cosignatures, proofs.

Pure functions and frozen values; nothing here knows a database, a setting or a patient.
"""
