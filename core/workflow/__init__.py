"""The workflow as data: a frozen model, the engine that applies it, its problems and its text form.

Pure: standard library only, no clock, no network, no database.
"""
