"""What a page of the panel says."""

import re
from html import unescape


def texts(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def refusals(page: str) -> dict[str, str]:
    """What a form says beside its fields, by the field's name."""
    found = re.findall(r'class="error" id="(\w+)-error">([^<]*)<', page)
    return {name: unescape(words) for name, words in found}
