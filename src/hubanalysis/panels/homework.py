"""A region for each student, with a truth that those who mark can work out."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.refusals import HubError, check_name

# The environment variable that holds the course's secret, and the folder beside a lab
# that holds the figures handed out to those who do not have it.
SECRET = "HUB_COURSE_SECRET"
FIGURES = "figures"

_NAMES = """
    Aldvik Berg Corran Dunmore Elsk Fallon Grenna Hale Ister Jorvik Kells Lunde Moss
    Narva Osterby Pell Quay Rosen Selby Tarn Ulm Vesle Wick Yarrow Zell Arden Bray
    Cove Dale Eide Fens Glen Holt Inver Jura Kirk Leven Mora Nes Oban Pine Rye Skara
    Torp Usk Vale Wells Ystad Alta Bodo Clun Dell Ely Fyn Gath Hove Ilk Jell Keld
    Lom Mere Nore Orsa Penn Rauma Stord Tana Ure Voss Wye Yell Zenn
"""
PLACES = _NAMES.split()


@dataclass(frozen=True, eq=False, repr=False)
class Homework(Facts):
    """One student's figures for one lab.

    Attributes
    ----------
    student, lab : str
    panel : Panel
        The figures: logs of jobs, by place and year.
    told : dict
        What the student is told besides, by name; the lab's text explains each.
    truth : dict
        What was planted. Empty in figures that were handed out.

    Examples
    --------
    >>> from hubanalysis.panels.homework import make
    >>> sorted(make("ida", "did-trap", "a secret").told)
    ['closed', 'hub', 'joined_later']
    """

    student: str
    lab: str
    panel: Panel
    told: dict[str, object]
    truth: dict[str, float] = field(default_factory=dict)

    def summary(self) -> pd.DataFrame:
        """Return what the student is told as a short table."""
        periods = self.panel.periods
        facts = {
            "lab": f"{self.lab}, for {self.student}",
            "places": str(len(self.panel.units)),
            "years": f"{periods[0]} to {periods[-1]}",
        }
        facts |= {name.replace("_", " "): str(f) for name, f in self.told.items()}
        return pd.DataFrame({"value": facts}).rename_axis("homework")

    def to_json(self) -> str:
        """Write what is handed out: the figures and what is told, not the truth."""
        frame = self.panel.frame
        return json.dumps(
            {
                "student": self.student,
                "lab": self.lab,
                "told": self.told,
                "first_treated": self.panel.first_treated,
                "years": frame.columns.tolist(),
                "places": dict(zip(frame.index, frame.to_numpy().tolist())),
            }
        )


def homework(student: str, lab: str, figures: str | Path = FIGURES) -> Homework:
    """Fetch the figures that belong to one student in one lab.

    With the course's secret, in the environment variable ``HUB_COURSE_SECRET``, they
    are made from secret, lab and student, always the same ones, and the truth is
    known; so do those who mark. Without it they are read from the folder that came with
    the lab.

    Parameters
    ----------
    student : str
        As on the course's list; case and spaces around it do not matter.
    lab : str
        "did-trap", "counting-chance", "mix-of-donors", "staggered-dates" or
        "power-before".
    figures : str or Path
        The folder that came with the lab.

    Returns
    -------
    Homework
        With `panel`, in logs, and `told`.

    Raises
    ------
    HubError
        If there is no such lab, or there are no figures for this student.

    Examples
    --------
    >>> import os, hubanalysis as hub
    >>> os.environ["HUB_COURSE_SECRET"] = "for this example only"
    >>> mine = hub.homework("Ida ", "did-trap")
    >>> mine.panel.frame.equals(hub.homework("ida", "did-trap").panel.frame)
    True
    >>> del os.environ["HUB_COURSE_SECRET"]
    """
    check_name(lab, LABS, "lab")
    student = as_student(student)
    if secret := os.environ.get(SECRET, ""):
        return make(student, lab, secret)
    path = Path(figures) / file_name(student, lab)
    if not path.is_file():
        raise HubError(
            f"there are no figures for student {student!r} in {Path(figures)}. Write "
            "the id as on the course's list, and keep the folder that came with the "
            f"lab beside the notebook. (Those who teach set {SECRET}.)"
        )
    try:
        return _read(path.read_text("utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HubError(
            f"{path} was changed or cut short and cannot be read ({error}). Take it "
            "again from the lab's zip file."
        ) from None


def as_student(student: object) -> str:
    """Bring an id into the one form by which it is known; refuse what is none."""
    text = " ".join(str(student).split()).casefold() if _is_id(student) else ""
    if not text:
        raise HubError(
            f"student must be your id on the course's list, such as 'ida', not "
            f"{student!r}."
        )
    return text


def file_name(student: str, lab: str) -> str:
    """Name the file of a student's figures, so that a folder of them lists nobody."""
    known = f"{lab}:{as_student(student)}".encode()
    return hashlib.sha256(known).hexdigest()[:20] + ".json"


