"""Benchmarks: figures as ratios within one run, never a pass or fail on time."""
