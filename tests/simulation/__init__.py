"""A seeded simulation of the desk on virtual time: people, parties, schedulers, delivery, faults.

Everything happens in one thread. Where one process would wait, others act: at every border of a
transaction and inside every call to Slack. So a seed replays exactly, faults and all.
"""
