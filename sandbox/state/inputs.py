"""What people have typed and chosen, kept per person and per message or view.

A value has the shape of Slack's ``state.values``: block_id, then action_id, then an object with the
element's type and what is in it.
"""

from collections.abc import Iterable

from blockkit.walk import elements, listed_options
from sandbox.state.model import Json, Workspace

# What an element's state is called, and which field of the element it starts from.
ONE_OPTION = {"static_select", "external_select", "radio_buttons"}
MANY_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
FIELDS = {
    **dict.fromkeys(ONE_OPTION, ("selected_option", "initial_option")),
    **dict.fromkeys(MANY_OPTIONS, ("selected_options", "initial_options")),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}


def is_many(kind: str) -> bool:
    """Whether an element of this type holds a list."""
    return kind in MANY_OPTIONS or kind.startswith("multi_") or kind == "file_input"


def untouched(element: Json) -> Json:
    """The state of an element before anybody touched it."""
    kind = element["type"]
    name, initial = FIELDS[kind]
    state: Json = {"type": kind, name: element.get(initial, [] if is_many(kind) else None)}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def values(
    workspace: Workspace, person_id: str, container: str, pairs: Iterable[tuple[Json, Json]]
) -> Json:
    """``state.values`` of a message or view as this person sees it, initial values included.

    `pairs` are its (block, element) in order; buttons and menus without a state are left out.
    """
    typed = workspace.inputs.get((person_id, container), {})
    found: Json = {}
    for block, element in pairs:
        if element["type"] in FIELDS:
            block_id, action_id = block["block_id"], element["action_id"]
            state: Json | None = typed.get(block_id, {}).get(action_id)
            if state is None or not _still_fits(element, state):
                state = untouched(element)
            found.setdefault(block_id, {})[action_id] = state
    return found


def _still_fits(element: Json, state: Json) -> bool:
    """Whether what was put in can still be there after a redraw with other options."""
    kind = element["type"]
    if state["type"] != kind:
        return False
    if "external" in kind or not (kind in ONE_OPTION or kind in MANY_OPTIONS):
        return True
    value = state[FIELDS[kind][0]] or []
    chosen = value if isinstance(value, list) else [value]
    return all(option in listed_options(element) for option in chosen)


def put(
    workspace: Workspace, person_id: str, container: str, block_id: str, action_id: str, state: Json
) -> None:
    """Remember what a person put into one element."""
    typed = workspace.inputs.setdefault((person_id, container), {})
    typed.setdefault(block_id, {})[action_id] = state


def keep_known(
    workspace: Workspace, person_id: str, container: str, blocks: Iterable[Json]
) -> None:
    """After a redraw, keep what was typed only where the same element still stands."""
    typed = workspace.inputs.get((person_id, container))
    if not typed:
        return
    kinds = {(b["block_id"], e["action_id"]): e["type"] for b, e in elements(blocks)}
    for block_id, by_action in typed.items():
        typed[block_id] = {
            action_id: state
            for action_id, state in by_action.items()
            if kinds.get((block_id, action_id)) == state["type"]
        }
