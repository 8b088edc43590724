"""When flows send convoys, why they do not, and who goes first."""
