"""Planted mistakes: patches run one by one against whatever should catch them."""
