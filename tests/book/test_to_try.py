"""Things to try, in Chromium, on a small page of their own: no build is needed.

What a page computes is the library's to a millionth; the Python that it gives runs and
gives what the page shows; keyboard, phone, dark and paper are thought of.
"""

import gzip
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

import hubanalysis as hub
from hubanalysis.inference.power import sizes_needed
from hubanalysis.show.calculator import SPREAD, detectable
from hubanalysis.show.since import growth_since
from hubanalysis.show.true_effect import chance_of
from tests.book import looks
from tests.book.little_page import write_page
from tools.book.chapters import ROOT
from tools.pages.browser import load
from tools.pages.serve import serve

LAYOUT = {"wide": 1200, "phone": 360}
each_width = pytest.mark.parametrize("width", LAYOUT.values(), ids=LAYOUT)


# --- what is tried -----------------------------------------------------------------

INDEX = pd.MultiIndex.from_product(
    [["filings", "output"], [1, 3, 99], [1, 3, 5]], names=["outcome", "before", "years"]
)
PRICES = pd.Series(np.linspace(11.3, 47.9, 18), INDEX)
PLACE = {"cost": 42e6, "paid": 5, "output": 71e9, "job": 123731.27}
START = {"outcome": "filings", "before": 3, "years": 3, "hubs": 12, "refused": 18}


def calculator():
    presets = {"Engines": {"hubs": 10, "refused": 6, "jobs": 62}}
    sizes = {"filings": 12584.5, "output": None}
    return hub.calculator(
        PRICES, START, PLACE, sizes, presets, title="It falls", alt="Lines that fall."
    )


LOT_OF = """
panel = hub.simulate_panel(units=16, periods=8, treated=3, start=5, effect={}, seed=4)
lot = hub.randomization_test(panel, hub.did)
"""


def lot_with(effect):
    names = {"hub": hub}
    exec(LOT_OF.format(effect), names)
    return names["lot"]


def deal(effect=0.4):
    who, what = "the real three", "Three of sixteen are drawn."
    return hub.deal(
        lot_with(effect), LOT_OF.format(effect), who, what, source="made up"
    )


WAYS = {"DiD": "hub.did", "synthetic DiD": "hub.synthetic_did"}
POOLS = {"all": "panel.donors", "few": "panel.donors[:6]"}
SPANS = {"1-9": "(1, 9)", "3-9": "(3, 9)"}
SPELLED = {"estimator": WAYS, "donors": POOLS, "window": SPANS}
PLANNED = {"estimator": "DiD", "donors": "all", "window": "1-9"}
RUN = """
import numpy as np
import hubanalysis as hub

panel = hub.simulate_panel(units=16, periods=9, treated=1, start=6, seed=3)
some = panel.keep([*panel.treated, *{donors}])
estimate = {estimator}(some.window(*{window}))
effect = 100 * np.expm1(estimate.att)
"""


def every_choice():
    """All eight choices, as the library answers them."""
    rows = []
    for names in itertools.product(WAYS, POOLS, SPANS):
        chosen, space = dict(zip(SPELLED, names)), {}
        words = {key: SPELLED[key][name] for key, name in chosen.items()}
        exec(RUN.format(**words), space)
        path = space["estimate"].path.set_index("period")["effect"]
        rows.append(chosen | {"effect": space["effect"]} | (100 * path).to_dict())
    return pd.DataFrame(rows)


def specifications():
    figure = hub.Figure(lambda ax: ax.plot([1, 2]), "Some", alt="Dots.")
    return hub.specifications(every_choice(), PLANNED, 5.5, RUN, SPELLED, figure)


TRIED = """
panel = hub.simulate_panel(units=16, periods=9, treated=3, start=6, seed=5)
ways = {"weighted": hub.synthetic_did, "plain": hub.did}
lot = hub.randomization_test(panel.window({first year}, 9), ways[{way}])
effect = 100 * np.expm1(lot.effect)
lower, upper = 100 * np.expm1(lot.interval())
"""
FIRST = {"from 1": "1", "from 4": "4"}
WAY = {"plain": "'plain'", "weighted": "'weighted'"}


def choices_with_a_test():
    """Four choices, each with what its test leaves."""
    rows = []
    for (years, first), (way, word) in itertools.product(FIRST.items(), WAY.items()):
        space = {"hub": hub, "np": np}
        exec(TRIED.replace("{first year}", first).replace("{way}", word), space)
        told = {name: space[name] for name in ("effect", "lower", "upper")}
        rows.append({"first year": years, "way": way} | told | {8: 0.0, 9: 1.0})
    return pd.DataFrame(rows)


