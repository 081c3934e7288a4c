"""Exports by group of products: from the extract in ``raw/`` to the tables.

``python -m tools.data.make specialisation``

By hand, and so nowhere rawer than in this folder: ``products`` (titles and nesting).
"""

import pandas as pd

from tools.data.raw import in_order

PREFIX = "WTO_ITS_MTV_AX_"
CODES = {"CHT": "TWN", "ROM": "ROU"}


def tables(raw):
    """Single economies, and the world apart; groups of economies are left out."""
    table = raw("wto_exports_by_product_2019_2020")
    assert set(table["unit"]) == {"USD current"}
    assert table["series_code"].str.startswith(PREFIX).all()
    table["product"] = table["series_code"].str.removeprefix(PREFIX)
    products = raw.table("products")
    assert set(table["product"]) == set(products["product"])
    table = table.rename(columns={"period": "year", "entity": "iso3"})
    world = table[table["iso3"] == "World"]
    table["iso3"] = table["iso3"].replace(CODES)
    economies = table[
        table["iso3"].str.fullmatch("[A-Z]{3}") & (table["iso3"] != "EEC")
    ]
    parts_of_wholes(economies, products)
    columns = ["iso3", "year", "product", "value"]
    return {
        "exports": in_order(economies[columns], "iso3", "year", "product"),
        "exports_world": in_order(world[columns[1:]], "year", "product"),
    }


def parts_of_wholes(table, products):
    """A group exceeds the one it is part of nowhere but in three economies."""
    wide = table.pivot(index=["iso3", "year"], columns="product", values="value")
    wide = wide.apply(pd.to_numeric)
    over = set()
    for part, whole in products[["product", "part_of"]].itertuples(index=False):
        if whole:
            # Figures are rounded to a million or to a thousandth.
            most = 1.001 * wide[whole] + 1e6
            over |= set(wide.index[wide[part] > most])
    known = {("CMR", "2020"), ("MNG", "2020"), ("SDN", "2019"), ("SDN", "2020")}
    assert over == known, over
