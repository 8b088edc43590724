"""Statistics of studies: pure functions of numbers that know nothing of runs."""
