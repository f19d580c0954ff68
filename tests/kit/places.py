"""Where the room's pages lie on the test server."""

VISIT = "0192f1de-0000-7000-8000-000000000001"
PATHS = {"guest": "/visit/", "host": f"/visits/{VISIT}/room/"}
