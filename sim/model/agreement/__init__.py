"""Agreements: what each side may move and when, as a state machine, and its gates."""