def make(student: str, lab: str, secret: str) -> Homework:
    """Make one student's figures and their truth from the course's secret."""
    check_name(lab, LABS, "lab")
    student = as_student(student)
    key = hmac.new(secret.encode(), f"{lab}:{student}".encode(), "sha256").digest()
    rng = np.random.default_rng(int.from_bytes(key, "big"))
    frame, starts, told, truth = LABS[lab](rng)
    # Figures as they are handed out: an answer must not hang on digits nobody sees.
    panel = Panel.from_wide(frame.round(5), starts, "log jobs")
    return Homework(student, lab, panel, told, truth)


def _is_id(student: object) -> bool:
    return isinstance(student, str | int) and not isinstance(student, bool)


def _read(text: str) -> Homework:
    given = json.loads(text)
    rows = np.array(list(given["places"].values()), dtype=float)
    index = pd.Index(list(given["places"]), name="place")
    frame = pd.DataFrame(rows, index, pd.Index(given["years"], name="year"))
    panel = Panel.from_wide(frame, given["first_treated"], "log jobs")
    return Homework(given["student"], given["lab"], panel, given["told"])


# -- one maker for each lab -----------------------------------------------------------

Made = tuple[pd.DataFrame, Mapping, dict[str, object], dict[str, float]]


def _did_trap(rng: np.random.Generator) -> Made:
    """Everybody grows; a donor joins later; the hub's works close near the end."""
    frame = _parallel(rng, places=int(rng.integers(9, 13)), years=range(2008, 2020))
    hub, other = rng.choice(frame.index, 2, replace=False).tolist()
    effect, closure = _either(rng, 0.08, 0.15), -rng.uniform(0.35, 0.5)
    frame.loc[hub, 2014:] += effect
    frame.loc[hub, 2018:] += closure
    # Down where growth goes up, so that no two mistakes lead to the same answer.
    frame.loc[other, 2015:] -= rng.uniform(0.5, 0.7)
    told = {"hub": hub, "joined_later": other, "closed": 2018}
    return frame, {hub: 2014}, told, {"effect": effect}


def _counting_chance(rng: np.random.Generator) -> Made:
    """A hub as far out as two or three others, two of which are losers."""
    sizes = ((14, 16, 18), (24, 27, 30), (60, 64, 68))[rng.integers(3)]
    places = int(rng.choice(sizes))
    wanted = 3 if places >= 60 else int(rng.integers(3, 5))
    while True:
        frame = _parallel(rng, places, range(2010, 2018), noise=0.06)
        values = frame.to_numpy(copy=True)
        hub, effect = int(rng.integers(places)), rng.uniform(0.02, 0.18)
        values[hub, 4:] += effect
        change = values[:, 4:].mean(axis=1) - values[:, :4].mean(axis=1)
        gap = change - change.mean()
        farther = np.delete(gap, hub)
        # Nobody so near to the hub that rounding decides who is farther out.
        clear = (np.abs(np.abs(farther) - gap[hub]) > 0.001).all()
        count = int((np.abs(gap) >= gap[hub]).sum())
        if clear and count == wanted and (farther <= -gap[hub]).sum() == 2:
            break
    name = str(frame.index[hub])
    made = pd.DataFrame(values, frame.index, frame.columns)
    return made, {name: 2014}, {"hub": name}, {"effect": effect}


