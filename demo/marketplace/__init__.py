"""A marketplace to demonstrate on: virtual orders, merchants' money, parties who act by themselves.

A program of its own. It knows Redress by its HTTP API alone, as any marketplace would.
"""