def with_a_test():
    figure = hub.Figure(lambda ax: ax.plot([1, 2]), "Four", alt="Dots.")
    planned = {"first year": "from 1", "way": "plain"}
    run = f"import numpy as np\nimport hubanalysis as hub\n{TRIED}"
    spelled = {"first year": FIRST, "way": WAY}
    first = ("as drawn", "Back to what is drawn")
    return hub.specifications(
        choices_with_a_test(), planned, 8.5, run, spelled, figure, first=first
    )


YEARS = pd.DataFrame(
    {
        "chips": [4.0, 11.0, 7.0, 11.0, 8.0, 12.0],
        "the rest": [50.0, 51, 47, 57, 54, 56],
    },
    index=[2016, 2018, 2019, 2022, 2023, 2024],
)
MONTHS = pd.DataFrame(
    {"value": [3.0, 4.0, 9.0, 8.0], "weight": [1.0, 1.1, 1.2, 1.0]},
    index=pd.period_range("2021-11", periods=4, freq="M"),
)
SINCE = """
import numpy as np
from tests.book.test_to_try import YEARS

gap = np.log(YEARS["chips"] / YEARS["the rest"])
growth = 100 * np.expm1(gap.loc[2022:2024].mean() - gap[{base}])
"""
SINCE_MONTH = """
import pandas as pd
from tests.book.test_to_try import MONTHS

base, end = (pd.Period(month, "M") for month in ({base}, {end}))
growth = 100 * (MONTHS.loc[end] / MONTHS.loc[base] - 1)
"""


def since():
    years = [2022, 2023, 2024]
    pair, bases = ("chips", "the rest"), [2016, 2018, 2019]
    return hub.since(YEARS, 2016, years, SINCE, bases, pair, title="It depends")


def months():
    base = MONTHS.index[1]
    return hub.since(MONTHS, base, list(MONTHS.index), SINCE_MONTH, title="It rose")


FOUND = """
panel = hub.simulate_panel(units=40, periods=6, treated=2, start=4, noise={}, seed=0)
lot = hub.randomization_test(panel, hub.did)
"""


NOISE = {"quiet": 0.01, "loud": 0.02}


def true_effect():
    lots, runs = {}, {}
    for name, noise in NOISE.items():
        space = {"hub": hub}
        exec(FOUND.format(noise), space)
        lots[name,], runs[name,] = space["lot"], FOUND.format(noise)
    return hub.true_effect(lots, ["Places"], runs, "it had risen by")


CLAIMS = pd.DataFrame(
    {
        "kind": ["fact", "cause", "cause", "fact", "hope"],
        "verdict": ["holds", "not told", "in part", "not told", "not told"],
    },
    index=pd.Index(
        ["Å b", "Clusters grow", "Zones grow", "a <b>", "Grow"], name="claim"
    ),
)


def sift():
    table = hub.table(CLAIMS, "Five claims.", fold="All five")
    return hub.sift(table, ["kind", "verdict"], "claims", ["verdict"], "CLAIMS")


NORWAY = "panel = hub.Case.open('norwegian-tourism-cluster').panel()"
PANEL = hub.Case.open("norwegian-tourism-cluster").panel()


def pretend():
    return hub.pretend(PANEL, NORWAY, "the west", "cluster begins", 10, draws=200)


ROWS = pd.DataFrame(
    {
        "lower": [-3.0, -20.0, -np.inf],
        "upper": [4.0, 25.0, np.inf],
        "estimate": [1.0, 2.0, 30.0],
    },
    index=["jobs", "filings", "exports"],
)
PRINTED = pd.DataFrame(
    {"effect": [11.0, -19.4, 30.0], "beside": ["jobs", "", ""], "reading": "ruled out"},
    index=["Salta", "Bavaria", "Colonia"],
)


def against():
    ends = 1 + ROWS[["lower", "upper"]].clip(lower=-100) / 100
    python = {
        name: f"np.log([{low!r} or 1e-300, {high if high < 9 else 1e300!r}])"
        for name, low, high in ends.itertuples()
    }
    return hub.against(ROWS, PRINTED, python, title="Beside all", alt="Bars.")


