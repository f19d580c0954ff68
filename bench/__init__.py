"""Each performance claim as a command that prints its number beside its floor."""
