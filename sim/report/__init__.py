"""The words in which tables, pictures and sentences tell what is in a log."""
