"""A Slack workspace on your machine: Slack's own wire protocol and a page to click in.

It is a program of its own (Starlette on uvicorn) that an app under test reaches by base URL. The
app cannot tell it from Slack; people act in it through the page or the control API. It knows
nothing of the desk: only the Block Kit facts of ``blockkit`` (mission rows T1 and T2).
"""
