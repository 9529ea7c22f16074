"""The order of MySQL's default collation, which ignores case, accents and trailing blanks."""

import unicodedata


def compare(left: str, right: str) -> int:
    """-1, 0 or 1 in the order of MySQL's default collation."""
    if left == right:
        return 0
    one, two = _folded(left), _folded(right)
    return (one > two) - (one < two)


def _folded(text: str) -> str:
    text = text.rstrip(" ")
    if text.isascii():
        return text.lower()
    return "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    ).casefold()
