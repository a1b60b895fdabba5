"""Reads of this app. Each starts from what the person may see."""