MADE = {
    "against": against,
    "pretend": pretend,
    "sift": sift,
    "effect": true_effect,
    "calculator": calculator,
    "deal": deal,
    "deal-lost": lambda: deal(-0.7),
    "specifications": specifications,
    "specifications-tested": with_a_test,
    "since": since,
    "since-month": months,
}
KINDS = [
    "against",
    "calculator",
    "deal",
    "effect",
    "pretend",
    "specifications",
    "since",
]
each_kind = pytest.mark.parametrize("kind", KINDS)
each_room = pytest.mark.parametrize(
    "kind", [*KINDS, "since-month", "specifications-tested"]
)


# --- how it is looked at -----------------------------------------------------------


class Boxes:
    """A list to tick, as the build writes it."""

    def _repr_mimebundle_(self):
        box = '<input class="task-list-item-checkbox" type="checkbox">'
        items = (
            f"<li><label>{box} {words}</label></li>" for words in ("Ask.", "Draw.")
        )
        return ({"text/html": f"<ul>{''.join(items)}</ul>"},)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("try")
    for kind, make in MADE.items():
        write_page(folder, [make()], kind)
    write_page(folder, [Boxes()], "boxes")
    (folder / "favicon.ico").touch()
    return folder


@pytest.fixture(scope="module")
def little(folder):
    with serve(folder) as root:
        yield root


@pytest.fixture
def opened(browser, little):
    tabs = []

    def open_page(kind, width=1200, asked="", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            is_mobile=width < 500,
            java_script_enabled=scripts,
        )
        tab = context.new_page()
        tab.faults = []
        tab.on("console", lambda said: tab.faults.append(said.text))
        tab.on("pageerror", lambda error: tab.faults.append(str(error)))
        address = f"{little}/{kind}.html{asked}"
        load(tab, address) if scripts else tab.goto(address)
        tabs.append(context)
        return tab

    yield open_page
    for context in tabs:
        context.close()


def put(tab, kind, state=None, get="result"):
    """Put a state into the element and read what it computes."""
    return tab.evaluate(
        "([kind, state, get]) => { const e = document.querySelector('hub-' + kind);"
        "e.put(state); return e[get]; }",
        [kind, state or {}, get],
    )


def python_of(tab, kind):
    """Run the Python that the page gives for the state shown; return its names."""
    text = tab.evaluate(
        f"document.querySelector('hub-{kind} .hub-python code').textContent"
    )
    names = {}
    exec(text, names)
    return names


def sentence(tab, kind):
    return tab.inner_text(f"hub-{kind} .hub-says >> nth=0")


# --- every kind --------------------------------------------------------------------


@each_kind
@each_width
def test_nothing_is_complained_of_and_nothing_is_too_wide(opened, kind, width):
    tab = opened(kind, width)
    assert tab.faults == []
    assert tab.evaluate(looks.OVERFLOW) is None


@each_kind
@each_width
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(opened, kind, width, theme):
    tab = opened(kind, width)
    tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    rules = {"target-size": {"enabled": True}}
    found = Axe().run(tab, options={"resultTypes": ["violations"], "rules": rules})
    faults = [(f["id"], f["nodes"][0]["html"]) for f in found.response["violations"]]
    assert faults == []


@each_kind
def test_focus_is_seen_on_every_control(opened, kind):
    tab = opened(kind)
    assert tab.evaluate(looks.UNSEEN_FOCUS) == []


@each_room
@each_width
def test_nothing_jumps_when_the_script_arrives(opened, kind, width):
    tall = "document.querySelector('.hub-try').offsetHeight"
    late = opened(kind, width)
    # As before the script: the element without what it adds.
    before = late.evaluate(
        "(() => { const e = document.querySelector('.hub-try');"
        "const live = e.querySelector('.hub-live'); live.remove();"
        f"const h = {tall}; e.append(live); return h; }})()"
    )
    assert before == late.evaluate(tall)


@each_kind
def test_without_a_script_the_static_figure_is_shown(opened, kind):
    tab = opened(kind, scripts=False)
    assert tab.locator(".hub-static").is_visible()
    assert tab.locator(".hub-live").count() == 0


@each_kind
def test_paper_shows_the_static_figure(opened, kind):
    tab = opened(kind)
    tab.emulate_media(media="print")
    assert tab.locator(".hub-static").is_visible()
    assert not tab.locator(".hub-live").is_visible()


@each_kind
def test_the_sentence_is_read_aloud_and_names_the_picture(opened, kind):
    tab = opened(kind)
    assert tab.get_attribute(f"hub-{kind} .hub-says >> nth=0", "role") == "status"
    label = tab.get_attribute(f"hub-{kind} .hub-picture svg", "aria-label")
    assert label.split() == sentence(tab, kind).split()


