"""What each question of `ask` does, without a terminal: plan it, run it, report it."""
