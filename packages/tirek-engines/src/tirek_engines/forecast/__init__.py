"""Forecasts of counts by place and month: distributions beside the simplest ones, and scores that tell which is better.

The forecast of panels of any size is in `tirek_engines.forecast.ahead`, the bench in `tirek_engines.forecast.bench`.
"""

from tirek_engines.forecast.drivers import Driver, DriverKind
from tirek_engines.forecast.panel import Panel, month_number, year_and_month
from tirek_engines.forecast.predictive import Predictive
from tirek_engines.forecast.province import Past, ProvinceForecast, province
from tirek_engines.forecast.silence import Reason
from tirek_engines.forecast.skill import Skill

__all__ = [
    "Driver",
    "DriverKind",
    "Panel",
    "Past",
    "Predictive",
    "ProvinceForecast",
    "Reason",
    "Skill",
    "month_number",
    "province",
    "year_and_month",
]
