"""Tirek: the system of work of a province's commission for protection and prevention."""

__version__ = "0.1.0"
