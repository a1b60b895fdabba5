"""The standards that Tirek brings: samples, written by us."""
