"""Describe each dataset in the words of Croissant 1.0, out of its data package.

What Croissant demands: http://mlcommons.org/croissant/1.0.
"""

from __future__ import annotations

from typing import Any

_SITE = "https://github.com/hubanalysis/hubanalysis"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    "string": "sc:Text",
    "yearmonth": "sc:Text",
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


def licences(package: dict[str, Any]) -> list[str]:
    """Addresses, or names, of all licences in a package, each once."""
    every = [
        licence.get("path") or licence["name"]
        for part in (package, *package["resources"])
        for licence in part.get("licenses", [])
    ]
    return list(dict.fromkeys(every))


def croissant(package: dict[str, Any], version: str, date: str) -> dict[str, Any]:
    """Translate a data package.

    Parameters
    ----------
    package : dict
        The descriptor.
    version, date : str
        Of the release.

    Returns
    -------
    dict
        JSON-LD.

    Examples
    --------
    >>> field = {"name": "year", "type": "year", "title": "Year"}
    >>> table = {
    ...     "name": "t", "path": "t.csv", "title": "T", "description": "A table.",
    ...     "bytes": 1, "hash": "sha256:0",
    ...     "schema": {"fields": [field], "primaryKey": ["year"]},
    ... }
    >>> package = {
    ...     "name": "d", "title": "D", "description": "A set.", "resources": [table],
    ... }
    >>> made = croissant(package, "1.0.0", "2026-01-01")
    >>> made["recordSet"][0]["field"][0]["dataType"]
    'sc:Integer'
    """
    name = package["name"]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": f"{package['title']}. {package['description']}",
        "license": licences(package),
        "url": f"{_SITE}/tree/v{version}/data/{name}",
        "version": version,
        "datePublished": date,
        "creator": {"@type": "sc:Organization", "name": "The hubanalysis authors"},
        "keywords": package.get("keywords", []),
        "citeAs": f"The hubanalysis authors: hubanalysis {version}, data/{name}.",
        "isLiveDataset": False,
        "distribution": [_file(r) for r in package["resources"]],
        "recordSet": [_records(r) for r in package["resources"]],
    }


def _file(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "description": resource["title"],
        "contentUrl": resource["path"],
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": "text/csv",
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _records(resource: dict[str, Any]) -> dict[str, Any]:
    name = resource["name"]
    key = resource["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        "key": [{"@id": f"{name}/{column}"} for column in key],
        "field": [
            _field(name, resource["path"], f) for f in resource["schema"]["fields"]
        ],
    }


def _field(table: str, path: str, field: dict[str, Any]) -> dict[str, Any]:
    unit = field.get("unit", "none")
    told = field.get("description") or field["title"]
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{field['name']}",
        "name": field["name"],
        "description": told if unit == "none" else f"{told} Unit: {unit}.",
        "dataType": TYPES[field["type"]],
        "source": {"fileObject": {"@id": path}, "extract": {"column": field["name"]}},
    }
