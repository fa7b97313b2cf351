"""The domain of the community satisfaction survey (SKM): values and rules only.

Sign on the door: standard library only; no files, network, clock, environment or logging. What varies is passed in.
"""
