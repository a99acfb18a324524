"""What a person saw after an act: the same shape for every act."""

from sandbox.apps.outgoing import Answer
from sandbox.people.words import warning
from sandbox.state import feed, views
from sandbox.state.model import Json, Person, Workspace


def outcome(
    workspace: Workspace,
    person: Person,
    began: int,
    answer: Answer | None = None,
    note: str | None = None,
    **extra: object,
) -> Json:
    """The outcome of an act that began when the feed stood at number `began`.

    ``ok``: the app answered in time with a 2xx (or none was asked) and nothing stood against it;
    ``failure`` the code of what went wrong; ``warning`` what the person reads about it; ``ms`` the
    app's time; ``modal`` the view now in front; ``ephemerals`` what only this person was shown
    meanwhile; ``seen`` the feed's number, from which `seen` can go on listening.
    """
    failure = None if answer is None else answer.failure
    if failure and note is None and answer is not None:
        note = warning(person, answer)
    front = views.top(workspace, person.id)
    shown = [
        change.body["message"]
        for change in feed.since(workspace, person.id, began)
        if change.kind == "ephemeral"
    ]
    return {
        "ok": failure is None and note is None,
        "failure": failure,
        "warning": note,
        "ms": None if answer is None else round(answer.ms, 2),
        "modal": front.view if front else None,
        "ephemerals": shown,
        "seen": workspace.feed.n,
        **extra,
    }
