"""One of each public result, small enough to be made over and over."""

import hubanalysis as hub

PANEL = hub.simulate_panel(units=14, periods=9, treated=4, start=7, seed=1)
DATED = hub.simulate_panel(units=24, periods=8, treated=8, start=[5, 7], seed=1)
HISTORY = hub.simulate_panel(units=14, periods=8, treated=0, seed=0)
RESULTS = {
    "Band": lambda: hub.randomization_band(DATED, draws=199),
    "Contest": lambda: hub.contest(
        PANEL, [hub.did, hub.synthetic_did], draws=49, redraws=9
    ),
    "Estimate": lambda: hub.event_study(PANEL),
    "GroupTimeATT": lambda: hub.group_time_att(DATED, draws=49),
    "Lot": lambda: hub.randomization_test(PANEL, hub.synthetic_did, draws=99),
    "Placebos": lambda: hub.placebo_in_space(PANEL, hub.did, draws=99),
    "Power": lambda: hub.minimum_detectable_effect(PANEL, hub.did, draws=99),
    "PowerBefore": lambda: hub.power_before(HISTORY, 3, 6, samples=1, draws=49),
    "WildBootstrap": lambda: hub.wild_cluster_bootstrap(PANEL, draws=99),
}