@each_kind
def test_it_works_in_a_copy_on_disk(browser, folder, kind):
    tab = browser.new_page()
    tab.goto((folder / f"{kind}.html").as_uri())
    assert tab.locator(".hub-live .hub-says").first.inner_text()
    tab.close()


def test_all_scripts_together_are_small():
    scripts = b"".join(p.read_bytes() for p in sorted(ROOT.glob("assets/try/*.js")))
    assert len(gzip.compress(scripts)) < 25_000


# Python writes numbers for the prose, JavaScript for what moves: both the same.
def test_a_number_is_written_as_the_library_writes_it(opened):
    tab = opened("calculator")
    rng = np.random.default_rng(0)
    values = [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.125, 0.25, -0.04, 999.5, 1234567.891]
    values += rng.normal(0, 300, 300).tolist()
    cases = list(itertools.product(values, (0, 1, 2), (False, True)))
    written = tab.evaluate(
        "cases => cases.map(one => hubTry.number(...one))",
        [list(case) for case in cases],
    )
    assert written == [hub.number_text(*case) for case in cases]


def test_what_was_ticked_stays_ticked(opened):
    tab = opened("boxes")
    tab.get_by_label("Draw.").check()
    tab.reload()
    assert tab.get_by_label("Draw.").is_checked()
    assert not tab.get_by_label("Ask.").is_checked()
    assert tab.faults == []


# --- the calculator ----------------------------------------------------------------

DESIGNS = [
    {"outcome": outcome, "before": before, "years": years, "hubs": k, "refused": n}
    for outcome, before, years in (*INDEX[::4], ("own", 3, 3))
    for k, n in ((3, 3), (12, 18), (60, 300))
]
MONEY = {"cost": 25.5, "paid": 4, "output": 8.25, "jobs": 1300, "sd": 7.5}


def expected(design):
    k, n = design["hubs"], design["refused"]
    key = tuple(design[name] for name in INDEX.names)
    price = SPREAD * 7.5 if design["outcome"] == "own" else PRICES[key]
    effect = detectable(price, k, n)
    one_refused = effect - detectable(price, k, n + 1)
    one_hub = effect - detectable(price, k + 1, n)
    return {
        "effect": effect,
        "oneRefused": one_refused,
        "oneHub": one_hub,
        "worth": 25.5 * one_refused / one_hub,
        "pays": 100 * 25.5e6 / 4 / 8.25e9,
        "claimed": 100 * 1300 * PLACE["job"] / 8.25e9,
    }


def test_the_calculator_gives_what_the_library_gives(opened):
    tab = opened("calculator")
    for design in DESIGNS:
        found = put(tab, "calculator", design | MONEY)
        assert found == pytest.approx(expected(design), rel=1e-6), design


def test_its_python_gives_what_it_shows(opened):
    tab = opened("calculator")
    for design in DESIGNS[::4]:
        found = put(tab, "calculator", design | MONEY)
        names = python_of(tab, "calculator")
        assert names["effect"] == pytest.approx(found["effect"])
        assert names["pays"] == pytest.approx(found["pays"])
        assert names["claimed"] == pytest.approx(found["claimed"])
        assert names["worth"] == pytest.approx(1e6 * found["worth"])


def test_it_starts_where_the_chapter_stands(opened):
    tab = opened("calculator")
    effect = PRICES["filings", 3, 3] * math.sqrt(1 / 12 + 1 / 18)
    assert sentence(tab, "calculator").startswith(hub.number_text(effect, 1) + "% ")


def test_the_keyboard_moves_it_and_the_address_keeps_it(opened):
    tab = opened("calculator")
    slider = tab.get_by_label("Refused applicants followed")
    slider.focus()
    slider.press("ArrowRight")
    assert "19 refused applicants" in sentence(tab, "calculator")
    assert "refused=19" in tab.url
    shared = opened("calculator", asked="?" + tab.url.partition("?")[2])
    assert sentence(shared, "calculator") == sentence(tab, "calculator")


def test_an_address_that_makes_no_sense_changes_nothing(opened):
    asked = "?hubs=many&outcome=%3Cb%3E&refused=&cost=-3&before=2&years=3"
    tab = opened("calculator", asked=asked)
    assert sentence(tab, "calculator") == sentence(opened("calculator"), "calculator")
    assert tab.faults == []


