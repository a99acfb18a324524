"""`redress doctor`: what is missing or wrong with a desk, and how to mend it."""
