"""A chart is a frame in and a Plotly-JSON dict out: no database, no Streamlit, readable in a test."""

from dashboard.chart.bars import bars
from dashboard.chart.bullet import bullet
from dashboard.chart.heat import heat
from dashboard.chart.map import choropleth, edges_of
from dashboard.chart.ranking import ranking
from dashboard.chart.small_multiples import small_multiples
from dashboard.chart.style import Axis, Chart, Rule, Style, plain
from dashboard.chart.trend import trend
from dashboard.chart.waterfall import starts_at, waterfall

__all__ = [
    "Axis",
    "Chart",
    "Rule",
    "Style",
    "bars",
    "bullet",
    "choropleth",
    "edges_of",
    "heat",
    "plain",
    "ranking",
    "small_multiples",
    "starts_at",
    "trend",
    "waterfall",
]