@each_width
def test_no_state_of_it_moves_what_follows(opened, width):
    tab = opened("calculator", width)
    tall = "document.querySelector('.hub-try').offsetHeight"
    first = tab.evaluate(tall)
    for design in DESIGNS[::4]:
        put(tab, "calculator", design | MONEY)
        assert tab.evaluate(tall) == first, design


def test_a_preset_sets_all_that_belongs_to_it(opened):
    tab = opened("calculator")
    tab.get_by_label("Jobs claimed").fill("5000")
    tab.get_by_role("button", name="Engines").click()
    state = put(tab, "calculator", get="state")
    assert (state["hubs"], state["refused"], state["jobs"]) == (10, 6, 62)


def test_only_an_outcome_of_ones_own_asks_for_its_spread(opened):
    tab = opened("calculator")
    field = tab.get_by_label("Own outcome")
    assert field.is_disabled()
    tab.get_by_label("one of my own").check()
    field.fill("10")
    found = put(tab, "calculator")["effect"]
    assert found == pytest.approx(10 * SPREAD * math.sqrt(1 / 12 + 1 / 18))


# --- lots to deal ------------------------------------------------------------------


def dealt(tab, goal):
    """Deal up to so many lots, without the motion."""
    tab.emulate_media(reduced_motion="reduce")
    tab.evaluate("goal => document.querySelector('hub-deal').deal(goal)", goal)
    return put(tab, "deal")


@pytest.mark.parametrize("effect", [0.4, -0.7])
def test_all_lots_dealt_count_what_the_library_counts(opened, effect):
    lot = lot_with(effect)
    assert np.sign(lot.observed) == np.sign(effect)
    found = dealt(opened("deal" if effect > 0 else "deal-lost"), 10**6)
    assert found["dealt"] == len(lot.estimates)
    own = lot.p_gain if effect > 0 else lot.p_loss
    assert found["own"] == pytest.approx(own)
    assert found["own"] + found["other"] == pytest.approx(lot.p_value)


@pytest.mark.parametrize("goal", [1, 7, 120, 560])
def test_its_python_counts_the_same_lots(opened, goal):
    tab = opened("deal")
    found = dealt(tab, goal)
    names = python_of(tab, "deal")
    assert len(names["dealt"]) == found["dealt"] == goal
    assert names["own"] == pytest.approx(found["own"])
    assert names["other"] == pytest.approx(found["other"])


def test_a_lot_is_named_by_its_places(opened):
    tab, lot = opened("deal"), lot_with(0.4)
    dealt(tab, 5)
    last = python_of(tab, "deal")["dealt"][-1]
    who = lot.panel.units[lot.starts[last] < lot.starts[last].max()]
    effect = 100 * math.expm1(lot.estimates[last])
    said = f"The last: {', '.join(map(str, who))}, {effect:+.0f}%.".replace("-", "−")
    assert sentence(tab, "deal").endswith(said)


def test_a_fold_that_opens_widens_no_page(opened):
    tab = opened("pretend")
    tab.locator("hub-pretend .hub-fold > summary").click()
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


# As the pages put it around what a chapter shows.
CAPTIONED = """name => {
  const thing = document.querySelector("hub-" + name);
  const figure = document.createElement("figure");
  thing.replaceWith(figure);
  figure.innerHTML = "<figcaption><span class='caption-text'><strong>The chapter's."
    + "</strong></span></figcaption>";
  figure.append(thing);
}"""


def test_a_title_follows_what_a_reader_sets(opened):
    tab, title = opened("pretend"), "figcaption strong"
    tab.evaluate(CAPTIONED, "pretend")
    put(tab, "pretend", {"start": 2003})
    assert "pretended for 2003" in tab.inner_text(title)
    put(tab, "pretend", {"start": 2010})
    assert tab.inner_text(title) == "The chapter's."


def test_a_title_tells_no_count_before_a_lot_is_dealt(opened):
    tab, title = opened("deal"), "figcaption strong"
    tab.evaluate(CAPTIONED, "deal")
    dealt(tab, 10)
    assert tab.inner_text(title).startswith("Of 10 lots ")
    dealt(tab, 10**6)
    assert tab.inner_text(title).startswith("Of all 560 lots ")
    dealt(tab, 0)
    assert tab.inner_text(title) == "Guess first, then deal."


