"""A small register to look at: late work, done work, undated work, work of three ministries."""

from datetime import date

from models import Store
from tests.models.world import World

LATE, DONE = "07-CT-TTg.1.BYT", "07-CT-TTg.1.BTC"


def fill(store: Store) -> World:
    """Record it; the session of the world is closed."""
    with store.writing() as session:
        world = World(session)
        late, done = world.duty("BYT", "BTC", due=date(2025, 8, 31))
        world.duty("BYT", due=date(2025, 6, 30))
        world.duty("BCA", due=None)
        world.report(late, date(2025, 8, 28), done=False)
        world.report(done, date(2025, 9, 4), evidence=date(2025, 9, 3))
        return world
