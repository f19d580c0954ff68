"""The parts of what a search asks for."""


def split(text: str, by: str) -> list[str]:
    """The parts between unescaped separators (R4, search.html#escaping)."""
    parts, whole = [""], iter(text)
    for letter in whole:
        if letter == "\\":
            parts[-1] += next(whole, "\\")
        elif letter == by:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