def test_one_guesses_before_all_are_dealt(opened):
    tab = opened("deal")
    tab.emulate_media(reduced_motion="reduce")
    button = tab.get_by_role("button", name="Deal all 560 lots")
    assert button.is_disabled()
    slider = tab.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    button.press("Enter")
    own = hub.number_text(100 * lot_with(0.4).p_gain)
    assert sentence(tab, "deal").startswith(f"You guessed 1 in 100. It is {own}.")


def test_a_script_that_does_not_come_leaves_the_figure(browser, little):
    tab = browser.new_page()
    tab.route("**/try/*.js", lambda route: route.abort())
    tab.goto(f"{little}/deal.html")
    assert tab.locator(".hub-static").is_visible()
    tab.close()


def test_how_many_lie_as_far_out_stands_on_the_side_where_they_are(opened):
    for kind, lost in (("deal", False), ("deal-lost", True)):
        tab = opened(kind)
        dealt(tab, 10**6)
        words = tab.locator("hub-deal svg text", has_text="in 100").all()
        own = next(one for one in words if "hub-teal" in one.get_attribute("style"))
        assert own.get_attribute("text-anchor") == ("end" if lost else "start")


# --- every choice ------------------------------------------------------------------


def test_each_choice_gives_what_the_library_gives(opened):
    tab, table = opened("specifications"), every_choice()
    for _, row in table.iterrows():
        found = put(tab, "specifications", row[list(SPELLED)].to_dict())
        assert found["effect"] == pytest.approx(row["effect"], rel=1e-6)
        path = dict(found["path"])
        assert path[9] == pytest.approx(row[9], abs=1e-4)
        alone = table[(table[list(SPELLED)] != row[list(SPELLED)]).sum(axis=1) == 1]
        turning = alone[alone["effect"] * row["effect"] < 0]
        assert len(found["turning"]) == len(turning)


def test_the_python_of_each_choice_gives_it(opened):
    tab = opened("specifications")
    for names in itertools.product(WAYS, POOLS, SPANS):
        found = put(tab, "specifications", dict(zip(SPELLED, names)))
        effect = python_of(tab, "specifications")["effect"]
        assert effect == pytest.approx(found["effect"], rel=1e-6)


def test_it_starts_with_the_plans_choice_and_comes_back_to_it(opened):
    tab = opened("specifications")
    first = sentence(tab, "specifications")
    assert "as planned" in first
    tab.get_by_role("radio", name="few").press("Space")
    assert "donors few" in sentence(tab, "specifications")
    tab.get_by_role("button", name="Back to the plan").click()
    assert sentence(tab, "specifications") == first
    assert tab.get_by_role("radio", name="all").is_checked()


def test_a_key_says_what_the_dots_are_without_their_colours(opened):
    key = opened("specifications").inner_text(".hub-hint")
    assert key.startswith("Large dot: your choice. Full dots")


def test_a_choice_with_a_test_says_what_fits(opened):
    tab = opened("specifications-tested")
    assert "plain, as drawn. Anything from " in sentence(tab, "specifications")
    for row in choices_with_a_test().to_dict("records"):
        state = {name: row[name] for name in ("first year", "way")}
        found = put(tab, "specifications", state)
        names = python_of(tab, "specifications")
        for name in ("effect", "lower", "upper"):
            assert found[name] == pytest.approx(row[name], abs=1e-6)
            assert names[name] == pytest.approx(row[name])
    tab.get_by_role("button", name="Back to what is drawn").click()
    assert "as drawn" in sentence(tab, "specifications")


# --- since a base ------------------------------------------------------------------


@pytest.mark.parametrize("base", [2016, 2018, 2019])
def test_from_each_base_growth_is_the_librarys(opened, base):
    tab = opened("since")
    found = put(tab, "since", {"base": YEARS.index.get_loc(base)})
    wanted = growth_since(YEARS, base, [2022, 2023, 2024], ("chips", "the rest"))
    assert found == pytest.approx(wanted.to_dict(), rel=1e-6)
    assert python_of(tab, "since")["growth"] == pytest.approx(found["difference"])


def test_from_month_to_month_as_well(opened):
    tab = opened("since-month")
    for base, end in ((0, 2), (1, 3), (0, 1)):
        found = put(tab, "since", {"base": base, "end": end})
        wanted = growth_since(MONTHS, MONTHS.index[base], [MONTHS.index[end]])
        assert found == pytest.approx(wanted.to_dict(), rel=1e-6)
        growth = python_of(tab, "since")["growth"]
        assert growth.to_dict() == pytest.approx(found)


