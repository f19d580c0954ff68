"""The witness as an HTTP service: a small Starlette application of its own."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from teleward.audit.witnessing.requests import MOST_BYTES, PATH
from teleward.audit.witnessing.witness import Answer, Witness


def make_app(witness: Witness) -> Starlette:
    """The service: who we are at /, `add-checkpoint`, and the latest checkpoint of each log.

    `/<SHA-256 of the origin, hexadecimal>/checkpoint` gives the largest checkpoint that was cosigned.
    """

    async def about(_request: Request) -> Response:
        return PlainTextResponse(f"A witness of ledgers (c2sp.org/tlog-witness).\n{witness.cosigner.vkey}\n")

    async def add_checkpoint(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("This is too long.\n", 413)
        return _response(await run_in_threadpool(witness.add_checkpoint, body))

    def checkpoint(request: Request) -> Response:
        note = _latest(witness, request.path_params["log"])
        return PlainTextResponse(note or "Nothing has been seen of this log.\n", 200 if note else 404)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        witness.memory.close()

    routes = [
        Route("/", about),
        Route(PATH, add_checkpoint, methods=["POST"]),
        Route("/{log}/checkpoint", checkpoint),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _latest(witness: Witness, wanted: str) -> str:
    known = {hashlib.sha256(one.encode()).hexdigest(): one for one in witness.memory.origins()}
    return witness.latest(origin=known[wanted]) if wanted in known else ""


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is longer than any request has reason to be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


def _response(answer: Answer) -> Response:
    return Response(answer.text, answer.status, {"Content-Type": answer.kind})
