"""The control API under ``/sandbox``: acting as a person, and running the bench.

JSON over HTTP; no path of Slack's begins so. Writes take ``content-type: application/json`` and
nothing else, so that no page of another origin can write here. A refusal is an HTTP 4xx with
``{"ok": false, "error": CODE, "detail": SENTENCE}``.
"""
