"""The product's settings with stand-in values, for tools that read the code without starting it."""

import os

STAND_INS = {
    "TELEWARD_HOME": "/nonexistent",
    "TELEWARD_SECRET_KEY": "a stand-in that signs nothing",
    "TELEWARD_MASTER_KEY": "00" * 32,
    "TELEWARD_DATABASE_URL": "postgresql://reader@localhost/nothing",
    "TELEWARD_OWNER_DATABASE_URL": "postgresql://reader@localhost/nothing",
}

for variable, value in STAND_INS.items():
    os.environ.setdefault(variable, value)

from teleward.settings import *  # noqa: E402, F403, TID251 - the stand-ins must be there before it is read
