"""What the answer to each question of `ask` says, one file a question."""
