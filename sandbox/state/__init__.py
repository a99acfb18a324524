"""What a workspace consists of, in memory, and the only functions that change it."""
