"""From a submission to a published result: intake, store, release, commit."""
