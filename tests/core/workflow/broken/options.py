"""Keys, labels, meanings, option sets and shares."""

from core.workflow import model as m
from tests.core.workflow.broken.made import (
    ENOUGH,
    FLOW,
    LABEL,
    MERGED,
    PAYING,
    RULING,
    SHARE,
    STANDARD,
    STATE,
    TRIAGE,
    Case,
    route,
)
from tests.core.workflow.edits import add, drop, put

CASES: list[Case] = [
    ("bad_successor_option", MERGED, put(STANDARD, STATE, retired=True, successor="gone")),
    ("bad_successor_option", MERGED, put(STANDARD, STATE, successor="unsettled")),
    ("key_missing", ("reasons",), add(STANDARD, "reasons", m.Reason("", LABEL))),
    (
        "options_alike",
        ("option_sets", "state", "other"),
        add(
            STANDARD,
            "option_sets/state/options",
            m.Option("other", m.Label("别的", " SETTLED ")),
        ),
    ),
    (
        "key_twice",
        ("option_sets/state", "settled"),
        add(STANDARD, "option_sets/state/options", m.Option("settled", LABEL)),
    ),
    (
        "key_twice",
        ("dispute", "triage", "withdraw"),
        add(STANDARD, f"{TRIAGE}/decisions", m.Decision("withdraw", LABEL, (route(),))),
    ),
    (
        "key_twice",
        ("dispute/limits", "spare"),
        add(STANDARD, f"{FLOW}/limits", *(m.Limit("spare", 1, "quality"),) * 2),
    ),
    (
        "key_reserved",
        ("dispute", "triage", "payment"),
        add(STANDARD, f"{TRIAGE}/fields", m.Field("payment", "typed", LABEL)),
    ),
    (
        "key_unfit",
        ("dispute/triage", "left.rounds"),
        add(STANDARD, f"{TRIAGE}/fields", m.Field("left.rounds", "typed", LABEL)),
    ),
    (
        "key_unfit",
        ("dispute/adjudication/cannot_judge", "Why?"),
        add(
            STANDARD,
            f"{RULING}/decisions/cannot_judge/fields",
            m.Field("Why?", "typed", LABEL),
        ),
    ),
    ("label_missing", ("dispute", "triage"), put(STANDARD, f"{TRIAGE}/label", en=" ")),
    (
        "label_missing",
        ("dispute", "adjudication", "rule_buyer"),
        put(STANDARD, f"{RULING}/decisions/rule_buyer/confirm", zh_CN=""),
    ),
    ("label_missing", ("option_sets", "share", "full"), put(STANDARD, f"{SHARE}/label", zh_CN="")),
    ("label_missing", ("reasons", "owes"), put(STANDARD, "reasons/owes/label", en="")),
    (
        "meaning_twice",
        ("option_sets",),
        put(STANDARD, "option_sets/share", meaning="handover"),
    ),
    (
        "bad_option_minutes",
        ("option_sets", "share", "full"),
        put(STANDARD, SHARE, minutes=-1),
    ),
    (
        "unknown_meaning",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, meaning="guess"),
    ),
    ("unknown_meaning", ("option_sets", "share", "full"), put(STANDARD, SHARE, meaning="guess")),
    (
        "unknown_meaning",
        ("dispute", "triage", "state"),
        put(STANDARD, f"{TRIAGE}/fields/state", meaning="guess"),
    ),
    (
        "unknown_meaning",
        ("dispute", "limits", "spare"),
        add(STANDARD, f"{FLOW}/limits", m.Limit("spare", 1, "guess")),
    ),
    (
        "leaves_count",
        ("option_sets", "spare"),
        add(STANDARD, "option_sets", m.OptionSet("spare", LABEL)),
    ),
    (
        "leaves_count",
        ("option_sets", "spare"),
        add(
            STANDARD,
            "option_sets",
            m.OptionSet(
                "spare",
                LABEL,
                tuple(m.Option(f"o{i}", m.Label(f"{i}", f"{i}")) for i in range(101)),
            ),
        ),
    ),
    (
        "bad_parent",
        ("option_sets", "reason", "lost"),
        put(STANDARD, "option_sets/reason/options/lost", parent="nowhere"),
    ),
    ("bad_share", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=m.Share(101))),
    ("bad_share", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=m.Share(5, "tip"))),
    (
        "bad_share",
        ("option_sets", "share", "full"),
        put(STANDARD, SHARE, share=m.Share(steps=(m.Step("CNY", 0),))),
    ),
    ("share_missing", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=None)),
    (
        "steps_only",
        ("option_sets", "goodwill"),
        drop(
            drop(STANDARD, "option_sets/goodwill/options/five_percent"),
            "option_sets/goodwill/options/ten_percent",
        ),
    ),
    (
        "unknown_set",
        ("dispute", "triage", "category"),
        put(STANDARD, f"{TRIAGE}/fields/category", options="nowhere"),
    ),
    (
        "options_unused",
        ("dispute", "verification", "items"),
        put(STANDARD, f"{PAYING}/fields/items", options="state"),
    ),
]
