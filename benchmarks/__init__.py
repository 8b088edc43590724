"""What one fixed operation costs in this model and in plain programs of its rules."""
