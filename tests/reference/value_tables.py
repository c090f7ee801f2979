"""Tables of values, the slow way: each row tried in turn for one pupil, who then has a document without tables."""

from datetime import date
from types import SimpleNamespace

from engine.rules.value_tables import ValueTable
from tests.reference.bands import UNSURE, band_of, deciding_row


class PupilValues:
    """The values of one pupil: a document without tables, and of which of its values there was no row."""

    def __init__(self, document, record: dict) -> None:
        """Take the first row of each table that fits the record with its band."""
        profile, rule = document.band_profile, document.top_up_rule
        band, _ = band_of(profile, record)
        self.record = {**record, "band": band}
        self.lacking: set[str] = set()
        self.unsure: set[str] = set()
        tariff = profile.tariff
        prices = tuple(
            self._part(one, f"price {at}", "pounds", "pounds_each")
            for at, one in enumerate(tariff.prices)
        )
        modifiers = tuple(
            self._part(one, f"modifier {at}", "percent", "pounds")
            for at, one in enumerate(tariff.modifiers)
        )
        tariff = self._part(
            tariff, "tariff", "unit_value", "area_cost_adjustment", "uprating_percent"
        )
        tariff = tariff.model_copy(update={"prices": prices, "modifiers": modifiers})
        rule = self._part(rule, "rule", "floor", "cap")
        if rule.threshold is not None:
            rule = rule.model_copy(
                update={"threshold": self._part(rule.threshold, "threshold", "pounds")}
            )
        profile = profile.model_copy(update={"tariff": tariff})
        self.document = document.model_copy(update={"band_profile": profile, "top_up_rule": rule})

    def _part(self, part, path: str, *names: str):
        tables = {
            name: self._of(held, f"{path} {name}")
            for name in names
            if isinstance(held := getattr(part, name), ValueTable)
        }
        return part.model_copy(update=tables) if tables else part

    def _of(self, held: ValueTable, path: str):
        at = deciding_row([row.when for row in held.rows], self.record)
        if at == UNSURE:
            self.unsure.add(path)
        if at in (None, UNSURE):
            if held.otherwise == "none":
                return None
            self.lacking.add(path)
            first = date(1900, 1, 1)
            return (SimpleNamespace(from_=first, value="no value"),)
        return held.rows[at].value

    def of_price(self, place: int, modifiers: tuple[int, ...]) -> set[str]:
        """Return the names of the values that a price with its modifiers depends on."""
        price = self.document.band_profile.tariff.prices[place]
        found = {
            f"price {place} {name}" for name in ("pounds", "pounds_each") if getattr(price, name)
        }
        counts = price.pounds or price.units or (price.each and price.each != "exceptional_amount")
        found |= {"tariff unit_value"} if price.units else set()
        found |= {"tariff uprating_percent"} if counts else set()
        found |= {"tariff area_cost_adjustment"} if counts or price.staffing else set()
        return found | {
            f"modifier {at} {name}" for at in modifiers for name in ("percent", "pounds")
        }

    def unsure_clauses(self) -> set[str]:
        """Return the values of clauses of which a column decides a row that is not supplied."""
        threshold, found = self.document.top_up_rule.threshold, set(self.unsure)
        setting = self.record.get("setting")
        if threshold is not None and "threshold pounds" in found:
            among = not threshold.settings or setting is None or setting in threshold.settings
            if not (threshold.inside and among):
                found -= {"threshold pounds"}
        return found & {"threshold pounds", "rule floor", "rule cap"}


def has_begun(modifier, day: date) -> bool:
    """Return whether a modifier of a document with tables adds anything to anybody on a day."""
    held = modifier.percent or modifier.pounds
    series = [row.value for row in held.rows] if isinstance(held, ValueTable) else [held]
    return any(one.from_ <= day for values in series for one in values)
