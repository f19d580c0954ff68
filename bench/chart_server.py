"""The server of the chart's bench, as a program of its own: `python -m bench.chart_server PORT`."""

import sys

import uvicorn

from teleward.web.asgi import SERVER, make_app

uvicorn.run(make_app(works_on_jobs=False), port=int(sys.argv[1]), log_level="warning", **SERVER)
