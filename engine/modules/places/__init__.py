"""Money for an authority's places."""

from engine.modules.places.table import PlacesModule, PlacesValued
from engine.modules.places.valuation import PlaceAmount, place_rates, value_places

PLACES = PlacesModule()

__all__ = ["PLACES", "PlaceAmount", "PlacesValued", "place_rates", "value_places"]
