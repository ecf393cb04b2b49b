"""Those who would get in: attacks as data and code, run against the whole rehearsal. `python -m tests.spoofing` lists
them.
"""
