"""`messages/...`: what a dispute costs in calls to Slack, from its opening to its end.

Agents press every button in the sandbox. A visit is any stay, in a wait or at the end as well: a
card as it opens and a line as it is left are the most that it may cost. The lines beside the
figures say which methods were called.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from benchmarks.figures import figure, note
from benchmarks.offices import Traffic, measured
from core.tables import Visit
from tests.bot.office import Office
from tests.factories import AT, REFUND, SOUND, TRIAGED

EACH = 6  # disputes on each way
POST, UPDATE = "chat.postMessage", "chat.update"
Act = Callable[[Office, int], Any]


def main(argv: Sequence[str]) -> None:
    """Prints `messages/dispute`, and the posts and updates behind it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks messages")
    parser.add_argument("--each", type=int, default=EACH, help="disputes on each way")
    options = parser.parse_args(argv)
    with measured() as at_work:
        seen: Counter[str] = Counter()
        traffic = Traffic(at_work)
        disputes = 0
        for way in WAYS:
            for _ in range(options.each):
                seen.update(_travel(at_work, way, traffic))
                disputes += 1
        visits = at_work.desk.rows(select(func.count(Visit.id)))
    for method, count in seen.most_common():
        note(f"  {count / disputes:6.2f} {method}")
    figure("messages/dispute", seen.total() / disputes, "calls", n=disputes)
    figure("messages/posts", seen[POST] / visits[0][0], "posts a visit", n=visits[0][0])
    figure("messages/updates", seen[UPDATE] / disputes, "updates a dispute", n=disputes)


def _travel(at_work: Office, way: Sequence[Act], traffic: Traffic) -> Iterator[str]:
    """One dispute from its opening to its end; gives the calls that it took."""
    dispute = at_work.desk.open()
    for act in (lambda *_: None, *way):
        act(at_work, dispute)
        at_work.settle()
    stage = at_work.desk.stage(dispute)
    if stage != "finished":
        raise RuntimeError(f"it stands at {stage}")
    yield from (method for method, _ in traffic.calls())


def _press(action: str, chosen: dict[str, Any] | None = None) -> Act:
    def act(at_work: Office, dispute: int) -> None:
        who = AT.get(at_work.desk.stage(dispute), "Tom")
        at_work.press(dispute, action, chosen, who=who)

    return act


def _give(at_work: Office, dispute: int) -> None:
    at_work.desk.give(dispute)
    at_work.desk.done(dispute, "buyer")
    at_work.desk.done(dispute, "merchant")


def _funds(at_work: Office, dispute: int) -> None:
    at_work.desk.funds(dispute)


def _pay(at_work: Office, dispute: int) -> None:
    at_work.desk.pay(dispute)


_TAKE = _press("take")
_PAY = (_funds, _press("decide.deduct_online", REFUND), _pay)
_PAID = (*_PAY, _press("decide.money_arrived"))
# The ways that most disputes go: ruled at once, ruled on evidence, sent back for more.
WAYS: tuple[Sequence[Act], ...] = (
    (
        _TAKE,
        _press("decide.no_evidence", TRIAGED),
        _press("decide.rule_merchant", SOUND),
        *_PAID,
    ),
    (
        _TAKE,
        _press("decide.request_both", TRIAGED),
        _give,
        _press("decide.enough", SOUND),
        _press("decide.rule_merchant", SOUND),
        *_PAID,
    ),
    (
        _TAKE,
        _press("decide.request_both", TRIAGED),
        _give,
        _press("decide.again_both", SOUND),
        _give,
        _press("decide.enough", {}),
        _press("decide.rule_shared", SOUND),
        *_PAY,
        _press("decide.money_arrived", SOUND),  # the first review is left to judge
    ),
)
