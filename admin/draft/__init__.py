"""The draft as pages: one per kind of row, each with the rows that belong to it."""
