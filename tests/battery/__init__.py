"""The inherited battery: what every page of every app must keep, tried on all addresses of the project.

An app joins by `tests/<app>/urls_sample.py`; see `tests/battery/samples.py` for what it says there.
"""
