"""How much of what ladders tell is noise, as a page and as a file (K24, M7)."""

import csv
import io

from sqlalchemy import select

from core.desk import noise
from core.tables import Escalation
from tests.panel import Panel, Visitor


def test_page_and_file_tell_how_often_a_level_fired_and_was_noise(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    assert "No level of a ladder told anybody" in visitor.get("/noise/").text
    for _ in range(4):
        desk.open()
    desk.pass_time(minutes=60)
    desk.sweep()
    late = desk.rows(select(Escalation.deadline_id, Escalation.level).where(Escalation.level == 3))
    assert len(late) == 4
    for row in late[:3]:
        desk.db.transact(noise.say_noise, row.deadline_id, row.level, "told_twice", desk.who("Tom"))
    page = visitor.get("/noise/?days=7").text
    assert "Take the dispute" in page
    assert "The same was told before (3)" in page
    text = visitor.get("/noise/export.csv?days=7").get_data().decode("utf-8-sig")
    _, told = list(csv.reader(io.StringIO(text)))
    assert told[2:] == [
        "At the end",
        "A channel",
        "4",
        "3",
        "75",
        "The same was told before (3)",
    ]
    desk.pass_time(days=8)
    assert "No level of a ladder told anybody" in visitor.get("/noise/?days=7").text
