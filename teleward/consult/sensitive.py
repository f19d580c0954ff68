"""Kinds of visits that are kept closer: the words of the policies' `category`."""

CATEGORIES = ("mental-health", "sexual-health", "genetics")
