"""Read the raw extracts of a dataset, and write tables byte for byte as they lie.

Every value is text on its way from a raw file to a table: a figure is passed on in the
digits in which it was obtained, and only what a script computes is ever a number.

Usage: python -m tools.data.raw DATASET

After an extract was added or renewed on purpose: writes ``raw/SHA256SUMS``, and takes
out of each ``.gz`` the time at which it was made, so that two runs give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
from pathlib import Path

import pandas as pd


class Raw:
    """The raw extracts beside one dataset, and the tables that are made by hand.

    Parameters
    ----------
    folder : pathlib.Path
        The dataset's folder; its extracts lie in ``raw/``, compressed.

    Examples
    --------
    >>> raw = Raw(Path("data/yozma"))
    >>> list(raw("vc_1995").columns)
    ['country', 'vc_pool_1995_musd', 'year', 'source']
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bytes(self, name: str) -> bytes:
        """Content of ``raw/<name>.gz``, checked against ``raw/SHA256SUMS``."""
        packed = (self.folder / "raw" / f"{name}.gz").read_bytes()
        found = hashlib.sha256(packed).hexdigest()
        if self.sums().get(f"{name}.gz") != found:
            raise ValueError(
                f"{self.folder.name}/raw/{name}.gz is not the file that SHA256SUMS "
                "names: git checkout restores it; if it is newer on purpose, "
                f"python -m tools.data.raw {self.folder.name} writes its sum"
            )
        return gzip.decompress(packed)

    def sums(self) -> dict[str, str]:
        """SHA-256 of each raw file, as ``sha256sum --check`` reads them."""
        file = self.folder / "raw" / "SHA256SUMS"
        if not file.is_file():
            raise ValueError(
                f"{self.folder.name}/raw/SHA256SUMS is missing: "
                f"python -m tools.data.raw {self.folder.name} writes it"
            )
        lines = file.read_text("utf-8").splitlines()
        return {name: digest for digest, name in (line.split() for line in lines)}

    def json(self, name: str) -> dict:
        """A raw file that is JSON."""
        return json.loads(self.bytes(f"{name}.json"))

    def __call__(self, name: str) -> pd.DataFrame:
        """A raw table, every cell as text and an empty cell as the empty text."""
        return _texts(io.BytesIO(self.bytes(f"{name}.csv")))

    def table(self, name: str) -> pd.DataFrame:
        """A table of the dataset that was made by hand and is nowhere rawer."""
        return _texts(self.folder / f"{name}.csv")


def renew(folder: Path) -> list[str]:
    """Write the sums of a dataset's extracts, and return their names."""
    files = sorted((folder / "raw").glob("*.gz"))
    lines = []
    for file in files:
        packed = file.read_bytes()
        # Four bytes of a gzip file are the time at which it was made.
        timeless = packed[:4] + bytes(4) + packed[8:]
        if timeless != packed:
            file.write_bytes(timeless)
        lines.append(f"{hashlib.sha256(timeless).hexdigest()}  {file.name}\n")
    sums = folder / "raw" / "SHA256SUMS"
    sums.write_text("".join(lines), "utf-8", newline="\n")
    return [file.name for file in files]


def _texts(source) -> pd.DataFrame:
    return pd.read_csv(source, dtype=str, keep_default_na=False, encoding="utf-8")


def in_order(table: pd.DataFrame, *key: str) -> pd.DataFrame:
    """Rows sorted by a key that names each row once.

    Examples
    --------
    >>> in_order(pd.DataFrame({"year": ["2001", "2000"]}), "year")["year"].tolist()
    ['2000', '2001']
    """
    keys = list(key)
    again = table[table.duplicated(keys)]
    assert again.empty, f"{keys} is there twice: {again[keys].head(3).values.tolist()}"
    return table.sort_values(keys).reset_index(drop=True)


def as_bytes(table: pd.DataFrame) -> bytes:
    r"""A table as it lies in ``data/``: UTF-8, commas, a line feed at each end.

    Examples
    --------
    >>> as_bytes(pd.DataFrame({"county": ["Troms"], "nights": ["12"]}))
    b'county,nights\nTroms,12\n'
    """
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def long(table: pd.DataFrame, key: list[str], period: str, value: str) -> pd.DataFrame:
    """One row per unit and year of a table that has a column for each year.

    Examples
    --------
    >>> wide = pd.DataFrame({"fips": ["01001"], "2001": ["5"], "2002": ["6"]})
    >>> long(wide, ["fips"], "year", "jobs").values.tolist()
    [['01001', '2001', '5'], ['01001', '2002', '6']]
    """
    molten = table.melt(id_vars=key, var_name=period, value_name=value)
    return in_order(molten, *key[:1], period)


def main(arguments: list[str]) -> int:
    """Renew the sums of the datasets named."""
    folders = [Path(__file__).parents[2] / "data" / name for name in arguments]
    if not folders or not all((folder / "raw").is_dir() for folder in folders):
        print(__doc__.partition("\n\n")[2], file=sys.stderr)
        return 2
    for folder in folders:
        print(f"{folder.name}/raw/SHA256SUMS: {', '.join(renew(folder))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
