"""The use cases: (connection, ..., now). They never commit and never reach the network."""
