"""The tables of README.md, each between two marks of its own."""

from pathlib import Path

PAGE = Path(__file__).parent / "README.md"


def fill(name: str, body: str) -> None:
    """Put a table between the marks of a name."""
    first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
    head, rest = PAGE.read_text(encoding="utf-8").split(first)
    tail = rest.split(last)[1]
    PAGE.write_text(f"{head}{first}\n{body}\n{last}{tail}", encoding="utf-8")