@pytest.mark.parametrize(
    ("state", "kept"), [({"base": 2, "end": 1}, [0, 1]), ({"base": 2}, [2, 3])]
)
def test_growth_is_counted_forwards_only(opened, state, kept):
    tab = opened("since-month")
    put(tab, "since", {"base": 0, "end": 1})
    put(tab, "since", state)
    assert list(put(tab, "since", get="state").values()) == kept
    assert tab.faults == []


def test_another_base_turns_the_sentence(opened):
    tab = opened("since")
    assert "gained" in sentence(tab, "since")
    slider = tab.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    assert sentence(tab, "since").startswith("From 2018 chips lost")


# --- a true effect -----------------------------------------------------------------


@pytest.mark.parametrize("places", ["quiet", "loud"])
def test_a_supposed_effect_is_found_as_often_as_the_library_says(opened, places):
    tab = opened("effect")
    space = {"hub": hub}
    exec(FOUND.format(NOISE[places]), space)
    lot = space["lot"]
    needed = sizes_needed(lot)
    for effect in np.linspace(0, true_effect().data["most"], 9).round(1):
        found = put(tab, "effect", {"Places": places, "effect": float(effect)})
        assert found["chance"] == pytest.approx(chance_of(needed, effect), abs=1e-6)
        wanted = 100 * np.expm1([*lot.interval(), lot.effect])
        told = [found[name] for name in ("low", "high", "estimate")]
        assert told == pytest.approx(wanted, abs=1e-6)


def test_its_python_finds_it_as_often(opened):
    tab = opened("effect")
    for places, effect in (("quiet", 1.5), ("loud", 4.0)):
        found = put(tab, "effect", {"Places": places, "effect": effect})
        names = python_of(tab, "effect")
        assert names["chance"] == pytest.approx(found["chance"])
        for name in ("low", "high", "estimate"):
            assert names[name] == pytest.approx(found[name])


# --- a long table ------------------------------------------------------------------

SIFTED = [
    {},
    {"kind": "cause"},
    {"kind": "fact", "verdict": "not told"},
    {"kind": "hope", "verdict": "holds"},
    {"words": "gROw cl"},
    {"sort": "verdict"},
    {"kind": "cause", "words": "grow", "sort": "verdict"},
    {"words": "<b>"},
]
CLEAR = {"kind": "", "verdict": "", "words": "", "sort": ""}


@pytest.mark.parametrize("state", SIFTED, ids=str)
def test_the_rows_that_stay_are_those_of_its_python(opened, state):
    tab = opened("sift")
    tab.locator("summary").first.click()
    places = put(tab, "sift", CLEAR | state)["places"]
    text = tab.evaluate("document.querySelector('.hub-python code').textContent")
    names = {"CLAIMS": CLAIMS}
    exec(text, names)
    assert names["shown"].index.tolist() == places
    seen = tab.locator("tbody tr:visible th").all_inner_texts()
    assert seen == CLAIMS.index[places].tolist()
    assert sentence(tab, "sift") == f"{len(places)} of 5 claims."


def test_a_table_is_whole_without_a_script_and_on_paper(opened):
    tab = opened("sift", scripts=False)
    tab.locator("summary").first.click()
    assert tab.locator("tbody tr:visible").count() == 5
    tab = opened("sift")
    tab.locator("summary").first.click()
    put(tab, "sift", {"kind": "hope"})
    assert tab.locator("tbody tr:visible").count() == 1
    tab.emulate_media(media="print")
    assert tab.locator("tbody tr:visible").count() == 5


def test_a_button_shows_all_again(opened):
    tab = opened("sift")
    tab.locator("summary").first.click()
    again = tab.get_by_role("button", name="Show all")
    assert again.is_disabled()
    tab.get_by_label("Kind").select_option("hope")
    again.click()
    assert sentence(tab, "sift") == "5 of 5 claims."
    assert tab.get_by_label("Kind").input_value() == ""
    assert again.is_disabled()


def test_the_keyboard_filters_it(opened):
    tab = opened("sift", 360)
    tab.locator("summary").first.click()
    tab.get_by_label("Kind").focus()
    tab.keyboard.type("hope")
    assert sentence(tab, "sift") == "1 of 5 claims."
    assert tab.faults == []
    assert tab.evaluate(looks.OVERFLOW) is None
    found = Axe().run(tab, options={"resultTypes": ["violations"]})
    assert [f["id"] for f in found.response["violations"]] == []


# --- another start, other donors, another estimator --------------------------------

