"""What a macro chooses beforehand is ticked among what its stage asks (K3)."""

import re
from typing import Any

from sqlalchemy import select

from core.tables import DraftMacro
from tests.panel import Panel, Visitor


def macro(panel: Panel) -> Any:
    """The macro of evidence review that finds the stage before sound."""
    return panel.desk.rows(select(DraftMacro).where(DraftMacro.key == "sound_and_enough"))[0]


def test_what_a_macro_chooses_is_ticked_by_name(panel: Panel, visitor: Visitor) -> None:
    visitor.post("/language", {"locale": "en"})
    row = macro(panel)
    path = f"/macros/edit/?id={row.id}"
    text = visitor.get(path).text
    assert 'value="quality=sound"' in text
    assert "quality = sound" not in text  # nobody types keys
    form = visitor.form(path)
    assert form["presets"] == ["quality=sound"]
    assert visitor.post(path, {**form, "label_en": "Sound, go on"}).status_code == 302
    assert macro(panel).presets == row.presets


def test_one_answer_is_chosen_of_a_field_with_one(panel: Panel, visitor: Visitor) -> None:
    path = f"/macros/edit/?id={macro(panel).id}"
    offered = re.findall(r'value="(quality=\w+)"', visitor.get(path).text)
    assert len(offered) > 1
    text = visitor.post(path, {**visitor.form(path), "presets": offered[:2]}).text
    assert "tick one option" in text
    assert macro(panel).presets == [{"field": "quality", "values": ["sound"]}]
