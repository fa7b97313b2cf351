"""The front door: the `sukma` command line, which chooses adapters and wires the rest."""
