"""What is meant where a plan's file is spelt otherwise than TOML wants it."""

from __future__ import annotations

import re

_QUOTES = "„“”«»‘’‚"
_SLIPS = (
    (rf"=\s*[\[{{]?\s*[{_QUOTES}]", 'Write plain quotation marks, as in "this".'),
    (r"=\s*(True|False)\b", "Write true and false in small letters."),
    (r"=\s*[+-]?\d+,\d+\s*([,}\]#]|$)", "Write numbers with a point, as in 0.05."),
    (r"=\s*[+-]?[\d.,]+\s*%", "Write percent as a share: 0.05 for 5 percent."),
)  # fmt: skip


def spelt_otherwise(text: str, error: str) -> str:
    r"""Name the slip that keeps a plan from being read, if it is a common one.

    Examples
    --------
    >>> spelt_otherwise("a = 1\nb = False", "Invalid value (at line 2, column 4)")
    ' Line 2: Write true and false in small letters.'
    """
    lines = text.splitlines()
    at = re.search(r"line (\d+)", error)
    named = [int(at[1])] if at else []
    # A quotation mark that is left open is found further down.
    for number in (*named, *range(1, len(lines) + 1)):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        for pattern, way in _SLIPS:
            # A decimal comma inside a list may be two numbers, if nothing is wrong.
            if re.search(pattern, _outside_quotes(line)):
                return f" Line {number}: {way}"
    return ""


def _outside_quotes(line: str) -> str:
    """A line without its comment and what stands between plain quotation marks."""
    return re.sub(r'"[^"]*"', '""', line).partition("#")[0]


def number_meant(value: object) -> str:
    """Write the number that a text holds, percent as a share; empty if it holds none.

    Examples
    --------
    >>> number_meant("5%"), number_meant("0,05"), number_meant("much")
    ('0.05', '0.05', '')
    """
    found = re.fullmatch(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*(%|percent)?\s*", str(value))
    if not isinstance(value, str) or not found:
        return ""
    number = float(found[1].replace(",", "."))
    return f"{number / 100 if found[2] else number:g}"
