"""Files' bytes over HTTP: the upload URL, and the private URL."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from sandbox.api.call import scopes_of
from sandbox.state import tokens
from sandbox.state.files import LARGEST, store
from sandbox.state.model import Workspace


async def receive_bytes(workspace: Workspace, request: Request) -> Response:
    """The upload URL itself: takes the bytes, raw or as the first file of a form."""
    key = request.path_params["key"]
    entry = next((f for f in workspace.files.values() if f.get("upload_key") == key), None)
    if entry is None:
        return PlainTextResponse("no such upload", 404)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            uploads = [value for value in form.values() if not isinstance(value, str)]
            data = await uploads[0].read() if uploads else b""
    else:
        data = await request.body()
    if len(data) > LARGEST:
        return PlainTextResponse("too large", 413)
    store(workspace, entry, data)
    return PlainTextResponse(f"OK - {len(data)}")


def _allowed(workspace: Workspace, request: Request) -> bool:
    """Whether a token comes along that may read files; the page itself is signed in, as it were."""
    if request.headers.get("sec-fetch-site") == "same-origin":
        return True
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    token = workspace.tokens.get(given)
    if token is None or tokens.refusal(workspace, token) is not None:
        return False
    scopes = scopes_of(workspace, token)
    return scopes is None or "files:read" in scopes


async def serve_bytes(workspace: Workspace, request: Request) -> Response:
    """A file's private URL: always an attachment or a picture, never a page that could run."""
    file_id = request.path_params["file"].rpartition("-")[2]
    entry = workspace.files.get(file_id)
    if entry is None or file_id not in workspace.file_bytes:
        return PlainTextResponse("not found", 404)
    if request.url.path.startswith("/files-pri/") and not _allowed(workspace, request):
        return RedirectResponse(f"{workspace.public_url}/", 302)  # to where one would sign in
    picture = entry["mimetype"] in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    return Response(
        workspace.file_bytes[file_id],
        media_type=entry["mimetype"] if picture else "application/octet-stream",
        headers={
            "content-disposition": "inline" if picture else "attachment",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )
