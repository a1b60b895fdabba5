"""Tirek."""
