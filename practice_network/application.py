"""The web application: routes bound to the network that is open at the moment."""

from aiohttp import web

from practice_network.api.call import Call, Guard, answer, serve
from practice_network.api.routes import ROUTES, Route
from practice_network.json_values import whole
from practice_network.limits import LIMITS
from practice_network.network import Network, start_over
from practice_network.pages.routes import add_pages
from practice_network.refusals import Refusal

_PREFIX = "/api/v1"
_ROOM_FOR_FORM_FIELDS_BYTES = 100_000


class Running:
    """The network being served; a reset puts an empty one in its place."""

    def __init__(self, network: Network) -> None:
        self.network = network

    async def reset(self, call: Call) -> web.Response:
        """Start over with an empty network, real time and no faults."""
        body = await call.body()
        seed = whole(body, "seed", self.network.seed)
        call.network.store.settle_now()
        self.network = start_over(call.network, seed=seed)
        call.network = self.network
        return answer({"seed": seed})


def build_application(network: Network) -> web.Application:
    """Return the application that serves `network`."""
    running = Running(network)
    application = web.Application(
        client_max_size=LIMITS.video_max_bytes + _ROOM_FOR_FORM_FIELDS_BYTES
    )
    for route in ROUTES:
        _bind(application, running, route)
    reset = Route("POST", "/admin/reset", "reset", Guard.ADMIN, running.reset)
    _bind(application, running, reset)
    application.router.add_route("*", _PREFIX + "/{rest:.*}", _unknown)
    add_pages(application, lambda: running.network)

    async def close(_: web.Application) -> None:
        running.network.store.close()

    application.on_cleanup.append(close)
    return application


def _bind(application: web.Application, running: Running, route: Route) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await serve(request, running.network, route.operation, route.guard, route.handler)

    application.router.add_route(route.method, _PREFIX + route.path, handle)


async def _unknown(request: web.Request) -> web.StreamResponse:
    no = Refusal(404, "route.unknown", f"There is no {request.method} {request.path}.")
    return answer({"error": {"code": no.code, "message": no.message}}, status=no.status)
