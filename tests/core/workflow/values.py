"""Whatever a door may hand in as a value."""

from hypothesis import strategies as st

# Texts without odd white space or control characters; tests of choices try those.
WORDS = st.text(st.characters(categories=["L", "N", "S"]), max_size=4)
# Whatever a door may hand in: JSON knows no more than this.
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
