"""From a submission to a published result: intake, store, release, commit."""

NAME = "sukma.backend"  # of its logger
