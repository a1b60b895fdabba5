"""Importing real boundaries and settlements.

`reading` turns a file into rows, `planning` says for each row what an import would do with it, `writing` does it. A plan is shown
before anything is written; what is written is the plan, made again from the same file.
"""
