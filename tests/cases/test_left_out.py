"""What becomes of an answer without one unit, in words."""

import numpy as np
import pandas as pd

from hubanalysis.cases.left_out import LeftOut

TABLE = pd.DataFrame(
    {
        "role": ["donor", "donor", "treated"],
        "att": [-0.0726, -0.0367, 0.2],
        "p_value": [0.2, np.nan, 0.5],
        "mde": [0.1, np.nan, 0.3],
    }
)


def test_the_range_is_of_one_role_and_counts_those_tested():
    left = LeftOut.of(TABLE, "donor")
    assert left.estimate == (-0.0726, -0.0367)
    assert (left.tested, left.all) == (1, 2)
    assert LeftOut.of(TABLE, "region") is None


def test_both_ends_have_one_precision_and_say_of_whom_p_is():
    told = LeftOut.of(TABLE, "donor").told("log", many=True)
    assert told.startswith("−7.0% to −3.6% as computed; p from 0.20 to 0.20 ")
    assert "(those 1 that move it most, smaller lots)" in told


def test_what_was_not_tested_has_no_p():
    bare = LeftOut((1.0, 2.0), (np.nan, np.nan), (np.nan, np.nan))
    assert bare.told("none", many=False) == "+1 to +2 as computed"
