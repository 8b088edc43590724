"""`pack` and `unpack`: a case in one file, handed over and tried elsewhere."""

from pathlib import Path

import click


@click.command()
@click.argument("scenario", metavar="CASE")
@click.option(
    "--results",
    "results",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder of results to take along; may be given several times.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="File to write, which must not be there; NAME.case.zip here if not given.",
)
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the small run to compare."
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="Replications of the small run.",
)
def pack(
    scenario: str,
    results: tuple[Path, ...],
    target: Path | None,
    seed: int,
    replications: int,
) -> None:
    """Put a case into one file: scenario, evidence, sources, fit, versions, hashes.

    Its variants in the same folder go along. The same case gives the same bytes.
    """
    from sim.handover import packed
    from sim.words import Words

    words = Words()
    for said in packed(scenario, results, target, seed, replications):
        click.echo(words.of(said))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def unpack(file: Path, folder: Path | None) -> None:
    """Open a packed case in a folder of its own, and say whether it runs alike here.

    Every file is compared with the list in it; the status is 1 if a re-run differs.

    \f

    Raises
    ------
    click.exceptions.Exit
        If it does.
    """  # noqa: D301 - where click ends its help
    from sim.handover import unpacked
    from sim.words import Words

    words = Words()
    case = unpacked(file, folder)
    for said in case.said:
        click.echo(words.of(said))
    trial = case.tried()
    for said in trial.said:
        click.echo(words.of(said))
    if not trial.alike:
        raise click.exceptions.Exit(1)
