"""A Slack workspace on your machine: Slack's own wire protocol and a page to click in.

It is a program of its own (Starlette on uvicorn) that an app under test reaches by base URL. The
app cannot tell it from Slack; people act in it through the page or the control API. It knows
nothing of the desk: only the Block Kit facts of ``blockkit`` (mission rows T1 and T2).

    python -m sandbox --port 8001 --workspace FILE.json --app-url http://127.0.0.1:8000/slack/events

The Web API is at ``/api/``, the page at ``/`` (``?as=U1&lang=zh_CN``, two people with
``&split=U2``), the control API under ``/sandbox/``. Within Python: `sandbox.serve.Server` runs one
in a thread, `sandbox.client.Sandbox` acts in it. Where to look: ``state`` is what there is, ``api``
the methods, ``apps`` what apps are sent, ``people`` what people do, ``control`` and ``page`` their
doors.
"""