DONORS = list(PANEL.donors)
OUT = [[], ["Oslo"], ["Buskerud"], DONORS[::2], DONORS[:8], DONORS[:11], DONORS[3:]]


def at(start):
    return PANEL if start == 2010 else PANEL.backdate(start)


@pytest.mark.parametrize("name", ["did", "synthetic_control", "synthetic_did"])
def test_the_small_estimators_are_the_librarys(opened, name):
    tab = opened("pretend")
    for start, out in itertools.product((1996, 1999, 2005, 2008, 2010), OUT):
        state = {"start": start, "estimator": name, "out": out}
        found = put(tab, "pretend", state)
        wanted = getattr(hub, name)(at(start).drop(out))
        assert found["att"] == pytest.approx(wanted.att, abs=1e-6), state
        path = wanted.path.set_index("period")["effect"]
        assert found["path"] == pytest.approx(path.tolist(), abs=1e-6), state


def test_the_python_of_an_estimate_gives_it(opened):
    tab = opened("pretend")
    for start, name, out in (
        (2010, "did", []),
        (2005, "synthetic_did", ["Oslo", "Troms"]),
        (1999, "synthetic_control", DONORS[:9]),
    ):
        state = {"start": start, "estimator": name, "out": out}
        found = put(tab, "pretend", state)
        names = python_of(tab, "pretend")
        assert names["estimate"].att == pytest.approx(found["att"], abs=1e-6)
        if not out:
            assert names["lot"].p_value == pytest.approx(found["chance"]["p"])


def test_it_starts_with_the_plain_estimate_of_the_chapter(opened):
    tab = opened("pretend")
    effect = hub.effect_text(hub.did(PANEL).att, digits=1)
    assert f": {effect}." in sentence(tab, "pretend")


@pytest.mark.parametrize("start", [2003, 2005, 2010])
@pytest.mark.parametrize("name", ["did", "synthetic_did"])
def test_a_pretended_start_is_judged_by_chance_and_not_by_size(opened, name, start):
    tab = opened("pretend")
    put(tab, "pretend", {"start": start, "estimator": name, "out": []})
    p = hub.randomization_test(at(start), getattr(hub, name), draws=200).p_value
    said = tab.inner_text("hub-pretend .hub-says")
    assert (
        f"in {'only ' if p <= 0.05 and start < 2010 else ''}{100 * p:.0f} lot" in said
    )
    assert f"(p = {hub.p_text(p)})" in said
    assert (" no false alarm." in said) == (p > 0.05 and start < 2010)
    assert (" a false alarm." in said) == (p <= 0.05 and start < 2010)


def test_with_some_left_out_chance_is_left_to_the_python(opened):
    tab = opened("pretend")
    found = put(tab, "pretend", {"start": 2003, "out": DONORS[:1]})
    assert found.get("chance") is None
    said = tab.inner_text("hub-pretend .hub-says")
    assert "alarm" not in said
    assert f"with all {len(DONORS)} in" in said


def test_three_donors_are_kept(opened):
    tab = opened("pretend")
    found = put(tab, "pretend", {"out": DONORS})
    assert len(found["kept"]) == 3
    tab.get_by_text(f"Compared with 3 of {len(DONORS)}").click()
    boxes = tab.get_by_role("checkbox")
    assert sum(box.is_checked() for box in boxes.all()) == 3


# --- effects in print --------------------------------------------------------------


@pytest.mark.parametrize("effect", [-90, -19.4, -3, 0, 4, 4.5, 24, 300])
def test_an_effect_lies_outside_where_the_library_says_so(opened, effect):
    tab = opened("against")
    found = put(tab, "against", {"effect": effect})["outside"]
    assert (
        found
        == ROWS.index[(ROWS["lower"] > effect) | (ROWS["upper"] < effect)].tolist()
    )
    if effect not in (-3, 4):  # at an end the last digit decides
        assert python_of(tab, "against")["outside"] == found


def test_a_work_says_whether_a_plan_set_it_beside_an_outcome(opened):
    tab = opened("against")
    beside = "hub-against .hub-second"
    assert 'beside jobs: there it is said to be "ruled out"' in tab.inner_text(beside)
    tab.get_by_label("An effect in print").select_option("2")
    assert "no verdict" in tab.inner_text(beside)
    assert put(tab, "against")["effect"] == 30
    tab.get_by_label("any other effect").fill("3")
    assert "of your own" in tab.inner_text(beside)
    assert sentence(tab, "against").startswith("+3.0% lies outside what fits in 0 of 3")
