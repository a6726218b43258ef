"""The application: a menu, the view that the address names, and what is wrong with the address."""

import json
import logging
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, set_props
from dash.development.base_component import Component
from flask import Response, abort, request

from bench.errors import UsageError
from bench.explore.dark import IN_THE_DARK
from bench.explore.query import as_text, read_query
from bench.explore.view import Place, View, load_views
from bench.visible import visible

log = logging.getLogger(__name__)


def make_app(results: Path, hosts: frozenset[str] | None = None) -> Dash:
    """The explorer of the experiments in `results`; answers requests to `hosts` alone, to every one where it is None.

    A browser that was led here by another site's name (DNS rebinding) sends that name as the host.
    """
    views, place = load_views(), Place(results)
    app = Dash(
        "bench.explore",
        title="search-bench",
        update_title="",
        suppress_callback_exceptions=True,
        on_error=tell_of,
        description="Hyperparameter search strategies, live",
    )
    app.layout = frame(views)
    colours = escape(json.dumps(dict(IN_THE_DARK)))
    app.index_string = app.index_string.replace("<html>", f'<html lang="en" data-on-dark="{colours}">')

    @app.callback(
        *(Output(name, "children") for name in ("page", "heading", "notice")),
        Input("address", "pathname"),
        State("address", "search"),
    )
    def page(path: str | None, search: str | None) -> tuple[Component, str, str]:
        return *shown(views, place, path, search), ""

    keep_address(app, views)
    for view in views.values():
        view.register(app, place)
    guard(app, hosts)
    return app


def frame(views: Mapping[str, View]) -> Component:
    """What every page has."""
    links = [dcc.Link(view.entry, href=f"/{name}") for name, view in views.items()]
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            html.A("Skip to the page", href="#page", className="skip"),
            html.Header([dcc.Link("search-bench", href="/", className="brand"), html.Nav(links)]),
            html.Div(id="notice", role="alert"),
            html.Main(id="page", tabIndex="-1"),
            html.Div(id="heading", hidden=True),
            dcc.Store(id="kept"),
        ]
    )


def shown(views: Mapping[str, View], place: Place, path: str | None, search: str | None) -> tuple[Component, str]:
    """The page of an address, and its heading."""
    name = (path or "/").strip("/")
    if name == "":
        return welcome(views), "search-bench"
    if name not in views:
        return html.Div([html.H1(f"There is no view called {visible(name)[:60]}"), listed(views)]), "Not found"
    view = views[name]
    state, complaints = read_query(view.query, search or "")
    defaults = {field: as_text(value) for field, value in view.query().model_dump().items()}
    parts = [
        html.H1(view.title),
        html.P(view.lead, className="lead"),
        html.Div(html.Ul([html.Li(line) for line in complaints]), className="complaints", role="alert")
        if complaints
        else None,
        dcc.Store({"view": name, "part": "defaults"}, data=defaults),
        view.layout(state, place),
    ]
    return html.Div([part for part in parts if part is not None]), view.title


def welcome(views: Mapping[str, View]) -> Component:
    """The first page."""
    return html.Div(
        [
            html.H1("Watch hyperparameter search at work"),
            html.P("All of it runs live, on this machine, with the strategies of search-bench.", className="lead"),
            listed(views),
        ]
    )


def listed(views: Mapping[str, View]) -> Component:
    """Every view with what it is for."""
    cards = [
        dcc.Link([html.H2(view.title), html.P(view.lead)], href=f"/{name}", className="card")
        for name, view in views.items()
    ]
    return html.Div(cards, className="cards")


def keep_address(app: Dash, views: Mapping[str, View]) -> None:
    """Write a view's state into its address whenever a control changes; mark the menu's entry of the page."""
    for name in views:
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("explore", "keepAddress"),
            Output("kept", "data", allow_duplicate=True),
            Input({"view": name, "field": ALL}, "value"),
            State({"view": name, "field": ALL}, "id"),
            State({"view": name, "part": ALL}, "data"),
            prevent_initial_call=True,
        )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("explore", "headed"), Output("kept", "data"), Input("heading", "children")
    )


def tell_of(error: Exception) -> None:
    """Say what went wrong where a user sees it; what is not theirs is logged with its traceback."""
    if not isinstance(error, UsageError):
        log.error("a callback failed", exc_info=error)
    said = str(error) if isinstance(error, UsageError) else f"Something failed: {type(error).__name__}: {error}"
    set_props("notice", {"children": said})


def guard(app: Dash, hosts: frozenset[str] | None) -> None:
    """Answer only who asks for `hosts`; tell browsers to trust nothing from elsewhere."""

    @app.server.before_request  # type: ignore[untyped-decorator]
    def check_host() -> None:
        if hosts is not None and urlsplit(f"//{request.host}").hostname not in hosts:
            abort(403, "this explorer answers its own machine; see --host")

    @app.server.after_request  # type: ignore[untyped-decorator]
    def restrict(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; frame-ancestors 'none'"
        )
        return response
