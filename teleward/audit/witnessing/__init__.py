"""Others who watch the ledger (C2SP tlog-witness): the witness itself, and how the ledger asks one.

A witness sees a name, a number and hashes; never an entry. It needs neither Django nor PostgreSQL.
"""
