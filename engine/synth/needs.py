"""Types of need: published for plans, assumed for SEN support and for second needs."""

import numpy as np

from engine.synth.described import MISSING, Described, yes
from engine.synth.draws import Codes, Stream
from engine.synth.margins import by_code, scale, thousandths
from engine.synth.people import UNKNOWN
from engine.vocabulary import Need, SenProvision


def need(of: Described) -> Codes:
    """Return the primary need by code, ``UNKNOWN`` where there is none or it is not recorded."""
    return of.once("need", _need)


def _need(of: Described) -> Codes:
    held = of.people.need.copy()
    support = np.flatnonzero(of.people.provision == SenProvision.K)
    weights = by_code("needs", Need, "support_weight")
    held[support] = of.draws.chosen(
        Stream.primary_need, weights[None], np.zeros(len(support), np.int8)
    )
    return held


def primary_need(of: Described) -> Codes:
    """Return the primary need, missing where none is recorded."""
    return np.where(need(of) == UNKNOWN, MISSING, need(of))


def secondary_need(of: Described) -> Codes:
    """Return another need than the primary, for some of those with a plan or on support."""
    weights = by_code("needs", Need, "secondary_weight")
    shares = np.tile(weights, (len(weights), 1))
    np.fill_diagonal(shares, 0)
    shares[:, UNKNOWN] = shares[:, Need.NSA] = 0
    having = np.full(len(of.people), MISSING)
    for provision, name in ((SenProvision.E, "plan"), (SenProvision.K, "support")):
        percent = thousandths(scale()[f"secondary_need_{name}_percent"])
        these = np.flatnonzero(of.people.provision == provision)
        some = of.draws.chosen(
            Stream.secondary_need, yes(percent), np.zeros(len(these), np.int8), name
        )
        these = these[some == 1]
        having[these] = of.draws.chosen(
            Stream.secondary_need, shares, need(of)[these], name, "which"
        )
    return having
