"""Charts as SVG text without scripts, each beside a table that has its figures."""

from engine.charts.areas import Area, area_chart, mark_key
from engine.charts.bars import Bar, bar_chart
from engine.charts.points import Axis, Point, point_chart
from engine.charts.sides import Sides, sides_chart
from engine.charts.waterfall import Waterfall, WaterfallStep, waterfall

__all__ = [
    "Area",
    "Axis",
    "Bar",
    "Point",
    "Sides",
    "Waterfall",
    "WaterfallStep",
    "area_chart",
    "bar_chart",
    "mark_key",
    "point_chart",
    "sides_chart",
    "waterfall",
]
