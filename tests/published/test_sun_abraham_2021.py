"""Sun and Abraham (2021), as the R package fixest prints it for its own example.

The manual of `sunab` runs y ~ x1 + sunab(year_treated, year) | id + year on simulated
data. With an effect for each group in each period, the slope of x1 is that of what is
left of y on what is left of x1 once means by unit, and by group and period, are out.
Taken out of y it leaves what group-time effects from the year before treatment, against
the never treated, give without covariates. The manual's standard error takes the
groups' shares as known, and ours does not, so the two are not compared. The authors'
own example needs data that are not here.
"""

import pytest

import hubanalysis as hub

SLOPE, AVERAGE = 0.994678, -1.133749
# By event time, then by first treated year, as they follow each other in print.
BEFORE = {
    -9: {10: 0.351766},
    -8: {9: 0.033914, 10: -0.191932},
    -7: {8: -0.589387, 9: 0.872995, 10: 0.019512},
    -6: {7: -0.042147, 8: -0.657571, 9: 0.877743, 10: -0.403635},
    -5: {6: -0.658034, 7: -0.316974, 8: -0.238213, 9: 0.301477, 10: -0.564801},
    -4: {
        **{5: -0.983453, 6: 0.360407, 7: -0.430610, 8: -0.895195},
        **{9: -0.392478, 10: 0.519001},
    },
    -3: {
        **{4: 0.591288, 5: -1.000650, 6: 0.072188, 7: -0.836820},
        **{8: -0.783148, 9: 0.811285, 10: 0.527203},
    },
    -2: {
        **{3: 0.036941, 4: 0.832250, 5: -1.574086, 6: 0.311758},
        **{7: -0.558631, 8: 0.429591, 9: 1.201899, 10: -0.002429},
    },
}


@pytest.fixture(scope="module")
def table():
    table = hub.load("validation/base_stagg")
    return table.assign(first_treated=table["first_treated"].fillna(0).astype(int))


@pytest.fixture(scope="module")
def slope(table):
    def left(column):
        by_unit = table.groupby("id")[column].transform("mean")
        rest = table[column] - by_unit
        cells = rest.groupby([table["first_treated"], table["period"]])
        return rest - cells.transform("mean")

    x, y = left("x1"), left("y")
    return (x @ y) / (x @ x)


@pytest.fixture(scope="module")
def effects(table, slope):
    net = table.assign(net=table["y"] - slope * table["x1"])
    panel = hub.Panel.from_long(net, "id", "period", "net", "first_treated")
    return hub.group_time_att(panel, base_period="universal", draws=0)


def test_the_slope_of_the_covariate(slope):
    assert slope == pytest.approx(SLOPE, abs=5e-7)


def test_the_average_over_all_treated_cells(effects):
    assert effects.aggregate().att == pytest.approx(AVERAGE, abs=5e-7)


@pytest.mark.parametrize("event_time", BEFORE)
def test_differences_before_treatment_group_by_group(effects, event_time):
    rows = effects.table.query("event_time == @event_time").set_index("group")
    assert rows["att"].to_dict() == pytest.approx(BEFORE[event_time], abs=5e-7)
