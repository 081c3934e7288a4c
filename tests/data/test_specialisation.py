"""The figures of the chapter on comparative advantage."""

import pytest

import hubanalysis as hub


def test_product_groups_nest_with_four_exceptions_and_economies_near_the_world():
    exports = hub.load("specialisation/exports")
    part_of = hub.load("specialisation/products").set_index("product")["part_of"]
    key = ["iso3", "year"]
    wide = exports.pivot(index=key, columns="product", values="value")
    over = {
        f"{economy} {year} {part}"
        for part, whole in part_of.dropna().items()
        for economy, year in wide.index[wide[part] > wide[whole] + 1e6]
    }
    assert over == {f"{e} MAMTTE" for e in ("CMR 2020", "MNG 2020", "SDN 2019")} | {
        "SDN 2020 MAMTTE"
    }
    world = hub.load("specialisation/exports_world").set_index(["product", "year"])
    for year in (2019, 2020):
        total = wide["TO"].xs(year, level="year").sum()
        assert total == pytest.approx(world["value"]["TO"][year], rel=0.001)
