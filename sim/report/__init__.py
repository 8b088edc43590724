"""What each study says, as data: sentences, tables, pictures, and rows for programs."""
