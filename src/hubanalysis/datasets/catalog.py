"""The datasets of the book: load a table, and say where it came from.

Every dataset is a folder of CSV tables with a ``datapackage.json`` (a Frictionless
Data Package) that gives each table's publisher, licence and SHA-256 and each
column's type and unit. The folder travels inside the installed package; in a
checkout it is ``data/``. To work on newer figures, copy it, change the tables, run
``python -m hubanalysis.datasets.rehash FOLDER/DATASET``, and set
``HUBANALYSIS_DATA=FOLDER``.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hubanalysis.words.refusals import HubError

VARIABLE = "HUBANALYSIS_DATA"


class DataError(HubError):
    """A data file is missing, changed or malformed; the message names it.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> issubclass(hub.DataError, Exception)
    True
    """


def load(name: str) -> pd.DataFrame:
    """Load a table with the column types its schema declares.

    The file's SHA-256 is compared with the descriptor's first, so that figures
    which changed by accident are never analysed.

    Parameters
    ----------
    name : str
        ``"dataset/table"``; `datasets` lists them.

    Returns
    -------
    pandas.DataFrame
        Strings as str, numbers as float64, years and integers as int64 (Int64 if
        the column may be empty), booleans as bool, months as period[M], dates as
        datetime64. An empty cell is missing.

    Raises
    ------
    ValueError
        If there is no such table; the message offers the nearest.
    DataError
        If the file is missing, differs from its descriptor or is malformed.

    Examples
    --------
    >>> nights = load("norwegian-tourism-cluster/hotel_nights")
    >>> nights[["county", "month", "purpose", "guest_nights"]].head(2)
         county    month     purpose  guest_nights
    0  Akershus  1986-01    business         12480
    1  Akershus  1986-01  conference         12134
    """
    file, resource = _find(name)
    content = _read(file)
    found = hashlib.sha256(content).hexdigest()
    expected = resource["hash"].removeprefix("sha256:")
    if found != expected:
        raise DataError(
            f"{file} is not the file its datapackage.json describes: expected SHA-256 "
            f"{expected}, found {found}. {_restore(file)} If you meant to change it, "
            f"run `python -m hubanalysis.datasets.rehash {file.parent}`, then "
            f"`python -m frictionless validate {file.parent / 'datapackage.json'}`."
        )
    schema = resource["schema"]
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            dtype={f["name"]: _dtype(f) for f in schema["fields"]},
            keep_default_na=False,
            na_values=schema.get("missingValues", [""]),
            encoding="utf-8",
        )
        names = [field["name"] for field in schema["fields"]]
        if list(frame.columns) != names:
            raise ValueError(f"columns are {list(frame.columns)}, not {names}")
        for field in schema["fields"]:
            frame[field["name"]] = _convert(frame[field["name"]], field)
    except (ValueError, TypeError) as error:
        raise DataError(f"{file} does not follow its schema: {error}") from error
    return frame


def datasets() -> pd.DataFrame:
    """List every table of every dataset.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``"dataset/table"``: title, rows, span, publisher.

    Examples
    --------
    >>> int(datasets().loc["validation/prop99", "rows"])
    1209
    """
    rows = {
        f"{dataset}/{r['name']}": {
            "title": r.get("title", ""),
            "rows": r.get("rows"),
            "span": r.get("span", ""),
            "publisher": _text(r.get("publisher")),
        }
        for dataset in _names()
        for r in package(dataset)["resources"]
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.rename_axis("name")


def provenance(name: str) -> pd.DataFrame:
    """Say who published each table, when, and what may be done with it.

    Parameters
    ----------
    name : str
        A dataset, or one table as ``"dataset/table"``.

    Returns
    -------
    pandas.DataFrame
        One row per table, indexed by its name: title, publisher, series (the
        publisher's code), span, vintage (when the publisher issued these figures),
        licence, trust (how well the copy was checked), source.

    Examples
    --------
    >>> provenance("norwegian-tourism-cluster").loc["hotel_nights", "series"]
    '08403'
    """
    _require_text(name)
    chosen = package(name)["resources"] if "/" not in name else [_find(name)[1]]
    rows = {
        r["name"]: {
            "title": r.get("title", ""),
            "publisher": _text(r.get("publisher")),
            "series": _text(r.get("series_code")),
            "span": r.get("span", ""),
            "vintage": _text(r.get("vintage")),
            "licence": _text(s.get("title") for s in r.get("licenses", ())),
            "trust": r.get("trust", {}).get("level", ""),
            "source": _text(
                s.get("path") or s.get("title") for s in r.get("sources", ())
            ),
        }
        for r in chosen
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("table")


def fields(name: str) -> pd.DataFrame:
    """Describe the columns of a table.

    Parameters
    ----------
    name : str
        ``"dataset/table"``.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: title, type, unit ("none" for labels), description.

    Examples
    --------
    >>> fields("norwegian-tourism-cluster/hotel_nights").loc["guest_nights", "unit"]
    'guest nights'
    """
    rows = {
        field["name"]: {k: field.get(k, "") for k in _FIELD_COLUMNS}
        for field in _find(name)[1]["schema"]["fields"]
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("field")


def path(name: str) -> Path:
    """Where a dataset's folder or a table's file is.

    Parameters
    ----------
    name : str
        A dataset, or one table as ``"dataset/table"``.

    Examples
    --------
    >>> path("norwegian-tourism-cluster/hotel_nights").name
    'hotel_nights.csv'
    """
    if "/" in name:
        return _find(name)[0]
    known = _names()
    if name not in known:
        raise HubError(_unknown("dataset", name, known, "datasets"))
    return _root() / name


def package(name: str) -> dict:
    """Read a dataset's descriptor, ``datapackage.json``.

    Parameters
    ----------
    name : str
        A dataset.

    Returns
    -------
    dict
        The descriptor, with name, path, hash and fields known to be there.

    Examples
    --------
    >>> package("validation")["name"]
    'validation'
    """
    if "/" in name:
        raise HubError(f"{name!r} is a table; ask for {name.split('/')[0]!r}.")
    file = path(name) / "datapackage.json"
    try:
        descriptor = json.loads(_read(file))
        for resource in descriptor["resources"]:
            for key in ("name", "path", "hash"):
                if not isinstance(resource[key], str):
                    raise TypeError(f"{key} of a resource is not text")
            if not resource["hash"].startswith("sha256:"):
                raise TypeError(f"hash of {resource['name']!r} is not sha256:...")
            for field in resource["schema"]["fields"]:
                if field["type"] not in _DTYPES:
                    raise TypeError(f"type {field['type']!r} of {field['name']!r}")
    except KeyError as error:
        raise DataError(
            f"{file} is malformed: {error} is missing. {_restore(file)}"
        ) from error
    except (ValueError, TypeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{file} is malformed: {error}. {_restore(file)}") from error
    return descriptor


_FIELD_COLUMNS = ("title", "type", "unit", "description")
# What each type of a Table Schema is read as: (never empty, may be empty).
_DTYPES = {
    "string": ("str", "str"),
    "integer": ("int64", "Int64"),
    "year": ("int64", "Int64"),
    "number": ("float64", "float64"),
    "boolean": ("bool", "boolean"),
    "yearmonth": ("str", "str"),
    "date": ("str", "str"),
}


def _dtype(field: dict) -> str:
    required = field.get("constraints", {}).get("required", False)
    return _DTYPES[field["type"]][0 if required else 1]


def _convert(column: pd.Series, field: dict) -> pd.Series:
    if field["type"] not in ("yearmonth", "date"):
        return column
    monthly = field["type"] == "yearmonth"
    # Each distinct date once: tables repeat them thousands of times.
    codes, distinct = pd.factorize(column)
    dates = pd.to_datetime(distinct, format="%Y-%m" if monthly else "%Y-%m-%d")
    values = dates.to_period("M") if monthly else dates
    return pd.Series(values.take(codes, fill_value=pd.NaT), column.index)


def _root() -> Path:
    elsewhere = os.environ.get(VARIABLE)
    if elsewhere:
        root = Path(elsewhere)
        if not root.is_dir():
            raise DataError(
                f"{VARIABLE} points to {root}, which is not a folder; unset it to use "
                "the data that came with the package"
            )
        return root
    here = Path(__file__).resolve()
    for root in (here.parents[1] / "data", here.parents[3] / "data"):
        if root.is_dir():
            return root
    raise DataError(
        f"no data folder at {here.parents[1] / 'data'} (an installed package) nor at "
        f"{here.parents[3] / 'data'} (a checkout): reinstall hubanalysis, or set "
        f"{VARIABLE} to a folder of datasets"
    )


def _names() -> list[str]:
    return sorted(f.parent.name for f in _root().glob("*/datapackage.json"))


def _find(name: str) -> tuple[Path, dict]:
    """Return the file and the descriptor of ``"dataset/table"``."""
    _require_text(name)
    dataset, _, table = name.partition("/")
    if dataset not in _names():
        known = [f"{d}/{r['name']}" for d in _names() for r in package(d)["resources"]]
        raise HubError(_unknown("table", name, known, "datasets", _names()))
    resources = {r["name"]: r for r in package(dataset)["resources"]}
    if not table:
        raise HubError(
            f"{name!r} is a dataset: name one of its tables, as '{name}/TABLE'. "
            f"Its tables: {', '.join(resources)}"
        )
    if table not in resources:
        raise HubError(
            _unknown("table", table, list(resources), f"tables of {dataset!r}")
        )
    return path(dataset) / resources[table]["path"], resources[table]


def _require_text(name: object) -> None:
    if not isinstance(name, str):
        raise HubError(
            f'name a table as "dataset/table", and not {name!r}. hub.datasets() lists '
            "them."
        )


def _unknown(
    noun: str, name: str, near: list[str], group: str, known: list[str] | None = None
) -> str:
    close = [n for n in near if n.rpartition("/")[2] == name.rpartition("/")[2]]
    close = close or difflib.get_close_matches(name, near, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"no {noun} {name!r}.{hint} The {group}: {', '.join(known or near)}"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DataError(
            f"{file} cannot be read ({error.strerror}). {_restore(file)}"
        ) from error


def _restore(file: Path) -> str:
    if os.environ.get(VARIABLE):
        return f"Put it right there, or unset {VARIABLE} to use the package's own data."
    return (
        f"Restore it with `git checkout -- data/{file.parent.name}/{file.name}`, or "
        "with `pip install --force-reinstall --no-deps hubanalysis`."
    )


def _text(value: str | Iterable[str] | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return "; ".join(dict.fromkeys(str(v) for v in value))
