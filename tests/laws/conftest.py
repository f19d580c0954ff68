"""Everybody also tries to sign in at every address."""

from ground.passwords import cheap_passwords, costly_passwords

__all__ = ["cheap_passwords", "costly_passwords"]