def _mix_of_donors(rng: np.random.Generator) -> Made:
    """A hub that moves as a mix of the three largest, and a twin that joins later."""
    frame = _parallel(rng, 14, range(2003, 2020), noise=0.004)
    large = frame.mean(axis=1).nlargest(3).index.tolist()
    others = [place for place in frame.index if place not in large]
    hub, twin = rng.choice(others, 2, replace=False).tolist()
    frame.loc[large] += 0.5
    walks = rng.normal(0, 0.035, (2, frame.shape[1])).cumsum(axis=1)
    frame += rng.uniform(-1, 1, (len(frame), 2)) @ walks
    # The twin shares what is the hub's own, so that a mix with it fits too well.
    own = rng.normal(0, 0.02, frame.shape[1])
    frame.loc[hub] = rng.dirichlet([8, 8, 8]) @ frame.loc[large] + own
    frame.loc[twin] = frame.loc[hub] + rng.normal(0, 0.002, frame.shape[1])
    effect = _either(rng, 0.10, 0.18)
    frame.loc[hub, 2014:] += effect
    frame.loc[twin, 2015:] += rng.uniform(0.3, 0.4)
    return frame, {hub: 2014}, {"hub": hub, "joined_later": twin}, {"effect": effect}


def _staggered_dates(rng: np.random.Generator) -> Made:
    """Two waves whose effects grow, and a place that had begun before the figures."""
    sizes = rng.integers([5, 4, 7], [8, 7, 10])
    dates = (int(rng.integers(2010, 2012)), int(rng.integers(2014, 2016)))
    frame = _parallel(rng, int(sizes.sum()) + 1, range(2008, 2020), noise=0.006)
    order = rng.permutation(frame.index).tolist()
    starts = {
        place: dates[int(i >= sizes[0])]
        for i, place in enumerate(order[: sizes[:2].sum()])
    }
    slope, cells = _either(rng, 0.03, 0.05), []
    for place, start in starts.items():
        yearly = slope * (1.4 if start == dates[0] else 0.7)
        grown = yearly * np.arange(1, 2020 - start + 1)
        frame.loc[place, start:] += grown
        cells += grown.tolist()
    # The other way, so that no two mistakes lead to the same answer.
    frame.loc[order[-1]] -= 5 * slope * np.arange(5, 17)
    told = {"began_before": order[-1]}
    return frame, starts, told, {"effect": float(np.mean(cells))}


def _power_before(rng: np.random.Generator) -> Made:
    """A history without a programme, and one that is promised."""
    noise, step = rng.uniform(0.03, 0.06), 0.005
    frame = _parallel(rng, 40, range(2006, 2020), noise=noise)
    frame += rng.normal(0, step, frame.shape).cumsum(axis=1)
    hubs = int(rng.integers(5, 9))
    refused = hubs + int(rng.integers(3, 8))
    change = frame.loc[:, 2017:].mean(axis=1) - frame.loc[:, 2014:2016].mean(axis=1)
    seen = 2.8 * change.std() * math.sqrt(1 / hubs + 1 / refused)
    # Neither answer is a close call: half or less, or half as much again.
    ratio = rng.choice([rng.uniform(0.45, 0.6), rng.uniform(1.5, 1.8)])
    promised = round(float(ratio * seen), 3)
    told: dict[str, object]
    told = {"hubs": hubs, "refused": refused, "promised": promised}
    # Of a change between three-year means: of six years' noise, and of the steps that
    # lie between them, which count by 1/3, 2/3, 1, 2/3 and 1/3.
    truth = math.sqrt(noise**2 * 2 / 3 + step**2 * 19 / 9)
    return frame, {}, told, {"noise": truth}


def _parallel(
    rng: np.random.Generator, places: int, years: range, noise: float = 0.015
) -> pd.DataFrame:
    """Draw places that differ in size and share their ups and downs, in logs."""
    size = rng.normal(9.5, 0.6, (places, 1))
    growth = 0.03 * np.arange(len(years)) + rng.normal(0, 0.01, len(years))
    values = size + growth + rng.normal(0, noise, (places, len(years)))
    names = sorted(rng.choice(PLACES, places, replace=False).tolist())
    index = pd.Index(names, name="place")
    return pd.DataFrame(values, index=index, columns=pd.Index(list(years), name="year"))


def _either(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw an effect that is a gain or a loss, so that its sign cannot be guessed."""
    return float(rng.choice([-1, 1]) * rng.uniform(low, high))


LABS: dict[str, Callable[[np.random.Generator], Made]] = {
    "did-trap": _did_trap,
    "counting-chance": _counting_chance,
    "mix-of-donors": _mix_of_donors,
    "staggered-dates": _staggered_dates,
    "power-before": _power_before,
}
