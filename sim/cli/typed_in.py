"""`typed-in`: how many dates, numbers and ranges a scenario gives."""

import click

from sim.cli.options import changes_option, language_option, scenario_argument


@click.command("typed-in")
@scenario_argument
@changes_option
@click.option(
    "--csv", "as_rows", is_flag=True, help="Print every value as CSV instead."
)
@language_option
def typed_in(*, scenario: str, as_rows: bool, language: str) -> None:
    """Say how much a scenario gives, and which of its dates are outcomes."""
    from sim.cli.screen import show, telling
    from sim.report.forms.csv_file import as_csv
    from sim.studies.typed_in import given

    with telling(language) as tell:
        report = given(scenario, tell)
    if as_rows:
        click.echo(as_csv(report.data["typed_in"]), nl=False)
    else:
        show(report, language)
