"""What is typed in a shell about the desk itself; cli.py puts the commands together."""
