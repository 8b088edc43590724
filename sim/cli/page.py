"""`page`: the planner's page, in a browser on this machine."""

import os
from pathlib import Path

import click

from sim.cli.options import language_option, results_option, workers_option


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of your own, with scenarios/ and results/ in it; if it has no "
    "scenarios/, those that come along are copied there. [default: where this program "
    "has its scenarios]",
)
@results_option
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="To listen at; 0 for any that is free. [default: 8765, or the next that is "
    "free]",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@workers_option
@language_option
@click.option(
    "--share",
    metavar="ADDRESS",
    help="Let others on a trusted network see the page: the address of this machine "
    "there, as 192.168.1.20. They need the token that is shown.",
)
@click.option(
    "--writable", is_flag=True, help="With --share: let others change and run, too."
)
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --share: file of a TLS certificate.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --share: file of its key.",
)
def page(
    *,
    folder: Path | None,
    results: Path,
    port: int | None,
    no_browser: bool,
    workers: int,
    language: str,
    share: str | None,
    writable: bool,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Open the planner's page: change, run, see, compare and ask in a browser.

    It listens on this machine alone, works without a network and goes on with studies
    that were not finished. Stop it with Ctrl-C; nothing is lost.

    \f

    Raises
    ------
    OptionError
        If it cannot listen there, or options do not go together.
    """  # noqa: D301 - where click ends its help
    from sim.errors import OptionError
    from sim.page.asked import Desk
    from sim.page.painter import Painter
    from sim.page.queues import Queues
    from sim.page.server import SharedPage, served
    from sim.studies.folder import prepare
    from sim.studies.planners_folder import made_ready
    from sim.words import Words, say

    if share is None and (writable or certificate or key):
        raise OptionError("share", "--writable, --certificate and --key need --share.")
    certificate, key = (each and each.resolve() for each in (certificate, key))
    place = made_ready(folder)
    os.chdir(place)
    words = Words(language)
    shared = None if share is None else SharedPage(share, writable, certificate, key)
    prepare(results)  # what is wrong with it is said before anybody opens the page
    with Queues(results, workers) as queues, Painter(apart=True) as painter:
        ready = served(Desk(place, queues, language, painter=painter), port, shared)
        if ready.exposes is not None:
            click.echo(words.of(ready.exposes), err=True)
        click.echo(words.of(say("The page is at {address}", address=ready.address)))
        click.echo(words.of(say("Stop it with Ctrl-C; nothing is lost.")))
        if not no_browser:
            click.launch(ready.address)
        ready.run()
