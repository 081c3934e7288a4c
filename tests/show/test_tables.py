"""The book's tables."""

import pandas as pd
import pytest

import hubanalysis as hub
from tests.cases.norway import NAME


def test_tables_hold_every_estimator_of_the_plan():
    case = hub.Case.open(NAME)
    battery = case.battery()
    assert len(hub.estimates_table(battery)) == len(battery.names)
    fits = hub.estimates_table(battery)["effects that fit"]
    low, high = battery.lot.interval()
    both = (hub.effect_text(end, "log") for end in (low, high))
    assert fits[battery.estimator.label] == " to ".join(both)
    assert len(hub.in_time_table(battery)) == len(battery.names)
    table = hub.outcomes_table(case, {"total_nights": battery})
    assert table.loc["all hotel nights", "role"] == "primary"


def test_beside_p_stands_the_effect_from_the_centre_as_on_the_card():
    case = hub.Case.open(NAME)
    battery = case.battery()
    table = hub.estimates_table(battery)
    dated = hub.in_time_table(battery)
    tried = hub.outcomes_table(case, {"total_nights": battery})
    for name, lot in battery.lots.items():
        label = battery.estimators[name].label
        centred = hub.effect_text(lot.effect, "log", 1)
        assert table.loc[label, "effect"] == centred
        computed = hub.effect_text(battery.estimates[name].att, "log", 1)
        assert table.loc[label, "as computed"] == computed
        p_value = hub.p_text(lot.p_value)
        told = tried.loc["all hotel nights", label.split(" (")[0]]
        assert told == f"{centred} ({p_value})"
        early = battery.in_time.set_index("estimator").loc[name, "effect"]
        assert dated.loc[label, "effect"] == hub.effect_text(early, "log", 1)
    assert (table["effect"] != table["as computed"]).any()


def test_there_is_no_second_column_where_both_are_one():
    panel = hub.simulate_panel(units=12, periods=8, treated=3, start=5, seed=0)
    battery = hub.Battery("mine", "y", hub.OutcomePlan(main="did"), panel)
    assert "as computed" not in hub.estimates_table(battery)


def test_estimators_are_called_what_they_call_themselves():
    table = hub.estimates_table(hub.Case.open("yozma").battery("complexity"))
    labels = {known.label for known in hub.ESTIMATORS.values()}
    assert set(table.index) <= labels


FRAME = pd.DataFrame(
    {"att": [-0.0512, 12097.0], "shared_intent": ["a-b", "-3"]}, index=["did", "other"]
)


def test_a_table_says_what_it_shows_in_every_form():
    laid = hub.table(FRAME, "Nothing < something.", "Of twelve.")
    assert str(laid).startswith("Nothing < something. Of twelve.\n")
    html = laid._repr_html_()
    assert "<caption><strong>Nothing &lt; something.</strong>" in html
    assert html.count("scope=") == 4


def test_keys_get_names_wherever_they_stand_and_numbers_true_minus_signs():
    names = {"shared_intent": "shared intent", "did": "plain difference"}
    cells = hub.table(FRAME, "A table.", names=names).cells
    assert cells.columns.tolist() == ["att", "shared intent"]
    assert cells.index.tolist() == ["plain difference", "other"]
    assert cells["att"].tolist() == ["\u22120.0512", "12,097"]
    assert cells["shared intent"].tolist() == ["a-b", "\u22123"]


def test_decimals_can_be_asked_for():
    assert hub.table(FRAME, "A table.", digits=1).cells["att"].iloc[0] == "\u22120.1"


def test_a_table_without_a_caption_is_refused_and_ours_bring_one():
    with pytest.raises(ValueError, match="say in a sentence what it shows"):
        hub.table(FRAME)
    battery = hub.Case.open("yozma").battery("complexity")
    for frame in (hub.estimates_table(battery), hub.in_time_table(battery)):
        assert hub.table(frame).caption.startswith("Economic complexity (index)")


DATASETS = sorted({name.split("/")[0] for name in hub.datasets().index})


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_names_its_sources_and_links_to_those_that_have_an_address(name):
    told = hub.sources(name)
    html = told._repr_html_()
    for row in told.tables.itertuples():
        assert row.title in str(told)
        for address in row.source.split("; "):
            if address.startswith("http"):
                assert f'href="{address.replace("&", "&amp;")}"' in html


def test_a_long_table_is_folded_away_and_its_cells_lead_on():
    laid = hub.table(FRAME, "A table.", fold="All of it", links={"a-b": "a&b.html"})
    html = laid._repr_html_()
    assert html.startswith('<details class="hub-sources"><summary><span>All of it<')
    assert '<a href="a&amp;b.html">a-b</a>' in html
    assert html.count("<a ") == 1
    assert "<details" not in hub.table(FRAME, "A table.")._repr_html_()


def test_each_amendment_has_its_sentence_and_the_table_says_when_one_lacks():
    case = hub.Case.open("build-back-better")
    did = [f"sentence {k}" for k in range(len(case.plan.amendments))]
    table = hub.amendments_table(case, did)
    assert list(table["what it did"]) == did
    assert list(table.index) == [a.what for a in case.plan.amendments]
    with pytest.raises(hub.HubError, match="say one for each"):
        hub.amendments_table(case, did[:-1])
