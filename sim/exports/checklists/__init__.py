"""Checklists by which models are described, filled in as far as a run says."""
