"""The addresses that machines read: OpenID Connect's discovery and keys."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.identity import openid
from sandbox.running import Running


def routes(running: Running) -> list[Route]:
    """Discovery and the public keys."""

    async def discovery(_request: Request) -> Response:
        return JSONResponse(openid.discovery(running.workspace))

    async def keys(_request: Request) -> Response:
        return JSONResponse(openid.key_set())

    return [
        Route("/.well-known/openid-configuration", discovery, methods=["GET"]),
        Route("/openid/connect/keys", keys, methods=["GET"]),
    ]
