"""`socai courier`: bring the log to others from a machine that answers nobody."""

from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.config import Config


def courier(*, data: DataFolder = None) -> None:
    """Bring the log to others until SIGTERM: webhooks, and NATS if SOCAI_NATS_URL is set.

    `socai serve` does the same by itself: each server has a courier. This is for a machine of its
    own, the only one that may connect to others; set the variables there alone. Of all couriers of
    a database one works, and another takes over when it ends.
    """
    import logging

    from service.courier.run import SAID, has_something

    config = settings(data=data)
    config.broker.check()
    if not has_something(config):
        then = "set SOCAI_WEBHOOK_KEY_FILE or SOCAI_NATS_URL"
        raise Stop(Exit.USAGE, "there is nobody to bring anything to", then=then)
    logging.basicConfig(level=logging.INFO, format=SAID)
    run(_courier(config))


async def _courier(config: Config) -> None:
    from service.courier.run import until_told
    from service.database import database

    async with database(config, share=True) as found:
        await until_told(config, found.service_url)
