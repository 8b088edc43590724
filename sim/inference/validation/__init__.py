"""How far fits can be trusted: figures not seen, references, made-up records."""
